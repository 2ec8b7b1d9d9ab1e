"""What a handler notes beside an event that it works on, for whoever takes the event up after a crash.

It goes with the event's payload when the event is done.
"""

from typing import Any

from storage.database import Database
from storage.models import InboxEvent
from storage.values.common import ClaimedEvent

_KEY = "noted"


class InboxNotes:
    """Values by name, each what JSON can hold."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, event: ClaimedEvent, name: str, value: Any) -> None:
        """Note the value in place of an earlier one; nothing is noted beside an event that is done."""
        async with self._database.transaction() as session:
            row = await session.get(InboxEvent, event.id)
            if row is not None and row.payload is not None:
                row.payload = {**row.payload, _KEY: {**row.payload.get(_KEY, {}), name: value}}

    @staticmethod
    def read(event: ClaimedEvent, name: str) -> Any:
        """What was noted before the event was claimed; None where nothing was."""
        return event.payload.get(_KEY, {}).get(name)
