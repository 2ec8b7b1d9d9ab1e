"""Slash commands, buttons, modals, shortcuts, App Home and the assistant pane."""

import asyncio
from typing import Any

import pytest

from bot.app import App
from bot.core.domain import Account
from tests.slack.conftest import Riff, StartRiff
from tests.support.doubles import ScriptedGenerator
from tests.support.ending_generator import EndingGenerator
from tests.support.light import FORBIDDEN
from tests.support.slack_server import BOT, SlackServer
from tests.support.slack_server.state import Message, buttons

IDEAS = "1. **Stamp Card**: Give a stamp for each refill.\n2. **Shelf Swap**: Swap jars by the door.\n"
COMBINED = "**Stamp Swap**: A stamp for every swapped jar."
OTHERS = "1. **Night Market**: Sell at dusk.\n2. **Tea Post**: Send samples by post.\n"
ME = Account("slack", "T0TEAM", "U1")


async def with_cards(slack: SlackServer, riff: Riff) -> Message:
    await slack.deliver_event(slack.say("C1", f"<@{BOT}> /brainstorm 2 refill shops"))
    await riff.idle()
    (answer,) = slack.workspace.by_riff()
    return answer


async def press(slack: SlackServer, riff: Riff, message: Message, label: str, user: str = "U1") -> None:
    await slack.deliver("interactive", slack.press(message, buttons(message)[label], user=user))
    await riff.idle()


async def held(app: App, table: str) -> list[dict[str, Any]]:
    person = await app.repositories.people.find(ME)
    assert person is not None
    rows: list[dict[str, Any]] = (await app.repositories.privacy.export(person))[table]
    return rows


async def test_a_slash_command_is_answered_in_a_thread_of_its_own(
    slack: SlackServer, start_riff: StartRiff
) -> None:
    riff = await start_riff(ScriptedGenerator(IDEAS))
    form = slack.command("brainstorm 2 refill shops")
    await asyncio.gather(slack.deliver("slash_commands", form), slack.deliver("slash_commands", form))
    await riff.idle()
    root, answer = slack.workspace.by_riff("C1")
    assert "<@U1>* asked for 2 ideas: refill shops" in root.shown
    assert answer.thread_ts == root.ts
    assert "Stamp Card" in answer.shown
    await slack.deliver_event(slack.say("C1", "tell me more", thread=root.ts, parent_user_id=BOT))
    await riff.idle()
    assert len(slack.workspace.by_riff("C1", root.ts)) == 2


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("", "/riff brainstorm"),
        ("help", "/riff brainstorm"),
        ("profile show", "What I remember of you"),
        ("privacy", "/riff privacy export"),
        ("brainstrom tea", "/riff brainstorm"),
        (f"copy {FORBIDDEN}", "not allowed here"),
    ],
)
async def test_what_is_for_one_person_comes_privately(
    slack: SlackServer, start_riff: StartRiff, typed: str, told: str
) -> None:
    riff = await start_riff()
    await slack.deliver("slash_commands", slack.command(typed))
    await riff.idle()
    assert told in "\n".join(one.shown for one in slack.workspace.ephemeral)
    assert slack.workspace.by_riff() == []


async def test_a_private_answer_can_be_shared(slack: SlackServer, start_riff: StartRiff) -> None:
    riff = await start_riff()
    await slack.deliver("slash_commands", slack.command("profile show"))
    await riff.idle()
    private = slack.workspace.ephemeral[-1]
    shown = Message("C1", private.ts, BOT, blocks=private.blocks, ephemeral_for="U1")
    await press(slack, riff, shown, "Share", user="U2")
    assert slack.workspace.by_riff("C1") == []
    slack.workspace.messages["C1", private.ts] = Message("C1", private.ts, "U1")
    await press(slack, riff, shown, "Share")
    assert "What I remember" in slack.workspace.by_riff("C1")[-1].shown


async def test_ideas_that_one_person_was_shown_are_nothing_to_the_others_of_the_channel(
    slack: SlackServer, start_riff: StartRiff
) -> None:
    riff = await start_riff(ScriptedGenerator(IDEAS))
    slack.workspace.members = set()  # where Riff may not write, who asks is told alone
    for user, typed, told in (
        ("U1", "brainstorm 2 our secret product", "Stamp Card"),
        ("U2", "like 1", "no list of ideas here"),
        ("U2", "save 2", "no list of ideas here"),
        ("U1", "like 1", "Noted that you like it"),
    ):
        await slack.deliver("slash_commands", slack.command(typed, user=user))
        await riff.idle()
        assert told in slack.workspace.ephemeral[-1].shown, typed
    private = next(one for one in slack.workspace.ephemeral if "Stamp Card" in one.shown)
    shown = Message("C1", private.ts, BOT, blocks=private.blocks, ephemeral_for="U1")
    slack.workspace.messages["C1", private.ts] = shown
    await press(slack, riff, shown, "Like", user="U2")
    assert "erased meanwhile" in slack.workspace.ephemeral[-1].shown


