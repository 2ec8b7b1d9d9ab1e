"""What a facilitated brainstorm shows: panels, marks, pictures, canvases; errands out of the inbox, each once."""

from collections.abc import Awaitable, Callable

import pytest

from bot.core.buttons import Action, ActionKind, Button, Panel, Row
from bot.core.channel import Channel
from bot.core.domain import Document, Incoming, Outcome, Place, Reply
from bot.core.notices import Notice
from bot.jobs.scheduled import ScheduledJob
from tests.slack.conftest import Riff, StartRiff
from tests.support.doubles import ScriptedGenerator
from tests.support.slack_server import BOT, SlackServer
from tests.support.slack_server.state import Message, buttons

PICTURE = Document("board.png", "image/png", b"\x89PNG picture", "The board", "Two themes with four ideas")
OUTCOME = Document("outcome.md", "text/markdown", b"# Tea\n\n- ![](@U1) **Stamp Card**", "Outcome: tea")
VOTE = Action(ActionKind.LIKE, "1")

Run = Callable[[Channel], Awaitable[None]]


async def run_errand(
    slack: SlackServer, riff: Riff, run: Run, *, thread: str = "", channel: str = "C1"
) -> str:
    """An errand in a thread of the channel, done by `run`; gives the thread."""
    place = Place("slack", "T0TEAM", channel, thread or slack.say(channel, "a topic")["ts"])

    async def do(job: ScheduledJob, channel: Channel, resume: bool) -> None:
        await run(channel)

    riff.app.scheduled_jobs.register("test", do)
    job = ScheduledJob(f"e:{place.thread}:{run.__name__}", place, "test", {"phase": "vote"})
    await riff.app.inbox.add(job.event(f"T0TEAM:{channel}:{place.thread}"))
    await riff.idle()
    return place.thread


async def panel_of(riff: Riff, count: int) -> Panel:
    rows = []
    for number in range(1, count + 1):
        passed, _ = await riff.app.moderator.passed(f"**{number}. Stamp <@U1> Card** by everybody")
        assert passed is not None
        rows.append(Row(passed, (Button(VOTE, "Vote"),)))
    below = (
        Button(Action(ActionKind.SHUFFLE, "1"), "Again"),
        Button(Action(ActionKind.SHUFFLE, "2"), "More"),
    )
    return Panel(Notice("Vote now: three votes each."), tuple(rows), below)


async def test_a_panel_stands_in_the_thread_over_as_many_messages_as_it_needs(
    slack: SlackServer, start_riff: StartRiff
) -> None:
    riff = await start_riff()
    panel = await panel_of(riff, 60)
    thread = await run_errand(slack, riff, lambda channel: channel.panel(panel))
    messages = slack.workspace.by_riff("C1", thread)
    assert len(messages) == 2
    assert messages[0].shown.startswith("Vote now")
    shown = "\n".join(one.shown for one in messages)
    assert [f"{number}. Stamp" in shown for number in range(1, 61)] == [True] * 60
    assert "<@U1>" not in shown
    drawn = [block["accessory"]["value"] for one in messages for block in one.blocks if "accessory" in block]
    assert drawn == [VOTE.value] * 60
    assert list(buttons(messages[1]))[-2:] == ["Again", "More"]
    assert slack.workspace.ephemeral == []


async def test_an_errand_that_failed_halfway_goes_on_from_what_stands(
    slack: SlackServer, start_riff: StartRiff
) -> None:
    riff = await start_riff()
    panel, attempts = await panel_of(riff, 3), 0

    async def run(channel: Channel) -> None:
        nonlocal attempts
        attempts += 1
        await channel.notice(Notice("Time is up."))
        await channel.document(PICTURE)
        await channel.document(OUTCOME)
        if attempts == 1:
            raise ConnectionError("a failure halfway")
        await channel.panel(panel)

    riff.app.inbox.rows.release, release = _at_once(riff), riff.app.inbox.rows.release
    thread = await run_errand(slack, riff, run)
    riff.app.inbox.rows.release = release  # type: ignore[method-assign]
    assert attempts == 2
    notice, picture, canvas, votes = slack.workspace.by_riff("C1", thread)
    assert (notice.shown, len(picture.files)) == ("Time is up.", 1)
    assert "Outcome: tea" in canvas.shown
    assert votes.shown.startswith("Vote now")
    assert len(slack.workspace.uploads) == len(slack.workspace.canvases) == 1


