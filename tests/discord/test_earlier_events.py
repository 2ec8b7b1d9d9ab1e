"""What lay in the inbox, or stood in a message, before an upgrade is answered after it."""

from datetime import UTC, datetime
from typing import Any

from adapters.discord.incoming.event import Event
from bot.core.domain import Account, Brief, Place, Preferences, Task
from bot.jobs.inbox import NewEvent
from tests.discord.conftest import MakeRiff, Riff
from tests.support.discord_server import DiscordServer, buttons, text_of

Json = dict
BRIEF = {
    "task": "brainstorm",
    "subject": "tea shops",
    "count": 3,
    "technique": "",
    "max_characters": None,
    "preferences": {
        "tone": "bold",
        "length": "",
        "audience": "",
        "role": "",
        "language": "",
        "interests": [],
        "brand_voice": "",
        "voice_examples": [],
        "use_words": ["leaf"],
        "avoid_words": [],
    },
    "already": [],
    "notes": [],
    "layout": "",
    "variants": 1,
    "sections": [],
    "ending": "",
    "details": [],
}


def payload(message: Json, channel: Json, person: Json, **values: Any) -> Json:
    """As events were kept when what is meant was a "brief", or only a text."""
    return {
        "id": message["id"],
        "user": person["id"],
        "guild": channel["guild_id"],
        "channel": channel["id"],
        "place_channel": channel["id"],
        "thread": message["id"],
        "text": message["content"],
        "direct": False,
        "message": message["id"],
        "token": "",
        "app": "",
        "acknowledged": False,
        "private": False,
        "can_post": True,
        "brief": None,
        "open_thread": "",
        "files": [],
        "chain": [],
        "roles": [],
        "mentioned": True,
        "by_admin": False,
        "author_name": "person",
        "locale": "en-US",
        "is_quiet": False,
        "needs_thread": False,
        **values,
    }


async def kept(riff: Riff, event: Json) -> None:
    author = Account("discord", "", event["user"])
    await riff.app.inbox.add(
        NewEvent(event["id"], author, f"channel:{event['id']}", datetime.now(UTC), event)
    )


def test_what_was_meant_is_read_as_it_was_kept() -> None:
    event = payload({"id": "1", "content": "/brainstorm tea"}, {"id": "4", "guild_id": "3"}, {"id": "2"})
    assert Event.read(event).asked is None
    preferences = Preferences(tone="bold", use_words=("leaf",))
    wanted = Brief(Task.BRAINSTORM, "tea shops", 3, preferences=preferences)
    assert Event.read({**event, "brief": BRIEF}).asked == wanted
    press = {**BRIEF, "task": "improve", "subject": "a shelf", "already": ["Jar loan"]}
    read = Event.read({**event, "brief": press}).asked
    assert isinstance(read, Brief)
    assert (read.task, read.already) == (Task.IMPROVE, ("Jar loan",))


async def test_earlier_briefs_and_lines_are_answered(discord: DiscordServer, make_riff: MakeRiff) -> None:
    channel, person = discord.add_channel(discord.add_guild()), discord.add_user()
    riff = await make_riff()
    first = await discord.say(person, channel, "Improve this: tea shops")
    await kept(riff, payload(first, channel, person, brief=BRIEF))
    await discord.until(lambda: any("Tea walk" in text_of(said) for said in discord.said(channel)))
    asked = riff.generator.requests[0].turns
    assert "bold" in asked[0].content
    assert "tea shops" in asked[-1].content
    line = '/session start --topic "quieter lids" --minutes 20 --technique "SCAMPER" --named'
    begun = await discord.say(person, channel, line)
    await kept(riff, payload(begun, channel, person, open_thread="quieter lids", needs_thread=True))
    thread = await discord.until(lambda: discord.world.channels.get(int(begun["id"])))
    await discord.until(lambda: any("A brainstorm begins" in text_of(said) for said in discord.said(thread)))
    place = Place("discord", channel["guild_id"], channel["id"], thread["id"])
    plan = (await riff.app.repositories.brainstorms.running_in(place)).plan
    assert (plan.topic, plan.minutes, plan.technique, plan.is_anonymous) == (
        "quieter lids",
        20,
        "scamper",
        False,
    )


async def test_an_earlier_private_line_is_answered_to_its_person_alone(
    discord: DiscordServer, make_riff: MakeRiff
) -> None:
    channel, person = discord.add_channel(discord.add_guild()), discord.add_user()
    riff = await make_riff()
    dm = discord.world.dm_with(int(person["id"]))
    for line, told in (("/profile set tone wild", "tone can be"), ("/profile dance", "Usage: /profile")):
        wrong = await discord.say(person, channel, line)
        await kept(riff, payload(wrong, channel, person))
        await discord.until(lambda told=told: any(told in text_of(said) for said in discord.said(dm)))
    assert discord.said(channel) == []


async def test_an_earlier_form_and_an_earlier_button_still_work(
    discord: DiscordServer, make_riff: MakeRiff
) -> None:
    channel, person = discord.add_channel(discord.add_guild()), discord.add_user()
    riff = await make_riff()
    opened = await discord.command(person, channel, "profile", sub="edit")
    await opened.until(lambda it: it.response)
    opened.response["data"]["custom_id"] = "riff-form:profile:0:"
    saved = await discord.submit(person, opened, {"role": "a baker"})
    await saved.until(lambda it: any(map(buttons, it.shown)))
    profile = await riff.app.repositories.people.profile(
        await riff.app.repositories.people.find(Account("discord", "", person["id"]))
    )
    assert profile.role == "a baker"
    offered = next(message for message in saved.shown if buttons(message))
    button = buttons(offered)[0]
    button["custom_id"] = "riff:fields:profile"
    rest = await discord.press(person, offered, "riff:fields:profile")
    await rest.until(lambda it: it.response and it.response["type"] == 9)
    assert "interests" in str(rest.response["data"]["components"])