async def test_where_riff_is_no_member_the_person_gets_the_answer(
    slack: SlackServer, start_riff: StartRiff
) -> None:
    riff = await start_riff(ScriptedGenerator(IDEAS))
    slack.workspace.members = set()
    await slack.deliver("slash_commands", slack.command("brainstorm 2 refill shops"))
    await riff.idle()
    assert "Stamp Card" in slack.workspace.ephemeral[-1].shown


async def test_an_export_comes_as_a_file_in_the_direct_message(
    slack: SlackServer, start_riff: StartRiff
) -> None:
    riff = await start_riff()
    await slack.deliver("slash_commands", slack.command("privacy export"))
    await riff.idle()
    (upload,) = slack.workspace.uploads
    assert (upload["filename"], upload["channel_id"]) == ("riff-export.json", "D1")
    assert b"identity" in slack.workspace.files[upload["id"]]


async def test_feedback_is_kept_and_told_to_its_giver(slack: SlackServer, start_riff: StartRiff) -> None:
    riff = await start_riff(ScriptedGenerator(IDEAS))
    cards = await with_cards(slack, riff)
    await press(slack, riff, cards, "Save")
    await press(slack, riff, cards, "Not for me")
    assert [row["kind"] for row in await held(riff.app, "feedback")] == ["save", "dislike"]
    assert [one.ephemeral_for or "?" for one in slack.workspace.ephemeral] == ["?"]


async def test_more_and_shuffle_answer_in_the_thread_also_after_a_restart(
    slack: SlackServer, start_riff: StartRiff
) -> None:
    riff = await start_riff(ScriptedGenerator(IDEAS))
    cards = await with_cards(slack, riff)
    await riff.stop()
    riff = await start_riff(ScriptedGenerator(OTHERS))
    await press(slack, riff, cards, "More like this")
    await press(slack, riff, cards, "Shuffle", user="U2")
    _, more, shuffled = slack.workspace.by_riff("C1", cards.thread_ts)
    assert "Night Market" in more.shown
    assert "Tea Post" in shuffled.shown


async def test_the_rest_of_an_answer_that_was_cut_comes_in_its_thread(
    slack: SlackServer, start_riff: StartRiff
) -> None:
    generator = EndingGenerator("The bells hang in the mid", "length")
    riff = await start_riff(generator)
    await slack.deliver_event(slack.say("C1", f"<@{BOT}> tell me of bells"))
    await riff.idle()
    answer, told = slack.workspace.by_riff()
    assert "incomplete" in told.shown
    await press(slack, riff, told, "Go on", user="U2")
    thread = slack.workspace.by_riff("C1", answer.thread_ts)
    assert len(thread) == 4
    assert generator.requests[-1].turns[-1].content.endswith("The bells hang in the mid")


async def test_a_button_to_combine_from_before_an_upgrade_asks_in_a_modal(
    slack: SlackServer, start_riff: StartRiff
) -> None:
    riff = await start_riff(ScriptedGenerator(IDEAS, COMBINED))
    cards = await with_cards(slack, riff)
    button = {**buttons(cards)["Shuffle"], "value": "riff:combine:1"}
    await slack.deliver("interactive", slack.press(cards, button))
    await slack.settled(lambda: slack.workspace.views)
    (view,) = slack.workspace.views
    (block,) = view["blocks"]
    choice = block["element"]["options"][0]
    assert choice["text"]["text"] == "Shelf Swap"
    filled = slack.submit(view, {"others": [choice["value"]]})
    await asyncio.gather(slack.deliver("interactive", filled), slack.deliver("interactive", filled))
    await riff.idle()
    combined = slack.workspace.by_riff("C1", cards.thread_ts)[1:]
    assert [one.shown.replace("*", "") for one in combined] == [COMBINED.replace("*", "")]


async def test_stop_ends_an_answer_and_leaves_what_passed(slack: SlackServer, start_riff: StartRiff) -> None:
    riff = await start_riff(
        ScriptedGenerator("A first sentence. " + "More and more words. " * 200, seconds=0.01)
    )
    slack.api.refuse_streams_in.add("C1")
    await slack.deliver_event(slack.say("C1", f"<@{BOT}> of lanterns"))
    await slack.settled(lambda: any("Stop" in buttons(one) for one in slack.workspace.by_riff()))
    (writing,) = slack.workspace.by_riff()
    await press(slack, riff, writing, "Stop")
    (left,) = slack.workspace.by_riff()
    assert "A first sentence." in left.shown
    assert "Stop" not in buttons(left)
    assert [one.shown for one in slack.workspace.ephemeral] == ["Stopped."]


