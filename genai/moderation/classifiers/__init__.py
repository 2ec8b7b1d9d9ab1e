"""Classifiers of toxicity: what one is, and finding one by its name.

Another one is a small file with `load(settings, variant)` and a line here, or an installed package with an entry point
in the group `riff.classifiers`.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from importlib import import_module, metadata
from pathlib import Path
from typing import Protocol

from genai.moderation.errors import ModerationMisconfigured
from genai.moderation.settings import ModerationSettings

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


Factory = Callable[[ModerationSettings, str], Classifier]

_EMBEDDED = {
    "profanity-check": "genai.moderation.classifiers.profanity",
    "profanity-check+hostility": "genai.moderation.classifiers.hostility",
    "detoxify": "genai.moderation.classifiers.detoxify",
    "guard": "genai.moderation.classifiers.guard",
}


def load(name: str, settings: ModerationSettings) -> Classifier:
    """The classifier called `name`, or `name:variant`, ready to score; blocks while its weights load.

    Raises ModerationMisconfigured for a name that nobody knows.
    """
    family, _, variant = name.partition(":")
    return _factory(family)(settings, variant)


def _factory(family: str) -> Factory:
    if module := _EMBEDDED.get(family):
        factory: Factory = import_module(module).load
        return factory
    installed = {entry.name: entry for entry in metadata.entry_points(group="riff.classifiers")}
    if family in installed:
        found: Factory = installed[family].load()
        return found
    known = [*_EMBEDDED, *installed]
    near = get_close_matches(family, known, 1)
    hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(known)}"
    raise ModerationMisconfigured(f"no classifier is called {family!r}; {hint}")
