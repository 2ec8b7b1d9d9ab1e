"""Whether only those can read a channel who were let in, as the platforms say now; where none says, everybody can."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from bot.core.domain import Place

log = logging.getLogger("riff.membership")

AsksPrivacy = Callable[[Place], Awaitable[bool]]
"""How an adapter tells whether a channel is closed to others; it may raise where that is not known."""
_PATIENCE_SECONDS = 3.0


class ChannelPrivacy:
    """Asks platforms each time, for a channel may be opened to all at any moment."""

    def __init__(self) -> None:
        self._asks: dict[str, AsksPrivacy] = {}

    def register(self, platform: str, ask: AsksPrivacy) -> None:
        """The platform's adapter tells."""
        self._asks[platform] = ask

    async def is_private(self, place: Place) -> bool:
        """Whether nobody reads there but who was let in; direct messages always are."""
        if place.direct:
            return True
        ask = self._asks.get(place.platform)
        if ask is None:
            return False
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                return await ask(place)
        except Exception as error:
            log.info("nobody knows who can read a channel: %s", type(error).__name__)
            return False
