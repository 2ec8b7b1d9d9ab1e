"""Keeps instructions to the model from being shown: blocks a text that repeats a run of their words."""

import hashlib
import re
from collections.abc import Sequence
from functools import lru_cache

from genai.moderation.policy import Item
from genai.moderation.verdict import Action, StageVerdict

RUN = 6
"""Words in a row that are no chance: an answer that follows instructions does not repeat so many."""

_WORD = re.compile(r"\w+")


class Confidential:
    """A stage over each item's own confidential texts, such as the system prompt it was written under."""

    name = "confidential"
    version = hashlib.sha256(f"words {RUN}".encode()).hexdigest()[:12]

    def judge(self, items: Sequence[Item]) -> Sequence[StageVerdict]:
        return [self._judge(item) for item in items]

    def _judge(self, item: Item) -> StageVerdict:
        said = set(_runs(item.text)) if item.confidential else set()
        if not any(said & _known(text) for text in item.confidential):
            return StageVerdict(self.name, classifier=self.name, version=self.version)
        return StageVerdict(self.name, Action.BLOCK, self.name, 1.0, 1.0, self.name, self.version)


@lru_cache(maxsize=256)
def _known(text: str) -> frozenset[tuple[str, ...]]:
    return frozenset(_runs(text))


def _runs(text: str) -> list[tuple[str, ...]]:
    """Each run of RUN words, whatever is between them; none where the text is shorter."""
    words = _WORD.findall(text.casefold())
    return [tuple(words[start : start + RUN]) for start in range(len(words) - RUN + 1)]
