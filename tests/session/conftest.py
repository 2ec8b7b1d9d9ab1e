"""A room: an app with a scripted model, people who write in one thread, and errands done when they are due."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.app import App
from bot.config import Settings
from bot.core.domain import Account, Incoming, Place, Reply
from bot.jobs.scheduled import ScheduledJob
from bot.session.timing import Clock
from storage.values.brainstorms import CardOnBoard, StoredBrainstorm
from tests.support.doubles import RecordingChannel, ScriptedGenerator
from tests.support.light import light_moderator

THREAD = Place("test", "w1", "general", "t1")
ANSWERS = {
    "Improve": "**Cork ring**: Glue a ring of cork under the rim.",
    "Combine": "**Cork and felt**: Cork outside, felt inside.",
    "Critique": "Strength: It is cheap.\nRisk: Cork may crumble.\nTest: Close it ten times in a library.",
    "Brainstorm": "1. **Water seal**: Let a film of water close the gap.\n2. **Air brake**: Let the air out slowly.",
}


def answer(request: object) -> str:
    """What the scripted model makes of a request, by its first word."""
    asked = request.turns[-1].content  # type: ignore[attr-defined]
    return next((text for word, text in ANSWERS.items() if asked.startswith(word)), "I see.")


@dataclass
class Room:
    """People in one thread. `channels` are those of Riff's errands, in order."""

    app: App
    place: Place = THREAD
    events: int = 0
    channels: list[tuple[ScheduledJob, RecordingChannel]] = field(default_factory=list)

    async def say(
        self, text: str, who: str = "host", *, event: str = "", **more: bool
    ) -> tuple[Reply, RecordingChannel]:
        """Somebody writes; what they see."""
        self.events += 1
        incoming = Incoming(
            event_id=event or f"event-{self.events}",
            author=Account("test", "w1", who),
            place=self.place,
            text=text,
            received_at=datetime.now(UTC),
            author_name=who,
            **more,
        )
        channel = RecordingChannel()
        return await self.app.pipeline.handle(incoming, channel), channel

    async def told(self, text: str, who: str = "host", **more: bool) -> str:
        """Somebody writes; Riff's own sentences in the answer."""
        _reply, channel = await self.say(text, who, **more)
        return "\n".join(
            [notice.text for notice in channel.notices] + [p.heading.text for p in channel.panels]
        )

    async def scheduled_jobs(self) -> list[RecordingChannel]:
        """Does what is planned; the channels of these errands."""
        done: list[RecordingChannel] = []
        while claimed := await self.app.inbox.rows.claim("test", "tester", 10, 60):
            for event in claimed:
                job = ScheduledJob.read(event)
                assert job is not None
                assert job.place == self.place
                channel = RecordingChannel()
                await self.app.scheduled_jobs.do(job, channel, resume=False)
                await self.app.inbox.rows.finish("tester", [event])
                self.channels.append((job, channel))
                done.append(channel)
        return done

    async def tick(self, now: datetime) -> list[RecordingChannel]:
        """The clock looks at `now`, and what it plans is done."""
        await self.clock.tick(now)
        return await self.scheduled_jobs()

    @property
    def clock(self) -> Clock:
        """A clock as another process would have it."""
        return Clock(self.app.settings.session, self.app.repositories, "en")

    async def brainstorm(self) -> StoredBrainstorm:
        """The newest one of the thread."""
        found = await self.app.repositories.brainstorms.last_in(self.place)
        assert found is not None
        return found

    async def cards(self) -> list[CardOnBoard]:
        """What is on the board."""
        return list(await self.app.repositories.boards.cards((await self.brainstorm()).id))

    async def ends(self) -> datetime:
        """A moment after the present phase has ended."""
        found = await self.brainstorm()
        assert found.phase_ends_at is not None
        return found.phase_ends_at + timedelta(seconds=1)


def lines(channels: Iterable[RecordingChannel]) -> str:
    """All that panels show."""
    panels = [panel for channel in channels for panel in channel.panels]
    return "\n".join(
        [*(panel.heading.text for panel in panels), *(r.text.text for p in panels for r in p.rows)]
    )


OpenRoom = Callable[..., Awaitable[Room]]


@pytest.fixture
async def open_room(sqlite_file: Path) -> AsyncIterator[OpenRoom]:
    """Opens rooms; `session` are settings of brainstorms, `url` another database than a new SQLite file."""
    async with AsyncExitStack() as stack:

        async def make(generator: ScriptedGenerator | None = None, url: str = "", **session: object) -> Room:
            settings = Settings(
                storage={"url": url or f"sqlite:///{sqlite_file}"},
                session={"tick_seconds": 60.0, **session},
                moderation={"blocklist": ["forbiddenword"]},
            )
            app = App(settings, generator=generator or ScriptedGenerator(answer), moderator=light_moderator())
            await stack.enter_async_context(app)
            return Room(app)

        yield make


@pytest.fixture
async def room(open_room: OpenRoom) -> Room:
    return await open_room()
