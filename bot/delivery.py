"""One reply's way to its channel: the only code that shows text, and only text that moderation passed."""

import time
from collections.abc import AsyncIterator

from bot import notices
from bot.channel import Channel
from bot.domain import Passed, Verdict
from bot.notices import Notice
from genai.moderation import Gate, Moderator, Withdrawn


class Delivery:
    """Shows the pieces of one reply as they pass, and remembers what was shown."""

    def __init__(self, channel: Channel, moderator: Moderator) -> None:
        self._channel = channel
        self._moderator = moderator
        self._shown: list[str] = []
        self._was_withdrawn = False
        self.first_text_at: float | None = None
        self.verdict: Verdict | None = None

    @property
    def text(self) -> str:
        """All that was shown and not withdrawn."""
        return "".join(self._shown)

    async def stream(self, deltas: AsyncIterator[str], *, allowed_personal: frozenset[str]) -> bool:
        """Show `deltas` piece by piece; False when moderation stopped or withdrew the reply.

        `allowed_personal` are the person's own facts, which need no redaction where only they can read.
        Raises ModerationUnavailable when there is no verdict; what was shown before has passed.
        """
        gate = Gate(self._moderator, allowed_personal=allowed_personal)
        async for event in gate.pieces(deltas):
            self.verdict = event.verdict
            if isinstance(event, Withdrawn):
                await self._withdraw()
                return False
            await self._show(event)
        return True

    async def say(self, text: str) -> bool:
        """Show one whole text; False when moderation blocked it."""
        passed, self.verdict = await self._moderator.passed(text)
        if passed is not None:
            await self._show(passed)
        return passed is not None

    def why_withheld(self) -> Notice:
        """What to tell the person when `stream` or `say` gave False."""
        return notices.WITHDRAWN if self._was_withdrawn else notices.BLOCKED_ANSWER

    async def _withdraw(self) -> None:
        if self._shown:
            self._was_withdrawn = True
            self._shown.clear()
            await self._channel.withdraw()

    async def _show(self, piece: Passed) -> None:
        if self.first_text_at is None:
            self.first_text_at = time.monotonic()
        self._shown.append(piece.text)
        await self._channel.show(piece)
