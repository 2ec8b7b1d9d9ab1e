"""A command that is added as one file is one of Discord's too: its options, its form and its answers."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.discord.conftest import MakeRiff
from tests.support.discord_server import DiscordServer, text_of
from tests.support.new_command import pack_added

Json = dict
ANSWER = "little for 3 days at the sea in rain with 2"


@pytest.fixture(autouse=True)
def _pack(tmp_path: Path) -> Iterator[None]:
    folder = tmp_path / "commands"
    folder.mkdir()
    with pack_added(folder):
        yield


async def test_its_verbs_are_sub_commands_with_typed_options(
    discord: DiscordServer, make_riff: MakeRiff
) -> None:
    channel, person = discord.add_channel(discord.add_guild()), discord.add_user()
    await make_riff()
    pack = next(command for command in discord.rest.commands[0] if command["name"] == "pack")
    subs = {sub["name"]: sub for sub in pack["options"]}
    assert set(subs) == {"list", "clear"}
    options = {option["name"]: option for option in subs["list"]["options"]}
    assert {name: option["type"] for name, option in options.items()} == {
        "place": 3,
        "days": 4,
        "weather": 3,
        "with": 3,
        "light": 5,
    }
    assert options["days"]["max_value"] == 30
    assert [choice["value"] for choice in options["weather"]["choices"]] == ["sun", "rain", "snow"]
    given = {"place": "the sea", "days": 3, "weather": "rain", "with": "Ann, Bo", "light": True}
    told = await discord.command(person, channel, "pack", given, sub="list")
    await told.until(lambda it: it.shown and ANSWER in text_of(it.shown[0]))
    assert all(message["flags"] & 64 for message in told.shown)


async def test_its_form_opens_where_it_says_too_little(discord: DiscordServer, make_riff: MakeRiff) -> None:
    channel, person = discord.add_channel(discord.add_guild()), discord.add_user()
    await make_riff()
    opened = await discord.command(person, channel, "pack", {"days": 3}, sub="list")
    await opened.until(lambda it: it.response)
    modal = opened.response["data"]
    assert modal["title"] == "Pack"
    inputs = {label["component"]["custom_id"]: label["component"] for label in modal["components"]}
    assert list(inputs) == ["place", "days", "weather:one", "with", "light:one"]
    assert inputs["days"]["value"] == "3"
    filled = {"place": "the sea", "weather:one": ["rain"], "with": "Ann, Bo", "light:one": ["yes"]}
    told = await discord.submit(person, opened, filled)
    await told.until(lambda it: it.shown and ANSWER in text_of(it.shown[0]))
