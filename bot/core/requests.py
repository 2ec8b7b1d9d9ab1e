"""What a person asks for, typed: one use of a command, or a creative brief; both can be kept as JSON."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, TypeAlias

from genai.prompts import Brief, Preferences, Task

Value: TypeAlias = str | int | bool | tuple[str, ...] | tuple[int, ...]
"""What a person can give for an option."""

Values: TypeAlias = Mapping[str, Value]
"""Values by the names of the options; what was not given is not in it."""


@dataclass(frozen=True, slots=True)
class Invocation:
    """One use of a command. `verb` is "" for a command without verbs; of "use" it is the template's name.

    Its values were checked by the command's declaration (`bot.core.commands.values`).
    """

    command: str
    verb: str = ""
    values: Values = field(default_factory=dict)

    def text(self, name: str) -> str:
        """The text or choice given for an option; "" for none."""
        value = self.values.get(name, "")
        return value if isinstance(value, str) else ""

    def number(self, name: str) -> int | None:
        """The number given for an option; None for none."""
        value = self.values.get(name)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def flag(self, name: str) -> bool:
        """Whether the option was given."""
        return self.values.get(name) is True

    def words(self, name: str) -> tuple[str, ...]:
        """The words, lines or choices given for an option."""
        value = self.values.get(name)
        return tuple(part for part in value if isinstance(part, str)) if isinstance(value, tuple) else ()

    def numbers(self, name: str) -> tuple[int, ...]:
        """The numbers of ideas given for an option."""
        value = self.values.get(name)
        return tuple(part for part in value if isinstance(part, int)) if isinstance(value, tuple) else ()


Request: TypeAlias = Invocation | Brief
"""What is meant, where a platform knows it by more than a text."""


def request_as_json(request: Request | None) -> dict[str, Any] | None:
    """What JSON can hold of it, for the inbox."""
    if request is None:
        return None
    if isinstance(request, Brief):
        return asdict(request)
    return {"command": request.command, "verb": request.verb, "values": dict(request.values)}


def request_from_json(kept: Mapping[str, Any] | None) -> Request | None:
    """What `request_as_json` wrote, also before an upgrade; raises KeyError for anything else."""
    if kept is None:
        return None
    if "command" in kept:
        return Invocation(kept["command"], kept["verb"], _frozen(kept["values"]))
    preferences: dict[str, Any] = _frozen(kept["preferences"])
    return Brief(**{**_frozen(kept), "task": Task(kept["task"]), "preferences": Preferences(**preferences)})


def _frozen(kept: Mapping[str, Any]) -> dict[str, Any]:
    """JSON's lists as the tuples that they were."""
    return {name: _tuple(value) if isinstance(value, list) else value for name, value in kept.items()}


def _tuple(kept: list[Any]) -> tuple[Any, ...]:
    return tuple(_tuple(part) if isinstance(part, list) else part for part in kept)
