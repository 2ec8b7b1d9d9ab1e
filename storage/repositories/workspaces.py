"""What workspaces and channels set for themselves, each change of it, their templates and voices; requests counted."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, delete, func, select, tuple_, update

from storage.database import Database
from storage.errors import InvalidValueError
from storage.models import (
    Allotment,
    Channel,
    Conversation,
    Message,
    PromptTemplate,
    ScopeChange,
    ScopeSettings,
)
from storage.models.base import clean_json
from storage.repositories.preferences import Preference, checked, cleared
from storage.repositories.rows import channel_key, find_or_add, find_or_add_channel
from storage.values.records import Change, Place, Scope, Voice


class Scopes:
    """Settings by scope; what the keys mean is not storage's business."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def settings(self, scope: Scope) -> Mapping[str, Any]:
        """What this scope itself sets; nothing where it sets nothing."""
        query = select(ScopeSettings.settings).filter_by(**_key(scope))
        async with self._database.session() as session:
            return dict(await session.scalar(query) or {})

    async def settings_of(self, *scopes: Scope) -> tuple[Mapping[str, Any], ...]:
        """As `settings`, of several scopes at once."""
        wanted = [(scope.platform, scope.workspace, scope.channel) for scope in scopes]
        async with self._database.session() as session:
            rows = await session.scalars(_settings_in(), {"wanted": wanted})
            found = {_scope(row): dict(row.settings) for row in rows}
        return tuple(found.get(scope, {}) for scope in scopes)

    async def set(self, scope: Scope, key: str, value: Any, *, person_id: int | None = None) -> Change:
        """Set one key, or take it away with None, and record the change and who made it."""
        async with self._database.transaction() as session:
            row_id = await find_or_add(session, ScopeSettings, _key(scope), {"settings": {}})
            row = await session.get_one(ScopeSettings, row_id, with_for_update=True)
            before = dict(row.settings)
            after = {name: kept for name, kept in before.items() if name != key}
            row.settings = after if value is None else {**after, key: clean_json(value)}
            change = ScopeChange(
                **_key(scope), person_id=person_id, key=key, before=before.get(key), after=value
            )
            session.add(change)
            await session.flush()
            await session.refresh(change)
            return _change(change)

    async def changes(self, limit: int, *, scope: Scope | None = None) -> tuple[Change, ...]:
        """The newest changes first, of all scopes or of one."""
        query = select(ScopeChange).order_by(ScopeChange.id.desc()).limit(limit)
        if scope is not None:
            query = query.filter_by(**_key(scope))
        async with self._database.session() as session:
            return tuple(_change(row) for row in await session.scalars(query))

    async def all(self) -> tuple[tuple[Scope, Mapping[str, Any]], ...]:
        """Every scope that sets something, with what it sets."""
        query = select(ScopeSettings).order_by(
            ScopeSettings.platform, ScopeSettings.workspace, ScopeSettings.channel
        )
        async with self._database.session() as session:
            rows = await session.scalars(query)
            return tuple((_scope(row), dict(row.settings)) for row in rows if row.settings)


@cache
def _settings_in() -> Select[ScopeSettings]:
    """Made once: making it takes longer than asking it. Its parameter: `wanted`, keys of scopes."""
    key = tuple_(ScopeSettings.platform, ScopeSettings.workspace, ScopeSettings.channel)
    return select(ScopeSettings).where(key.in_(bindparam("wanted", expanding=True)))


@cache
def _channels_in() -> Select[Channel]:
    """Made once. Its parameter: `wanted`, keys of channels."""
    key = tuple_(Channel.platform, Channel.workspace, Channel.external_id)
    return select(Channel).where(key.in_(bindparam("wanted", expanding=True)))


def _key(scope: Scope) -> dict[str, str]:
    return {"platform": scope.platform, "workspace": scope.workspace, "channel": scope.channel}


