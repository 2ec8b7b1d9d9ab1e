"""What workspaces and channels set for themselves, and the record of every change."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from storage.column_types import clean_json
from storage.database import Database
from storage.models import ScopeChange, ScopeSettings
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
