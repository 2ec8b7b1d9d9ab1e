"""Reads a person's lines: with editing, history and completion on a terminal, plainly from a pipe."""

import asyncio
import sys
from collections.abc import AsyncGenerator, AsyncIterator
from typing import TYPE_CHECKING

from prompt_toolkit import PromptSession
from prompt_toolkit.auto_suggest import AutoSuggestFromHistory
from prompt_toolkit.completion import Completer
from prompt_toolkit.formatted_text import HTML
from prompt_toolkit.history import History
from prompt_toolkit.patch_stdout import patch_stdout

from bot.core.domain import Account
from bot.language import _

if TYPE_CHECKING:
    from bot.app import App

_LINES = 200


class EarlierLines(History):
    """What the person asked before, out of Riff's memory, so that it is forgotten together with the rest."""

    def __init__(self, starting: "asyncio.Task[App]", author: Account) -> None:
        super().__init__()
        self._starting = starting
        self._author = author

    async def load(self) -> AsyncGenerator[str]:
        """Newest first, as prompt_toolkit wants it; nothing where Riff cannot start."""
        await asyncio.wait({self._starting})
        if not self._loaded and not self._starting.cancelled() and not self._starting.exception():
            repositories = self._starting.result().repositories
            person = await repositories.people.find(self._author)
            if person is not None:
                self._loaded_strings += await repositories.conversations.recent_questions(person, _LINES)
        self._loaded = True
        for line in self._loaded_strings:
            yield line

    def load_history_strings(self) -> list[str]:
        """Not used: `load` reads from memory without blocking."""
        return []

    def store_string(self, string: str) -> None:
        """Nothing to do: the pipeline remembers every question."""


async def ask_lines(history: History, completer: Completer) -> AsyncIterator[str]:
    """Each line a person enters, until the end of the input."""
    if not sys.stdin.isatty():
        while line := await asyncio.to_thread(sys.stdin.readline):
            yield line
        return
    session = _session(history, completer)
    while True:
        try:
            with patch_stdout(raw=True):  # what Riff says by itself goes above the line that is being typed
                line = await session.prompt_async(HTML("<ansicyan><b>{}</b></ansicyan> ").format(_("you")))
        except KeyboardInterrupt:  # Ctrl-C on an unfinished line clears it, as shells do
            continue
        except EOFError:
            return
        yield line


async def ask_line(question: str) -> str | None:
    """One line in answer to a question; it is no prompt, so it is not among the earlier lines. None for none."""
    session: PromptSession[str] = PromptSession()
    try:
        with patch_stdout(raw=True):
            return await session.prompt_async(HTML("<ansicyan>{}</ansicyan>").format(question))
    except (KeyboardInterrupt, EOFError):
        return None


def _session(history: History, completer: Completer) -> PromptSession[str]:
    return PromptSession(
        history=history,
        auto_suggest=AutoSuggestFromHistory(),
        completer=completer,
        complete_while_typing=True,
    )