async def test_the_guided_brainstorm_and_the_profile_are_modals(
    slack: SlackServer, start_riff: StartRiff
) -> None:
    generator = ScriptedGenerator(IDEAS)
    riff = await start_riff(generator)
    await slack.deliver("slash_commands", slack.command("profile edit"))
    await slack.settled(lambda: slack.workspace.views)
    await slack.deliver(
        "interactive", slack.submit(slack.workspace.views[0], {"role": "baker", "tone": "playful"})
    )
    await riff.idle()
    assert "saved" in slack.workspace.ephemeral[-1].shown
    await slack.deliver("slash_commands", slack.command("brainstorm"))
    await slack.settled(lambda: len(slack.workspace.views) == 2)
    values = {"topic": "tea shops", "count": "2", "audience": "students"}
    await slack.deliver("interactive", slack.submit(slack.workspace.views[1], values))
    await riff.idle()
    root, answer = slack.workspace.by_riff("C1")
    assert "asked for 2 ideas: tea shops" in root.shown
    assert "students" in generator.requests[0].turns[0].content
    assert "Shelf Swap" in answer.shown
    system = generator.requests[0].turns[0].content
    assert "playful" in system
    assert "baker" not in system, "who somebody is stays out of what others read"


async def test_a_command_without_words_asks_for_what_it_needs(
    slack: SlackServer, start_riff: StartRiff
) -> None:
    generator = ScriptedGenerator("Come by on Saturday. We refill your jars.")
    riff = await start_riff(generator)
    await slack.deliver("slash_commands", slack.command("copy"))
    await slack.settled(lambda: slack.workspace.views)
    (view,) = slack.workspace.views
    assert [block["block_id"] for block in view["blocks"]][:2] == ["topic", "channel"]
    await slack.deliver("interactive", slack.submit(view, {"topic": "a refill shop", "channel": "sms"}))
    await riff.idle()
    root, answer = slack.workspace.by_riff("C1")
    assert "asked for brand copy: a refill shop" in root.shown
    assert "SMS" in generator.requests[0].turns[0].content
    assert "Come by on Saturday" in answer.shown
    await slack.deliver("slash_commands", slack.command("recommend"))
    await slack.settled(lambda: len(slack.workspace.by_riff("C1")) > 2 or len(slack.workspace.views) > 1)
    await riff.idle()
    assert len(slack.workspace.views) == 1, "it goes by what the person likes, and needs no words"


@pytest.mark.parametrize("typed", ["pitch refill shops", "use pitch refill shops"])
async def test_a_template_of_the_workspace_is_answered_in_a_thread_for_all(
    slack: SlackServer, start_riff: StartRiff, typed: str
) -> None:
    slack.api.admins.add("U9")
    riff = await start_riff(ScriptedGenerator("Bring a jar and leave the packaging behind."))
    definition = (
        'name = "pitch"\nsummary = "a pitch"\nprompt = "Pitch {product}."\nfields = [{name = "product"}]'
    )
    for user in ("U1", "U9"):
        await slack.deliver("slash_commands", slack.command(f"template add {definition}", user=user))
        await riff.idle()
    refused, done = [one.shown for one in slack.workspace.ephemeral]
    assert "Only those who manage this workspace" in refused
    assert "/riff use pitch" in done
    await slack.deliver("slash_commands", slack.command(typed))
    await riff.idle()
    root, answer = slack.workspace.by_riff("C1")
    assert "asked: refill shops" in root.shown
    assert "Bring a jar" in answer.shown
    await slack.deliver("slash_commands", slack.command(typed.removesuffix(" refill shops")))
    await slack.settled(lambda: slack.workspace.views)
    (view,) = slack.workspace.views
    await slack.deliver("interactive", slack.submit(view, {"product": "jam jars"}))
    await riff.idle()
    assert "jam jars" in slack.workspace.by_riff("C1")[-2].shown


async def test_what_a_form_teaches_riff_is_nobody_elses_to_read(
    slack: SlackServer, start_riff: StartRiff
) -> None:
    riff = await start_riff(ScriptedGenerator("Warm, brief and plain."))
    slack.api.admins.add("U9")
    await slack.deliver("slash_commands", slack.command("voice learn", user="U9"))
    await slack.settled(lambda: slack.workspace.views)
    (view,) = slack.workspace.views
    samples = "Come in and stay a while. We bake what we like to eat. " * 4
    await slack.deliver("interactive", slack.submit(view, {"samples": samples}, user="U9"))
    await riff.idle()
    assert slack.workspace.by_riff() == []
    assert "/riff voice approve" in slack.workspace.ephemeral[-1].shown


