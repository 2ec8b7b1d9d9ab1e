"""Panels as cards of components: a button beside its row's text, or several below it. Pure functions."""

from adapters.discord.gateway.api import Json
from adapters.discord.layout import container, display, laid_out, packed, rows_of, section, separator
from adapters.discord.rendering.components import button
from adapters.discord.text import harmless, split
from bot.core.buttons import Panel, Row

_ROW_CHARACTERS = 1500


def panel_payloads(panel: Panel) -> list[Json]:
    """The panel in as many messages as its rows need; a row stays in one message."""
    heading = [display(f"### {panel.heading.text}"), *([separator()] if panel.rows else [])]
    groups = [heading, *map(_row, panel.rows), rows_of([button(each) for each in panel.buttons])]
    return [laid_out([container(inside)]) for inside in packed(groups)]


def _row(row: Row) -> list[Json]:
    """A row's text is cut where it is as long as a chapter; the first part has the button."""
    texts = split(harmless(row.text.text), _ROW_CHARACTERS)[:2] or ["-"]
    drawn = [button(each) for each in row.buttons]
    if len(drawn) == 1:
        return [section(texts[0], drawn[0]), *map(display, texts[1:])]
    return [*map(display, texts), *rows_of(drawn)]
