"""What can be counted in samples of a voice: lengths, readability, habits, words. Pure functions."""

import re
from collections import Counter
from dataclasses import dataclass

from bot.generation.applications.shortening import sentences
from genai.stop_words import stop_words

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_EMOJI = re.compile(r"[\U0001f300-\U0001faff\u2600-\u27bf]")
_CONTRACTION = re.compile(
    r"\w(?:n['’]t|['’](?:re|ve|ll|m|d))\b|\b(?:it|that|here|there|what|let)['’]s\b", re.IGNORECASE
)
_PERSONS = {
    "I": frozenset({"i", "me", "my", "mine"}),
    "we": frozenset({"we", "us", "our", "ours"}),
    "you": frozenset({"you", "your", "yours"}),
}
_LONG_WORD = 6
_MOST_WORDS = 5
_MOST_EXAMPLE = 160


@dataclass(frozen=True, slots=True)
class VoiceStatistics:
    """Counts over all samples: `persons` are the shares of I, we and you among the words, `lix` is 0 or more."""

    sentences: int
    words: int
    words_a_sentence: float
    lix: float
    exclamations: float
    questions: float
    emoji: int
    contractions: int
    persons: dict[str, float]
    distinctive: tuple[str, ...]
    examples: tuple[str, ...]


def statistics_of(samples: str) -> VoiceStatistics:
    """What there is in the samples; a text in a script without spaces counts as one word a run of letters."""
    said = [sentence for line in samples.splitlines() for sentence in sentences(line)]
    words = _WORD.findall(samples)
    count, many = max(1, len(said)), max(1, len(words))
    long_words = sum(len(word) > _LONG_WORD for word in words)
    lower = [word.lower() for word in words]
    distinctive = _distinctive(lower)
    return VoiceStatistics(
        len(said),
        len(words),
        len(words) / count,
        len(words) / count + 100 * long_words / many,
        sum(sentence.rstrip("\"'”’)").endswith(("!", "！")) for sentence in said) / count,
        sum(sentence.rstrip("\"'”’)").endswith(("?", "？")) for sentence in said) / count,
        len(_EMOJI.findall(samples)),
        len(_CONTRACTION.findall(samples)),
        {name: sum(word in forms for word in lower) / many for name, forms in _PERSONS.items()},
        distinctive,
        _typical(said, len(words) / count, distinctive),
    )


def description_of(found: VoiceStatistics) -> str:
    """The statistics in the words that a model is given; English, as all its instructions are."""
    parts = [
        f"{_by(found.words_a_sentence, ((10, 'Short'), (18, 'Medium'), (1e9, 'Long')))} sentences of about "
        f"{found.words_a_sentence:.0f} words",
        f"{_by(found.lix, ((30, 'very easy'), (40, 'easy'), (50, 'somewhat demanding'), (1e9, 'demanding')))} to read",
    ]
    persons = [name for name, share in found.persons.items() if share >= 0.01]
    parts.append(f"says {' and '.join(persons)}" if persons else "speaks of nobody as I, we or you")
    parts.append("with contractions" if found.contractions else "without contractions")
    parts.append(_habit(found.exclamations, "exclamation marks"))
    if found.questions >= 0.1:
        parts.append("asks questions")
    parts.append("with emoji" if found.emoji else "no emoji")
    if found.distinctive:
        parts.append(f"often says {', '.join(found.distinctive)}")
    return "; ".join(parts) + "."


def _habit(share: float, what: str) -> str:
    return f"no {what}" if share == 0 else f"few {what}" if share < 0.25 else f"many {what}"


def _by(value: float, bands: tuple[tuple[float, str], ...]) -> str:
    return next(name for limit, name in bands if value < limit)


def _distinctive(words: list[str]) -> tuple[str, ...]:
    """Words that come back, and that are not everybody's."""
    counted = Counter(word for word in words if len(word) > 3 and word not in stop_words())
    return tuple(word for word, count in counted.most_common(_MOST_WORDS) if count > 1)


def _typical(said: list[str], length: float, distinctive: tuple[str, ...]) -> tuple[str, ...]:
    """Up to two sentences near the usual length, those with distinctive words first, in their order."""

    def distance(sentence: str) -> tuple[bool, float]:
        words = [word.lower() for word in _WORD.findall(sentence)]
        return not set(words) & set(distinctive), abs(len(words) - length)

    short = [sentence for sentence in dict.fromkeys(said) if len(sentence) <= _MOST_EXAMPLE]
    chosen = sorted(short, key=distance)[:2]
    return tuple(sentence for sentence in short if sentence in chosen)
