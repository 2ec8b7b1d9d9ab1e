"""Brainstorms for later: when people mean, what is told to whom, and that each begins once, also after a long sleep."""

import asyncio
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.core.commands import command_named, parse
from bot.core.domain import Account, Place
from bot.jobs.scheduled import ScheduledJob
from bot.session.planned_jobs import PlanClock
from bot.session.spoken_times import moment_in, split_off_moment
from storage.values.brainstorms import NewPlannedSession, Plan
from tests.session.conftest import Room, lines
from tests.support.doubles import RecordingChannel

NOW = datetime(2026, 12, 2, 14, 20, tzinfo=ZoneInfo("Europe/Berlin"))
"""A Wednesday."""


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("at 15:00 tomorrow", "2026-12-03 15:00"),
        ("tomorrow at 3 pm", "2026-12-03 15:00"),
        ("9:30", "2026-12-03 09:30"),
        ("14:21", "2026-12-02 14:21"),
        ("noon on Friday", "2026-12-04 12:00"),
        ("next Wednesday at 9am", "2026-12-09 09:00"),
        ("December 12th, 3:30 p.m.", "2026-12-12 15:30"),
        ("on 2 January at 10:00", "2027-01-02 10:00"),
        ("2026-12-24 18:00", "2026-12-24 18:00"),
        ("in half an hour", "2026-12-02 14:50"),
        ("明天下午3点", "2026-12-03 15:00"),
        ("明早九点半", "2026-12-03 09:30"),
        ("后天15:00", "2026-12-04 15:00"),
        ("下周一14点", "2026-12-07 14:00"),
        ("今晚8点", "2026-12-02 20:00"),
        ("12月24日晚上十点一刻", None),
        ("两个小时后", "2026-12-02 16:20"),
        ("tomorrow", None),
        ("25:00", None),
        ("31 February 10:00", None),
        ("at 9:00 on Mondays in the shop", None),
    ],
)
def test_times_are_read_as_people_write_them(said: str, meant: str | None) -> None:
    found = moment_in(said, NOW)
    assert (f"{found:%Y-%m-%d %H:%M}" if found else None) == meant


@pytest.mark.parametrize(
    ("said", "left", "when"),
    [
        ("quieter lids at 15:00 tomorrow", "quieter lids", "at 15:00 tomorrow"),
        ("更安静的盖子明天下午3点", "更安静的盖子", "明天下午3点"),
        ("how to open the shop at 9:00 on Mondays", None, ""),
        ("lunch in 20 minutes", None, ""),
        ("the 3pm slump", None, ""),
        ("lids for 2030 cars", None, ""),
    ],
)
def test_a_time_is_taken_off_a_topic_only_where_it_ends_in_one(
    said: str, left: str | None, when: str
) -> None:
    assert split_off_moment(said) == (left or said, when)


def test_the_hour_that_a_change_of_clocks_leaves_out_comes_later() -> None:
    before = datetime(2027, 3, 27, 12, tzinfo=ZoneInfo("Europe/Berlin"))
    found = moment_in("tomorrow 2:30", before)
    assert found is not None
    assert found.astimezone(UTC) == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)


def test_what_is_typed_keeps_its_other_options() -> None:
    asked = parse(command_named("session"), 'start "quieter lids" 30 six hats next Friday at 9am --votes 4')
    assert asked.values == {
        "topic": "quieter lids",
        "minutes": 30,
        "technique": "six hats",
        "when": "next Friday at 9am",
        "votes": 4,
    }


async def done(room: Room) -> list[tuple[str, RecordingChannel]]:
    """Does what is planned; what each job does, and its channel."""
    found: list[tuple[str, RecordingChannel]] = []
    while claimed := await room.app.inbox.rows.claim("test", "tester", 10, 60):
        for event in claimed:
            job, channel = ScheduledJob.read(event), RecordingChannel()
            assert job is not None
            for resume in (False, True):  # as after a crash: it comes to the same
                await room.app.scheduled_jobs.do(job, channel, resume=resume)
            await room.app.inbox.rows.finish("tester", [event])
            found.append((str(job.values["do"]), channel))
    return found


async def tick(room: Room, at: datetime) -> list[tuple[str, RecordingChannel]]:
    """Two processes look at the same time."""
    clocks = [PlanClock(room.app.repositories, "en") for _ in range(2)]
    await asyncio.gather(*(clock.tick(at) for clock in clocks))
    return await done(room)


