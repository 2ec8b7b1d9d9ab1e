"""A brainstorm of a team in a Slack thread, as its people see it."""

from typing import Any

import pytest

from tests.slack.conftest import Riff, StartRiff
from tests.support.doubles import ScriptedGenerator
from tests.support.slack_server import BOT, SlackServer
from tests.support.slack_server.state import Message, buttons

START = 'session start "quieter lids" 20'


async def typed(slack: SlackServer, riff: Riff, words: str, *, user: str = "U1", channel: str = "C1") -> None:
    await slack.deliver("slash_commands", slack.command(words, user=user, channel=channel))
    await riff.idle()


async def said(
    slack: SlackServer, riff: Riff, root: Message, text: str, *, user: str = "U2", **extra: Any
) -> Message:
    event = slack.say(root.channel, text, user=user, thread=root.ts, parent_user_id=BOT, **extra)
    await slack.deliver_event(event)
    await riff.idle()
    return slack.workspace.messages[root.channel, event["ts"]]


async def press(slack: SlackServer, riff: Riff, message: Message, label: str, *, user: str = "U1") -> None:
    await slack.deliver("interactive", slack.press(message, buttons(message)[label], user=user))
    await riff.idle()


async def choose(
    slack: SlackServer, riff: Riff, form: Message, menu: Any, options: Any, *, user: str = "U1"
) -> None:
    """Somebody ticks boxes, or picks one of a menu."""
    kind = menu["type"]
    given = {"selected_options": options} if kind == "checkboxes" else {"selected_option": options[0]}
    element = {"type": kind, "action_id": menu["action_id"], "block_id": "b", **given}
    payload = slack.press(form, element, user=user)
    payload["actions"] = [{**element, "action_ts": "1.1"}]
    payload["state"] = {"values": {"b": {menu["action_id"]: {"type": kind, **given}}}}
    await slack.deliver("interactive", payload)
    await riff.idle()


async def begun(slack: SlackServer, riff: Riff) -> tuple[Message, Message]:
    """The root of a new brainstorm's thread, and what opens it, its warm-up skipped."""
    await typed(slack, riff, START)
    root, opening = slack.workspace.by_riff("C1")
    await press(slack, riff, opening, "Next")
    return root, opening


async def test_people_are_told_that_they_come_first(slack: SlackServer, start_riff: StartRiff) -> None:
    riff = await start_riff(ScriptedGenerator("1. **Cork Rim**: Line the rim with cork.\n"))
    await typed(slack, riff, f"{START} --people-first 2")
    _root, opening = slack.workspace.by_riff("C1")
    assert "I add nothing of my own before you have posted 2 ideas." in opening.shown


async def test_a_brainstorm_gets_a_thread_that_hears_all_and_marks_ideas(
    slack: SlackServer, start_riff: StartRiff
) -> None:
    riff = await start_riff(ScriptedGenerator("1. **Cork Rim**: Line the rim with cork.\n"))
    root, opening = await begun(slack, riff)
    for part in ("A brainstorm is on", "*quieter lids*", "Host: <@U1>", "Ends: <!date^"):
        assert part in root.shown
    assert list(buttons(root))[:2] == ["Join", "Board"]
    assert opening.thread_ts == root.ts
    assert "quieter lids" in opening.shown
    assert list(buttons(opening)) == ["Board", "5 minutes more", "Next"]
    plain = await said(slack, riff, root, "line the lid with cork")
    named = await said(slack, riff, root, "<@U3> a magnet that catches it", user="U4")
    photo = {"id": "F9", "name": "lid.jpg", "mimetype": "image/jpeg", "size": 9}
    shown = await said(
        slack, riff, root, "a silicone ring as on this jar", subtype="file_share", files=[photo]
    )
    assert [one.reactions for one in (plain, named, shown)] == [["bulb"]] * 3
    assert slack.workspace.statuses == []
    elsewhere = slack.say("C1", "a lid of felt", user="U2")
    await slack.deliver_event(elsewhere)
    await riff.idle()
    assert slack.workspace.messages["C1", elsewhere["ts"]].reactions == []


