"""Scheduled jobs: what Riff does at a place by itself, such as the next step of a brainstorm when its time has come.

A job goes through the durable inbox like what a person asks for: it is done once, by one process, also after
a crash, and what it posts carries its event's id.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any, Self

from bot.core.channel import Channel
from bot.core.domain import Account, Place
from bot.language import LOCALE, speaking
from storage.values.records import ClaimedEvent, NewEvent

_KEY = "errand"


@dataclass(frozen=True, slots=True)
class ScheduledJob:
    """One errand; `event_id` is the same however often it is planned, `values` are what JSON can hold.

    It is done in the language that was spoken where it was planned, in the direct messages of the person `to` where
    there is one: the place then names no channel, but that person.
    """

    event_id: str
    place: Place
    kind: str
    values: Mapping[str, Any] = field(default_factory=dict)
    locale: str = field(default_factory=LOCALE.get)
    to: str = ""

    def event(self, thread: str) -> NewEvent:
        """The errand for the inbox of its platform; errands with the same `thread` are done in order."""
        author = Account(self.place.platform, self.place.workspace, "riff")
        payload = {
            "kind": self.kind,
            "place": asdict(self.place),
            "values": dict(self.values),
            "locale": self.locale,
            "to": self.to,
        }
        return NewEvent(self.event_id, author, thread, datetime.now(UTC), {_KEY: payload})

    @classmethod
    def read(cls, event: ClaimedEvent) -> Self | None:
        """The errand in a claimed event; None when a platform sent the event."""
        payload = event.payload.get(_KEY)
        if payload is None:
            return None
        place = Place(**payload["place"])
        return cls(
            event.event_id,
            place,
            payload["kind"],
            payload["values"],
            payload["locale"],
            payload.get("to", ""),
        )


Run = Callable[[ScheduledJob, Channel, bool], Awaitable[None]]
"""Does an errand in its channel; True means that an earlier attempt may have shown some of it."""


class ScheduledJobs:
    """Knows who does errands of which kind."""

    def __init__(self) -> None:
        self._runs: dict[str, Run] = {}

    def register(self, kind: str, run: Run) -> None:
        """Errands of that kind are done by `run`."""
        self._runs[kind] = run

    async def do(self, job: ScheduledJob, channel: Channel, *, resume: bool) -> None:
        """Do the errand; raises KeyError for a kind that nobody does."""
        with speaking(job.locale):
            await self._runs[job.kind](job, channel, resume)
