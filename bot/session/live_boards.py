"""Boards as they are now, for everybody who watches: one reader of the database for each board, whoever many watch it.

A reader looks several times a second whether anything has changed, reads the board only then, and has each text
judged once; it ends a while after the last who watches has left. Nobody is queued for: whoever is slow is given the
newest state, and misses those between.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from bot.board.themes import grown
from bot.core.domain import Passed
from bot.core.errors import CommandError
from bot.language import speaking
from bot.places.moderation_policy import Policies
from bot.session.board_panel import Shown, shown_of
from bot.session.checked_text import Speech
from genai.moderation import ModerationUnavailable, Moderator, Policy
from storage.errors import StorageError
from storage.repositories import Repositories
from storage.values.brainstorms import CardOnBoard, KeptTheme, StoredBrainstorm

log = logging.getLogger("riff.session")

_LOOK_SECONDS = 0.3
_AFTER_TROUBLE_SECONDS = 2.0
_AT_ONCE = 32
"""Texts judged at the same time: chats wait for the same moderation."""
_LINGER_SECONDS = 20.0
"""So long after the last viewer the reader goes on: pages that reload come back meanwhile."""


@dataclass(frozen=True, slots=True)
class BoardState:
    """A board at one moment; `version` grows with each change, `links` can still be opened."""

    version: int
    shown: Shown
    links: Collection[int]


class LiveBoards:
    """All boards that are watched in this process."""

    def __init__(
        self, repositories: Repositories, moderator: Moderator, policies: Policies, locale: str
    ) -> None:
        self._parts = repositories, moderator, policies
        self._locale = locale
        self._open: dict[int, LiveBoard] = {}

    def board(self, brainstorm_id: int) -> "LiveBoard":
        """The board's reader, which is begun with the first who asks."""
        found = self._open.get(brainstorm_id)
        if found is None or found.is_over:
            found = LiveBoard(brainstorm_id, *self._parts, self._locale, self._left)
            self._open[brainstorm_id] = found
        return found

    async def close(self) -> None:
        """Ends all readers, and with them what watches."""
        for board in list(self._open.values()):
            await board.close()

    def _left(self, brainstorm_id: int, board: "LiveBoard") -> None:
        if self._open.get(brainstorm_id) is board:
            del self._open[brainstorm_id]


