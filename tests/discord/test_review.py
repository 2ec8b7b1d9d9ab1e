"""Moderators of a server look at what was stopped, in a channel that they alone read or in direct messages."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.places.review_desk import ReviewClock
from tests.discord.conftest import MakeRiff, Riff
from tests.support.discord_server import DiscordServer, buttons, text_of
from tests.support.discord_server.world import PERMISSIONS
from tests.support.light import FORBIDDEN

Json = dict[str, Any]


def keeps_texts(folder: Path) -> Json:
    return {"storage": {"url": f"sqlite:///{folder}/riff.db", "keep_audit_text": True}}


async def look(riff: Riff, later: float = 0) -> None:
    await ReviewClock(riff.app.repositories, "en").tick(datetime.now(UTC) + timedelta(seconds=later))


def private_channel(discord: DiscordServer, guild: Json) -> Json:
    channel = discord.add_channel(guild, "moderators")
    closed = {"id": guild["id"], "type": 0, "allow": "0", "deny": str(PERMISSIONS["view_channel"])}
    channel["permission_overwrites"] = [closed]
    return channel


def named(message: Json, kind: str) -> list[str]:
    return [part["custom_id"] for part in buttons(message) if part["custom_id"].startswith(f"riff:{kind}:")]


async def test_moderators_decide_in_place_and_others_see_who_was_first(
    discord: DiscordServer, make_riff: MakeRiff, tmp_path: Path
) -> None:
    guild = discord.add_guild()
    channel, closed = discord.add_channel(guild), private_channel(discord, guild)
    admin, one, other, person = (discord.add_user(name) for name in ("Ada", "Bo", "Cy", "Di"))
    discord.make_admin(guild, admin)
    riff = await make_riff(**keeps_texts(tmp_path))
    set_by = await discord.command(admin, channel, "riff-admin", {"channel": closed["id"]}, sub="moderators")
    await set_by.until(lambda it: it.shown and "I say so there now" in text_of(it.shown[0]))
    await discord.until(lambda: discord.said(closed))
    assert "Others can read along" not in text_of(discord.said(closed)[0])
    for number in range(2):
        await discord.say(person, channel, f"{number} ||{FORBIDDEN}|| @everyone", mention=True)
        await discord.until(lambda count=number: len(discord.said(channel)) > count)
    await look(riff)
    shown = await discord.until(lambda: discord.said(closed)[1:] and discord.said(closed)[1])
    assert f"||0 \\|\\|{FORBIDDEN}\\|\\| @everyone||" in text_of(shown)
    assert shown["_allowed_mentions"] == {"parse": [], "replied_user": False}
    assert not any(FORBIDDEN in text_of(message) for message in discord.said(channel))

    first, second = await asyncio.gather(
        discord.press(one, shown, named(shown, "approve")[0]),
        discord.press(other, shown, named(shown, "uphold")[0]),
    )
    await discord.until(lambda: "1 text to look at." in text_of(shown))
    winner = "Bo" if "Approved by Bo." in text_of(shown) else "Cy"
    late = second if winner == "Bo" else first
    await late.until(lambda it: it.followups and f"{winner} has" in text_of(it.followups[0]))
    assert late.followups[0]["flags"] & 64
    opened = await discord.press(other, shown, named(shown, "rule")[0])
    await opened.until(lambda it: it.response)
    filled = await discord.submit(other, opened, {"term": "plumbus"})
    await filled.until(lambda it: it.followups and "holds from now on" in text_of(it.followups[0]))
    assert "Upheld by Cy." in text_of(shown)
    assert buttons(shown) == []
    (kept,) = await riff.app.policies.changes(1)
    assert (kept.after, kept.scope.channel) == (["plumbus"], channel["id"])


async def test_an_open_channel_shows_no_text_and_people_are_told_in_direct_messages(
    discord: DiscordServer, make_riff: MakeRiff, tmp_path: Path
) -> None:
    guild = discord.add_guild()
    channel, admin, person = discord.add_channel(guild), discord.add_user("Ada"), discord.add_user("Di")
    discord.make_admin(guild, admin)
    riff = await make_riff(**keeps_texts(tmp_path))
    at = await discord.command(admin, channel, "riff-admin", {"channel": channel["id"]}, sub="moderators")
    await at.until(lambda it: it.shown)
    await discord.until(lambda: "Others can read along" in "".join(map(text_of, discord.said(channel))))
    await discord.say(person, channel, f"a {FORBIDDEN}", mention=True)
    await discord.until(lambda: len(discord.said(channel)) > 1)
    await look(riff)
    shown = await discord.until(lambda: next((m for m in discord.said(channel) if named(m, "approve")), None))
    assert FORBIDDEN not in text_of(shown)
    refused = await discord.press(person, shown, named(shown, "approve")[0])
    await refused.until(lambda it: it.followups and "who moderate here" in text_of(it.followups[0]))
    await discord.press(admin, shown, named(shown, "approve")[0])
    await discord.until(lambda: "Approved by Ada." in text_of(shown))

    again = await discord.command(admin, channel, "riff-admin", {"person": admin["id"]}, sub="moderators")
    await again.until(lambda it: it.shown)
    alone = discord.world.dm_with(int(admin["id"]))
    await discord.until(lambda: discord.said(alone))
    await discord.say(person, channel, f"b {FORBIDDEN}", mention=True)
    await discord.until(lambda: len(discord.said(channel)) > 3)
    await look(riff, later=61)
    told = await discord.until(lambda: next((m for m in discord.said(alone) if named(m, "uphold")), None))
    assert f"||b {FORBIDDEN}||" in text_of(told)
    await discord.press(admin, told, named(told, "uphold")[0])
    await discord.until(lambda: "Upheld by Ada." in text_of(told))
