"""Which ideas of a board say nearly the same. Knows texts only; computes off the event loop."""

import asyncio
import re
from collections import OrderedDict
from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_array, vstack

from bot.core.domain import Idea
from bot.core.ideas import comparable
from genai.reranking.settings import QualitySettings
from genai.text.clusters import telling_words
from genai.text.similarity import embedder

_REMEMBERED = 20_000
"""Ideas whose vectors are kept, of all boards; each takes about a kilobyte."""

_SAME_WORDS, _LEAST_SHARED = 0.7, 2
_ANY_IDEA = frozenset({"instead", "replace", "use", "using", "make", "making", "put", "let", "idea"})
"""Words that any idea may have."""
_DENIES = re.compile(r"\b(?:no|not|never|without|nothing)\b|n't\b|[不没无非]", re.IGNORECASE)

Text = tuple[int, str, str]
"""An idea's id, title and body; these never change."""


class Likeness:
    """Compares ideas as quality control does, and remembers their vectors."""

    def __init__(self, settings: QualitySettings) -> None:
        self._settings = settings
        self._vectors: OrderedDict[int, csr_array] = OrderedDict()

    async def twins(self, topic: str, board: Sequence[Text], fresh: frozenset[int]) -> dict[int, int]:
        """For each of the `fresh` ideas that says the same as an older one, the id of that one.

        `board` is in the order of arrival.
        """
        return await asyncio.to_thread(self._twins, topic, board, fresh)

    async def nearest(self, topic: str, board: Sequence[Text], texts: Sequence[str]) -> list[float]:
        """For each of `texts` how like the likest idea of the board is to it, from 0 to 1."""
        return await asyncio.to_thread(self._nearest, topic, board, texts)

    def _nearest(self, topic: str, board: Sequence[Text], texts: Sequence[str]) -> list[float]:
        if not board or not texts:
            return [0.0] * len(texts)
        likeness = self._of(topic, board) @ csr_array(embedder(self._settings.similarity)(texts)).T
        return [float(value) for value in likeness.toarray().max(axis=0)]

    def _twins(self, topic: str, board: Sequence[Text], fresh: frozenset[int]) -> dict[int, int]:
        vectors = self._of(topic, board)
        said = [f"{title} {body}" for _id, title, body in board]
        found: dict[int, int] = {}
        for at, (idea, _title, _body) in enumerate(board):
            if idea not in fresh or not at:
                continue
            likeness = (vectors[:at] @ vectors[[at]].T).toarray().ravel()
            likeness[[place for place, text in enumerate(board[:at]) if text[0] in found]] = 0
            nearest = int(np.argmax(likeness))
            if likeness[nearest] < self._settings.duplicate:
                same = [place for place in range(at) if has_same_words(said[place], said[at])]
                nearest = next((place for place in same if board[place][0] not in found), -1)
            if nearest >= 0:
                found[idea] = board[nearest][0]
        return found

    def _of(self, topic: str, board: Sequence[Text]) -> csr_array:
        missing = [text for text in board if text[0] not in self._vectors]
        if missing:
            texts = [comparable(Idea(0, title, body), topic) for _id, title, body in missing]
            rows = csr_array(embedder(self._settings.similarity)(texts))
            for at, (idea, _title, _body) in enumerate(missing):
                self._vectors[idea] = rows[[at]]
        vectors = vstack([self._vectors[idea] for idea, _title, _body in board], format="csr")
        while len(self._vectors) > _REMEMBERED:
            self._vectors.popitem(last=False)
        return vectors


def has_same_words(one: str, other: str) -> bool:
    """Whether two texts say nearly the same in another order: most of their telling words are shared.

    By the Jaccard index; a text that denies is not like one that does not.
    """
    words, others = _bare(one), _bare(other)
    shared = len(words & others)
    if shared < _LEAST_SHARED or bool(_DENIES.search(one)) != bool(_DENIES.search(other)):
        return False
    return shared >= _SAME_WORDS * len(words | others)


def _bare(text: str) -> frozenset[str]:
    """The telling words without the ending of a plural."""
    words = (word.removesuffix("s") if len(word) > 3 else word for word in telling_words(text))
    return frozenset(words) - _ANY_IDEA
