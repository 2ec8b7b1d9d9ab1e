"""Writes the model card of a run: what was done, with which settings and data, and what came out."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from genai.training.run.config import flat
from genai.training.run.errors import TrainingError
from genai.training.run.folder import write_whole

_LIBRARIES = ("torch", "transformers", "peft", "trl", "accelerate", "bitsandbytes")


@dataclass(frozen=True, slots=True)
class DataFile:
    """A file that a run read; `lines` are those not blank, `sha256` is of its bytes, in hexadecimal."""

    path: Path
    lines: int
    sha256: str


@dataclass(frozen=True, slots=True)
class ModelCard:
    """Content of a card. `figures` and `config` become tables, `sections` headings with Markdown text."""

    title: str
    summary: str
    base: str = ""
    library: str = "transformers"
    """What loads the result."""
    data: tuple[DataFile, ...] = ()
    config: Mapping[str, Any] = field(default_factory=dict)
    figures: Mapping[str, float | int | str] = field(default_factory=dict)
    sections: Mapping[str, str] = field(default_factory=dict)
    sources: tuple[str, ...] = ()


def write_card(card: ModelCard, path: Path) -> None:
    """Write the card as Markdown, with the front matter that model hubs read."""
    base = [f"base_model: {card.base}"] if card.base else []
    front = ["---", f"library_name: {card.library}", *base, "---"]
    parts = ["\n".join(front), f"# {card.title}", card.summary]
    if card.figures:
        parts += [
            "## Figures",
            _table(("figure", "value"), [(k, _shown(v)) for k, v in card.figures.items()]),
        ]
    parts += [part for heading, text in card.sections.items() for part in (f"## {heading}", text)]
    if card.data:
        rows = [(f"`{file.path.name}`", file.lines, f"`{file.sha256[:16]}`") for file in card.data]
        parts += ["## Data", _table(("file", "lines", "SHA-256 begins"), rows)]
    if card.config:
        settings = [(f"`{name}`", f"`{value}`") for name, value in flat(card.config).items()]
        parts += ["## Settings", _table(("setting", "value"), settings)]
    parts += ["## Libraries", ", ".join(_installed())]
    if card.sources:
        parts += ["## Sources", "\n".join(f"- {source}" for source in card.sources)]
    if (path.parent / "loss.png").exists():
        parts.append("![loss curve](loss.png)")
    write_whole(path, "\n\n".join(parts) + "\n")


def _installed() -> list[str]:
    """Libraries with their versions; those of extras need not be there."""
    found = []
    for name in _LIBRARIES:
        with suppress(PackageNotFoundError):
            found.append(f"{name} {version(name)}")
    return found


def describe_file(path: Path, lines: int) -> DataFile:
    """The file with its hash; raises TrainingError when it cannot be read."""
    try:
        with path.open("rb") as file:
            return DataFile(path, lines, hashlib.file_digest(file, "sha256").hexdigest())
    except OSError as error:
        raise TrainingError(f"{path} cannot be read ({error.strerror}).") from error


def hashes(files: Iterable[DataFile]) -> dict[str, str]:
    """SHA-256 by file name, as `open_run` compares it."""
    return {str(file.path): file.sha256 for file in files}


def _table(head: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(
        "| " + " | ".join(str(cell).replace("|", "\\|") for cell in line) + " |" for line in lines
    )


def _shown(value: float | str) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