def _at_once(riff: Riff) -> Callable[..., Awaitable[bool]]:
    """Failed work is taken up again without the pause."""
    release = riff.app.inbox.rows.release

    async def sooner(owner: str, event: object, *, after_seconds: float = 0) -> bool:
        return await release(owner, event)  # type: ignore[arg-type]

    return sooner


async def test_an_errand_that_waited_too_long_is_done_late_and_one_for_a_left_channel_given_up(
    slack: SlackServer, start_riff: StartRiff
) -> None:
    riff = await start_riff(inbox={"max_age_minutes": 1e-6})
    thread = await run_errand(slack, riff, lambda channel: channel.notice(Notice("Time is up.")))
    assert [one.shown for one in slack.workspace.by_riff("C1", thread)] == ["Time is up."]
    slack.workspace.members = {"C1"}
    await run_errand(slack, riff, lambda channel: channel.notice(Notice("Time is up.")), channel="C2")
    assert slack.workspace.by_riff("C2") == []


async def test_a_picture_is_uploaded_into_the_thread_with_its_words(
    slack: SlackServer, start_riff: StartRiff
) -> None:
    riff = await start_riff()
    thread = await run_errand(slack, riff, lambda channel: channel.document(PICTURE))
    (upload,) = slack.workspace.uploads
    assert (upload["channel_id"], upload["thread_ts"], upload["title"]) == ("C1", thread, "The board")
    assert upload["alt_txt"] == "Two themes with four ideas"
    assert slack.workspace.files[upload["id"]] == PICTURE.content


@pytest.mark.parametrize("has_canvases", [True, False])
async def test_an_outcome_is_a_canvas_or_a_file(
    slack: SlackServer, start_riff: StartRiff, has_canvases: bool
) -> None:
    slack.api.has_canvases = has_canvases
    riff = await start_riff()
    thread = await run_errand(slack, riff, lambda channel: channel.document(OUTCOME))
    (message,) = slack.workspace.by_riff("C1", thread)
    if has_canvases:
        ((number, canvas),) = slack.workspace.canvases.items()
        assert message.shown == f"<https://t.slack.com/docs/T0TEAM/{number}|Outcome: tea>"
        assert (canvas["title"], canvas["readers"]) == ("Outcome: tea", ["C1"])
        assert "**Stamp Card**" in canvas["markdown"]
        assert "![](@" not in canvas["markdown"]
    else:
        assert [one["name"] for one in message.files] == ["outcome.md"]


async def test_a_mark_is_a_reaction_and_its_failure_is_quiet(
    slack: SlackServer, start_riff: StartRiff
) -> None:
    riff = await start_riff(ScriptedGenerator("Hello."))

    async def only_mark(incoming: Incoming, channel: Channel, *, resume: bool = False) -> Reply:
        await channel.mark("💡")
        return Reply(Outcome.ANSWERED, "")

    riff.app.pipeline.handle = only_mark  # type: ignore[method-assign]
    said = [slack.say("C1", f"<@{BOT}> one idea") for _ in range(4)]
    message: Callable[[int], Message] = lambda number: slack.workspace.messages["C1", said[number]["ts"]]  # noqa: E731
    message(1).reactions.append("bulb")
    message(2).deleted = True
    for event in said[:3]:
        await slack.deliver_event(event)
        await riff.idle()
    slack.api.failures["reactions.add"] = [("missing_scope", 0)]
    await slack.deliver_event(said[3])
    await riff.idle()
    assert [message(number).reactions for number in range(4)] == [["bulb"], ["bulb"], [], []]
    assert slack.workspace.by_riff() == slack.workspace.ephemeral == []
