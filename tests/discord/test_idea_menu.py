"""What people do with ideas in Discord: the card in the channel, the menu of the board, reactions, deleted messages."""

import asyncio
from typing import Any

from tests.discord.conftest import MakeRiff, Riff
from tests.discord.test_brainstorms import started
from tests.support.discord_server import DiscordServer, buttons, text_of
from tests.support.discord_server.interactions import Interaction

Json = dict[str, Any]


async def until_board(riff: Riff, expected: list[str]) -> None:
    boards = riff.app.repositories.boards
    (running,) = await riff.app.repositories.brainstorms.running()
    async with asyncio.timeout(10):
        while [card.title for card in await boards.cards(running.id)] != expected:  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def collecting(discord: DiscordServer, person: Json, thread: Json) -> None:
    asked = await discord.command(person, thread, "session", sub="skip")
    await asked.until(lambda it: "phase" in " ".join(map(text_of, it.shown)))


async def idea(discord: DiscordServer, person: Json, thread: Json, text: str) -> Json:
    message = await discord.say(person, thread, text)
    await discord.until(lambda: message.get("reactions"))
    return message


def pressable(message: Json, label: str) -> str:
    return next(part["custom_id"] for part in buttons(message) if part.get("label") == label)


async def pressed(
    discord: DiscordServer, who: Json, message: Json, custom_id: str, said: str, values: Any = None
) -> Interaction:
    """A press after which the person sees `said`, in a new message or in place."""
    it = await discord.press(who, message, custom_id, values)
    return await it.until(lambda one: any(said in text_of(shown) for shown in one.shown))


async def test_the_card_in_the_channel_and_the_board_of_one_person_do_what_the_thread_does(
    discord: DiscordServer, make_riff: MakeRiff
) -> None:
    channel, host, guest = discord.add_channel(discord.add_guild()), discord.add_user(), discord.add_user()
    riff = await make_riff()
    thread = await started(discord, host, channel)
    (card,) = discord.said(channel)
    await discord.until(lambda: "A brainstorm is on" in text_of(card))
    assert f"Host: <@{host['id']}>" in text_of(card)
    assert "Ends: <t:" in text_of(card)
    await collecting(discord, host, thread)
    await idea(discord, guest, thread, "line the lid with crok")
    await idea(discord, host, thread, "a magnet that catches the handle")
    shown = await pressed(discord, guest, card, pressable(card, "Board"), "crok")
    board = shown.shown[0]
    assert board["flags"] & 64
    (menu,) = (part for part in buttons(board) if part["type"] == 3)
    await pressed(discord, guest, board, menu["custom_id"], "Idea 1", [menu["options"][0]["value"]])
    own = board  # changed in place
    edit = await discord.press(guest, own, pressable(own, "Edit"))
    await edit.until(lambda it: it.response and it.response["type"] == 9)
    await discord.submit(guest, edit, {"text": "line the lid with cork"})
    await until_board(riff, ["line the lid with cork", "a magnet that catches the handle"])
    off = await pressed(discord, guest, own, pressable(own, "Withdraw"), "off the board")
    await until_board(riff, ["a magnet that catches the handle"])
    await pressed(discord, guest, off.shown[0], pressable(off.shown[0], "Put it back"), "back on the board")
    await until_board(riff, ["line the lid with cork", "a magnet that catches the handle"])
    steer = next(part["custom_id"] for part in buttons(card) if part["custom_id"].startswith("riff:host:"))
    await pressed(discord, guest, card, steer, "Only who started", ["next"])
    await pressed(discord, host, card, steer, "voting", ["next"])
    await discord.until(lambda: "voting (now)" in text_of(card))


async def test_where_a_person_asked_in_words_the_card_answers_their_message(
    discord: DiscordServer, make_riff: MakeRiff
) -> None:
    channel, person = discord.add_channel(discord.add_guild()), discord.add_user()
    await make_riff()
    await discord.say(person, channel, '/session start "tea lids" 20', mention=True)
    card = await discord.until(lambda: next(iter(discord.said(channel)), None))
    assert "A brainstorm is on" in text_of(card)
    assert f"https://discord.com/channels/{channel['guild_id']}/" in str(card["components"]), "Join leads in"


async def test_in_a_thread_that_the_client_does_not_know_deleted_messages_and_crosses_count(
    discord: DiscordServer, make_riff: MakeRiff
) -> None:
    channel, person = discord.add_channel(discord.add_guild()), discord.add_user()
    first = await make_riff()
    thread = await started(discord, person, channel)
    await collecting(discord, person, thread)
    gone = await idea(discord, person, thread, "line the lid with cork")
    crossed = await idea(discord, person, thread, "a magnet that catches the handle")
    await first.stop()
    hidden = discord.world.channels.pop(int(thread["id"]))  # no GUILD_CREATE tells of it
    for session in discord.gateway.sessions.values():
        session.is_valid = False
    riff = await make_riff()
    discord.world.channels[int(thread["id"])] = hidden
    await discord.remove(thread, gone)
    await until_board(riff, ["a magnet that catches the handle"])
    await discord.react(person, crossed, "❌")
    await until_board(riff, [])
    await discord.react(person, crossed, "❌", taken=True)
    await until_board(riff, ["a magnet that catches the handle"])