async def test_a_planned_brainstorm_from_the_asking_to_its_beginning(room: Room) -> None:
    app = room.app
    assert "Which time zone" in await room.told("/session start lids tomorrow at 15:00")
    told = await room.told("/session start lids tomorrow at 15:00 --zone Asia/Tokyo", event="asked")
    assert "15:00 (Asia/Tokyo). /session move 1 TIME moves it" in told
    await room.told("/session start lids tomorrow at 15:00 --zone Asia/Tokyo", event="asked")
    assert await app.repositories.brainstorms.running() == []
    ((do, channel),) = await done(room)
    assert (do, channel.panels[0].rows[0].text.text) == ("announce", "lids")
    assert "Planned by host." in lines([channel])
    (planned,) = await app.repositories.planned_sessions.in_channel(room.place)
    assert channel.panels[0].rows[0].at == planned.starts_at
    assert planned.starts_at.astimezone(ZoneInfo("Asia/Tokyo")).hour == 15

    assert "Only host or those" in await room.told("/session move 1 16:00", "guest")
    assert "Moved to" in await room.told("/session move 1 day after tomorrow 16:00")
    assert [do for do, _channel in await done(room)] == ["moved"]
    (moved,) = await app.repositories.planned_sessions.in_channel(room.place)
    assert moved.starts_at.astimezone(ZoneInfo("Asia/Tokyo")).hour == 16
    assert await tick(room, planned.starts_at + timedelta(minutes=1)) == []
    assert "1. **lids**" in lines([(await room.say("/session planned"))[1]])

    ((do, _channel),) = await tick(room, moved.starts_at - timedelta(minutes=9))
    assert do == "remind"
    assert await tick(room, moved.starts_at - timedelta(minutes=8)) == []
    begun = await tick(room, moved.starts_at + timedelta(seconds=2))
    assert [do for do, _channel in begun] == ["start", "open"]
    assert begun[1][1].panels[0].heading.text == "A brainstorm begins."
    (running,) = await app.repositories.brainstorms.running()
    assert (running.plan.topic, running.place.thread) == ("lids", "t1")
    assert await app.repositories.planned_sessions.in_channel(room.place) == []


async def test_one_that_riff_slept_through_says_so_and_one_called_off_never_begins(room: Room) -> None:
    for number, topic in enumerate(("lids", "jars", "cups")):
        await room.told(f"/session start {topic} --when 12:0{number} --zone UTC", event=topic)
    off, other, missed = await room.app.repositories.planned_sessions.in_channel(room.place)
    await done(room)
    assert "called off" in await room.told(f"/session cancel {off.id}")
    assert [do for do, _channel in await done(room)] == ["called off"]
    assert "No brainstorm of number" in await room.told(f"/session cancel {off.id}")
    jobs = await tick(room, missed.starts_at + timedelta(hours=4))
    assert [do for do, _channel in jobs] == ["missed", "missed"]
    assert "I was away at" in jobs[0][1].panels[0].heading.text
    assert other.starts_at < missed.starts_at


async def test_one_that_begins_late_says_since_when_riff_was_away(room: Room) -> None:
    await room.told("hello")
    person = await room.app.repositories.people.find(Account("test", "w1", "host"))
    assert person is not None
    half_an_hour_ago = datetime.now(UTC) - timedelta(minutes=30, seconds=1)
    place = Place("test", "w1", "general")
    new = NewPlannedSession(place, person, "host", "e", Plan("lids"), half_an_hour_ago, "UTC")
    await room.app.repositories.planned_sessions.add(new)
    (_do, channel), (_open, _channel) = await tick(room, datetime.now(UTC))
    told = channel.panels[0].heading.text
    assert (
        told
        == f"The brainstorm begins. I was away at {half_an_hour_ago:%H:%M}, so it begins 30 minutes late."
    )
    (running,) = await room.app.repositories.brainstorms.running()
    assert running.place.thread == "thread of lids"


async def test_whoever_is_erased_takes_what_they_planned_along(room: Room) -> None:
    await room.told('/session start lids --when "in 20 minutes"')
    (planned,) = await room.app.repositories.planned_sessions.in_channel(room.place)
    await room.app.repositories.privacy.forget(planned.person_id)
    assert await room.app.repositories.planned_sessions.in_channel(room.place) == []
    assert [channel.panels for _do, channel in await done(room)] == [[]]
