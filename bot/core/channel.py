"""Where a reply is shown: what the pipeline asks of an adapter."""

from typing import Protocol

from bot.core.buttons import Panel
from bot.core.domain import Document, Passed, Reply
from bot.core.notices import Notice


class Channel(Protocol):
    """Where one reply is shown. Takes only text that moderation passed, and Riff's own notices."""

    @property
    def is_for_author_only(self) -> bool:
        """Whether the others of a channel that people share do not see the reply."""

    async def begin(self, *, private: bool) -> None:
        """Text follows, for the author only where `private`; called once, before the first piece."""

    async def show(self, piece: Passed) -> None:
        """Append a piece of the reply."""

    async def withdraw(self) -> None:
        """Remove every piece of this reply that was shown."""

    async def notice(self, notice: Notice) -> None:
        """Tell the person one of Riff's own sentences."""

    async def document(self, document: Document) -> None:
        """Give the author, and the others unless it is `private`, a file."""

    async def panel(self, panel: Panel) -> None:
        """Show lines with buttons."""

    async def open_thread(self, title: Panel, name: str) -> str:
        """Hang a thread called `name` on a message that shows the title, and give its id.

        "" where none can be opened there: only jobs ask for it, at their beginning.
        """

    async def mark(self, sign: str) -> None:
        """Acknowledge the message that is answered with an emoji, where others need not read a sentence."""

    async def finish(self, reply: Reply) -> None:
        """The reply is complete and stored."""
