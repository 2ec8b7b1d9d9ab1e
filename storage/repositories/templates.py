"""Prompt templates of workspaces; what is in them is not storage's business."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, func, select

from storage.column_types import clean_json
from storage.database import Database
from storage.errors import InvalidValueError
from storage.models import PromptTemplate
from storage.repositories.rows import find_or_add
from storage.values.common import Scope

MOST = 50
"""Templates of one workspace."""


class Templates:
    """Templates by workspace and name."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, scope: Scope) -> tuple[Mapping[str, Any], ...]:
        """The definitions of a workspace's templates, by name."""
        query = select(PromptTemplate.definition).filter_by(**_key(scope)).order_by(PromptTemplate.name)
        async with self._database.session() as session:
            return tuple(await session.scalars(query))

    async def get(self, scope: Scope, name: str) -> Mapping[str, Any] | None:
        """The definition of one template; None where there is none of that name."""
        query = select(PromptTemplate.definition).filter_by(**_key(scope), name=name)
        async with self._database.session() as session:
            found: Mapping[str, Any] | None = await session.scalar(query)
            return found

    async def save(self, scope: Scope, name: str, definition: Mapping[str, Any]) -> None:
        """Add a template or put a new one in its place; raises InvalidValueError where there are too many."""
        key = {**_key(scope), "name": name}
        count = select(func.count()).select_from(PromptTemplate).filter_by(**_key(scope))
        async with self._database.transaction() as session:
            row_id = await find_or_add(session, PromptTemplate, key, {"definition": clean_json(definition)})
            if (await session.scalar(count) or 0) > MOST:
                raise InvalidValueError(f"There are {MOST} templates already; remove one first.")
            row = await session.get_one(PromptTemplate, row_id)
            row.definition = clean_json(definition)

    async def remove(self, scope: Scope, name: str) -> bool:
        """Whether there was one of that name, which is gone now."""
        statement = delete(PromptTemplate).filter_by(**_key(scope), name=name).returning(PromptTemplate.id)
        async with self._database.transaction() as session:
            return await session.scalar(statement) is not None


def _key(scope: Scope) -> dict[str, str]:
    return {"platform": scope.platform, "workspace": scope.workspace}
