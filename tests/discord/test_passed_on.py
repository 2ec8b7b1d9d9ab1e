"""What people pass on reaches the model: forwarded messages, embeds, quoted replies and their files."""

from typing import Any

from tests.discord.conftest import MakeRiff, Riff
from tests.support.discord_server import DiscordServer, text_of
from tests.support.discord_server.world import timestamp

FORWARDED = "We lend umbrellas at the till <:rain:123456789012345678>"
EMBED = {
    "type": "rich",
    "title": "Tea garden",
    "description": "Grow mint on the roof.",
    "fields": [{"name": "Cost", "value": "ten pots", "inline": True}],
}


def forward(message: dict[str, Any], **rest: Any) -> dict[str, Any]:
    """The fields of a message that forwards another."""
    snapshot = {
        "type": 0,
        "content": message["content"],
        "embeds": [],
        "attachments": [],
        "timestamp": timestamp(),
        "edited_timestamp": None,
        "flags": 0,
        "mentions": [],
        "mention_roles": [],
        **rest,
    }
    reference = {"type": 1, "channel_id": message["channel_id"], "message_id": message["id"]}
    return {"message_reference": reference, "message_snapshots": [{"message": snapshot}], "flags": 1 << 14}


def asked(riff: Riff) -> str:
    """What the model was asked last."""
    return riff.generator.requests[-1].turns[-1].content


async def test_a_forwarded_message_is_what_is_talked_about(
    discord: DiscordServer, make_riff: MakeRiff
) -> None:
    channel, person = discord.add_channel(discord.add_guild()), discord.add_user()
    dm = discord.world.dm_with(int(person["id"]))
    riff = await make_riff("Yes.", "Yes, too.", "And yes.")
    original = await discord.say(discord.add_user(), channel, FORWARDED)
    await discord.say(person, dm, "", **forward(original))
    await discord.until(lambda: discord.said(dm) and text_of(discord.said(dm)[-1]) == "Yes.")
    assert asked(riff) == "We lend umbrellas at the till :rain:"

    shared = await discord.say(person, channel, "", **forward(original, content="", embeds=[EMBED]))
    await discord.reply(discord.add_user(), shared, f"<@{discord.world.bot['id']}> /improve",
                        mentions=[discord.world.bot])  # fmt: skip
    await discord.until(lambda: discord.said(channel) and text_of(discord.said(channel)[-1]))
    prompt = " ".join(turn.content for turn in riff.generator.requests[-1].turns)
    assert "Grow mint on the roof." in prompt
    assert "Cost: ten pots" in prompt


async def test_files_of_what_is_forwarded_or_answered_are_read(
    discord: DiscordServer, make_riff: MakeRiff
) -> None:
    channel, person = discord.add_channel(discord.add_guild()), discord.add_user()
    riff = await make_riff("One.", "Two.")
    notes = discord.keep_file("notes.txt", "Идеи для кафе: зонты напрокат".encode("koi8_r"))
    picture = discord.keep_file("roof.png", b"..", "image/png")
    original = await discord.say(discord.add_user(), channel, "see this", attachments=[notes, picture])
    await discord.reply(
        person, original, f"<@{discord.world.bot['id']}> sum up", mentions=[discord.world.bot]
    )
    await discord.until(lambda: [text_of(one) for one in discord.said(channel)] == ["One."])
    assert asked(riff) == "sum up\n\nsee this\n\nAttached file:\nИдеи для кафе: зонты напрокат"


async def test_a_file_that_is_no_text_is_refused_by_its_name(
    discord: DiscordServer, make_riff: MakeRiff
) -> None:
    channel, person = discord.add_channel(discord.add_guild()), discord.add_user()
    await make_riff("Yes.")
    broken = discord.keep_file("old notes.txt", bytes(range(256)))
    await discord.say(person, channel, "sum up", mention=True, attachments=[broken])
    await discord.until(lambda: discord.said(channel))
    told = text_of(discord.said(channel)[-1])
    assert "old notes.txt" in told
    assert "encoded" in told


async def test_a_menu_on_an_embed_is_about_its_words(discord: DiscordServer, make_riff: MakeRiff) -> None:
    channel, person = discord.add_channel(discord.add_guild()), discord.add_user()
    riff = await make_riff("A better one.")
    message = discord.world.add_message(channel, discord.add_user(), embeds=[EMBED])
    await discord.command(person, channel, "Improve this", target=message)
    await discord.until(lambda: riff.generator.requests)
    assert "Grow mint on the roof." in " ".join(turn.content for turn in riff.generator.requests[0].turns)
