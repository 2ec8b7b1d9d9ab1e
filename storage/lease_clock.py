"""The clock that leases are kept by: it never goes back, whatever happens to the clock on the wall.

On PostgreSQL it is the server's, which all processes share. SQLite's processes share a machine, whose monotonic
clock counts from its start: the first one after a start notes when that was, and all go on from there.
"""

import contextlib
import platform
import subprocess
import time
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, func, null, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.ext.asyncio import AsyncSession

from storage.models import InboxEvent
from storage.models import PlatformState as Row

_KEY = {"platform": "riff", "name": "machine start"}
LONGEST_LEASE_SECONDS = 1200.0
"""Twice the longest lease of any setting: what seems to be held for longer was given by a clock that went wrong."""


MOMENT = "moment"


def moment_in(*, is_postgres: bool) -> ColumnElement[datetime]:
    """The present moment in a statement that is made once; of another database than PostgreSQL a parameter."""
    return func.clock_timestamp() if is_postgres else bindparam(MOMENT, type_=InboxEvent.queued_at.type)


class LeaseClock:
    """One database's."""

    def __init__(self, *, is_postgres: bool) -> None:
        self.is_postgres = is_postgres
        self._machine_start = datetime.fromtimestamp(0, UTC)

    async def start(self, session: AsyncSession) -> None:
        """Agree with the other processes; what processes held before the machine was started is free again."""
        if self.is_postgres:
            return
        noted: Any = await session.scalar(select(Row.value).filter_by(**_KEY))
        if isinstance(noted, dict) and noted.get("id") == machine_start_id():
            self._machine_start = datetime.fromisoformat(noted["at"])
            return
        self._machine_start = datetime.now(UTC) - timedelta(seconds=time.monotonic())
        value = {"id": machine_start_id(), "at": self._machine_start.isoformat()}
        new = insert(Row).values(**_KEY, value=value)
        await session.execute(
            new.on_conflict_do_update(index_elements=list(_KEY), set_={"value": new.excluded.value})
        )
        await self._set_free(session)

    async def moment(self, session: AsyncSession) -> datetime:
        """The present moment."""
        if not self.is_postgres:
            return self._own()
        moment: datetime = (await session.scalars(select(func.clock_timestamp()))).one()
        return moment

    def in_statement(self) -> Any:
        """The present moment, for a value in a statement."""
        return func.clock_timestamp() if self.is_postgres else self._own()

    def parameters(self) -> dict[str, datetime]:
        """What `moment_in` needs beside it."""
        return {} if self.is_postgres else {MOMENT: self._own()}

    def _own(self) -> datetime:
        return self._machine_start + timedelta(seconds=time.monotonic())

    async def _set_free(self, session: AsyncSession) -> None:
        """No process from before is left; what waits does not wait for a moment that may never come."""
        held = update(InboxEvent).where(InboxEvent.state == "working")
        await session.execute(held.values(state="waiting", owner=null(), leased_until=null()))
        moment = self._own()
        late = update(InboxEvent).where(and_(InboxEvent.state == "waiting", InboxEvent.queued_at > moment))
        await session.execute(late.values(queued_at=moment))


@cache
def machine_start_id() -> str:
    """What is the same until the machine is started anew."""
    with contextlib.suppress(OSError):
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        asked = ["/usr/sbin/sysctl", "-n", "kern.bootsessionuuid"]  # macOS
        return subprocess.run(asked, capture_output=True, check=True, timeout=5, text=True).stdout.strip()  # noqa: S603
    return f"{platform.node()} {round((time.time() - time.monotonic()) / 3600)}"
