"""Ideas in Slack: small cards, and what people make of them: liked, saved, taken back, picked, talked about."""

import json
import re
import textwrap
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import genai.embedded
from adapters.slack.rendering.app_home import home_of
from adapters.slack.rendering.block_kit import Block
from adapters.slack.rendering.idea_cards import cards, with_line
from bot.core.domain import Account, Idea, Outcome, Profile, Reply, StoredIdea
from bot.core.ideas import format_idea
from tests.slack.conftest import Riff, StartRiff
from tests.support.doubles import ScriptedGenerator
from tests.support.slack_server import BOT, SlackServer
from tests.support.slack_server.blocks import check_view
from tests.support.slack_server.state import Message, buttons, menus

IDEAS = "1. **Stamp Card**: Give a stamp for each refill.\n2. **Shelf Swap**: Swap jars by the door.\n"
OTHERS = "1. **Night Market**: Sell at dusk.\n2. **Tea Post**: Send samples by post.\n"
TALK = "It rewards coming back. What does a stamp cost you?"
AGAIN = "The same choice takes it back."
TWO_SCREENS = 2 * (844 - 47 - 52 - 88 - 34)
"""Points of a phone of 390 by 844 without its bars, the channel's name and the field to write in."""


async def with_cards(slack: SlackServer, riff: Riff, asked: str = "/brainstorm 2 refill shops") -> Message:
    await slack.deliver_event(slack.say("C1", f"<@{BOT}> {asked}"))
    await riff.idle()
    (answer,) = slack.workspace.by_riff()
    return answer


async def choose(
    slack: SlackServer, riff: Riff, card: Message, idea: int, label: str, user: str = "U1"
) -> None:
    """What somebody chooses in the menu of an idea."""
    await slack.deliver("interactive", slack.press(card, menus(card)[idea - 1][label], user=user))
    await riff.idle()


async def press(slack: SlackServer, riff: Riff, message: Message, label: str, user: str = "U1") -> None:
    await slack.deliver("interactive", slack.press(message, buttons(message)[label], user=user))
    await riff.idle()


def line_of(card: Message) -> str:
    """The line under the ideas."""
    last = card.blocks[-1]
    return str(last["elements"][0]["text"]) if last["type"] == "context" else ""


def told(slack: SlackServer) -> list[str]:
    return [one.shown for one in slack.workspace.ephemeral]


async def test_what_is_liked_and_saved_stands_under_the_ideas_and_the_same_choice_takes_it_back(
    slack: SlackServer, start_riff: StartRiff
) -> None:
    riff = await start_riff(ScriptedGenerator(IDEAS))
    card = await with_cards(slack, riff)
    assert [block["type"] for block in card.blocks] == ["section", "section", "actions"]
    like = slack.press(card, menus(card)[0]["Like"])
    for _delivered in range(2):
        await slack.deliver("interactive", like)
    await riff.idle()
    assert line_of(card) == f"Liked: 1. {AGAIN}"
    await choose(slack, riff, card, 1, "Like", user="U2")
    await choose(slack, riff, card, 2, "Save")
    assert line_of(card) == f"Liked: 1 (2 people). Saved: 2. {AGAIN}"
    assert "U1" not in str(card.blocks) + str(card.text)
    await riff.stop()
    riff = await start_riff()
    await choose(slack, riff, card, 1, "Like")
    await choose(slack, riff, card, 2, "Save")
    assert line_of(card) == f"Liked: 1. {AGAIN}"
    assert told(slack) == []
    await choose(slack, riff, card, 1, "Not for me", user="U2")
    assert line_of(card) == ""
    assert told(slack) == ["Noted that it is not for you. The same choice takes it back."]
    assert [block["type"] for block in card.blocks] == ["section", "section", "actions"]


async def test_a_press_that_is_tried_again_does_not_take_itself_back(
    slack: SlackServer, start_riff: StartRiff
) -> None:
    riff = await start_riff(ScriptedGenerator(IDEAS))
    card = await with_cards(slack, riff)
    tries = 0

    async def lost(method: str, arguments: dict[str, Any]) -> None:
        nonlocal tries
        if method == "chat.update" and card.blocks != arguments["blocks"]:
            tries += 1
            if tries == 1:
                raise ConnectionResetError

    release = riff.app.inbox.rows.release

    async def at_once(owner: str, event: Any, *, after_seconds: float = 0) -> bool:
        return await release(owner, event)

    riff.app.inbox.rows.release = at_once  # type: ignore[method-assign]
    slack.api.before = lost
    await choose(slack, riff, card, 1, "Like")
    assert tries == 2
    assert line_of(card) == f"Liked: 1. {AGAIN}"


