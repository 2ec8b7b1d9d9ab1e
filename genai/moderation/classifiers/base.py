"""What a classifier is to the chain, and the digests of weight files that its version records."""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
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


# Digests of weight files, for the version that is recorded with each verdict.


def digest(*paths: Path) -> str:
    """The first 12 hexadecimal digits of the SHA-256 of the files, one after another."""
    sha256 = hashlib.sha256()
    for path in paths:
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                sha256.update(block)
    return sha256.hexdigest()[:12]
