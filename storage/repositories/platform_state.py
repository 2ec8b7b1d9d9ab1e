"""What adapters note for themselves across restarts: a gateway's session, a hash of what was registered."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, select

from storage.database import Database
from storage.models import PlatformState as Row
from storage.models.base import now
from storage.repositories.rows import insert_into


class PlatformState:
    """Values by platform and name; each is what JSON can hold."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, platform: str, name: str) -> Any:
        """The value, or None where nothing is noted."""
        async with self._database.session() as session:
            return await session.scalar(select(Row.value).filter_by(platform=platform, name=name))

    async def named(self, platform: str, start: str) -> Mapping[str, Any]:
        """Every value whose name begins with `start`, by name."""
        query = select(Row.name, Row.value).where(
            Row.platform == platform, Row.name.startswith(start, autoescape=True)
        )
        async with self._database.session() as session:
            return {row.name: row.value for row in await session.execute(query)}

    async def put(self, platform: str, name: str, value: Any) -> None:
        """Note the value in place of an earlier one."""
        async with self._database.transaction() as session:
            new = insert_into(session, Row).values(platform=platform, name=name, value=value)
            changes = {"value": new.excluded.value, "updated_at": now()}
            await session.execute(
                new.on_conflict_do_update(index_elements=["platform", "name"], set_=changes)
            )

    async def remove(self, platform: str, name: str) -> None:
        """Forget the value."""
        async with self._database.transaction() as session:
            await session.execute(delete(Row).filter_by(platform=platform, name=name))
