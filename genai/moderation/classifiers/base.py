"""What a classifier is to the chain."""

from collections.abc import Mapping, Sequence
from typing import Protocol

Scores = Mapping[str, float]


class Classifier(Protocol):
    """A loaded classifier; called from one thread at a time, never from the event loop."""

    @property
    def name(self) -> str:
        """The name in the settings, such as `detoxify:unbiased`."""

    @property
    def version(self) -> str:
        """The version of the package and a digest of the weights."""

    def score(self, texts: Sequence[str]) -> Sequence[Scores]:
        """For each text the probability, from 0 to 1, of each category; reads all of each text."""
