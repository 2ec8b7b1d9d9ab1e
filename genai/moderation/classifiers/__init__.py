"""Classifiers by name. Another one is a small file with `load(settings, variant)` and a line here,
or an installed package with an entry point in the group `riff.classifiers`."""

from collections.abc import Callable
from difflib import get_close_matches
from importlib import import_module, metadata

from genai.moderation.classifiers.base import Classifier, Scores
from genai.moderation.errors import ModerationMisconfigured
from genai.moderation.settings import ModerationSettings

__all__ = ["Classifier", "Scores", "load"]

Factory = Callable[[ModerationSettings, str], Classifier]

_EMBEDDED = {
    "profanity-check": "genai.moderation.classifiers.profanity",
    "profanity-check+hostility": "genai.moderation.classifiers.hostility",
    "detoxify": "genai.moderation.classifiers.detoxify",
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
