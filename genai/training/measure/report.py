"""Lays figures out as a table, and writes a comparison into a folder as JSON and as a Markdown card."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from genai.training.run.distributed import is_main
from genai.training.run.errors import TrainingError
from genai.training.run.folder import write_whole
from genai.training.run.model_card import ModelCard, write_card

Row = dict[str, str | int | float | None]

_MEBI: Final = 2**20


def mebibytes(size: int) -> float:
    """Bytes in MiB (2^20 bytes)."""
    return size / _MEBI


def cells(rows: Sequence[Row]) -> list[list[str]]:
    """The head and the rows, as text; numbers keep four digits, None is a dash. All rows have the same keys."""
    return [list(rows[0]), *([_shown(value) for value in row.values()] for row in rows)]


def markdown(rows: Sequence[Row]) -> str:
    """The rows as a Markdown table."""
    head, *body = cells(rows)
    lines = [head, ["---"] * len(head), *body]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def _shown(value: str | float | None) -> str:
    if value is None or isinstance(value, str):
        return value or "-"
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


# Writes a comparison into a folder, as JSON for programs and a Markdown card for people.


def require_new_folder(output: Path) -> None:
    """Raise TrainingError unless `output` is empty or not there yet."""
    if output.exists() and (not output.is_dir() or any(output.iterdir())):
        raise TrainingError(f"{output} is not empty; give --output a new folder.")


def write_report(rows: Sequence[Row], card: ModelCard, output: Path) -> None:
    """Write `figures.json` and, with the rows as its first section, the card `README.md`."""
    if is_main():
        write_whole(output / "figures.json", json.dumps(rows, indent=2) + "\n")
        sections = {"Comparison": markdown(rows), **card.sections}
        write_card(replace(card, sections=sections), output / "README.md")
