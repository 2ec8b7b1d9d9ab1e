"""Forms in Slack: what a command without words asks, what has to be changed in one, and what a filled one comes to."""

import asyncio
from typing import Any

from tests.slack.conftest import Riff, StartRiff
from tests.support.doubles import ScriptedGenerator
from tests.support.slack_server import BOT, SlackServer
from tests.support.slack_server.state import Message


async def opened(slack: SlackServer, words: str, user: str = "U1") -> dict[str, Any]:
    """The modal that the words after `/riff` open."""
    count = len(slack.workspace.views)
    await slack.deliver("slash_commands", slack.command(words, user=user))
    await slack.settled(lambda: len(slack.workspace.views) > count)
    return slack.workspace.views[-1]


def elements(view: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {block["block_id"]: block["element"] for block in view["blocks"]}


async def test_a_session_without_words_is_asked_for_mended_at_its_field_and_begun_once_after_a_restart(
    slack: SlackServer, start_riff: StartRiff
) -> None:
    riff = await start_riff()
    view = await opened(slack, "session")
    assert view["title"]["text"] == "A team session"
    technique = elements(view)["technique"]["options"][1]
    assert (technique["text"]["text"], technique["description"]["text"][:15]) == (
        "SCAMPER",
        "Seven questions",
    )
    await riff.stop()
    riff = await start_riff()
    answer = await slack.deliver("interactive", slack.submit(view, {"topic": "quieter lids", "minutes": "2"}))
    assert answer == {
        "response_action": "errors",
        "errors": {"minutes": "A whole number from 4 to 480, please."},
    }
    await riff.idle()
    assert slack.workspace.by_riff() == []
    filled = slack.submit(view, {"topic": "quieter lids", "minutes": "20", "technique": "six hats"})
    await asyncio.gather(slack.deliver("interactive", filled), slack.deliver("interactive", filled))
    await riff.idle()
    root, begun = slack.workspace.by_riff("C1")[:2]
    assert root.shown.startswith("A brainstorm is on\n*quieter lids*")
    assert "Host: <@U1>" in root.shown
    assert begun.thread_ts == root.ts
    assert "six hats" in begun.shown
    assert [one.shown for one in slack.workspace.by_riff("C1")].count(root.shown) == 1


async def test_an_admin_picks_channels_and_people_and_reads_their_names(
    slack: SlackServer, start_riff: StartRiff
) -> None:
    slack.api.admins.add("U9")
    riff = await start_riff()
    await slack.deliver("slash_commands", slack.command("admin"))
    await slack.settled(lambda: slack.workspace.ephemeral)
    assert "Only this workspace's admins" in slack.workspace.ephemeral[-1].shown
    assert slack.workspace.views == []
    view = await opened(slack, "admin", "U9")
    kinds = {name: element["type"] for name, element in elements(view).items()}
    assert kinds == {
        "channels": "multi_conversations_select",
        "admins": "multi_users_select",
        "topics": "checkboxes",
        "blocked": "plain_text_input",
        "in_minute": "number_input",
        "in_day": "number_input",
        "in_workspace": "number_input",
    }
    filled = {"channels": ["C1", "C2"], "admins": ["U1"], "topics": ["medical"], "in_day": "50"}
    await slack.deliver("interactive", slack.submit(view, filled, user="U9"))
    await riff.idle()
    told = slack.workspace.ephemeral[-1].shown
    for part in (
        ": <#C1>, <#C2>",
        "Slack's own: <@U1>",
        "off limits: medical",
        "in a day: 50",
        "Templates: none",
    ):
        assert part in told
    again = elements(await opened(slack, "admin", "U1"))
    assert again["channels"]["initial_conversations"] == ["C1", "C2"]
    assert again["in_day"]["initial_value"] == "50"
    await slack.deliver(
        "interactive", slack.submit(slack.workspace.views[-1], {"channels": [], "in_day": ""}, user="U1")
    )
    await riff.idle()
    told = slack.workspace.ephemeral[-1].shown
    assert "I answer in: all" in told
    assert "in a day: any number" in told
    assert "off limits: medical" in told, "what was not touched stays"
    await slack.deliver("interactive", slack.submit({**view, "id": "V9"}, {"admins": ["U2"]}, user="U2"))
    await riff.idle()
    assert "Only this workspace's admins" in slack.workspace.ephemeral[-1].shown


async def test_a_design_takes_a_file(slack: SlackServer, start_riff: StartRiff) -> None:
    generator = ScriptedGenerator("Problem: helmets are bulky.")
    riff = await start_riff(generator)
    view = await opened(slack, "design")
    assert elements(view)["material"] == {"type": "file_input", "action_id": "value", "max_files": 1}
    slack.workspace.files["F1"] = b"It has to fit into a handbag."
    notes = {"id": "F1", "name": "notes.txt", "mimetype": "text/plain", "size": 29}
    notes |= {"url_private_download": slack.url.replace("/api/", "/files/F1")}
    await slack.deliver("interactive", slack.submit(view, {"topic": "a helmet", "material": [notes]}))
    await riff.idle()
    assert "It has to fit into a handbag." in generator.requests[0].turns[0].content
    assert "asked for a design brief: a helmet" in slack.workspace.by_riff("C1")[0].shown
    asked = len(generator.requests)
    broken = {**notes, "name": "notes.zip", "mimetype": "application/zip"}
    view = await opened(slack, "design")
    await slack.deliver("interactive", slack.submit(view, {"topic": "a helmet", "material": [broken]}))
    await riff.idle()
    assert len(generator.requests) == asked
    assert "notes.zip" in slack.workspace.ephemeral[-1].shown


async def test_help_is_short_has_buttons_and_the_whole_list_behind_them(
    slack: SlackServer, start_riff: StartRiff
) -> None:
    riff = await start_riff()
    await slack.deliver("slash_commands", slack.command("help"))
    await riff.idle()
    page = slack.workspace.ephemeral[-1]
    assert len(page.shown.splitlines()) < 25
    assert "/riff brainstorm: ideas about a topic" in page.shown
    pressed = buttons_of(page)
    assert list(pressed) == ["Ideas", "Names", "Copy", "Ad", "Team session", "My profile", "All commands"]
    await press(slack, riff, page, pressed["Team session"])
    await slack.settled(lambda: slack.workspace.views)
    assert slack.workspace.views[-1]["title"]["text"] == "A team session"
    await press(slack, riff, page, pressed["My profile"])
    await slack.settled(lambda: len(slack.workspace.views) > 1)
    assert slack.workspace.views[-1]["title"]["text"] == "Your profile"
    await press(slack, riff, page, pressed["All commands"])
    told = "\n".join(one.shown for one in slack.workspace.ephemeral[1:])
    assert "/riff techniques: ways to look for ideas" in told
    assert "Example: /riff ad a weekend pottery class" in told
    assert "/riff admin: settings of this workspace" in told


async def test_erasing_asks_and_no_slip_of_the_hand_starts_it(
    slack: SlackServer, start_riff: StartRiff
) -> None:
    riff = await start_riff()
    await slack.deliver("slash_commands", slack.command("profile set role baker"))
    for slip in ("privacy forgt", "forgot everything", "privacy forget eraze"):
        await slack.deliver("slash_commands", slack.command(slip))
        await riff.idle()
        assert "Did you mean" not in slack.workspace.ephemeral[-1].shown, slip
    await slack.deliver("slash_commands", slack.command("privacy forget"))
    await riff.idle()
    question = slack.workspace.ephemeral[-1]
    pressed = buttons_of(question)
    assert list(pressed) == ["Download first", "Erase everything", "Cancel"]
    told = []
    for label in ("Cancel", "Erase everything", "Erase everything"):
        said = len(slack.workspace.ephemeral)
        await press(slack, riff, question, pressed[label])
        await slack.settled(
            lambda said=said: len(slack.workspace.ephemeral) > said
        )  # its event goes with the rest
        told.append(slack.workspace.ephemeral[-1].shown)
    assert "Nothing was erased" in told[0]
    assert "is erased" in told[1]
    assert "Only the person who was asked" in told[2]
    assert slack.workspace.by_riff() == []


def buttons_of(message: Message) -> dict[str, dict[str, Any]]:
    """The buttons of a message, each with its block's id, by label."""
    return {
        element["text"]["text"]: {**element, "block_id": block["block_id"]}
        for block in message.blocks
        if block["type"] == "actions"
        for element in block["elements"]
    }


async def press(slack: SlackServer, riff: Riff, page: Message, button: dict[str, Any]) -> None:
    shown = Message("C1", page.ts, BOT, blocks=page.blocks, ephemeral_for="U1")
    await slack.deliver("interactive", slack.press(shown, button))
    await riff.idle()