async def test_riff_asks_one_person_alone_whether_to_remember_a_wish(
    slack: SlackServer, start_riff: StartRiff
) -> None:
    riff = await start_riff(ScriptedGenerator("Hello."))
    for text in ("shorter, about tea", "and shorter, about jars", "shorter still, about soap"):
        await slack.deliver_event(slack.say("C1", f"<@{BOT}> {text}"))
        await riff.idle()
    (question,) = [one for one in slack.workspace.ephemeral if buttons(one)]
    assert "Yes, remember" in buttons(question)
    shown = Message("C1", question.ts, BOT, blocks=question.blocks, ephemeral_for="U1")
    await press(slack, riff, shown, "Yes, remember")
    person = await riff.app.repositories.people.find(ME)
    assert person is not None
    assert (await riff.app.repositories.people.profile(person)).length == "short"


async def test_message_shortcuts_work_on_the_message(slack: SlackServer, start_riff: StartRiff) -> None:
    generator = ScriptedGenerator("**Swap Shelf**: A shelf by the door where jars are swapped.")
    riff = await start_riff(generator)
    said = slack.say("C1", "a swap shelf in the lobby", user="U2")
    await slack.deliver("interactive", slack.shortcut("riff-improve", said))
    await riff.idle()
    (answer,) = slack.workspace.by_riff("C1")
    assert answer.thread_ts == said["ts"]
    assert "A shelf by the door where jars are swapped." in answer.shown
    assert "a swap shelf in the lobby" in generator.requests[0].turns[-1].content


async def test_a_shortcut_takes_the_message_for_what_it_is(slack: SlackServer, start_riff: StartRiff) -> None:
    generator = ScriptedGenerator(IDEAS)
    riff = await start_riff(generator)
    said = slack.say("C1", "lids --nonsense 3 --tone", user="U2")
    await slack.deliver("interactive", slack.shortcut("riff-brainstorm", said))
    await riff.idle()
    assert "Stamp Card" in slack.workspace.by_riff("C1")[-1].shown
    assert "lids --nonsense 3 --tone" in generator.requests[0].turns[-1].content


async def test_app_home_shows_profile_and_ideas(slack: SlackServer, start_riff: StartRiff) -> None:
    riff = await start_riff(ScriptedGenerator(IDEAS))
    await with_cards(slack, riff)
    await slack.deliver_event({"type": "app_home_opened", "user": "U1", "channel": "D1", "tab": "home"})
    await slack.settled(lambda: "U1" in slack.workspace.homes)
    home = slack.workspace.homes["U1"]
    assert "Shelf Swap" in str(home)
    opener = next(block for block in home["blocks"] if block["type"] == "actions")["elements"][0]
    await slack.deliver("interactive", slack.home_press(opener))
    await slack.settled(lambda: slack.workspace.views)
    values = {"topic": "tea", "count": "2"}
    await slack.deliver("interactive", slack.submit(slack.workspace.views[0], values))
    await riff.idle()
    assert "Stamp Card" in slack.workspace.by_riff("D1")[-1].shown


async def test_the_assistant_pane_greets_suggests_and_gets_a_title(
    slack: SlackServer, start_riff: StartRiff
) -> None:
    riff = await start_riff(ScriptedGenerator("Hello to you."))
    opened = slack.say("D1", "")
    thread = {"user_id": "U1", "channel_id": "D1", "thread_ts": opened["ts"], "context": {}}
    await slack.deliver_event(
        {"type": "assistant_thread_started", "assistant_thread": thread, "event_ts": "1.1"}
    )
    await slack.settled(lambda: slack.workspace.prompts)
    assert len(slack.workspace.prompts[0]["prompts"]) == 4
    await slack.deliver_event(slack.say("D1", "names for a night market", thread=opened["ts"]))
    await riff.idle()
    await slack.settled(lambda: slack.workspace.titles)
    assert slack.workspace.titles["D1", opened["ts"]] == "names for a night market"
    await slack.deliver_event(slack.say("D1", "and one for a day market", thread=opened["ts"]))
    await riff.idle()
    assert slack.workspace.titles["D1", opened["ts"]] == "names for a night market"
    assert slack.workspace.by_riff("D1")[-1].shown == "Hello to you."
    assert "is thinking…" in [status for *_, status in slack.workspace.statuses]