async def test_favourites_are_picked_in_a_form_that_knows_what_was_liked(
    slack: SlackServer, start_riff: StartRiff
) -> None:
    generator = ScriptedGenerator(IDEAS, "**Stamp Swap**: A stamp for every swapped jar.", OTHERS)
    riff = await start_riff(generator)
    card = await with_cards(slack, riff)
    await choose(slack, riff, card, 1, "Like")

    async def picked(ideas: list[int], then: str) -> None:
        opened = len(slack.workspace.views)
        await press(slack, riff, card, "Pick favourites…")
        await slack.settled(lambda: len(slack.workspace.views) > opened)
        view = slack.workspace.views[-1]
        boxes = view["blocks"][0]["element"]
        assert boxes["type"] == "checkboxes"
        ids = [option["value"] for option in boxes["options"]]
        held.append([ids.index(one["value"]) + 1 for one in boxes.get("initial_options", ())])
        filled = {"ideas": [ids[number - 1] for number in ideas], "then": then}
        await slack.deliver("interactive", slack.submit(view, filled))
        await riff.idle()

    held: list[list[int]] = []
    await picked([1, 2], "combine")
    assert line_of(card) == f"Liked: 1 and 2. {AGAIN}"
    assert "Stamp Swap" in slack.workspace.by_riff("C1", card.thread_ts)[-1].shown
    await picked([2], "save")
    assert line_of(card) == f"Liked: 2. Saved: 2. {AGAIN}"
    await picked([], "more")
    assert line_of(card) == f"Saved: 2. {AGAIN}"
    assert held == [[1], [1, 2], [2]]
    assert len(generator.requests) == 2
    await press(slack, riff, card, "More", user="U2")
    assert "Night Market" in slack.workspace.by_riff("C1", card.thread_ts)[-1].shown
    assert "Stamp Card; Shelf Swap" in generator.requests[-1].turns[0].content


async def test_a_thread_of_its_own_begins_with_the_idea_and_goes_on(
    slack: SlackServer, start_riff: StartRiff
) -> None:
    generator = ScriptedGenerator(IDEAS, TALK, "About a cent.")
    riff = await start_riff(generator)
    card = await with_cards(slack, riff)
    await choose(slack, riff, card, 1, "Start a thread", user="U2")
    root = next(one for one in slack.workspace.by_riff("C1") if not one.thread_ts)
    assert root.shown.startswith("*<@U2>* asked: Let's talk about this idea: Stamp Card")
    (answer,) = slack.workspace.by_riff("C1", root.ts)
    assert answer.shown == TALK
    await slack.deliver_event(slack.say("C1", "and the ink?", thread=root.ts, parent_user_id=BOT))
    await riff.idle()
    assert slack.workspace.by_riff("C1", root.ts)[-1].shown == "About a cent."
    assert "Give a stamp for each refill" in str(generator.requests[-1].turns)


async def test_an_answer_is_judged_saved_and_turned_into_ideas(
    slack: SlackServer, start_riff: StartRiff
) -> None:
    generator = ScriptedGenerator("Bells rang the hours.", IDEAS)
    riff = await start_riff(generator)
    answer = await with_cards(slack, riff, "tell me of bells")
    assert list(buttons(answer)) == ["Helpful", "Not helpful", "Turn into ideas", "Save"]
    for label in ("Helpful", "Save", "Not helpful"):
        await press(slack, riff, answer, label, user="U2")
    person = await riff.app.repositories.people.find(Account("slack", "T0TEAM", "U2"))
    assert person is not None
    kept = (await riff.app.repositories.privacy.export(person))["feedback"]
    assert [row["kind"] for row in kept] == ["save", "dislike"]
    (saved,) = await riff.app.repositories.ideas.saved(person, 9)
    assert (saved.body, saved.topic) == ("Bells rang the hours.", "tell me of bells")
    await press(slack, riff, answer, "Save", user="U2")
    assert await riff.app.repositories.ideas.saved(person, 9) == ()
    assert told(slack)[-1] == "Taken back."
    await press(slack, riff, answer, "Turn into ideas")
    listed = slack.workspace.by_riff("C1", answer.thread_ts)[-1]
    assert "Stamp Card" in listed.shown
    assert "tell me of bells" in generator.requests[-1].turns[-1].content


async def test_saved_ideas_lead_to_their_threads_and_are_taken_out_in_app_home(
    slack: SlackServer, start_riff: StartRiff
) -> None:
    riff = await start_riff(ScriptedGenerator(IDEAS))
    card = await with_cards(slack, riff)
    await choose(slack, riff, card, 2, "Save")
    await slack.deliver_event({"type": "app_home_opened", "user": "U1", "channel": "D1", "tab": "home"})
    await slack.settled(lambda: "U1" in slack.workspace.homes)
    home = slack.workspace.homes["U1"]
    (saved,) = [block for block in home["blocks"] if "accessory" in block]
    link = f"https://t.slack.com/archives/C1/p{card.thread_ts.replace('.', '')}"
    assert saved["text"]["text"].splitlines() == [
        "*Shelf Swap*", "Swap jars by the door.", f"<{link}|Open the thread>"
    ]  # fmt: skip
    assert str(home).count("Open the thread") == 3
    for _pressed in range(2):
        await slack.deliver("interactive", slack.home_press(saved["accessory"]))
        await slack.settled(lambda: "Nothing saved yet" in str(slack.workspace.homes["U1"]))


