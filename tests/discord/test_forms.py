"""Forms on Discord: what a command without words asks, what was typed and has to be changed, and what comes of them."""

from typing import Any

from tests.discord.conftest import MakeRiff
from tests.support.discord_server import DiscordServer, buttons, text_of

Json = dict[str, Any]


def inputs(opened: Any) -> dict[str, Json]:
    """The components of the modal that an interaction was answered with, by field."""
    shown = opened.response["data"]["components"]
    return {label["component"]["custom_id"].partition(":")[0]: label["component"] for label in shown}


def texts(interaction: Any) -> str:
    return "\n".join(map(text_of, interaction.shown))


async def test_what_was_typed_comes_back_after_a_restart_and_the_session_begins(
    discord: DiscordServer, make_riff: MakeRiff
) -> None:
    channel, person = discord.add_channel(discord.add_guild()), discord.add_user()
    riff = await make_riff()
    opened = await discord.command(person, channel, "session", sub="start")
    await opened.until(lambda it: it.response)
    assert opened.response["data"]["title"] == "A team session"
    assert inputs(opened)["technique"]["options"][1]["description"].startswith("Seven questions")
    typed = {"topic": "**quieter** lids", "minutes": "two", "technique:one": ["six hats"]}
    returned = await discord.submit(person, opened, typed)
    await returned.until(lambda it: it.shown)
    (message,) = returned.shown
    assert message["flags"] & 64
    assert "A whole number from 4 to 480, please." in text_of(message)
    await riff.stop()
    await make_riff()
    again = await discord.press(person, message, buttons(message)[0]["custom_id"])
    await again.until(lambda it: it.response)
    held = inputs(again)
    assert (held["topic"]["value"], held["minutes"]["value"]) == ("**quieter** lids", "two")
    assert [each["value"] for each in held["technique"]["options"] if each.get("default")] == ["six hats"]
    begun = await discord.submit(person, again, {"minutes": "20"})
    await discord.until(lambda: begun.original and int(begun.original["id"]) in discord.world.channels)
    thread = discord.world.channels[int(begun.original["id"])]
    await discord.until(lambda: discord.said(thread))
    assert f"**<@{person['id']}>** started a team session" in text_of(begun.original)
    assert "six hats" in text_of(discord.said(thread)[0])


async def test_an_admin_picks_channels_and_roles_and_reads_their_names(
    discord: DiscordServer, make_riff: MakeRiff
) -> None:
    guild, admin, person = discord.add_guild(), discord.add_user(), discord.add_user()
    channel, other = discord.add_channel(guild), discord.add_channel(guild, "other")
    discord.make_admin(guild, admin)
    await make_riff()
    refused = await discord.command(person, channel, "riff-admin", sub="settings")
    await refused.until(lambda it: "may manage this server" in texts(it))
    opened = await discord.command(admin, channel, "riff-admin", sub="settings")
    await opened.until(lambda it: it.response)
    kinds = {name: item["type"] for name, item in inputs(opened).items()}
    assert kinds == {"channels": 8, "roles": 6, "answered": 8, "topics": 3, "blocked": 4}
    filled = {"channels:many": [channel["id"], other["id"]], "topics:many": ["medical"]}
    saved = await discord.submit(admin, opened, filled)
    await saved.until(lambda it: it.shown)
    assert f"<#{channel['id']}>, <#{other['id']}>" in texts(saved)
    assert "off limits: medical" in texts(saved)
    forbidden = await discord.submit(person, opened, filled)
    await forbidden.until(lambda it: "may manage this server" in texts(it))
    rest = await discord.press(admin, saved.shown[0], buttons(saved.shown[0])[0]["custom_id"])
    await rest.until(lambda it: it.response)
    assert list(inputs(rest)) == ["in_minute", "in_day", "in_workspace"]
    wrong = await discord.submit(admin, rest, {"in_day": "many"})
    await wrong.until(lambda it: "A whole number from 1 to 100000" in texts(it))
    last = await discord.submit(admin, rest, {"in_day": "50"})
    await last.until(lambda it: "in a day: 50" in texts(it))
    assert f"<#{channel['id']}>" in texts(last), "what was not asked for stays"
    again = await discord.command(admin, channel, "riff-admin", sub="settings")
    await again.until(lambda it: it.response)
    held = {each["id"] for each in inputs(again)["channels"]["default_values"]}
    assert held == {channel["id"], other["id"]}


async def test_a_design_takes_a_file_in_its_form_and_as_an_option(
    discord: DiscordServer, make_riff: MakeRiff
) -> None:
    channel, person = discord.add_channel(discord.add_guild()), discord.add_user()
    riff = await make_riff("Problem: helmets are bulky.")
    notes = discord.keep_file("notes.txt", b"It has to fit into a handbag.")
    opened = await discord.command(person, channel, "design")
    await opened.until(lambda it: it.response)
    assert inputs(opened)["material"]["type"] == 19
    filled = {"topic": "a helmet", "material:file": [notes["id"]]}
    asked = await discord.submit(person, opened, filled, [notes])
    await asked.until(lambda it: it.original and "bulky" in text_of(it.original))
    assert "It has to fit into a handbag." in riff.generator.requests[0].turns[0].content


async def test_help_links_what_is_registered_and_has_buttons(
    discord: DiscordServer, make_riff: MakeRiff
) -> None:
    channel, person = discord.add_channel(discord.add_guild()), discord.add_user()
    await make_riff()
    ids = {command["name"]: command["id"] for command in discord.rest.commands[0]}
    page = await discord.command(person, channel, "help")
    await page.until(lambda it: it.shown and buttons(it.shown[-1]))
    assert len(page.shown) == 1, "nothing is left that says thinking"
    assert f"</brainstorm:{ids['brainstorm']}>: ideas about a topic" in texts(page)
    assert f"</session start:{ids['session']}>" in texts(page)
    pressed = {button["label"]: button["custom_id"] for button in buttons(page.shown[-1])}
    opened = await discord.press(person, page.shown[-1], pressed["Names"])
    await opened.until(lambda it: it.response)
    assert opened.response["data"]["title"] == "Names"
    every = await discord.press(person, page.shown[-1], pressed["All commands"])
    await every.until(lambda it: "techniques" in texts(it) and "/voice set field: avoid" in texts(it))
    assert "/like" not in texts(every), "what buttons stand for is not registered"
    assert all(message["flags"] & 64 for message in every.shown)
    for name in ids.keys() - {"riff-admin", "Brainstorm on this", "Improve this"}:
        assert f":{ids[name]}>" in texts(every), name
