"""Where in a workspace Riff answers, and whom: what its admins set on a platform, with the record of every change.

How much people may ask is with `bot.places.quotas`, about what with `bot.places.moderation_policy`.
"""

import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Literal

from storage.repositories.workspaces import Scopes
from storage.values.records import Scope

_KEPT_SECONDS = 30.0
_CACHED = 4096

Rule = Literal["channels", "roles", "admins"]


@dataclass(frozen=True, slots=True)
class Rules:
    """A workspace's rules, by ids: no channels or roles means all, and `admins` are beside the platform's own."""

    channels: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    admins: frozenset[str] = frozenset()


class PlaceRules:
    """Keeps the rules of a platform's workspaces and holds prompts to them."""

    def __init__(self, scopes: Scopes, platform: str) -> None:
        self._scopes = scopes
        self._kept_as = f"{platform}-admin"
        self._read: dict[str, tuple[float, Rules]] = {}

    async def of(self, workspace: str, *, anew: bool = False) -> Rules:
        """What holds in the workspace; where another process changed it, half a minute late at most, or not `anew`."""
        read_at, rules = self._read.get(workspace, (0.0, Rules()))
        if read_at and not anew and time.monotonic() - read_at < _KEPT_SECONDS:
            return rules
        stored = await self._scopes.settings(self._scope(workspace))
        rules = Rules(**{field.name: frozenset(stored.get(field.name) or ()) for field in fields(Rules)})
        if len(self._read) >= _CACHED:
            self._read.clear()
        self._read[workspace] = (time.monotonic(), rules)
        return rules

    async def set(self, workspace: str, rule: Rule, ids: Sequence[str] | None, person_id: int) -> Rules:
        """Change one rule; None takes it away."""
        value: Any = None if ids is None else list(ids)
        await self._scopes.set(self._scope(workspace), rule, value, person_id=person_id)
        self._read.pop(workspace, None)
        return await self.of(workspace)

    async def unmet(
        self, workspace: str, *, channels: Collection[str], roles: Collection[str] = (), within: str = ""
    ) -> Rule | None:
        """The rule that keeps somebody with these `roles` from asking in a place that is any of these `channels`.

        Where the workspace chose no channels, those hold that were once chosen for all `within` its organisation.
        """
        rules = await self.of(workspace)
        if within and not rules.channels:
            rules = replace(rules, channels=(await self.of(within)).channels)
        if rules.channels and rules.channels.isdisjoint(channels):
            return "channels"
        if rules.roles and rules.roles.isdisjoint(roles):
            return "roles"
        return None

    def _scope(self, workspace: str) -> Scope:
        return Scope(self._kept_as, workspace)
