"""The platforms' own calendars, where they have one: a planned brainstorm stands there too, as far as rights go."""

import asyncio
import logging
from typing import Protocol

from storage.values.brainstorms import PlannedSession

log = logging.getLogger("riff.session")

_PATIENCE_SECONDS = 10.0


class Calendar(Protocol):
    """The events of one platform. Each method may raise: then there is no event, and nothing is lost."""

    async def put(self, session: PlannedSession) -> tuple[str, str]:
        """The event's id and a link to it, made or changed; ("", "") where Riff or the person may not have one."""

    async def begin(self, session: PlannedSession) -> None:
        """It begins now."""

    async def drop(self, session: PlannedSession) -> None:
        """It does not take place."""


class Calendars:
    """Knows the calendar of each platform that has one."""

    def __init__(self) -> None:
        self._calendars: dict[str, Calendar] = {}

    def register(self, platform: str, calendar: Calendar) -> None:
        """The platform has one."""
        self._calendars[platform] = calendar

    async def put(self, session: PlannedSession) -> tuple[str, str]:
        """As the platform's own does; ("", "") where there is none, or it does not answer."""
        calendar = self._calendars.get(session.place.platform)
        if calendar is None:
            return "", ""
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                return await calendar.put(session)
        except Exception as error:
            log.warning("no event in the calendar: %s", error)
            return "", ""

    async def tell(self, session: PlannedSession, *, begins: bool) -> None:
        """That it begins, or does not take place."""
        calendar = self._calendars.get(session.place.platform)
        if calendar is None or not session.calendar_id:
            return
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                await (calendar.begin(session) if begins else calendar.drop(session))
        except Exception as error:
            log.warning("the event in the calendar stays as it is: %s", error)


__all__ = ["Calendar", "Calendars", "PlannedSession"]
