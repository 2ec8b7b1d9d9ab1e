"""Shows one reply on a terminal as its pieces pass moderation."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

from rich.console import Console
from rich.text import Text

from bot.core.buttons import CARD, ActionKind, Panel
from bot.core.domain import Document, Passed, Reply
from bot.core.message_marks import in_words
from bot.core.notices import CANCELLED, Notice
from bot.core.text_cleaning import neutralise_terminal
from bot.language import _


class ConsoleChannel:
    """Appends to the terminal; a withdrawal erases what this reply had written."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._shown = ""
        self._is_bold = False
        self._status = console.status(_("thinking"), spinner="dots")

    @contextmanager
    def working(self) -> Iterator[None]:
        """A spinner until the first text, and a clean line at the end."""
        if self._console.is_terminal:
            self._status.start()
        try:
            yield
        finally:
            self._status.stop()

    is_for_author_only = False

    async def begin(self, *, private: bool) -> None:
        """Nothing to do: a terminal has one reader."""

    async def show(self, piece: Passed) -> None:
        """Append a piece; `**` switches bold on and off, also across pieces."""
        self._status.stop()
        text = neutralise_terminal(piece.text)
        self._shown += text
        self._console.print(self._styled(text), end="", soft_wrap=True)

    async def withdraw(self) -> None:
        """Erase this reply's lines where the terminal can."""
        if self._shown and self._console.is_terminal:
            width = max(1, self._console.width)
            lines = sum(max(1, -(-Text(line).cell_len // width)) for line in self._shown.split("\n"))
            self._console.file.write(f"\x1b[{lines - 1}F\x1b[J" if lines > 1 else "\r\x1b[J")
            self._console.file.flush()
        self._shown = ""

    async def notice(self, notice: Notice) -> None:
        """One of Riff's own sentences, on a line of its own."""
        self._status.stop()
        self._end_line()
        self._console.print(Text(notice.text, style="yellow"), soft_wrap=True)

    async def document(self, document: Document) -> None:
        """Write the file into the current folder, under a name that is free."""
        path = await asyncio.to_thread(_written, document)
        await self.notice(Notice(_("Written to {path}.", path=path)))

    async def panel(self, panel: Panel) -> None:
        """The heading and its rows, each on a line of its own; for buttons that open a form, what to type.

        A terminal has no channel for a card.
        """
        if panel.name == CARD:
            return
        await self.notice(panel.heading)
        for row in panel.rows:
            until = f" {row.until.astimezone():%Y-%m-%d %H:%M}" if row.until else ""
            self._console.print(self._styled(neutralise_terminal(row.text.text) + until), soft_wrap=True)
        for button in panel.buttons:
            if button.action.kind is ActionKind.OPEN:
                self._console.print(Text(f"{button.label}: /{button.action.target}"), soft_wrap=True)
        for document in (*panel.pictures, *([panel.file] if panel.file else [])):
            await self.document(document)

    async def open_thread(self, title: Panel, name: str) -> str:
        """A terminal has one thread."""
        return ""

    async def mark(self, sign: str) -> None:
        """The sign and what it says on a line of their own."""
        self._status.stop()
        self._end_line()
        self._console.print(Text(in_words(sign)))

    async def finish(self, reply: Reply) -> None:
        """End the line, and say what speaks for ideas."""
        self._end_line()
        for idea in reply.ideas:
            if idea.because:
                line = neutralise_terminal(f"{idea.position}. {idea.because}")
                self._console.print(Text(line, style="dim"), soft_wrap=True)

    def stopped(self) -> None:
        """Say that the person cancelled this reply."""
        self._status.stop()
        self._end_line()
        self._console.print(Text(CANCELLED.text, style="yellow"))

    def _end_line(self) -> None:
        if self._shown and not self._shown.endswith("\n"):
            self._console.print()
        self._shown = ""

    def _styled(self, text: str) -> Text:
        styled = Text()
        for number, part in enumerate(text.split("**")):
            if number:
                self._is_bold = not self._is_bold
            styled.append(part, style="bold" if self._is_bold else "")
        return styled


def _written(document: Document) -> Path:
    name = Path(document.name)
    for number in count():
        path = Path(f"{name.stem}-{number}{name.suffix}" if number else name.name)
        with suppress(FileExistsError), path.open("xb") as file:
            file.write(document.content)
            return path
    raise AssertionError("unreachable")
