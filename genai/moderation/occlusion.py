"""Which words of a text counted for its verdict: each is left out in turn, and the text judged again.

Where no word by itself makes a difference, as of several that each suffice, what each word is worth alone is told.
"""

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from genai.moderation.verdict import Action, Verdict

MOST_WORDS, MOST_SENTENCES, READ_SENTENCES = 48, 24, 2
"""A longer text is looked at by sentences first, and word by word in so many that counted most."""
LEAST = 0.02
"""A word that changes the score by less did not count."""

Judge = Callable[[Sequence[str]], Awaitable[Sequence[Verdict]]]

_WORD = re.compile(r"[\u3400-\u9fff]|[^\s\u3400-\u9fff]+")
_SENTENCE = re.compile(r"[^.!?。！？\n]+[.!?。！？\n]*|[.!?。！？\n]+")
_EDGES = ".,;:!?\"'()[]{}*_“”‘’…。，；：！？"


@dataclass(frozen=True, slots=True)
class Counted:
    """A word, as it is written where it stands first, and how much it counted."""

    word: str
    weight: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """The words that counted for the category, most first.

    `by` says what a weight is: how much the score falls "without" the word, or the score of the word "alone".
    """

    category: str
    by: Literal["without", "alone"]
    words: tuple[Counted, ...]


@dataclass(frozen=True, slots=True)
class _Part:
    """A word with all the places where it stands, or a sentence."""

    said: str
    spans: tuple[tuple[int, int], ...]

    def without(self, text: str) -> str:
        for start, end in reversed(self.spans):
            text = text[:start] + text[end:]
        return text


async def explain(text: str, verdict: Verdict, judge: Judge, most: int = 5) -> Explanation | None:
    """What counted for the verdict on the text; None where it was let through, or only something personal was found.

    Judges at most MOST_SENTENCES and twice MOST_WORDS further texts, each at most as long.
    """
    if verdict.action not in {Action.FLAG, Action.BLOCK}:
        return None
    look = _Look(verdict, judge)
    words = _words(text, 0, len(text))
    if len(words) > MOST_WORDS:
        sentences = [_Part(match[0], (match.span(),)) for match in _SENTENCE.finditer(text)][:MOST_SENTENCES]
        drops = await look.drops(text, sentences)
        worst = sorted(range(len(sentences)), key=drops.__getitem__, reverse=True)[:READ_SENTENCES]
        words = [word for at in sorted(worst) for word in _words(text, *sentences[at].spans[0])][:MOST_WORDS]
    weights, by = await look.drops(text, words), "without"
    if max(weights, default=0.0) < LEAST:
        weights, by = await look.scores([word.said for word in words]), "alone"
    counted = [
        Counted(word.said, weight) for word, weight in zip(words, weights, strict=True) if weight >= LEAST
    ]
    counted.sort(key=lambda one: one.weight, reverse=True)
    return Explanation(verdict.category, "without" if by == "without" else "alone", tuple(counted[:most]))


class _Look:
    """Scores of changed texts in the category that decided, at the stage that decided."""

    def __init__(self, verdict: Verdict, judge: Judge) -> None:
        self._judge = judge
        self._category = verdict.category
        self._stage = next(
            (stage.stage for stage in verdict.stages if stage.category == verdict.category), "toxicity"
        )
        self._score = verdict.score

    async def scores(self, texts: Sequence[str]) -> list[float]:
        return [self._of(verdict) for verdict in await self._judge(texts)] if texts else []

    async def drops(self, text: str, parts: Sequence[_Part]) -> list[float]:
        """How much the score falls without each of the parts."""
        return [self._score - score for score in await self.scores([part.without(text) for part in parts])]

    def _of(self, verdict: Verdict) -> float:
        for stage in verdict.stages:
            if stage.stage == self._stage:
                alone = stage.score if stage.category == self._category else 0.0
                return stage.scores.get(self._category, 0.0) if stage.scores else alone
        return 0.0


def _words(text: str, start: int, end: int) -> list[_Part]:
    """The different words of a part of the text, each with every place in it."""
    found: dict[str, list[tuple[int, int]]] = {}
    said: dict[str, str] = {}
    for match in _WORD.finditer(text, start, end):
        bare = match[0].strip(_EDGES)
        key = bare.casefold()
        if key:
            begin = match.start() + match[0].index(bare)
            found.setdefault(key, []).append((begin, begin + len(bare)))
            said.setdefault(key, bare)
    return [_Part(said[key], tuple(spans)) for key, spans in found.items()]
