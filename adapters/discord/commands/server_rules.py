"""A server's own rules: in which channels Riff answers, and whom."""

import time
from dataclasses import dataclass
from typing import Any

from adapters.discord.incoming.event import Event
from bot.core.domain import Scope
from bot.core.notices import Notice
from bot.core.repositories import Repositories
from bot.language import N_

_KEPT_AS = "discord-admin"
"""The platform name under which a server's own rules are kept."""
_KEPT_SECONDS = 30.0

NOT_HERE = Notice(
    N_("An admin of this server chose other channels for me. Write to me in one of those, or directly.")
)
NOT_YOU = Notice(N_("An admin of this server chose who may use me here; ask for one of those roles."))


@dataclass(frozen=True, slots=True)
class Rules:
    """A server's rules; no channels or roles means all. How much people may ask is with `bot.places.quotas`."""

    channels: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()


class ServerRules:
    """Keeps servers' rules and holds prompts to them."""

    def __init__(self, repositories: Repositories) -> None:
        self._repositories = repositories
        self._kept: dict[str, tuple[float, Rules]] = {}

    async def of(self, guild: str) -> Rules:
        """What holds in the server; at most half a minute old."""
        kept = self._kept.get(guild)
        if kept and time.monotonic() - kept[0] < _KEPT_SECONDS:
            return kept[1]
        stored = await self._repositories.scopes.settings(Scope(_KEPT_AS, guild))
        rules = Rules(
            frozenset(stored.get("channels") or ()),
            frozenset(stored.get("roles") or ()),
        )
        self._kept[guild] = (time.monotonic(), rules)
        return rules

    async def set(self, guild: str, key: str, value: Any, person_id: int) -> Rules:
        """Change one rule; None takes it away."""
        await self._repositories.scopes.set(Scope(_KEPT_AS, guild), key, value, person_id=person_id)
        self._kept.pop(guild, None)
        return await self.of(guild)

    async def refusal(self, event: Event) -> Notice | None:
        """Why the person may not ask here; None when they may."""
        if not event.guild:
            return None
        rules = await self.of(event.guild)
        if rules.channels and not rules.channels & {event.channel, event.place_channel}:
            return NOT_HERE
        if rules.roles and not rules.roles & set(event.roles):
            return NOT_YOU
        return None
