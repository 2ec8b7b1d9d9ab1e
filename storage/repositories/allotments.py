"""Which request about a topic in a workspace comes next, so that no two are answered from the same part."""

from sqlalchemy import update

from storage.database import Database
from storage.models import Allotment
from storage.repositories.rows import find_or_add
from storage.values.records import Scope


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
