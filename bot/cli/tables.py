"""Prints figures as a table in the terminal."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from genai.training.measure.report import Row


def print_table(rows: "Sequence[Row]") -> None:
    """One line for each row, from the main process; the first column names it, the others are numbers."""
    from genai.training.measure.report import cells
    from genai.training.run.distributed import is_main

    if not is_main():
        return
    head, *body = cells(rows)
    table = Table()
    for index, name in enumerate(head):
        table.add_column(name, justify="right" if index else "left", overflow="fold")
    for row in body:
        table.add_row(*row)
    Console().print(table)
