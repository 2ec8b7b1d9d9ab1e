"""Who is in which channel now, as the platforms say: what is told there is for those alone who can read it.

That somebody asked in a channel once says nothing of today. Where a platform cannot be asked, nobody is a member.
"""

import asyncio
import logging
import time
from collections import Counter, OrderedDict
from collections.abc import Iterable
from typing import Protocol, TypeVar

from bot.core.domain import Account, Place

log = logging.getLogger("riff.membership")

ChannelKey = tuple[str, str, str]
"""Platform, workspace and channel."""
_MEMBER_SECONDS, _OTHER_SECONDS = 300.0, 60.0
_PATIENCE_SECONDS = 2.0
_MOST_ASKED = 8
_MOST_KEPT = 10_000


class Shown(Protocol):
    """What was shown in a channel."""

    @property
    def platform(self) -> str:
        """The platform of the channel."""

    @property
    def workspace(self) -> str:
        """What the channel's id is unique in."""

    @property
    def channel(self) -> str:
        """The channel's id."""


S = TypeVar("S", bound=Shown)


class AsksMembership(Protocol):
    """How an adapter tells who is in a channel."""

    async def __call__(self, account: Account, channel: Place) -> bool:
        """Whether the person can read the channel now; raises, or says no, where that is not known."""


class Memberships:
    """Asks platforms who is in a channel, and remembers it for minutes."""

    def __init__(self) -> None:
        self._asks: dict[str, AsksMembership] = {}
        self._kept: OrderedDict[tuple[Account, ChannelKey], tuple[float, bool]] = OrderedDict()

    def register(self, platform: str, ask: AsksMembership) -> None:
        """The platform's adapter tells."""
        self._asks[platform] = ask

    async def readable(self, account: Account, here: Place, shown: Iterable[S]) -> list[S]:
        """What was shown in channels that the person can read now; they are in the channel they ask `here`.

        Of other channels those with the most of it are asked for, so that none waits long.
        """
        held = list(shown)
        times = Counter((one.platform, one.workspace, one.channel) for one in held)
        own = (here.platform, here.workspace, here.channel)
        asked = [key for key, _count in times.most_common(_MOST_ASKED + 1) if key != own][:_MOST_ASKED]
        are_in = await asyncio.gather(*(self._is_in(account, key) for key in asked))
        known = {own} | {key for key, is_in in zip(asked, are_in, strict=True) if is_in}
        return [one for one in held if (one.platform, one.workspace, one.channel) in known]

    async def _is_in(self, account: Account, key: ChannelKey) -> bool:
        until, is_in = self._kept.get((account, key), (0.0, False))
        if time.monotonic() < until:
            return is_in
        ask = self._asks.get(key[0])
        if ask is None or account.platform != key[0]:
            return False
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                is_in = await ask(account, Place(*key))
        except Exception as error:
            log.info("nobody knows who is in a channel: %s", type(error).__name__)
            return False
        self._kept[account, key] = (time.monotonic() + (_MEMBER_SECONDS if is_in else _OTHER_SECONDS), is_in)
        self._kept.move_to_end((account, key))
        if len(self._kept) > _MOST_KEPT:
            self._kept.popitem(last=False)
        return is_in
