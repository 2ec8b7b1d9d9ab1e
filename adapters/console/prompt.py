"""Reads a person's lines: with editing, history and completion on a terminal, plainly from a pipe."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

from prompt_toolkit import PromptSession
from prompt_toolkit.auto_suggest import AutoSuggestFromHistory
from prompt_toolkit.completion import WordCompleter
from prompt_toolkit.formatted_text import HTML
from prompt_toolkit.history import FileHistory

from bot.commands import all_commands


async def ask_lines(data_folder: Path) -> AsyncIterator[str]:
    """Each line a person enters, until the end of the input."""
    if not sys.stdin.isatty():
        while line := await asyncio.to_thread(sys.stdin.readline):
            yield line
        return
    session = _session(data_folder)
    while True:
        try:
            yield await session.prompt_async(HTML("<ansicyan><b>you</b></ansicyan> "))
        except KeyboardInterrupt:  # Ctrl-C on an unfinished line clears it, as shells do
            continue
        except EOFError:
            return


def _session(data_folder: Path) -> PromptSession[str]:
    history = data_folder / "console-history"
    data_folder.mkdir(parents=True, exist_ok=True)
    os.close(os.open(history, os.O_CREAT | os.O_APPEND, 0o600))  # prompts are private
    commands = {f"/{command.name}": command.summary for command in all_commands().values()}
    return PromptSession(
        history=FileHistory(str(history)),
        auto_suggest=AutoSuggestFromHistory(),
        completer=WordCompleter(list(commands), meta_dict=commands, sentence=True),
        complete_while_typing=True,
    )
