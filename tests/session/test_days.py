"""A brainstorm over days: the hour is that of its time zone, also when clocks change; one reminder a day."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.session.timing import at_nudge_hour, ends_at, local_day
from storage.values.brainstorms import Phase, Plan
from tests.session.conftest import Room, lines

ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Shanghai", "Australia/Lord_Howe", "Pacific/Apia")


def plan(hour: int = 9, zone: str = "Europe/Berlin", days: int = 5) -> Plan:
    return Plan("quieter lids", "scamper", days * 1440, nudge_hour=hour, time_zone=zone)


def test_the_hour_stays_the_same_when_clocks_change() -> None:
    before, after = date(2030, 3, 30), date(2030, 3, 31)
    assert at_nudge_hour(plan(), before) == datetime(2030, 3, 30, 8, tzinfo=UTC)
    assert at_nudge_hour(plan(), after) == datetime(2030, 3, 31, 7, tzinfo=UTC)


def test_an_hour_that_is_left_out_comes_one_later() -> None:
    moment = at_nudge_hour(plan(hour=2), date(2030, 3, 31))
    assert moment.astimezone(ZoneInfo("Europe/Berlin")).hour == 3


@given(st.sampled_from(ZONES), st.integers(0, 23), st.integers(0, 8 * 366 * 1440))
def test_phases_end_at_the_hour_some_days_later(zone: str, hour: int, minute: int) -> None:
    wanted, moment = plan(hour, zone), datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)
    ends = ends_at(wanted, Phase.DIVERGE, moment)
    assert ends is not None
    assert local_day(wanted, ends) - local_day(wanted, moment) == timedelta(days=3)
    assert ends.astimezone(ZoneInfo(zone)).hour in (hour, hour + 1)


@pytest.fixture
async def daily(room: Room) -> Room:
    await room.say('/session start "quieter lids" scamper --daily 9 --zone Asia/Shanghai --days 5')
    return room


def nine_o_clock(began: datetime, days: int) -> datetime:
    return at_nudge_hour(
        plan(zone="Asia/Shanghai"), local_day(plan(zone="Asia/Shanghai"), began) + timedelta(days=days)
    )


async def test_there_is_one_reminder_a_day_with_the_next_prompt(daily: Room) -> None:
    began = (await daily.brainstorm()).created_at
    assert (await daily.brainstorm()).phase is Phase.DIVERGE
    await daily.say("Cork lid")
    for day in (1, 2):
        hour = nine_o_clock(began, day)
        assert await daily.tick(hour - timedelta(minutes=1)) == []
        shown = lines(await daily.tick(hour))
        assert "Your daily reminder." in shown
        assert f"({day + 1}/7)" in shown
        assert await daily.tick(hour + timedelta(minutes=5)) == []


async def test_the_day_on_which_a_phase_begins_needs_no_reminder(daily: Room) -> None:
    began = (await daily.brainstorm()).created_at
    await daily.say("Cork lid")
    shown = lines(await daily.tick(nine_o_clock(began, 3)))
    assert "Time to vote" in shown
    assert await daily.tick(nine_o_clock(began, 3) + timedelta(minutes=5)) == []


async def test_at_the_end_there_is_a_digest(daily: Room) -> None:
    began = (await daily.brainstorm()).created_at
    await daily.say("Cork lid")
    for day in (3, 4):
        await daily.tick(nine_o_clock(began, day))
    shown = lines(await daily.tick(nine_o_clock(began, 5)))
    assert "What came of the brainstorm" in shown
    assert (await daily.brainstorm()).phase is Phase.ENDED
