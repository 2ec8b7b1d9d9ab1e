"""Riff's own ideas: when it is quiet, a bounded number, of the board and the channel and nothing else."""

from datetime import datetime, timedelta

from bot.core.domain import Account
from bot.jobs.scheduled import ScheduledJob
from tests.session.conftest import OpenRoom, Room, answer, lines
from tests.support.doubles import RecordingChannel, ScriptedGenerator

QUIET = timedelta(seconds=31)


async def collecting(room: Room, technique: str = "") -> datetime:
    """A brainstorm that collects ideas; the moment that it began to."""
    await room.say(f'/session start "quieter lids" 20 {technique} --people-first 0')
    await room.say("/session skip diverge")
    await room.scheduled_jobs()
    return await room.ends() - timedelta(minutes=10)


async def test_riff_adds_ideas_when_nobody_writes(room: Room) -> None:
    began = await collecting(room)
    assert await room.tick(began + timedelta(seconds=5)) == []
    shown = lines(await room.tick(began + QUIET))
    assert "Something that nobody has thought of yet" in shown or "Yes, and" in shown
    assert "Water seal" in shown
    assert {card.authors for card in await room.cards()} == {(None,)}


async def test_riff_keeps_quiet_while_people_write(room: Room) -> None:
    began = await collecting(room)
    await room.say("Cork lid")
    wrote = (await room.cards())[0].created_at
    assert wrote >= began - timedelta(seconds=5)
    assert await room.tick(wrote + timedelta(seconds=20)) == []
    assert await room.tick(wrote + QUIET) != []


async def test_riff_builds_on_what_somebody_wrote(room: Room) -> None:
    began = await collecting(room)
    await room.say("Cork lid: a lid of cork", "guest")
    shown = lines(await room.tick(began + timedelta(minutes=1)))
    assert "Yes, and" in shown
    assert "2. **Cork ring**: Glue a ring of cork under the rim. (Riff; made of 1)" in shown


async def test_riff_waits_longer_for_an_answer_and_ends_some_time(open_room: OpenRoom) -> None:
    room = await open_room(contributions=2)
    began = await collecting(room)
    assert await room.tick(began + QUIET) != []
    assert await room.tick(began + 2 * QUIET) == []
    assert await room.tick(began + 5 * QUIET) != []
    assert await room.tick(began + 12 * QUIET) == []


async def test_riff_says_nothing_in_the_last_minute_or_in_a_pause(room: Room) -> None:
    began = await collecting(room)
    assert await room.tick(began + timedelta(minutes=9, seconds=30)) == []
    await room.say("/session pause")
    assert await room.tick(began + QUIET) == []


async def test_what_is_on_the_board_is_not_added_again(room: Room) -> None:
    began = await collecting(room)
    await room.say("Water seal: Let a film of water close the gap.", "guest")
    await room.say("Air brake: Let the air out slowly.", "guest")
    for turn in range(1, 3):
        await room.say(f"wooden spoon number {turn} {'xyz' * turn}", "guest")
        await room.tick(began + timedelta(minutes=4 * turn))
    titles = [card.title for card in await room.cards()]
    assert titles.count("Water seal") == titles.count("Air brake") == 1


async def test_the_model_is_told_the_prompt_and_the_voice_and_nobodys_profile(open_room: OpenRoom) -> None:
    generator = ScriptedGenerator(answer)
    room = await open_room(generator)
    await room.say("/profile set role surgeon at St. Elsewhere")
    await room.app.repositories.channels.update_voice(room.place, {"brand_voice": "calm and short"})
    began = await collecting(room, "scamper")
    await room.say("Cork lid")
    generator.requests.clear()
    await room.tick(began + timedelta(minutes=1))
    await room.say("Felt ring")
    for _look in range(4):  # the first three give the next prompts
        await room.tick(began + timedelta(minutes=5))
    told = "\n".join(turn.content for request in generator.requests for turn in request.turns)
    assert "SCAMPER (" in told
    assert "calm and short" in told
    assert "surgeon" not in told


async def test_an_errand_that_is_done_again_adds_nothing_twice(room: Room) -> None:
    began = await collecting(room)
    await room.tick(began + QUIET)
    before = await room.cards()
    job, first = room.channels[-1]
    again = RecordingChannel()
    await room.app.scheduled_jobs.do(
        ScheduledJob(job.event_id, job.place, job.kind, job.values), again, resume=True
    )
    assert await room.cards() == before
    assert lines([again]) == lines([first])


async def test_what_moderation_blocks_is_neither_shown_nor_kept(open_room: OpenRoom) -> None:
    room = await open_room(
        ScriptedGenerator("1. **Bad**: a forbiddenword lid.\n2. **Good**: a quiet hinge.\n")
    )
    began = await collecting(room)
    shown = lines(await room.tick(began + QUIET))
    assert "quiet hinge" in shown
    assert [card.title for card in await room.cards()] == ["Good"]
    decided = await room.app.repositories.audit.recent(10)
    assert {(entry.decision.action, entry.decision.direction) for entry in decided} >= {("block", "reply")}


async def test_erasing_a_person_takes_their_ideas_votes_and_words_out_of_the_outcome(room: Room) -> None:
    await collecting(room)
    await room.say("Cork lid", "host")
    await room.say("Felt ring", "guest")
    await room.say("/session skip vote")
    await room.say("1 2", "guest")
    await room.say("/session end")
    await room.scheduled_jobs()
    assert (await room.brainstorm()).outcome is not None
    await room.say("/privacy forget erase", "guest")
    assert await room.app.repositories.people.find(Account("test", "w1", "guest")) is None
    assert [(card.title, card.votes) for card in await room.cards()] == [("Cork lid", 0)]
    assert (await room.brainstorm()).outcome is None
    shown = lines([(await room.say("/session board"))[1]])
    assert "guest" not in shown
