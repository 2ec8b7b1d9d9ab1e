"""Completes commands in the terminal while they are typed."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from typing import TYPE_CHECKING

from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document

from bot.core.domain import Account, Place
from bot.interactions.completion import LineCompletion

if TYPE_CHECKING:
    from bot.app import App

_NOWHERE = Place("console", "local", "nowhere", direct=True)


class LineCompleter(Completer):
    """Completes what `here` knows once Riff is awake, as templates and ideas on a board; before, the rest."""

    def __init__(
        self, starting: "asyncio.Task[App]", author: Account, here: "Callable[[App], Awaitable[Place]]"
    ) -> None:
        self._starting = starting
        self._author = author
        self._here = here

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        """Not used: what fits is looked up without blocking."""
        return ()

    async def get_completions_async(
        self, document: Document, complete_event: CompleteEvent
    ) -> AsyncGenerator[Completion, None]:
        """What fits at the cursor."""
        line = await self._line_completion()
        for offer in await line.offers(document.text_before_cursor):
            yield Completion(offer.text, -offer.replaced, display_meta=offer.hint)

    async def _line_completion(self) -> LineCompletion:
        starting = self._starting
        if not starting.done() or starting.cancelled() or starting.exception():
            return LineCompletion(self._author, _NOWHERE)
        app = starting.result()
        return LineCompletion(self._author, await self._here(app), app.repositories)
