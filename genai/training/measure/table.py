"""Lays figures out as a table to read, and as Markdown."""

from collections.abc import Sequence
from typing import Final

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
