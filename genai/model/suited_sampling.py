"""With which numbers a model draws best: as its own folder says, as its family's makers say, or as most do."""

import json
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from genai.request import SuitedSampling

_KEYS = ("temperature", "top_p", "top_k", "min_p", "repetition_penalty")
_BOUNDS = {
    "temperature": (0, 5),
    "top_p": (0, 1),
    "top_k": (0, 100_000),
    "min_p": (0, 0.99),
    "repetition_penalty": (0.5, 2),
}
SUITED_TO_EMBEDDED = SuitedSampling(
    temperature=0.3,
    top_p=1.0,
    min_p=0.1,
    repetition_penalty=1.15,
    max_new_tokens=300,
    source="what the embedded model was read and judged with",
)
"""What its readers read was drawn so (`genai/embedded/README.md`); they were not asked to compare others."""


def suited_to(name: str, folder: Path | None = None) -> SuitedSampling:
    """What suits the model of that name, and where that is said.

    A folder's generation_config.json counts if it draws at all (transformers' `do_sample`) and names a temperature.
    """
    if folder is not None and (found := _of_folder(folder)) is not None:
        return found
    lowered = name.lower()
    for family in _families():
        if any(all(word in lowered for word in words) for words in family["match"]):
            return SuitedSampling(**_numbers(family), source=f"what the makers of {family['name']} recommend")
    return SuitedSampling()


def _of_folder(folder: Path) -> SuitedSampling | None:
    try:
        said = json.loads((folder / "generation_config.json").read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(said, dict) or said.get("do_sample") is False or "temperature" not in _numbers(said):
        return None
    return SuitedSampling(**_numbers(said), source="the model's generation_config.json")


def _numbers(said: Mapping[str, Any]) -> dict[str, Any]:
    """The settings that are there and make sense; others are left to what most models take."""
    found: dict[str, Any] = {}
    for key in _KEYS:
        value = said.get(key)
        low, high = _BOUNDS[key]
        if isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high:
            found[key] = int(value) if key == "top_k" else float(value)
    if found.get("top_p") == 0:
        del found["top_p"]
    return found


@cache
def _families() -> tuple[Mapping[str, Any], ...]:
    file = Path(__file__).with_suffix(".toml")
    return tuple(tomllib.loads(file.read_text(encoding="utf-8"))["family"])
