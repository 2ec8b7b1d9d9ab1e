"""Makes a stage's configuration from a TOML file and `name=value` settings, with clear errors."""

import difflib
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, asdict, fields, is_dataclass
from pathlib import Path
from typing import Any, TypeVar, get_type_hints

from pydantic import TypeAdapter, ValidationError

from genai.training.run.errors import TrainingError

C = TypeVar("C")


def read_config(kind: type[C], file: Path | None, settings: Iterable[str], given: Mapping[str, Any]) -> C:
    """The configuration `kind`: its defaults, then `file`, then `settings`, then what is not None in `given`.

    A setting is `name=value`, with dots for nested ones: `schedule.steps=100`. Raises TrainingError.
    """
    values = _from_file(file) if file else {}
    for setting in settings:
        name, equals, value = setting.partition("=")
        if not equals:
            raise TrainingError(f"--set {setting}: write it as NAME=VALUE.")
        _put(values, name.strip(), value.strip())
    for name, value in given.items():
        if value is not None:
            _put(values, name, value)
    return make_config(kind, values)


def make_config(kind: type[C], values: Mapping[str, Any]) -> C:
    """`kind` from nested values, each checked against its type and bounds; raises TrainingError."""
    _refuse_unknown(kind, values)
    try:
        return TypeAdapter(kind).validate_python(_with_nested_defaults(kind, values))
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"] if not str(part).endswith("]"))
        if first["type"] == "missing":
            raise TrainingError(f"The setting {name} is missing; give --{name} or --set {name}=X.") from error
        raise TrainingError(f"Setting {name}: {first['msg']}.") from error


def identity(config: Any) -> dict[str, Any]:
    """The settings that determine a run's result, nested: all but where it goes and how it is logged."""
    values = asdict(config)
    values.pop("output", None)
    if "schedule" in values:
        values["schedule"].pop("log_steps")
    return values


def names(kind: type[Any], prefix: str = "") -> list[str]:
    """Every setting of a configuration class, with dots for nested ones."""
    hints = get_type_hints(kind)
    found: list[str] = []
    for field in fields(kind):
        inner = hints[field.name]
        dotted = f"{prefix}{field.name}"
        found += names(inner, f"{dotted}.") if is_dataclass(inner) and isinstance(inner, type) else [dotted]
    return found


def flat(values: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Nested mappings as one, with dotted names."""
    found: dict[str, Any] = {}
    for name, value in values.items():
        inner = flat(value, f"{prefix}{name}.") if isinstance(value, Mapping) else {f"{prefix}{name}": value}
        found |= inner
    return found


def _from_file(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise TrainingError(f"{file} cannot be read ({error.strerror}).") from error
    except ValueError as error:
        raise TrainingError(f"{file} is not a TOML file: {error}.") from error


def _put(values: dict[str, Any], dotted: str, value: Any) -> None:
    *groups, last = dotted.split(".")
    for group in groups:
        inner = values.setdefault(group, {})
        if not isinstance(inner, dict):
            raise TrainingError(f"Setting {dotted}: {group} has no settings of its own.")
        values = inner
    values[last] = value


def _with_nested_defaults(kind: type[Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """Nested settings over the defaults that `kind` has for them, which can differ from their class's."""
    filled = dict(values)
    for field in fields(kind):
        if field.default_factory is not MISSING and isinstance(values.get(field.name), Mapping):
            filled[field.name] = {**asdict(field.default_factory()), **values[field.name]}
    return filled


def _refuse_unknown(kind: type[Any], values: Mapping[str, Any], prefix: str = "") -> None:
    known = names(kind)
    groups = {name.rpartition(".")[0] for name in known}
    for name, value in values.items():
        dotted = f"{prefix}{name}"
        if isinstance(value, Mapping) and dotted in groups:
            _refuse_unknown(kind, value, f"{dotted}.")
        elif dotted not in known:
            near = difflib.get_close_matches(dotted, known, n=1, cutoff=0.5)
            hint = f"; did you mean {near[0]}?" if near else f"; there are {', '.join(known)}."
            raise TrainingError(f"There is no setting {dotted}{hint}")
