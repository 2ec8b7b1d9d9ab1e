"""A board as files to take away: each is made when it is asked for, and once as long as the board stays as it is."""

import asyncio
from weakref import WeakKeyDictionary

from bot.core.domain import Document
from bot.language import LOCALE, N_, negotiate
from bot.session.board_panel import Shown, export_of, map_of, map_pdf_of

FILES = {
    "md": N_("Markdown"),
    "csv": N_("Table (CSV)"),
    "json": N_("JSON"),
    "png": N_("Picture"),
    "pdf": N_("PDF"),
}
"""The kinds of file, by their endings."""
_TEXTS = {"md": "markdown", "csv": "csv", "json": "json"}


class BoardFiles:
    """Draws one picture at a time, for drawing takes a core for a second."""

    def __init__(self) -> None:
        self._made: WeakKeyDictionary[Shown, dict[tuple[str, str], Document]] = WeakKeyDictionary()
        self._drawing = asyncio.Lock()

    async def of(self, shown: Shown, form: str) -> Document:
        """The board as one of FILES, in the language that is spoken."""
        key = form, negotiate(LOCALE.get())
        async with self._drawing:
            made = self._made.setdefault(shown, {})
            if key not in made:
                made[key] = await _make(shown, form)
            return made[key]


async def _make(shown: Shown, form: str) -> Document:
    match form:
        case "png":
            return await map_of(shown)
        case "pdf":
            return await map_pdf_of(shown)
        case _:
            return export_of(shown, _TEXTS[form])
