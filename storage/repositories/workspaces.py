"""What workspaces and channels set for themselves, the record of every change, and their prompt templates."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, func, select

from storage.column_types import clean_json
from storage.database import Database
from storage.errors import InvalidValueError
from storage.models import PromptTemplate, ScopeChange, ScopeSettings
from storage.repositories.rows import find_or_add
from storage.values.common import Change, Scope


class Scopes:
    """Settings by scope; what the keys mean is not storage's business."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def settings(self, scope: Scope) -> Mapping[str, Any]:
        """What this scope itself sets; nothing where it sets nothing."""
        query = select(ScopeSettings.settings).filter_by(**_key(scope))
        async with self._database.session() as session:
            return dict(await session.scalar(query) or {})

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


def _key(scope: Scope) -> dict[str, str]:
    return {"platform": scope.platform, "workspace": scope.workspace, "channel": scope.channel}


def _scope(row: ScopeSettings | ScopeChange) -> Scope:
    return Scope(row.platform, row.workspace, row.channel)


def _change(row: ScopeChange) -> Change:
    return Change(row.id, row.created_at, _scope(row), row.person_id, row.key, row.before, row.after)


# Prompt templates of workspaces; what is in them is not storage's business.


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
