"""How a brainstorm is started and steered: what can be typed, who may, and what is said to the others."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.config.settings import SessionSettings
from bot.core.commands import command_named, parse, typed_command
from bot.core.commands.option_values import refuse_missing
from bot.core.domain import Account, Incoming
from bot.core.errors import CommandError
from bot.session.arguments import plan_asked
from bot.session.techniques import TECHNIQUES
from storage.values.brainstorms import Phase, Plan
from tests.session.conftest import Room, lines
from tests.support.doubles import RecordingChannel

SETTINGS = SessionSettings()


def planned(line: str) -> Plan | None:
    """The plan that comes of a line."""
    typed = typed_command(line)
    assert typed is not None
    command = command_named(typed.name)
    asked = parse(command, typed.rest)
    refuse_missing(command, command.verb(asked.verb) or command.verbs[0], asked.values)
    return plan_asked(asked, SETTINGS)


@pytest.mark.parametrize(
    ("typed", "topic", "minutes", "technique"),
    [
        ('"quieter lids"', "quieter lids", 20, "free"),
        ('"quieter lids" 30 SCAMPER', "quieter lids", 30, "scamper"),
        ("“quieter lids” six hats", "quieter lids", 20, "six hats"),
        ("quieter lids", "quieter lids", 20, "free"),
        ("quieter lids 15", "quieter lids", 15, "free"),
        ("quieter lids 15 crazy 8s", "quieter lids", 15, "crazy eights"),
        ("lids for 2030 cars", "lids for 2030 cars", 20, "free"),
        ('"lids" 15 hmw', "lids", 15, "how might we"),
        ('--topic "quieter lids" --minutes 8 --technique analogie', "quieter lids", 8, "analogy"),
    ],
)
def test_topic_minutes_and_technique(typed: str, topic: str, minutes: int, technique: str) -> None:
    plan = planned(f"/session start {typed}")
    assert plan is not None
    assert (plan.topic, plan.minutes, plan.technique) == (topic, minutes, technique)


def test_options() -> None:
    plan = planned('/session start --named "lids" --votes 5 --daily 09:00 --zone europe/berlin --days 4')
    assert plan is not None
    assert (plan.is_anonymous, plan.votes_each, plan.nudge_hour) == (False, 5, 9)
    assert (plan.time_zone, plan.minutes) == ("Europe/Berlin", 4 * 1440)
    assert planned("/session board") is None


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "What about?"),
        ('"lids" 3', "from 4 to 480"),
        ('"lids" 20 juggling', "The techniques are"),
        ('"lids" --votes 0', "votes takes a whole number from 1 to 20"),
        ('"lids" --votes', "--votes needs a value"),
        ('"lids" --vote 3', "did you mean --votes?"),
        ('"lids" --daily 25', "from 0 to 23"),
        ('"lids" --days 5', "--daily"),
        ('"lids" --daily 9 --zone Europe/Berlyn', "Europe/Berlin"),
        ('"' + "l" * 301 + '"', "at most 300"),
    ],
)
def test_what_cannot_be_understood_is_explained(typed: str, says: str) -> None:
    with pytest.raises(CommandError) as caught:
        planned(f"/session start {typed}")
    assert says in caught.value.say


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("/session", "Usage:"),
        ("/session bord", "Did you mean /session board?"),
        ("/session board", "no brainstorm in this thread"),
        ("/session vote 1", "No brainstorm runs here"),
        ("/session vote", "For which ideas?"),
        ("/session export pdf", "markdown, csv or json"),
    ],
)
async def test_a_command_that_cannot_be_done_says_what_to_do(room: Room, typed: str, says: str) -> None:
    assert says in await room.told(typed)


@pytest.mark.parametrize("verb", ["pause", "resume", "extend 5", "skip", "end"])
async def test_only_the_facilitator_or_an_admin_steers(room: Room, verb: str) -> None:
    await room.say('/session start "quieter lids"')
    assert "Only who started" in await room.told(f"/session {verb}", "guest")
    assert "Only who started" not in await room.told(f"/session {verb}", "guest", by_admin=True)


async def test_once_the_facilitator_is_erased_anybody_may_steer(room: Room) -> None:
    await room.say('/session start "quieter lids"')
    await room.say("/privacy forget erase")
    assert "On to the next phase" in await room.told("/session skip", "guest")


@pytest.mark.parametrize(
    "technique", [one for one in TECHNIQUES if len(one.steps) > 1], ids=lambda one: one.key
)
async def test_each_prompt_of_a_technique_is_given_in_its_time(room: Room, technique) -> None:  # type: ignore[no-untyped-def]
    await room.say(f'/session start "quieter lids" 20 {technique.key}')
    await room.tick(await room.ends())
    for step in technique.steps[1:]:
        number = (await room.brainstorm()).step
        left = timedelta(minutes=10) * (1 - (number + 1) / len(technique.steps))
        due = await room.ends() - timedelta(seconds=1) - left
        shown = lines(await room.tick(due + timedelta(seconds=1)))
        assert step.prompt in shown
    assert (await room.brainstorm()).phase is Phase.DIVERGE


async def test_skipping_gives_the_next_prompt_and_then_the_next_phase(room: Room) -> None:
    await room.say('/session start "quieter lids" 20 reverse')
    await room.say("/session skip")
    before = await room.ends()
    assert "next prompt" in await room.told("/session skip")
    assert await room.ends() < before
    assert "voting" in await room.told("/session skip")
    assert "which phase" in await room.told("/session skip diverge")


async def test_a_start_that_is_taken_up_after_a_crash_says_what_it_began(room: Room) -> None:
    received = datetime.now(UTC)
    _reply, channel = await room.say('/session start "lids"')

    def again(event: str, at: datetime, who: str) -> Incoming:
        author = Account("test", "w1", who)
        return Incoming(event, author, room.place, '/session start "lids"', at, author_name=who)

    retried, other, later = RecordingChannel(), RecordingChannel(), RecordingChannel()
    await room.app.pipeline.handle(again("retried", received, "host"), retried)
    await room.app.pipeline.handle(again("other", received, "guest"), other)
    await room.app.pipeline.handle(again("later", datetime.now(UTC), "host"), later)

    assert [p.heading.text for p in retried.panels] == [p.heading.text for p in channel.panels]
    assert not retried.notices
    assert ["already" in notice.text for notice in (*other.notices, *later.notices)] == [True, True]
