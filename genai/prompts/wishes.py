"""What people chose that an answer should fit, as lines of an instruction."""

from genai.prompts.brief import LIST_TASKS, Brief, Task
from genai.prompts.technique_meanings import meaning_of

_WORDS = {
    "ideas": {
        "short": "8 to 15 words for each",
        "medium": "15 to 35 words for each",
        "long": "40 to 80 words for each",
    },
    "texts": {"short": "at most 45 words", "medium": "60 to 100 words", "long": "150 to 250 words"},
    "parts": {
        "short": "5 to 12 words for each part",
        "medium": "12 to 30 words for each part",
        "long": "30 to 60 words for each part",
    },
}


def wishes(brief: Brief) -> list[tuple[str, str]]:
    """What was chosen, as (label, value)."""
    wanted = brief.preferences
    labelled = (
        ("Technique", brief.technique),
        ("Look from this side", brief.angle),
        ("Tone", wanted.tone),
        ("Length", wanted.length),
        ("Audience", wanted.audience),
        ("Person's role", wanted.role),
        ("Interests", ", ".join(wanted.interests)),
        ("Brand voice", wanted.brand_voice),
        ("Example of the voice", " ".join(wanted.voice_examples)),
        ("Use the words", ", ".join(wanted.use_words)),
        ("Never use the words", ", ".join(wanted.avoid_words)),
        ("At most characters", str(brief.max_characters or "")),
        ("Language", wanted.language),
        ("Do not repeat", "; ".join(brief.already)),
        ("End with", brief.ending),
    )
    return [(label, value) for label, value in (*labelled, *brief.notes) if value]


def explained(brief: Brief) -> list[str]:
    """The same as lines, where techniques and lengths say what they mean."""
    lines = []
    for label, value in wishes(brief):
        meaning = ""
        if label == "Technique":
            meaning = meaning_of(value)
        elif label == "Length":
            meaning = words_of(brief)
        lines.append(f"{label}: {value}{f' ({meaning})' if meaning else ''}")
    return [*lines, *brief.details]


def words_of(brief: Brief) -> str:
    """How many words a length is, by what is written."""
    if brief.task in LIST_TASKS:
        kind = "ideas"
    else:
        kind = "texts" if brief.task in {Task.CHAT, Task.COPY} and not brief.sections else "parts"
    return _WORDS[kind].get(brief.preferences.length, "")