async def test_the_board_and_the_votes_stand_in_its_thread(slack: SlackServer, start_riff: StartRiff) -> None:
    riff = await start_riff()
    root, _opening = await begun(slack, riff)
    await said(slack, riff, root, "line the lid with cork")
    await said(slack, riff, root, "a magnet that catches the handle", user="U4")
    await typed(slack, riff, "session board", user="U4")
    (board,) = [one for one in slack.workspace.by_riff("C1", root.ts) if "cork" in one.shown][-1:]
    assert "magnet" in board.shown
    (picture,) = slack.workspace.uploads
    (image,) = [block for block in board.blocks if block["type"] == "image"]
    assert (image["slack_file"]["id"], picture["filename"].endswith(".png")) == (picture["id"], True)
    assert slack.workspace.files[picture["id"]].startswith(b"\x89PNG")
    assert image["alt_text"]
    await typed(slack, riff, "session skip")
    votes = slack.workspace.by_riff("C1", root.ts)[-1]
    await press(slack, riff, votes, "Vote", user="U4")
    assert slack.workspace.responses[-1]["thread_ts"] == root.ts
    form = slack.workspace.ephemeral[-1]
    (boxes,) = (block["elements"][0] for block in form.blocks if block["type"] == "actions")
    for number, left in ((1, 2), (1, 2), (2, 1), (0, 3)):  # pressed twice, it counts once
        await choose(slack, riff, form, boxes, boxes["options"][:number], user="U4")
        form = slack.workspace.ephemeral[-1]
        assert slack.workspace.responses[-1]["replace_original"] is True
        assert f"Your votes: {left} of 3" in form.shown
        (boxes,) = (block["elements"][0] for block in form.blocks if block["type"] == "actions")
        assert len(boxes.get("initial_options", [])) == number


async def test_what_comes_of_it_is_a_canvas_also_when_it_is_over(
    slack: SlackServer, start_riff: StartRiff
) -> None:
    riff = await start_riff()
    root, _opening = await begun(slack, riff)
    await said(slack, riff, root, "line the lid with cork")
    await typed(slack, riff, "session end")
    await typed(slack, riff, "session export markdown", user="U5")
    canvas = list(slack.workspace.canvases.values())[-1]
    assert "cork" in canvas["markdown"]
    assert any("https://t.slack.com/docs/" in one.shown for one in slack.workspace.by_riff("C1", root.ts))
    await typed(slack, riff, "session export csv", user="U5")
    assert slack.workspace.uploads[-1]["filename"].endswith(".csv")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("sesion start tea", "Did you mean /riff session?"),
        ("session strat tea", "Did you mean /riff session start?"),
        ("session board", "no brainstorm in this thread"),
    ],
)
async def test_what_cannot_be_done_is_told_to_its_person_alone(
    slack: SlackServer, start_riff: StartRiff, words: str, told: str
) -> None:
    riff = await start_riff()
    await typed(slack, riff, words)
    assert told in slack.workspace.ephemeral[-1].shown
    assert slack.workspace.by_riff() == []


async def test_an_edited_message_changes_its_idea_and_a_deleted_one_takes_it_along(
    slack: SlackServer, start_riff: StartRiff
) -> None:
    riff = await start_riff(ScriptedGenerator("x"))
    root, _opening = await begun(slack, riff)
    idea = await said(slack, riff, root, "line the lid with crok")
    boards = riff.app.repositories.boards
    (running,) = await riff.app.repositories.brainstorms.running()

    async def told(subtype: str, **more: Any) -> list[str]:
        before = {"type": "message", "user": "U2", "text": idea.text, "ts": idea.ts, "thread_ts": root.ts}
        await slack.deliver_event(
            {
                "type": "message",
                "subtype": subtype,
                "channel": "C1",
                "hidden": True,
                "ts": slack.workspace.next_ts(),
                "previous_message": before,
                **{key: {**before, **value} for key, value in more.items()},
            }
        )
        await riff.idle()
        return [card.title for card in await boards.cards(running.id)]

    wrong = ["line the lid with crok"]
    assert await told("message_changed", message={"attachments": []}) == wrong, "a link was unfurled"
    assert await told("message_changed", message={"text": "line the lid with cork"}) == [
        "line the lid with cork"
    ]
    assert await told("message_deleted") == []
    assert await told("message_changed", message={"text": "felt"}) == [], "it is gone"
