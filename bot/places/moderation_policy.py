"""Settings of workspaces and channels: what holds in a place, and changing it. Every change is recorded.

Used by the command line, by adapters' commands for admins, and by whatever else lets people set rules.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from bot.core.domain import Place
from bot.core.errors import CommandError
from bot.language import _
from genai.moderation import ModerationSettings, Overrides, Policy, policy_of
from genai.moderation.topics import Topic
from storage.repositories.workspaces import Scopes
from storage.values.records import Change, Scope

KEYS = tuple(Overrides.model_fields)
"""What a scope may set: thresholds, blocklist, topics, privacy."""

_CACHED = 4096


@dataclass(frozen=True, slots=True)
class Effective:
    """What a scope sets itself, and what holds there."""

    scope: Scope
    own: Mapping[str, Any]
    policy: Policy


class Policies:
    """Resolves a place's policy: its channel's settings, its workspace's, its organisation's, the configuration's."""

    def __init__(self, settings: ModerationSettings, scopes: Scopes) -> None:
        self._settings = settings
        self._default = policy_of(settings)
        self._scopes = scopes
        self._read: dict[tuple[Scope, str], tuple[dict[str, Any], Overrides]] = {}

    async def of(self, place: Place | Scope | tuple[Scope, ...]) -> Policy:
        """What holds in a place, or under some scopes, the widest first.

        It is read anew each time, so that a change holds for the next message.
        Raises CommandError where what is stored cannot be understood, so that nothing is judged by less.
        """
        scopes = place if isinstance(place, tuple) else _widening(place)
        policy = self._default
        for scope, stored in zip(scopes, await self._scopes.settings_of(*scopes), strict=True):
            if stored:
                policy = policy.under(self._overrides(scope, dict(stored)))
        return policy

    async def show(self, scope: Scope) -> Effective:
        """What the scope sets, and what holds there."""
        return Effective(scope, await self._scopes.settings(scope), await self.of(scope))

    async def set(self, scope: Scope, key: str, value: Any, *, person_id: int | None = None) -> Change:
        """Set one of KEYS, in the form of the configuration file; raises CommandError which names the fault."""
        checked = self._checked(key, value)
        return await self._scopes.set(scope, key, checked, person_id=person_id)

    async def unset(self, scope: Scope, key: str, *, person_id: int | None = None) -> Change:
        """Go back to what holds more widely; raises CommandError for an unknown key."""
        _known(key)
        return await self._scopes.set(scope, key, None, person_id=person_id)

    async def block_term(self, scope: Scope, term: str, *, person_id: int | None = None) -> Change:
        """Add a term to the scope's blocklist."""
        own = await self._scopes.settings(scope)
        terms = list(dict.fromkeys((*own.get("blocklist", ()), " ".join(term.split()))))
        return await self.set(scope, "blocklist", terms, person_id=person_id)

    async def add_topic(
        self, scope: Scope, topic: str | Mapping[str, Any], *, person_id: int | None = None
    ) -> Change:
        """Add a topic, by the name of one that comes with Riff or as a table, to those that hold there."""
        held = [_table(one) for one in (await self.of(scope)).topics]
        name = topic if isinstance(topic, str) else topic.get("name")
        others = [one for one in held if one["name"] != name]
        return await self.set(scope, "topics", [*others, topic], person_id=person_id)

    async def changes(self, limit: int, *, scope: Scope | None = None) -> tuple[Change, ...]:
        """The newest changes first."""
        return await self._scopes.changes(limit, scope=scope)

    async def scopes(self) -> tuple[tuple[Scope, Mapping[str, Any]], ...]:
        """Every scope that sets something."""
        return await self._scopes.all()

    def _overrides(self, scope: Scope, stored: dict[str, Any]) -> Overrides:
        key = (scope, "")
        if key in self._read and self._read[key][0] == stored:
            return self._read[key][1]
        try:
            overrides = Overrides.model_validate(stored)
        except ValidationError as error:
            raise CommandError(
                _("The settings of this place cannot be read: {fault}", fault=_fault(error))
            ) from error
        if len(self._read) >= _CACHED:
            self._read.clear()
        self._read[key] = (stored, overrides)
        return overrides

    def _checked(self, key: str, value: Any) -> Any:
        """The value as it is stored; raises CommandError."""
        _known(key)
        try:
            overrides = Overrides.model_validate({key: value})
        except ValidationError as error:
            raise CommandError(_("{key} cannot be set: {fault}", key=key, fault=_fault(error))) from error
        unseen = set(overrides.privacy or ()) - set(self._settings.privacy)
        if unseen:
            raise CommandError(
                _(
                    "privacy cannot be set: moderation.privacy in Riff's settings does not look for {kinds};"
                    " add it there first.",
                    kinds=", ".join(sorted(unseen)),
                )
            )
        return overrides.model_dump(mode="json")[key]


def scope_of(place: Place | Scope) -> Scope:
    """The channel of a place."""
    return place if isinstance(place, Scope) else Scope(place.platform, place.workspace, place.channel)


def parse_scope(text: str) -> Scope:
    """`platform:workspace` or `platform:workspace:channel`; raises CommandError which shows how."""
    parts = text.split(":", 2)
    if len(parts) < 2 or not parts[0]:
        raise CommandError(
            _("{text} names no place; write platform:workspace or platform:workspace:channel.", text=text)
        )
    return Scope(parts[0], parts[1], parts[2] if len(parts) > 2 else "")


def scope_text(scope: Scope) -> str:
    """The scope as `parse_scope` reads it."""
    return ":".join(filter(None, (scope.platform, scope.workspace))) + (
        f":{scope.channel}" if scope.channel else ""
    )


def _widening(place: Place | Scope) -> tuple[Scope, ...]:
    """The scopes that hold, the widest first."""
    if isinstance(place, Place):
        return (*place.scopes, scope_of(place))
    workspace = Scope(place.platform, place.workspace)
    return (workspace, place) if place.channel else (workspace,)


def _known(key: str) -> None:
    if key not in KEYS:
        raise CommandError(
            _("{key} cannot be set for a place; these can: {keys}.", key=key, keys=", ".join(KEYS))
        )


def _table(topic: Topic) -> dict[str, Any]:
    return topic.model_dump(mode="json")


def _fault(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(str(part) for part in first["loc"])
    return f"{place}: {first['msg'].removeprefix('Value error, ')}"