class LiveBoard:
    """One board, read for all who watch it."""

    def __init__(
        self,
        brainstorm_id: int,
        repositories: Repositories,
        moderator: Moderator,
        policies: Policies,
        locale: str,
        left: "Callable[[int, LiveBoard], None]",
    ) -> None:
        self._id = brainstorm_id
        self._repositories = repositories
        self._moderator = moderator
        self._policies = policies
        self._locale = locale
        self._left = left
        self._speech = _RememberingSpeech(moderator, None)
        self._found: StoredBrainstorm | None = None
        self._policy: Policy | None = None
        self._themes: tuple[KeptTheme, ...] = ()
        self._mark = ""
        self._state: BoardState | None = None
        self._news = asyncio.Event()
        self._watching = 0
        self._last_seen = time.monotonic()
        self.is_over = False
        """Whether it is read no longer: the board is gone, or nobody watches."""
        self._task = asyncio.create_task(self._run(), name="live-board")

    @contextmanager
    def watched(self) -> Iterator[None]:
        """While held, the reader goes on."""
        self._watching += 1
        try:
            yield
        finally:
            self._watching -= 1
            self._last_seen = time.monotonic()

    async def state(self) -> BoardState | None:
        """The board now; None where it is gone. Waits for the first look, so give it a deadline."""
        with self.watched():
            while self._state is None and not self.is_over:
                await self._news.wait()
        return self._state

    async def after(self, version: int) -> BoardState | None:
        """The newest state that is not `version`, waiting for one; None where the reader has ended."""
        while not self.is_over and (self._state is None or self._state.version == version):
            await self._news.wait()
        return None if self.is_over else self._state

    async def close(self) -> None:
        """Ends the reader."""
        self._task.cancel()
        await asyncio.wait({self._task})

    async def _run(self) -> None:
        try:
            while self._watching or time.monotonic() - self._last_seen < _LINGER_SECONDS:
                again = await self._guarded_look()
                if again is None:
                    self._state = None
                    break
                await asyncio.sleep(again)
        finally:
            self.is_over = True
            self._left(self._id, self)
            self._news.set()

    async def _guarded_look(self) -> float | None:
        """Looks, and says when to look again; None where the board is gone.

        What was shown last stays while a part of Riff is away.
        """
        try:
            return _LOOK_SECONDS if await self._look() else None
        except (StorageError, ModerationUnavailable, CommandError) as error:
            log.warning("a live board could not be read, and will be again: %s", type(error).__name__)
        except Exception as error:
            log.error("a live board could not be read", exc_info=error)
        return _AFTER_TROUBLE_SECONDS

    async def _look(self) -> bool:
        """Reads the board where anything has changed; False where it is gone."""
        mark = await self._repositories.board_changes.mark(self._id)
        if mark is None:
            return False
        links = await self._repositories.board_links.open_of(self._id)
        found = self._found
        if found is None or self._mark != mark or await self._policies.of(found.place) != self._policy:
            return await self._read(mark, links)
        if self._state is not None and links != self._state.links:
            self._tell(self._state.shown, links)
        return True

    async def _read(self, mark: str, links: Collection[int]) -> bool:
        found = await self._repositories.brainstorms.get(self._id)
        if found is None:
            return False
        policy = await self._policies.of(found.place)
        if self._found is None or self._policy != policy:
            self._speech = _RememberingSpeech(self._moderator, policy)
        with speaking(found.plan.locale or self._locale):
            (topic,) = await self._speech.shown([found.plan.topic])
            cards = await self._repositories.boards.cards(self._id)
            people = await self._repositories.boards.participants(self._id)
            themes = await self._grown(found, cards)
            readable = replace(found, plan=replace(found.plan, topic=topic.text), themes=themes)
            shown = await shown_of(self._speech, readable, cards, people)
        self._speech.forget_unused()
        self._found, self._policy, self._mark = found, policy, mark
        self._tell(shown, links)
        return True

    async def _grown(self, found: StoredBrainstorm, cards: Sequence[CardOnBoard]) -> tuple[KeptTheme, ...]:
        """The themes that people know from the chat, or those seen here before, with what is new among the ideas."""
        if self._found is None or self._found.themes != found.themes:
            self._themes = found.themes
        themes = await asyncio.to_thread(grown, found.plan.topic, cards, self._themes)
        self._themes = tuple(themes)
        return self._themes

    def _tell(self, shown: Shown, links: Collection[int]) -> None:
        version = self._state.version + 1 if self._state else 1
        self._state = BoardState(version, shown, links)
        news, self._news = self._news, asyncio.Event()
        news.set()


class _RememberingSpeech(Speech):
    """As Speech, with each text judged once, and not all of a large board at the same time."""

    def __init__(self, moderator: Moderator, policy: Policy | None) -> None:
        super().__init__(moderator, policy)
        self._known: dict[str, Passed | None] = {}
        self._used: set[str] = set()

    async def passed(self, texts: Sequence[str]) -> list[Passed | None]:
        """What of each text may be shown. Raises ModerationUnavailable."""
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        for begin in range(0, len(new), _AT_ONCE):
            some = new[begin : begin + _AT_ONCE]
            self._known.update(zip(some, await super().passed(some), strict=True))
        self._used.update(texts)
        return [self._known[text] for text in texts]

    def forget_unused(self) -> None:
        """Forgets what was not asked for since this was done last."""
        self._known = {text: one for text, one in self._known.items() if text in self._used}
        self._used = set()
