"""Imports Presidio without the frameworks for language models that it can use, and that nothing here asks for.

Its package imports torch, transformers and spaCy: seconds, and hundreds of megabytes. Hiding them is safe only
where nothing else is imported meanwhile, that is in a process of its own.
"""

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

_FRAMEWORKS = ("torch", "transformers", "spacy", "stanza", "gliner")
_ENGINES = "presidio_analyzer.nlp_engine"
_WANTED = "presidio_analyzer.predefined_recognizers"


class _Unused(ModuleType):
    """Gives an empty class for any name: recognisers name those of the engines in their signatures."""

    def __getattr__(self, name: str) -> type:
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (), {})


def import_light() -> None:
    """Import Presidio's recognisers without its engines; a release that cannot do that is left to be imported whole."""
    try:
        with _hidden():
            importlib.import_module(_WANTED)
    except (ImportError, AttributeError, TypeError):
        for name in [name for name in sys.modules if name.split(".")[0] == "presidio_analyzer"]:
            del sys.modules[name]


@contextmanager
def _hidden() -> Iterator[None]:
    """The frameworks cannot be imported; those that were already stay."""
    hidden = [name for name in _FRAMEWORKS if name not in sys.modules]
    modules: dict[str, ModuleType | None] = sys.modules  # type: ignore[assignment]
    modules.update(dict.fromkeys(hidden))  # None tells Python that there is no such module
    sys.modules.setdefault(_ENGINES, _Unused(_ENGINES))
    try:
        yield
    finally:
        for name in (*hidden, _ENGINES):
            sys.modules.pop(name, None)
