"""One answer as it stands in Discord: kept equal to what it should be, by as few and as slow edits as needed.

Whoever writes says what shall stand there; one task brings it there, with a clock of its own. An answer is a
row of messages: those of a text that still grows, and before and after it what stands for itself, such as a file.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

import aiohttp
import discord
from tenacity import RetryCallState, retry, retry_if_exception, stop_after_attempt, wait_chain, wait_fixed

from adapters.discord.gateway.api import Json, Upload
from adapters.discord.gateway.edit_pace import Pace
from adapters.discord.rendering.cards import converted, idea_card, is_laid_out
from adapters.discord.rendering.markdown import MESSAGE_CHARACTERS, readable, split
from adapters.discord.rendering.sending import Target, plain

log = logging.getLogger("riff.discord")

_TYPING_SECONDS = 8.0
_AT_ONCE_SECONDS = 0.15
"""An answer that is complete so soon is one post, without typing and edits."""
_RETRY_SECONDS = (1.0, 3.0, 8.0, 15.0)
WORKING = "\n-# ✍️ …"
UNDELIVERED = (discord.HTTPException, aiohttp.ClientError, OSError, TimeoutError)


def is_passing(error: BaseException) -> bool:
    """Whether trying again may help: the line or the server is in trouble, not the request."""
    if isinstance(error, discord.HTTPException):
        return error.status >= 500 or error.status == 429
    return isinstance(error, UNDELIVERED)


def _note_delay(state: RetryCallState) -> None:
    error = state.outcome.exception() if state.outcome else None
    log.warning("an answer is not shown yet: %s", type(error).__name__)


@dataclass
class _Message:
    """A message that was sent, and what it shows; None for something that an earlier attempt had sent.

    An old one `is_passing` when it holds text alone, which this attempt may need less of.
    """

    id: str
    shown: Json | None
    is_laid_out: bool
    is_old: bool = False
    is_passing: bool = True


class StreamedMessage:
    """The messages of one answer. `text` is what shall stand there; `sync` waits until it does."""

    def __init__(
        self,
        target: Target,
        pace: Pace,
        clock: Callable[[], float] = time.monotonic,
        *,
        types: bool = True,
    ) -> None:
        self.target = target
        self._types = types
        self._pace = pace
        self._clock = clock
        self._text = ""
        self._remarks: list[str] = []
        self._rows: list[Json] = []
        self._is_working = False
        self._is_list = False
        self._messages: list[_Message] = []
        self._begins = 0
        self._next_at = 0.0
        self._changed = asyncio.Event()
        self._writing = asyncio.Lock()
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def is_empty(self) -> bool:
        """Whether nothing was posted yet."""
        return not self._messages

    def show_typing(self) -> None:
        """From now on show that Riff is typing until there is something to read."""
        self._types = True

    async def take_up(self) -> None:
        """Go on from what an earlier attempt had posted: it is changed into what this one shows."""
        for found in await self.target.earlier():
            laid = is_laid_out(found)
            passing = not laid and not found.get("attachments")
            self._messages.append(_Message(found["id"], None, laid, is_old=True, is_passing=passing))

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

    async def tidy(self) -> None:
        """Remove text that an earlier attempt had posted and this one, which said something, did not need."""
        left = [message for message in self._messages if message.is_old and message.is_passing]
        if len(left) < len(self._messages):
            async with self._writing:
                await self._drop(left)

    def write(self, text: str, rows: Sequence[Json] = (), *, working: bool, as_list: bool = False) -> None:
        """What shall stand there from now on; a list of ideas is made a card where it fits."""
        self._text, self._rows, self._is_working, self._is_list = text, list(rows), working, as_list
        self._changed.set()

    def remark(self, text: str) -> None:
        """A sentence in small letters under the answer."""
        self._remarks.append(text)

    @retry(
        retry=retry_if_exception(is_passing),
        wait=wait_chain(*map(wait_fixed, _RETRY_SECONDS)),
        stop=stop_after_attempt(len(_RETRY_SECONDS) + 1),
        before_sleep=_note_delay,
        reraise=True,
    )
    async def sync(self) -> None:
        """Bring what is shown up to date now; tried again while it makes sense, then raises what went wrong."""
        async with self._writing:
            await self._bring()

    async def clear(self) -> None:
        """Take everything away that was shown of the text."""
        async with self._writing:
            self._text, self._rows = "", []
            await self._drop(self._messages[self._begins :])

    async def seal(self) -> None:
        """What stands there stays as it is; what is written from now on comes below it."""
        async with self._writing:
            self._begins += len(self._wanted())
            self._text, self._rows, self._remarks, self._is_working = "", [], [], False

    async def post(self, payload: Json, files: Sequence[Upload] = ()) -> str:
        """A message that stands for itself, below the text as it is now; its id."""
        await self.seal()
        async with self._writing:
            await self._put(self._begins, payload, files)
            self._begins += 1
            return self._messages[self._begins - 1].id.rpartition(":")[2]

    def pass_over(self, message: str) -> None:
        """What an earlier attempt had posted next stays as it is, as others change it."""
        if self._begins < len(self._messages):
            self._begins += self._messages[self._begins].id.rpartition(":")[2] == message

    def _wanted(self) -> list[Json]:
        if self._is_list and not self._is_working:
            card = idea_card(readable(self._text).strip(), self._remarks, self._rows)
            if card is not None:
                return [card]
        parts = split(readable(self._text)) if self._text.strip() else []
        tail = "".join(f"\n-# {remark}" for remark in self._remarks) + (WORKING if self._is_working else "")
        if tail and parts:
            whole = parts[-1] + tail
            parts[-1:] = [whole] if len(whole) <= MESSAGE_CHARACTERS else [parts[-1], tail.strip()]
        last = len(parts) - 1
        return [plain(part, self._rows if number == last else None) for number, part in enumerate(parts)]

    async def _bring(self) -> None:
        wanted = self._wanted()
        for number, payload in enumerate(wanted, self._begins):
            await self._put(number, payload)
        kept = self._begins + max(len(wanted), 1)
        await self._drop([message for message in self._messages[kept:] if not message.is_old])
        self._next_at = self._clock() + self._pace.seconds(self.target.key)

    async def _put(self, number: int, payload: Json, files: Sequence[Upload] = ()) -> None:
        """Make the message with that number show this: sent, or changed where it is there."""
        if number >= len(self._messages):
            name = await self.target.send(number, payload, files)
            self._messages.append(_Message(name, payload, is_laid_out(payload)))
            return
        message = self._messages[number]
        if message.shown == payload and not files:
            return
        change = converted(payload, from_laid_out=message.is_laid_out)
        try:
            await self.target.edit(message.id, change, files)
        except discord.NotFound:  # somebody deleted it meanwhile: that is their answer
            log.info("an answer was deleted while it was written")
        message.shown, message.is_old = payload, False
        message.is_laid_out = is_laid_out(change)

    async def _drop(self, messages: Sequence[_Message]) -> None:
        for message in reversed(messages):
            with suppress(discord.NotFound):
                await self.target.delete(message.id)
            self._messages.remove(message)

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
            while self._types and self.is_empty:
                await self.target.typing()
                await asyncio.sleep(_TYPING_SECONDS)
