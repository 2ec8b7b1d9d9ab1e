"""Who moderates a workspace in its chat, and where they are told of what moderation stopped."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from storage.repositories.workspaces import Scopes
from storage.values.records import Change, Scope

_KEY = "moderators"
_OF_ADMINS = "-admin"
"""What the platform of a scope ends in whose settings admins make in the chat, as those of `access_rules`."""


@dataclass(frozen=True, slots=True)
class Moderators:
    """Where the queue is put since when: in a channel, or before some people, each in their direct messages."""

    channel: str = ""
    people: tuple[str, ...] = ()
    since: datetime | None = None

    @property
    def are_there(self) -> bool:
        """Whether anybody is told."""
        return bool(self.channel or self.people)


class ModeratorRules:
    """Keeps who moderates which workspace, with the record of every change."""

    def __init__(self, scopes: Scopes) -> None:
        self._scopes = scopes

    async def of(self, scope: Scope) -> Moderators:
        """Who moderates the workspace; nobody where nothing was set."""
        return _read((await self._scopes.settings(_kept_as(scope))).get(_KEY))

    async def set(
        self, scope: Scope, *, channel: str = "", people: Sequence[str] = (), person_id: int | None = None
    ) -> Change:
        """From now on the queue is put there; with neither channel nor people nowhere any more."""
        value = {"channel": channel, "people": list(people), "since": datetime.now(UTC).isoformat()}
        kept = value if channel or people else None
        return await self._scopes.set(_kept_as(scope), _KEY, kept, person_id=person_id)

    async def all(self) -> list[tuple[Scope, Moderators]]:
        """Every workspace that has moderators."""
        found = [
            (Scope(scope.platform.removesuffix(_OF_ADMINS), scope.workspace), _read(settings.get(_KEY)))
            for scope, settings in await self._scopes.all()
            if scope.platform.endswith(_OF_ADMINS)
        ]
        return [(scope, moderators) for scope, moderators in found if moderators.are_there]


def _kept_as(scope: Scope) -> Scope:
    return Scope(f"{scope.platform}{_OF_ADMINS}", scope.workspace)


def _read(kept: object) -> Moderators:
    if not isinstance(kept, dict):
        return Moderators()
    return Moderators(kept["channel"], tuple(kept["people"]), datetime.fromisoformat(kept["since"]))
