"""One answer as it stands in Discord: kept equal to what it should be, by as few and as slow edits as needed.

Whoever writes says what shall stand there; one task brings it there, with a clock of its own.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from contextlib import suppress

import aiohttp
import discord

from adapters.discord.api import Json, Upload
from adapters.discord.pace import Pace
from adapters.discord.target import Target, plain
from adapters.discord.text import MESSAGE_CHARACTERS, harmless, split

log = logging.getLogger("riff.discord")

_TYPING_SECONDS = 8.0
_AT_ONCE_SECONDS = 0.15
"""An answer that is complete so soon is one post, without typing and edits."""
_RETRY_SECONDS = (1.0, 3.0, 8.0, 15.0)
WORKING = "\n-# ✍️ …"
UNDELIVERED = (discord.HTTPException, aiohttp.ClientError, OSError, TimeoutError)


class Screen:
    """The messages of one answer. `text` is what shall stand there; `sync` waits until it does."""

    def __init__(self, target: Target, pace: Pace, clock: Callable[[], float] = time.monotonic) -> None:
        self.target = target
        self._pace = pace
        self._clock = clock
        self._text = ""
        self._remarks: list[str] = []
        self._rows: list[Json] = []
        self._is_working = False
        self._messages: list[str] = []
        self._shown: list[Json] = []
        self._next_at = 0.0
        self._changed = asyncio.Event()
        self._writing = asyncio.Lock()
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def is_empty(self) -> bool:
        """Whether nothing was posted yet."""
        return not self._messages

    async def take_up(self) -> None:
        """Go on from what an earlier attempt had posted."""
        self._messages = await self.target.earlier()
        self._shown = [{} for _ in self._messages]

    def start(self) -> None:
        """Show that the answer is being worked on, and keep what is shown up to date until `stop`."""
        self._tasks = [
            asyncio.create_task(self._type(), name="discord-typing"),
            asyncio.create_task(self._follow(), name="discord-edits"),
        ]

    async def stop(self) -> None:
        """End the tasks, no post or edit half done."""
        async with self._writing:
            for task in self._tasks:
                task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)
        self._tasks = []

    def write(self, text: str, rows: Sequence[Json] = (), *, working: bool) -> None:
        """What shall stand there from now on."""
        self._text, self._rows, self._is_working = text, list(rows), working
        self._changed.set()

    def remark(self, text: str) -> None:
        """A sentence in small letters under the answer."""
        self._remarks.append(text)

    async def sync(self) -> None:
        """Bring what is shown up to date now; tried again while it makes sense, then raises what went wrong."""
        for seconds in (*_RETRY_SECONDS, None):
            try:
                async with self._writing:
                    await self._bring()
                return
            except UNDELIVERED as error:
                if seconds is None or not is_passing(error):
                    raise
                log.warning("an answer is not shown yet: %s", type(error).__name__)
            await asyncio.sleep(seconds)

    async def clear(self) -> None:
        """Take everything away that was shown."""
        async with self._writing:
            self._text, self._rows = "", []
            for message in reversed(self._messages):
                with suppress(discord.NotFound):
                    await self.target.delete(message)
            self._messages, self._shown = [], []

    async def attach(self, content: str, file: Upload) -> None:
        """A further message with a file."""
        async with self._writing:
            part = len(self._messages)
            self._messages.append(await self.target.send(part, plain(content), [file]))
            self._shown.append({})

    def _wanted(self) -> list[Json]:
        parts = split(harmless(self._text)) if self._text.strip() else []
        tail = "".join(f"\n-# {remark}" for remark in self._remarks) + (WORKING if self._is_working else "")
        if tail and parts:
            whole = parts[-1] + tail
            parts[-1:] = [whole] if len(whole) <= MESSAGE_CHARACTERS else [parts[-1], tail.strip()]
        last = len(parts) - 1
        return [plain(part, self._rows if number == last else None) for number, part in enumerate(parts)]

    async def _bring(self) -> None:
        for number, payload in enumerate(self._wanted()):
            if number >= len(self._messages):
                self._messages.append(await self.target.send(number, payload))
                self._shown.append(payload)
            elif self._shown[number] != payload:
                await self._edit(number, payload)
        for number in range(len(self._messages) - 1, max(len(self._wanted()), 1) - 1, -1):
            with suppress(discord.NotFound):
                await self.target.delete(self._messages[number])
            del self._messages[number], self._shown[number]
        self._next_at = self._clock() + self._pace.seconds(self.target.key)

    async def _edit(self, number: int, payload: Json) -> None:
        try:
            await self.target.edit(self._messages[number], payload)
        except discord.NotFound:  # somebody deleted it meanwhile: that is their answer
            log.info("an answer was deleted while it was written")
        self._shown[number] = payload

    async def _follow(self) -> None:
        await self._changed.wait()
        await asyncio.sleep(_AT_ONCE_SECONDS)
        while True:
            await self._changed.wait()
            await asyncio.sleep(max(0.0, self._next_at - self._clock()))
            self._changed.clear()
            try:
                async with self._writing:
                    await self._bring()
            except UNDELIVERED as error:
                if not is_passing(error):
                    return  # `sync` says so in the end
                self._next_at = self._clock() + 2.0
                self._changed.set()

    async def _type(self) -> None:
        await asyncio.sleep(_AT_ONCE_SECONDS)
        with suppress(*UNDELIVERED):
            while self.is_empty:
                await self.target.typing()
                await asyncio.sleep(_TYPING_SECONDS)


def is_passing(error: BaseException) -> bool:
    """Whether trying again may help: the line or the server is in trouble, not the request."""
    if isinstance(error, discord.HTTPException):
        return error.status >= 500 or error.status == 429
    return isinstance(error, UNDELIVERED)