def _scope(row: ScopeSettings | ScopeChange) -> Scope:
    return Scope(row.platform, row.workspace, row.channel)


def _change(row: ScopeChange) -> Change:
    return Change(row.id, row.created_at, _scope(row), row.person_id, row.key, row.before, row.after)


MOST = 50
"""Templates of one workspace."""


class Templates:
    """Templates by workspace and name."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, scope: Scope) -> tuple[Mapping[str, Any], ...]:
        """The definitions of a workspace's templates, by name."""
        query = (
            select(PromptTemplate.definition).filter_by(**_workspace_key(scope)).order_by(PromptTemplate.name)
        )
        async with self._database.session() as session:
            return tuple(await session.scalars(query))

    async def get(self, scope: Scope, name: str) -> Mapping[str, Any] | None:
        """The definition of one template; None where there is none of that name."""
        query = select(PromptTemplate.definition).filter_by(**_workspace_key(scope), name=name)
        async with self._database.session() as session:
            found: Mapping[str, Any] | None = await session.scalar(query)
            return found

    async def save(self, scope: Scope, name: str, definition: Mapping[str, Any]) -> None:
        """Add a template or put a new one in its place; raises InvalidValueError where there are too many."""
        key = {**_workspace_key(scope), "name": name}
        count = select(func.count()).select_from(PromptTemplate).filter_by(**_workspace_key(scope))
        async with self._database.transaction() as session:
            row_id = await find_or_add(session, PromptTemplate, key, {"definition": clean_json(definition)})
            if (await session.scalar(count) or 0) > MOST:
                raise InvalidValueError(f"There are {MOST} templates already; remove one first.")
            row = await session.get_one(PromptTemplate, row_id)
            row.definition = clean_json(definition)

    async def remove(self, scope: Scope, name: str) -> bool:
        """Whether there was one of that name, which is gone now."""
        statement = (
            delete(PromptTemplate).filter_by(**_workspace_key(scope), name=name).returning(PromptTemplate.id)
        )
        async with self._database.transaction() as session:
            return await session.scalar(statement) is not None


def _workspace_key(scope: Scope) -> dict[str, str]:
    return {"platform": scope.platform, "workspace": scope.workspace}


# Channels and the voice of the brand in them.


