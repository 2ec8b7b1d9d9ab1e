"""Words the turns that a model is given: for an instruct model all that it needs to know, for small ones a sentence.

A change of the wording is a new version of its style.
"""

from genai.prompts import one_sentence
from genai.prompts.asked_forms import EXAMPLE_TOPIC, FORMS, AskedForm
from genai.prompts.brief import LIST_TASKS, Brief, Task
from genai.prompts.technique_meanings import MEANINGS
from genai.request import PromptStyle, Turn

PROMPT_VERSIONS: dict[PromptStyle, str] = {"instruct": "instruct/1", "plain": "plain/1"}
"""What an answer is kept with, so that it is known which wording it came from."""
_ROLE = "You are Riff, a brainstorming partner for teams: practical, inventive, to the point."
_REQUEST = {
    Task.CHAT: "{subject}",
    Task.BRAINSTORM: "Brainstorm {count} idea{s} about {subject}.",
    Task.SLOGAN: "Write {count} slogan{s} for {subject}.",
    Task.NAME: "Suggest {count} name{s} for {subject}.",
    Task.COPY: "Write brand copy for {subject}.",
    Task.AD: "Write an ad for {subject}.",
    Task.DESIGN: "Write a product design brief for {subject}.",
    Task.IMPROVE: "Improve this idea: {subject}",
    Task.COMBINE: "Combine these ideas into one: {subject}",
    Task.CRITIQUE: "Critique this idea: {subject}",
}
_SAID_AS_IT_IS = frozenset({Task.CHAT, Task.IMPROVE, Task.COMBINE, Task.CRITIQUE})
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


def build_turns(
    brief: Brief, history: tuple[Turn, ...] = (), style: PromptStyle = "instruct"
) -> tuple[Turn, ...]:
    """The instruction, where there is one, the earlier turns (oldest first) and the request."""
    if style == "plain":
        system, request = one_sentence.system_text(brief, wishes(brief)), one_sentence.request_text(brief)
    else:
        system, request = _system_text(brief), _request_text(brief)
    opening = (Turn("system", system),) if system else ()
    return (*opening, *history, Turn("user", request))


def unasked_turns(brief: Brief) -> tuple[Turn, ...]:
    """The turns of the plain style without what the brief is about: what is likely here is likely anyway."""
    system = one_sentence.system_text(brief, [])
    return (Turn("system", system), Turn("user", one_sentence.unasked_text(brief)))


def instructions(brief: Brief, style: PromptStyle = "instruct") -> str:
    """Riff's own part of the instruction, which is nobody's to read; the rest is what people chose."""
    if style == "plain":
        return ""
    asked = _form_of(brief)
    told = f"{_ROLE}\nTask: {asked.task}\nForm: {asked.form}"
    return f"{told}\n{asked.good}" if asked.good else told


def wishes(brief: Brief) -> list[tuple[str, str]]:
    """What people chose that the answer should fit, as (label, value)."""
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


def _system_text(brief: Brief) -> str:
    """The instruction, an example of the form, and what people chose; never trimmed."""
    form = _form_of(brief)
    example = f"Example of the form, about {EXAMPLE_TOPIC}; do not reuse its topic or words:\n{form.example}"
    lines = [instructions(brief), *([example] if form.example else [])]
    for label, value in wishes(brief):
        meaning = _meaning(brief, label, value) if label in {"Technique", "Length"} else ""
        lines.append(f"{label}: {value}{f' ({meaning})' if meaning else ''}")
    return "\n".join([*lines, *brief.details])


def _form_of(brief: Brief) -> AskedForm:
    """The form of the brief's task, or of the sections that it names."""
    asked = FORMS[brief.task]
    lines = "1 line" if brief.count == 1 else f"{brief.count} lines"
    task = asked.task.format(count=brief.count)
    if brief.sections:
        labels = one_sentence.listed(brief.sections)
        form = f"{labels}, each on a line of its own behind its label and a colon. Only these."
        return AskedForm(task, form, "", asked.good)
    return AskedForm(task, asked.form.format(lines=lines), asked.example, asked.good)


def _meaning(brief: Brief, label: str, value: str) -> str:
    """What a technique asks for, also where a step is named behind it, and how many words a length is."""
    if label == "Technique":
        return next((said for name, said in MEANINGS.items() if value.startswith(name)), "")
    is_text = brief.task in {Task.CHAT, Task.COPY} and not brief.sections
    kind = "ideas" if brief.task in LIST_TASKS else "texts" if is_text else "parts"
    return _WORDS[kind].get(value, "")


def _request_text(brief: Brief) -> str:
    """The person's request as one line of text."""
    if brief.task is Task.RECOMMEND:
        return one_sentence.request_text(brief)
    subject = brief.subject.strip()
    if brief.task not in _SAID_AS_IT_IS:
        subject = subject.rstrip(".!?")
    return _REQUEST[brief.task].format(count=brief.count, subject=subject, s="" if brief.count == 1 else "s")
