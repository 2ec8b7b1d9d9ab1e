"""Which models decode together, and with which weights: from the settings, or from an `ensemble.json`.

`riff train ensemble` writes that file:

    {"kind": "linear" | "log_linear", "members": [{"model": "/models/a", "weight": 0.7}, ...]}
"""

from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from genai.errors import BadCheckpoint
from genai.settings import EnsembleMember, GeneratorSettings, Mixing

FILE = "ensemble.json"


@dataclass(frozen=True, slots=True)
class Recipe:
    """Models with weights above 0, and how they are mixed; one model alone is not mixed at all."""

    members: tuple[EnsembleMember, ...]
    mixing: Mixing


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Mixing
    members: tuple[EnsembleMember, ...] = Field(min_length=1)


def recipe_for(settings: GeneratorSettings) -> Recipe:
    """The ensemble of the settings, that of `model`'s folder, or `model` alone. Raises BadCheckpoint.

    A member of weight 0 changes nothing, so it is left out, and not even loaded.
    """
    if settings.ensemble:
        return _weighed(settings.ensemble, settings.mixing)
    file = Path(settings.model).expanduser() / FILE
    if file.is_file():
        found = _read(file)
        return _weighed(found.members, found.kind)
    return Recipe((EnsembleMember(model=settings.model),), settings.mixing)


def _weighed(members: tuple[EnsembleMember, ...], mixing: Mixing) -> Recipe:
    return Recipe(tuple(member for member in members if member.weight), mixing)


def _read(file: Path) -> _File:
    try:
        found = _File.model_validate_json(file.read_bytes())
    except (OSError, ValidationError) as error:
        raise BadCheckpoint(
            f"{file} is not an ensemble that I can use; make it again with riff train ensemble."
        ) from error
    if not sum(member.weight for member in found.members):
        raise BadCheckpoint(f"Every member in {file} has the weight 0; give one of them more.")
    return found
