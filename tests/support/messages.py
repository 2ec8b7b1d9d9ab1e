"""Incoming messages, as an adapter would make them."""

import uuid
from datetime import UTC, datetime

from bot.core.domain import Account, Incoming, Place


def incoming(
    text: str, *, user: str = "u1", thread: str = "t1", event: str | None = None, direct: bool = True
) -> Incoming:
    """A message in a test channel; direct messages lie in a channel of their own for each user."""
    channel = f"dm-{user}" if direct else "general"
    return Incoming(
        event_id=event or uuid.uuid4().hex,
        author=Account("test", "w1", user),
        place=Place("test", "w1", channel, thread, direct),
        text=text,
        received_at=datetime.now(UTC),
    )
