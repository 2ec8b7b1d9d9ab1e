"""Panels as Block Kit: a heading, rows with their buttons, buttons for the whole. Pure functions.

A single button stands beside its row's text, several stand below it.
https://docs.slack.dev/reference/block-kit/blocks
"""

from collections.abc import Iterator, Sequence

from adapters.slack.blocks import Block, Look, buttons, drawn, notes, packed, sections, summary
from adapters.slack.handling.command_text import as_typed
from bot.core.buttons import Panel, Row
from bot.interactions.actions import Button

_BUTTONS_IN_A_ROW = 5
"""Slack takes 25, which no phone shows well."""


def panel_looks(panel: Panel) -> list[Look]:
    """The panel in as many messages as its blocks need; a row stays in one message where it fits."""
    heading = as_typed(panel.heading.text)
    top = [block for look in notes(heading) for block in look.blocks]
    rows = [_row(f"row-{number}", row) for number, row in enumerate(panel.rows)]
    groups = [top, *rows, list(_button_rows("panel", panel.buttons))]
    return [Look(summary(heading), blocks) for blocks in packed(groups)]


def _row(name: str, row: Row) -> list[Block]:
    shown = sections(as_typed(row.text.text))
    if len(row.buttons) == 1 and shown:
        return [{**shown[0], "accessory": drawn(row.buttons[0])}, *shown[1:]]
    return [*shown, *_button_rows(name, row.buttons)]


def _button_rows(name: str, row: Sequence[Button]) -> Iterator[Block]:
    for start in range(0, len(row), _BUTTONS_IN_A_ROW):
        yield buttons(f"{name}-{start}", row[start : start + _BUTTONS_IN_A_ROW])
