"""A board as files: pictures of it, and exports."""

import asyncio

from bot.board.export import to_csv, to_json, to_markdown
from bot.board.picture import DARK, LIGHT, Picture, draw_map, draw_votes
from bot.board.view import Conclusion
from bot.core.domain import Document
from bot.language import _
from bot.session.board_panel import Shown

FORMATS = ("markdown", "csv", "json")


async def map_of(shown: Shown, *, dark: bool = False) -> Document:
    """The idea map."""
    picture = await asyncio.to_thread(draw_map, shown.board, DARK if dark else LIGHT)
    return _picture(shown, picture, "ideas", _("Idea map"))


async def chart_of(shown: Shown, *, dark: bool = False) -> Document:
    """The bars of the votes."""
    picture = await asyncio.to_thread(draw_votes, shown.board, DARK if dark else LIGHT)
    return _picture(shown, picture, "votes", _("Votes"))


def export_of(shown: Shown, form: str, outcome: Conclusion | None = None) -> Document:
    """The whole board in one of FORMATS, with what came of it."""
    outcome = outcome or Conclusion.read(shown.brainstorm.outcome)
    match form:
        case "csv":
            ending, media_type, text = "csv", "text/csv", to_csv(shown.board, shown.names)
        case "json":
            ending, media_type = "json", "application/json"
            text = to_json(shown.board, shown.names, outcome)
        case _:
            ending, media_type = "md", "text/markdown"
            text = to_markdown(shown.board, shown.names, outcome)
    name = f"brainstorm-{shown.brainstorm.id}.{ending}"
    return Document(name, media_type, text.encode(), _("The board"))


def _picture(shown: Shown, picture: Picture, kind: str, title: str) -> Document:
    name = f"brainstorm-{shown.brainstorm.id}-{kind}.png"
    return Document(name, "image/png", picture.png, title, picture.alt_text)
