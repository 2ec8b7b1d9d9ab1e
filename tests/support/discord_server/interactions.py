"""Interactions: made by people, answered once within 3 s, good for 15 minutes.

https://docs.discord.com/developers/interactions/receiving-and-responding
"""

import asyncio
import secrets
import time
from dataclasses import dataclass, field
from typing import Any

PONG, MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE, CHOICES, MODAL = 1, 4, 5, 6, 7, 8, 9


@dataclass
class Interaction:
    """One interaction and all that the bot made of it."""

    id: int
    kind: int
    user_id: int
    channel: dict[str, Any]
    source: dict[str, Any] | None = None
    token: str = field(default_factory=lambda: secrets.token_urlsafe(48))
    started: float = field(default_factory=time.monotonic)
    answered_after: float | None = None
    response: dict[str, Any] | None = None
    original: dict[str, Any] | None = None
    followups: list[dict[str, Any]] = field(default_factory=list)
    ephemeral: bool = False
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def answered(self, body: dict[str, Any]) -> None:
        """The bot's first response arrived."""
        self.response = body
        self.answered_after = time.monotonic() - self.started
        self.changed.set()

    def note(self) -> None:
        """Something about the interaction changed."""
        self.changed.set()

    async def until(self, condition: Any, seconds: float = 20.0) -> "Interaction":
        """Wait until `condition(interaction)` holds."""
        try:
            async with asyncio.timeout(seconds):
                while not condition(self):
                    self.changed.clear()
                    await self.changed.wait()
        except TimeoutError:
            shown = [
                (str(message["content"] or message["components"])[:400], message["flags"])
                for message in self.shown
            ]
            raise AssertionError(f"not within {seconds} s: {self.response} {shown}") from None
        return self

    @property
    def shown(self) -> list[dict[str, Any]]:
        """Every message that answers it, as it stands."""
        return [message for message in (self.original, *self.followups) if message is not None]
