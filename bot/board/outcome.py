"""What came of a brainstorm in words, beside its board."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Outcome:
    """A paragraph, what to do next, and what is not known yet; all of it passed moderation."""

    summary: str
    next_steps: tuple[str, ...]
    questions: tuple[str, ...]

    def values(self) -> dict[str, Any]:
        """The outcome as JSON can hold it."""
        return asdict(self)

    @classmethod
    def read(cls, values: Mapping[str, Any] | None) -> Self | None:
        """The outcome in what `values` gave; None where there is none."""
        if values is None:
            return None
        return cls(values["summary"], tuple(values["next_steps"]), tuple(values["questions"]))
