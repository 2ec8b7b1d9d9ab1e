"""Declares the settings of the stages, each with its help, and reads them from a TOML file and single values."""

import difflib
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, field, fields, is_dataclass
from pathlib import Path
from typing import Annotated, Any, Final, NoReturn, TypeVar, cast, dataclass_transform, get_type_hints

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from genai.training.run.errors import TrainingError

C = TypeVar("C")

Model = Annotated[str, Field(description="Model folder, GGUF file, hub name, or embedded.")]
Output = Annotated[Path, Field(description="New folder, or that of a stopped run to go on with.")]
Seed = Annotated[int, Field(description="Seed of all that is drawn at random.")]

_OUTSIDE: Final = {"output", "promote"}
"""Settings that say where a result goes, not what it is."""
_UNKNOWN: Final = {"unexpected_keyword_argument", "extra_forbidden"}


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def settings(kind: type[C]) -> type[C]:
    """Make a class of annotated attributes a frozen dataclass that checks its values.

    The text below an attribute is its help on the command line.
    """
    config = ConfigDict(extra="forbid", use_attribute_docstrings=True)
    return cast(type[C], dataclass(kind, frozen=True, config=config))


def read_config(kind: type[C], file: Path | None, given: Mapping[str, Any]) -> C:
    """The settings `kind`: its defaults, then `file`, then `given`, by names with dots for nested ones.

    Each is checked against its type and bounds. Raises TrainingError.
    """
    values = _from_file(file) if file else {}
    for name, value in given.items():
        _put(values, name, value)
    try:
        return TypeAdapter(kind).validate_python(_over_defaults(kind, values))
    except ValidationError as error:
        _refuse(kind, error)


def identity(config: Any) -> dict[str, Any]:
    """The settings that determine a run's result, nested: all but where it goes and how it is logged."""
    values = {name: value for name, value in asdict(config).items() if name not in _OUTSIDE}
    if "schedule" in values:
        values["schedule"].pop("log_steps")
    return values


def names(kind: type[Any], prefix: str = "") -> list[str]:
    """Every setting of a class, with dots for nested ones."""
    hints = get_type_hints(kind)
    found: list[str] = []
    for one in fields(kind):
        inner = hints[one.name]
        dotted = f"{prefix}{one.name}"
        found += names(inner, f"{dotted}.") if is_dataclass(inner) and isinstance(inner, type) else [dotted]
    return found


def unknown_setting(kind: type[Any], name: str, shortcuts: Iterable[str] = ()) -> TrainingError:
    """The error about a setting that `kind` does not have, with the nearest that it has."""
    known = [*names(kind), *shortcuts]
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    hint = f"; did you mean {near[0]}?" if near else f"; there are {', '.join(known)}."
    return TrainingError(f"There is no setting {name}{hint}")


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


def _over_defaults(kind: type[Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """Nested settings over the defaults that `kind` has for them, which can differ from their class's."""
    filled = dict(values)
    for one in fields(kind):
        if is_dataclass(one.default) and isinstance(values.get(one.name), Mapping):
            filled[one.name] = {**asdict(one.default), **values[one.name]}  # type: ignore[arg-type]
    return filled


def _refuse(kind: type[Any], error: ValidationError) -> NoReturn:
    first = error.errors()[0]
    name = ".".join(str(part) for part in first["loc"] if not str(part).endswith("]"))
    if first["type"] in _UNKNOWN:
        raise unknown_setting(kind, name) from error
    if first["type"] == "dataclass_type":
        raise TrainingError(f"Setting {name} has settings of its own, with a dot: {name}.NAME.") from error
    if first["type"] == "missing":
        raise TrainingError(f"The setting {name} is missing; give --{name} or --set {name}=X.") from error
    raise TrainingError(f"Setting {name}: {first['msg']}.") from error
