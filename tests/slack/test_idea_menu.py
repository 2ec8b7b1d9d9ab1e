"""What people do with one idea in Slack: the menu of the board, reactions, words in the thread, the card above it."""

from datetime import UTC, datetime
from typing import Any

from bot.session.timing import Clock
from tests.slack.conftest import Riff, StartRiff
from tests.slack.test_brainstorm import begun, choose, press, said, typed
from tests.support.slack_server import SlackServer
from tests.support.slack_server.state import Message, buttons


async def on_board(riff: Riff) -> list[str]:
    (running,) = await riff.app.repositories.brainstorms.running()
    return [f"{card.number} {card.title}" for card in await riff.app.repositories.boards.cards(running.id)]


def menu_of(message: Message) -> dict[str, Any]:
    return next(
        element
        for block in message.blocks
        for element in block.get("elements", ())
        if element["type"] == "static_select"
    )


async def picked(slack: SlackServer, riff: Riff, board: Message, at: int, user: str) -> Message:
    menu = menu_of(board)
    await choose(slack, riff, board, menu, [menu["options"][at]], user=user)
    return slack.workspace.ephemeral[-1]


async def test_an_idea_is_edited_withdrawn_put_back_merged_and_found_by_its_owner_or_the_host(
    slack: SlackServer, start_riff: StartRiff
) -> None:
    riff = await start_riff()
    root, _opening = await begun(slack, riff)
    await said(slack, riff, root, "line the lid with crok", user="U2")
    await said(slack, riff, root, "a magnet that catches the handle", user="U4")
    await press(slack, riff, root, "Board", user="U2")
    board = slack.workspace.ephemeral[-1]
    others = await picked(slack, riff, board, 1, "U2")
    assert list(buttons(others)) == ["Thread", "Owner"]
    await press(slack, riff, others, "Owner", user="U2")
    assert "name of U4" in slack.workspace.ephemeral[-1].shown
    own = await picked(slack, riff, board, 0, "U2")
    assert list(buttons(own)) == ["Edit", "Withdraw", "Merge with…", "Thread", "Owner"]
    await press(slack, riff, own, "Thread", user="U2")
    assert "https://t.slack.com/archives/C1/p" in slack.workspace.ephemeral[-1].shown
    await press(slack, riff, own, "Edit", user="U2")
    await slack.settled(lambda: slack.workspace.views)
    view = slack.workspace.views[-1]
    assert view["blocks"][0]["element"]["initial_value"] == "line the lid with crok"
    await slack.deliver("interactive", slack.submit(view, {"text": "line the lid with cork"}, user="U2"))
    await riff.idle()
    assert await on_board(riff) == ["1 line the lid with cork", "2 a magnet that catches the handle"]
    for _twice in range(2):
        await press(slack, riff, own, "Withdraw", user="U2")
    gone = slack.workspace.ephemeral[-1]
    assert "no longer on the board" in gone.shown, "it was off already"
    assert await on_board(riff) == ["2 a magnet that catches the handle"]
    back = next(one for one in reversed(slack.workspace.ephemeral) if "Put it back" in buttons(one))
    for _twice in range(2):
        await press(slack, riff, back, "Put it back", user="U2")
        assert "is back on the board" in slack.workspace.ephemeral[-1].shown
    await press(slack, riff, own, "Withdraw", user="U4")
    assert "Only whose idea it is" in slack.workspace.ephemeral[-1].shown
    await press(slack, riff, own, "Merge with…", user="U1")  # the host
    menu = menu_of(slack.workspace.ephemeral[-1])
    await choose(slack, riff, slack.workspace.ephemeral[-1], menu, menu["options"], user="U1")
    assert await on_board(riff) == ["2 a magnet that catches the handle"]
    (running,) = await riff.app.repositories.brainstorms.running()
    assert [len(card.authors) for card in await riff.app.repositories.boards.cards(running.id)] == [2]