async def test_nobody_presses_what_they_cannot_read(slack: SlackServer, start_riff: StartRiff) -> None:
    riff = await start_riff(ScriptedGenerator(IDEAS, "Bells rang the hours."))
    card = await with_cards(slack, riff)
    chosen = menus(card)[0]["Like"]
    elsewhere = Message("C2", slack.workspace.next_ts(), BOT, blocks=card.blocks)
    slack.workspace.add(elsewhere)
    for value in (chosen["selected_option"]["value"], "riff:favourites:1", "riff:save-answer:2"):
        forged = {**chosen, "selected_option": {**chosen["selected_option"], "value": value}}
        await slack.deliver("interactive", slack.press(elsewhere, forged, user="U2"))
        await riff.idle()
    await slack.settled(lambda: len(told(slack)) == 3)
    assert all("erased meanwhile" in one for one in told(slack))
    assert elsewhere.blocks == card.blocks
    assert slack.workspace.views == []


async def test_ideas_with_prose_around_them_are_picked_in_the_form(
    slack: SlackServer, start_riff: StartRiff
) -> None:
    riff = await start_riff(ScriptedGenerator(IDEAS))
    card = await with_cards(slack, riff)
    card.blocks.insert(0, {"type": "markdown", "text": "Here they are:"})
    before = list(card.blocks)
    await press(slack, riff, card, "Pick favourites…")
    await slack.settled(lambda: slack.workspace.views)
    (view,) = slack.workspace.views
    ids = [option["value"] for option in view["blocks"][0]["element"]["options"]]
    await slack.deliver("interactive", slack.submit(view, {"ideas": ids, "then": "nothing"}))
    await riff.idle()
    assert card.blocks == before
    assert told(slack) == ["Noted your favourites."]


def test_app_home_is_valid_with_ideas_of_any_length() -> None:
    def idea(number: int, title: str, body: str) -> StoredIdea:
        return StoredIdea(number, 1, 1, number, title, body, "tea", "brainstorm", True, datetime.now(UTC))

    ideas = [idea(1, "", "x" * 9000), idea(2, "<y> & |", ""), idea(3, "z" * 4000, "a *b* <c>")]
    view = home_of(Profile(), ideas, ideas, {1: "https://t.slack.com/archives/C1/p1"}, consents=True)
    check_view(view)
    assert [block["accessory"]["value"] for block in view["blocks"] if "accessory" in block] == [
        "riff:unsave:1", "riff:unsave:2", "riff:unsave:3"
    ]  # fmt: skip


def test_twelve_ideas_fit_two_screens_of_a_phone() -> None:
    """Ideas as the model that comes with Riff is taught to write them, from what it was not taught."""
    written = (Path(genai.embedded.__path__[0]) / "corpus" / "held_out.jsonl").read_text("utf-8")
    found = re.findall(r"\d+\. \*\*(.+?)\*\*: (.+)", "\n".join(_answers(written)))
    assert len(found) > 400
    for start in range(0, len(found) - 12, 12):
        twelve = found[start : start + 12]
        ideas = tuple(Idea(number, title, body, number) for number, (title, body) in enumerate(twelve, 1))
        text = "\n".join(map(format_idea, ideas))
        (look,) = cards(Reply(Outcome.ANSWERED, text, ideas, message_id=1))
        shown = with_line(look.blocks, f"Liked: 1, 3 (2 people), and 5. Saved: 2. {AGAIN}")
        assert len(shown) == 14
        assert _points(shown) <= TWO_SCREENS


def _answers(lines: str) -> list[str]:
    taught = [json.loads(line) for line in lines.splitlines()]
    return [one["messages"][-1]["content"] for one in taught if one["kind"] == "ideas"]


def _points(blocks: Sequence[Block]) -> int:
    """About how high Slack draws them on a phone: lines of 22 points, of 39 letters beside a menu, and gaps."""
    height = 0
    for block in blocks:
        match block["type"]:
            case "section":
                height += 22 * len(textwrap.wrap(block["text"]["text"].replace("*", ""), 39)) + 8
            case "context":
                height += 18 * len(textwrap.wrap(block["elements"][0]["text"], 52)) + 8
            case "actions":
                height += 2 * 44  # three buttons, on two rows
    return height