class Channels:
    """A channel is found by its place; the thread does not matter."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def last_used(self, platform: str, limit: int) -> Sequence[Place]:
        """The platform's channels in which something was asked, the last ones first."""
        query = (
            select(Channel.workspace, Channel.external_id, Channel.owner_id)
            .join(Conversation, Conversation.channel_id == Channel.id)
            .join(Message, Message.conversation_id == Conversation.id)
            .where(Channel.platform == platform)
            .group_by(Channel.id, Channel.workspace, Channel.external_id, Channel.owner_id)
            .order_by(func.max(Message.id).desc())
            .limit(limit)
        )
        async with self._database.session() as session:
            rows = (await session.execute(query)).all()
            return [
                Place(platform, row.workspace, row.external_id, direct=row.owner_id is not None)
                for row in rows
            ]

    async def welcome(self, place: Place, event_id: str, *, person_id: int | None = None) -> bool:
        """Whether it falls to this event to introduce Riff in the channel: to the first, however often it asks."""
        async with self._database.transaction() as session:
            channel_id = await find_or_add_channel(session, place, person_id)
            mine = update(Channel).where(Channel.id == channel_id, Channel.welcomed.in_(("", event_id)))
            taken = await session.scalar(mine.values(welcomed=event_id).returning(Channel.id))
            return taken is not None

    async def voice(self, place: Place) -> Voice:
        """The channel's voice; blank when nothing was said."""
        async with self._database.session() as session:
            row = await session.scalar(select(Channel).filter_by(**channel_key(place)))
            return Voice() if row is None else _voice_value(row)

    async def voices(self, *places: Place) -> tuple[Voice, ...]:
        """As `voice`, of several channels at once."""
        wanted = [(place.platform, place.workspace, place.channel) for place in places]
        async with self._database.session() as session:
            rows = await session.scalars(_channels_in(), {"wanted": wanted})
            found = {(row.platform, row.workspace, row.external_id): _voice_value(row) for row in rows}
        return tuple(found.get(one, Voice()) for one in wanted)

    async def update_voice(
        self, place: Place, changes: Mapping[str, Preference], *, person_id: int | None = None
    ) -> Voice:
        """Sets the named fields and gives the whole voice.

        A direct channel that is new belongs to `person_id`. Raises InvalidValueError for an unknown field or
        a value that does not fit.
        """
        return await self._change(place, checked(Voice, changes), person_id)

    async def clear_voice_field(self, place: Place, name: str) -> Voice:
        """Makes one field blank and gives the whole voice; raises InvalidValueError for an unknown field."""
        return await self._change(place, cleared(Voice, name), None)

    async def clear_voice(self, place: Place) -> None:
        """Makes the whole voice blank, and drops what waits for approval."""
        blank = {field.name: [] if field.default == () else "" for field in fields(Voice)}
        async with self._database.transaction() as session:
            statement = update(Channel).filter_by(**channel_key(place))
            await session.execute(statement.values(**blank, voice_proposal=None))

    async def propose_voice(
        self, place: Place, proposal: Mapping[str, Preference], *, person_id: int | None = None
    ) -> None:
        """Keeps a voice that is not in use until it is approved; it takes the place of an earlier proposal.

        Raises InvalidValueError as `update_voice` does.
        """
        kept = checked(Voice, proposal)
        async with self._database.transaction() as session:
            channel_id = await find_or_add_channel(session, place, person_id)
            await session.execute(update(Channel).where(Channel.id == channel_id).values(voice_proposal=kept))

    async def approve_voice(self, place: Place) -> Voice | None:
        """Takes the proposal into use and gives the whole voice; None where nothing was proposed."""
        async with self._database.transaction() as session:
            query = select(Channel).filter_by(**channel_key(place)).with_for_update()
            row = await session.scalar(query)
            if row is None or not row.voice_proposal:
                return None
            for name, value in checked(Voice, row.voice_proposal).items():
                setattr(row, name, value)
            row.voice_proposal = None
            return _voice_value(row)

    async def discard_voice(self, place: Place) -> bool:
        """Drops the proposal; whether there was one."""
        async with self._database.transaction() as session:
            row = await session.scalar(select(Channel).filter_by(**channel_key(place)).with_for_update())
            was_there = row is not None and bool(row.voice_proposal)
            if row is not None:
                row.voice_proposal = None
            return was_there

    async def _change(
        self, place: Place, changes: Mapping[str, str | list[str]], person_id: int | None
    ) -> Voice:
        async with self._database.transaction() as session:
            channel_id = await find_or_add_channel(session, place, person_id)
            if changes:
                await session.execute(update(Channel).where(Channel.id == channel_id).values(**changes))
            return _voice_value(await session.get_one(Channel, channel_id))


def _voice_value(row: Channel) -> Voice:
    return Voice(row.brand_voice, tuple(row.use_words), tuple(row.avoid_words), tuple(row.voice_examples))


# Which request about a topic in a workspace comes next, so that no two begin in the same place.


class Allotments:
    """Exact with any number of processes: each request has a number of its own."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def next(self, workspace: Scope, topic: str) -> int:
        """How many requests about the topic there were in the workspace before this one."""
        key = {"platform": workspace.platform, "workspace": workspace.workspace, "topic": topic}
        async with self._database.transaction() as session:
            row = await find_or_add(session, Allotment, key, {"given": 0})
            taken = update(Allotment).where(Allotment.id == row).values(given=Allotment.given + 1)
            return int(await session.scalar(taken.returning(Allotment.given)) or 1) - 1
