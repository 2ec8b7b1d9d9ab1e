"""What a server's admins allow: where Riff answers, whom, and how often. Kept with a record of every change."""

import time
from collections import OrderedDict, deque
from dataclasses import dataclass
from typing import Any

from adapters.discord.event import Event
from bot.domain import Scope
from bot.language import N_, _
from bot.memory import Memory
from bot.notices import Notice

_KEPT_AS = "discord-admin"
"""The platform name under which a server's own rules are kept."""
_KEPT_SECONDS = 30.0
_WINDOW_SECONDS = 60.0
_COUNTED = 10_000

NOT_HERE = Notice(
    N_("An admin of this server chose other channels for me. Write to me in one of those, or directly.")
)
NOT_YOU = Notice(N_("An admin of this server chose who may use me here; ask for one of those roles."))


@dataclass(frozen=True, slots=True)
class Rules:
    """A server's rules; no channels or roles means all, 0 a minute means any number."""

    channels: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    per_person: int = 0
    per_server: int = 0


class ServerRules:
    """Keeps servers' rules and holds prompts to them."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._kept: dict[str, tuple[float, Rules]] = {}
        self._recent: OrderedDict[tuple[str, str], deque[float]] = OrderedDict()

    async def of(self, guild: str) -> Rules:
        """What holds in the server; at most half a minute old."""
        kept = self._kept.get(guild)
        if kept and time.monotonic() - kept[0] < _KEPT_SECONDS:
            return kept[1]
        stored = await self._memory.scopes.settings(Scope(_KEPT_AS, guild))
        rules = Rules(
            frozenset(stored.get("channels") or ()),
            frozenset(stored.get("roles") or ()),
            int(stored.get("per_person") or 0),
            int(stored.get("per_server") or 0),
        )
        self._kept[guild] = (time.monotonic(), rules)
        return rules

    async def set(self, guild: str, key: str, value: Any, person_id: int) -> Rules:
        """Change one rule; None takes it away."""
        await self._memory.scopes.set(Scope(_KEPT_AS, guild), key, value, person_id=person_id)
        self._kept.pop(guild, None)
        return await self.of(guild)

    async def refusal(self, event: Event) -> Notice | None:
        """Why the person may not ask here and now; None when they may. Counts the prompt."""
        if not event.guild:
            return None
        rules = await self.of(event.guild)
        if rules.channels and not rules.channels & {event.channel, event.place_channel}:
            return NOT_HERE
        if rules.roles and not rules.roles & set(event.roles):
            return NOT_YOU
        if event.is_quiet:  # an idea in a running brainstorm is no prompt
            return None
        return self._counted(event.guild, event.user, rules.per_person) or self._counted(
            event.guild, "", rules.per_server
        )

    def _counted(self, guild: str, user: str, most: int) -> Notice | None:
        """The prompts of a person, or with no `user` of the server."""
        if not most:
            return None
        recent = self._recent.setdefault((guild, user), deque())
        self._recent.move_to_end((guild, user))
        while len(self._recent) > _COUNTED:
            self._recent.popitem(last=False)
        moment = time.monotonic()
        while recent and recent[0] < moment - _WINDOW_SECONDS:
            recent.popleft()
        if len(recent) >= most:
            wait = max(1, round(_WINDOW_SECONDS - (moment - recent[0])))
            said = (
                N_("That is more than the {most} prompts a minute that you may send. Try again in {wait} s.")
                if user
                else N_(
                    "That is more than the {most} prompts a minute that this server may send. Try again in"
                    " {wait} s."
                )
            )
            return Notice(_(said, most=most, wait=wait))
        recent.append(moment)
        return None
