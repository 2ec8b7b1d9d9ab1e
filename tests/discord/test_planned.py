"""Brainstorms for later on Discord: an event of the server where rights allow it, tags and a pin in forums."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.core.domain import Place
from bot.session.planned_jobs import PlanClock
from tests.discord.conftest import MakeRiff, Riff
from tests.support.discord_server import DiscordServer, buttons, text_of
from tests.support.discord_server.server_events import CREATE_EVENTS

Json = dict[str, Any]
ASKED = {"topic": "tea lids", "when": "tomorrow at 15:00", "zone": "Asia/Tokyo"}


def said_in(discord: DiscordServer, channel: Json) -> str:
    return "\n".join(map(text_of, discord.said(channel)))


async def planned(discord: DiscordServer, person: Json, channel: Json, **options: Any) -> None:
    asked = await discord.command(person, channel, "session", {**ASKED, **options}, sub="start")
    await asked.until(lambda it: it.shown and "15:00 (Asia/Tokyo)" in text_of(it.shown[-1]))
    assert asked.shown[-1]["flags"] & 64
    await discord.until(lambda: discord.said(channel))


async def test_it_stands_in_the_servers_events_and_begins_in_a_thread_also_after_a_restart(
    discord: DiscordServer, make_riff: MakeRiff
) -> None:
    guild = discord.add_guild()
    guild["roles"][0]["permissions"] = str(int(guild["roles"][0]["permissions"]) | CREATE_EVENTS)
    channel, person = discord.add_channel(guild), discord.add_user("Ada")
    first = await make_riff()
    await planned(discord, person, channel)
    (event,) = discord.rest.events.all.values()
    shown = text_of(discord.said(channel)[0])
    starts = datetime.fromisoformat(event["scheduled_start_time"])
    assert (event["name"], starts.hour) == ("Brainstorm: tea lids", 6)
    assert event["entity_metadata"]["location"].endswith(f"/{guild['id']}/{channel['id']}")
    assert f"<t:{int(starts.timestamp())}:F>" in shown
    assert f"https://discord.com/events/{guild['id']}/{event['id']}" in shown
    moved = await discord.command(
        person, channel, "session", {"number": 1, "when": "tomorrow 16:00"}, sub="move"
    )
    await moved.until(lambda it: it.shown and "Moved to" in text_of(it.shown[-1]))
    await discord.until(lambda: "is moved" in said_in(discord, channel))
    assert datetime.fromisoformat(event["scheduled_start_time"]).hour == 7
    await first.stop()

    riff = await make_riff()
    await PlanClock(riff.app.repositories, "en").tick(starts + timedelta(hours=1, seconds=2))
    thread = await discord.until(
        lambda: next((c for c in discord.world.channels.values() if c["name"] == "tea lids"), None)
    )
    await discord.until(lambda: "A brainstorm begins." in said_in(discord, thread))
    assert thread["parent_id"] == channel["id"]
    assert event["status"] == 2
    place = Place("discord", guild["id"], channel["id"], thread["id"])
    assert await riff.app.repositories.brainstorms.running_in(place)


async def test_without_the_right_it_is_a_message_and_its_button_calls_it_off(
    discord: DiscordServer, make_riff: MakeRiff
) -> None:
    guild = discord.add_guild()
    channel, person = discord.add_channel(guild), discord.add_user("Ada")
    await make_riff()
    await planned(discord, person, channel)
    (announced,) = discord.said(channel)
    assert "discord.com/events" not in text_of(announced)
    assert discord.rest.events.all == {}
    pressed = await discord.press(person, announced, buttons(announced)[0]["custom_id"])
    await pressed.until(lambda it: it.shown and "called off" in text_of(it.shown[-1]))
    await discord.until(lambda: "is called off" in said_in(discord, channel))


@pytest.mark.parametrize("may_pin", [True, False])
async def test_a_forums_post_is_tagged_by_phase_and_its_result_pinned(
    discord: DiscordServer, make_riff: MakeRiff, tmp_path: Path, *, may_pin: bool
) -> None:
    guild, person = discord.add_guild(), discord.add_user("Ada")
    forum = discord.add_channel(guild, forum=True)
    names = ("Tea", "Collecting ideas", "投票", "Done")
    forum["available_tags"] = [
        {"id": str(number), "name": name, "moderated": False, "emoji_id": None, "emoji_name": None}
        for number, name in enumerate(names, start=1)
    ]
    if not may_pin:
        await discord.deny(forum, "pin_messages")
    riff: Riff = await make_riff(language={"default": "en"})
    post = await discord.post(person, forum, "Lids", "Which lids?")
    post["applied_tags"] = ["1"]
    await discord.publish_to(post, "THREAD_UPDATE", post)
    await discord.command(person, post, "session", {"topic": "tea lids"}, sub="start")
    await discord.until(lambda: "A brainstorm begins" in said_in(discord, post))
    for phase, tags in ((None, ["1", "2"]), ("vote", ["1", "3"])):
        await discord.command(person, post, "session", {"phase": phase} if phase else {}, sub="skip")
        await discord.until(lambda tags=tags: post.get("applied_tags") == tags)
        if not phase:
            idea = await discord.say(person, post, "line the lid with cork")
            await discord.until(lambda idea=idea: idea.get("reactions"))
    await discord.command(person, post, "session", {}, sub="end")
    await discord.until(lambda: post.get("applied_tags") == ["1", "4"], 40)
    pinned = [text_of(message) for message in discord.said(post) if message["pinned"]]
    assert len(pinned) == (1 if may_pin else 0)
    if may_pin:
        assert pinned[0].startswith("<#")
    assert riff.app.repositories is not None