async def test_a_cross_of_its_author_takes_an_idea_off_until_it_is_taken_away(
    slack: SlackServer, start_riff: StartRiff
) -> None:
    riff = await start_riff()
    root, _opening = await begun(slack, riff)
    idea = await said(slack, riff, root, "line the lid with cork", user="U2")

    async def reacted(kind: str, sign: str, user: str) -> list[str]:
        item = {"type": "message", "channel": "C1", "ts": idea.ts}
        event = {"type": kind, "user": user, "reaction": sign, "item": item, "item_user": "U2"}
        await slack.deliver_event({**event, "event_ts": slack.workspace.next_ts()})
        await riff.idle()
        return await on_board(riff)

    there = ["1 line the lid with cork"]
    assert await reacted("reaction_added", "x", "U4") == there, "it is not theirs"
    assert await reacted("reaction_added", "x", "U2") == []
    assert await reacted("reaction_added", "x", "U2") == []
    assert await reacted("reaction_removed", "x", "U2") == there
    await typed(slack, riff, "session skip vote")
    await reacted("reaction_added", "+1", "U4")
    boards = riff.app.repositories.boards
    (running,) = await riff.app.repositories.brainstorms.running()
    assert [card.votes for card in await boards.cards(running.id)] == [0], "unless the workspace wants it"
    slack.api.admins.add("U1")
    await typed(slack, riff, "session settings --reaction-votes on")
    assert "counts as a vote" in slack.workspace.ephemeral[-1].shown
    for _twice in range(2):
        await reacted("reaction_added", "+1::skin-tone-2", "U4")
    assert [card.votes for card in await boards.cards(running.id)] == [1]
    await reacted("reaction_removed", "+1", "U4")
    assert [card.votes for card in await boards.cards(running.id)] == [0]


async def test_words_in_the_thread_and_the_card_above_it_steer_also_after_a_restart(
    slack: SlackServer, start_riff: StartRiff
) -> None:
    first = await start_riff()
    root, opening = await begun(slack, first)
    await press(slack, first, opening, "Next")
    (running,) = await first.app.repositories.brainstorms.running()
    assert running.phase == "diverge", "pressed twice, it goes on once"
    await said(slack, first, root, "line the lid with cork", user="U2")
    await said(slack, first, root, "a magnet that catches the handle", user="U2")
    await said(slack, first, root, "remove 1", user="U2")
    assert await on_board(first) == ["2 a magnet that catches the handle"]
    await said(slack, first, root, "undo", user="U2")
    await said(slack, first, root, "edit 2: a spring that slows it", user="U2")
    await said(slack, first, root, "combine cork and felt", user="U4")
    ideas = ["1 line the lid with cork", "2 a spring that slows it", "3 combine cork and felt"]
    assert await on_board(first) == ideas
    await first.stop()
    riff = await start_riff()
    clock = Clock(riff.app.settings.session, riff.app.repositories, "en")
    await clock.tick(datetime.now(UTC))
    await riff.idle()
    assert "3 ideas · 2 people" in root.shown
    asked = next(one for one in slack.workspace.by_riff("C1", root.ts) if "Ideas, please." in one.shown)
    await press(slack, riff, root, "Pause", user="U4")
    assert "Only who started" in slack.workspace.ephemeral[-1].shown
    await press(slack, riff, root, "Pause", user="U1")
    await clock.tick(datetime.now(UTC))
    await riff.idle()
    assert "the clock stands still" in root.shown
    assert "Paused, with" in asked.shown, "the phase's own message is changed where it stands"
    await press(slack, riff, root, "End it", user="U1")
    assert "A brainstorm that has ended" in root.shown
    assert next(iter(buttons(root))) == "Open result"
    assert not any("/riff" in one.shown for one in slack.workspace.by_riff("C1", root.ts))


async def test_at_the_end_people_are_called_where_that_is_wanted_and_the_host_shares_the_result_once(
    slack: SlackServer, start_riff: StartRiff
) -> None:
    riff = await start_riff()
    slack.api.admins.add("U1")
    await typed(slack, riff, "session settings --mentions on")
    root, _opening = await begun(slack, riff)
    await said(slack, riff, root, "line the lid with cork", user="U2")
    await typed(slack, riff, "session end")
    (result,) = [one for one in slack.workspace.by_riff("C1", root.ts) if "What came of" in one.shown]
    assert "Who took part: <@U2>" in result.shown
    assert "<@U2>" not in root.shown
    (picker,) = (
        element
        for block in root.blocks
        for element in block.get("elements", ())
        if element["type"] == "conversations_select"
    )
    slack.api.private["C9"] = []
    for user, channel, told in (
        ("U2", "C2", "Only who started"),
        ("U1", "C9", "both of us can read"),
        ("U1", "C2", "I am sharing"),
        ("U1", "C2", "I am sharing"),
    ):
        element = {"type": picker["type"], "action_id": picker["action_id"], "block_id": "b"}
        payload = slack.press(root, element, user=user)
        payload["actions"] = [{**element, "selected_conversation": channel, "action_ts": "1.1"}]
        await slack.deliver("interactive", payload)
        await riff.idle()
        assert told in slack.workspace.ephemeral[-1].shown
    (shared,) = slack.workspace.by_riff("C2")
    assert "line the lid with cork" in shared.shown
    assert slack.workspace.by_riff("C9") == []
