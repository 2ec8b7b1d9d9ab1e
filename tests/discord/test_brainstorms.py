"""Facilitated brainstorms as Discord shows them: a thread, marks, panels with buttons, pictures, outcomes."""

import asyncio
from typing import Any

import pytest

from bot.core.buttons import Action, ActionKind, Button, Panel, Row
from bot.core.commands import all_commands
from bot.core.domain import Document, Place
from bot.core.notices import Notice
from bot.jobs.scheduled import ScheduledJob
from tests.discord.conftest import MakeRiff, Riff
from tests.support.discord_server import DiscordServer, buttons, text_of

Json = dict
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 64


def texts(discord: DiscordServer, channel: Json) -> list[str]:
    return [text_of(message) for message in discord.said(channel)]


async def started(discord: DiscordServer, person: Json, channel: Json, **options: Any) -> Json:
    """The thread of a brainstorm that a person started by command."""
    asked = await discord.command(person, channel, "session", {"topic": "tea lids", **options}, sub="start")
    thread = await discord.until(
        lambda: asked.original and discord.world.channels.get(int(asked.original["id"]))
    )
    await discord.until(lambda: discord.said(thread))
    return thread


async def sent(riff: Riff, job: ScheduledJob) -> None:
    """The errand goes through the inbox, as the facilitator's do."""
    await riff.app.inbox.add(job.event(f"job:{job.event_id}"))


async def test_every_verb_of_the_session_command_is_a_sub_command_with_what_it_takes(
    discord: DiscordServer, make_riff: MakeRiff
) -> None:
    await make_riff()
    command = next(each for each in discord.rest.commands[0] if each["name"] == "session")
    verbs = {verb.name for verb in all_commands()["session"].verbs}
    subs = {sub["name"]: sub for sub in command["options"]}
    assert verbs == set(subs)
    assert [option["name"] for option in subs["start"]["options"]][:3] == ["topic", "minutes", "technique"]


async def test_a_brainstorm_has_a_thread_of_its_own_in_which_ideas_are_marked_without_a_mention(
    discord: DiscordServer, make_riff: MakeRiff
) -> None:
    channel, person, other = discord.add_channel(discord.add_guild()), discord.add_user(), discord.add_user()
    riff = await make_riff()
    thread = await started(discord, person, channel, minutes=30, technique="scamper")
    assert thread["name"] == "tea lids"
    place = Place("discord", channel["guild_id"], channel["id"], thread["id"])
    running = await riff.app.repositories.brainstorms.running_in(place)
    assert (running.plan.topic, running.plan.technique) == ("tea lids", "scamper")
    await (await discord.command(person, thread, "session", sub="skip")).until(
        lambda it: "phase" in " ".join(map(text_of, it.shown))
    )
    idea = await discord.say(person, thread, "line the lid with cork")
    more = await discord.reply(other, idea, "and dye the cork")
    await discord.until(lambda: idea.get("reactions") and more.get("reactions"))
    cards = await riff.app.repositories.boards.cards(running.id)
    assert len(cards) >= 2


async def test_a_brainstorm_starts_by_mention_in_a_thread_and_in_a_direct_message_where_it_is(
    discord: DiscordServer, make_riff: MakeRiff
) -> None:
    channel, person = discord.add_channel(discord.add_guild()), discord.add_user()
    riff = await make_riff()
    wrong = await discord.say(person, channel, "/session start tea lids --votes many", mention=True)
    await discord.until(lambda: "whole number" in " ".join(texts(discord, channel)))
    asked = await discord.say(person, channel, '/session start "tea lids" 20', mention=True)
    thread = await discord.until(lambda: discord.world.channels.get(int(asked["id"])))
    await discord.until(lambda: "A brainstorm begins" in " ".join(texts(discord, thread)))
    assert int(wrong["id"]) not in discord.world.channels
    dm = discord.world.dm_with(int(person["id"]))
    await discord.say(person, dm, "/session start jars")
    await discord.until(lambda: "A brainstorm begins" in " ".join(texts(discord, dm)))
    await discord.say(person, dm, "/session skip")
    await discord.until(lambda: "next phase" in " ".join(texts(discord, dm)))
    idea = await discord.say(person, dm, "lend them to neighbours")
    await discord.until(lambda: idea.get("reactions"))
    topics = [running.plan.topic for running in await riff.app.repositories.brainstorms.running()]
    assert topics == ["tea lids", "jars"]


async def test_no_thread_no_brainstorm_and_the_person_learns_why(
    discord: DiscordServer, make_riff: MakeRiff
) -> None:
    channel, person = discord.add_channel(discord.add_guild()), discord.add_user()
    riff = await make_riff()
    await discord.deny(channel, "create_public_threads")
    asked = await discord.command(person, channel, "session", {"topic": "tea"}, sub="start")
    await asked.until(lambda it: it.shown and "Create Public Threads" in text_of(it.shown[0]))
    options = {"topic": "t", "daily": 9, "zone": "Europe/Berlino"}
    wrong = await discord.command(person, channel, "session", options, sub="start")
    await wrong.until(lambda it: it.shown and "such as Europe/Berlin." in text_of(it.shown[0]))
    assert await riff.app.repositories.brainstorms.running() == []


async def test_without_message_content_people_learn_how_ideas_get_on_the_board(
    discord: DiscordServer, make_riff: MakeRiff
) -> None:
    discord.gateway.content_allowed = False
    channel, person = discord.add_channel(discord.add_guild()), discord.add_user()
    riff = await make_riff()
    thread = await started(discord, person, channel)
    await discord.until(lambda: "/session idea" in " ".join(texts(discord, thread)))
    await (await discord.command(person, thread, "session", sub="skip")).until(
        lambda it: "phase" in " ".join(map(text_of, it.shown))
    )
    given = await discord.command(person, thread, "session", {"text": "line the lid with cork"}, sub="idea")
    await given.until(lambda it: it.shown and not it.shown[0]["flags"] & 128)
    place = Place("discord", channel["guild_id"], channel["id"], thread["id"])
    running = await riff.app.repositories.brainstorms.running_in(place)
    assert [card.title for card in await riff.app.repositories.boards.cards(running.id)] == [
        "line the lid with cork"
    ]


async def test_options_of_a_session_are_completed(discord: DiscordServer, make_riff: MakeRiff) -> None:
    channel, person = discord.add_channel(discord.add_guild()), discord.add_user()
    await make_riff()
    for typed in ("Europe/Ber", "berli"):
        offered = await discord.command(
            person, channel, "session", {"zone": typed}, sub="start", focused="zone"
        )
        await offered.until(lambda it: it.response)
        assert "Europe/Berlin" in [choice["value"] for choice in offered.response["data"]["choices"]]
    start = next(each for each in discord.rest.commands[0] if each["name"] == "session")["options"][0]
    technique = next(option for option in start["options"] if option["name"] == "technique")
    assert "six hats" in [choice["value"] for choice in technique["choices"]]


async def test_an_errand_shows_notices_panels_and_pictures_once_also_after_a_crash(
    discord: DiscordServer, make_riff: MakeRiff
) -> None:
    channel = discord.add_channel(discord.add_guild())
    riff = await make_riff()
    place = Place("discord", channel["guild_id"], channel["id"])
    rows = [
        Row(
            (await riff.app.moderator.passed(f"{number}. a lid of cork " + "x" * 150))[0], vote_button(number)
        )
        for number in range(1, 21)
    ]
    attempts: list[bool] = []

    async def show(job: ScheduledJob, shown: Any, resume: bool) -> None:
        attempts.append(resume)
        await shown.notice(Notice("Voting begins.", private=False))
        await shown.panel(Panel(Notice("Vote for ideas."), tuple(rows), (board_button(),)))
        if len(attempts) == 1:
            raise RuntimeError("a crash half way")
        await shown.document(Document("map.png", "image/png", PNG, "The map", "20 ideas in one region"))

    riff.app.scheduled_jobs.register("test", show)
    await sent(riff, ScheduledJob("brainstorm:1:vote", place, "test"))
    await discord.until(lambda: discord.said(channel) and discord.said(channel)[-1]["attachments"], 30)
    await asyncio.sleep(0.3)
    assert attempts == [False, True]
    said = discord.said(channel)
    assert text_of(said[0]) == "Voting begins."
    assert sum(text_of(message).count("a lid of cork") for message in said) == 20
    assert [part["custom_id"] for message in said for part in buttons(message)] == [
        *(f"riff:vote:{number}" for number in range(1, 21)),
        "riff:board:1",
    ]
    picture = said[-1]["attachments"][0]
    assert picture["content_type"] == "image/png"
    assert picture["description"] == "20 ideas in one region"
    assert not await riff.app.repositories.platform_state.named("discord", "errand:")


async def test_a_vote_is_told_to_the_voter_alone_also_after_a_restart(
    discord: DiscordServer, make_riff: MakeRiff
) -> None:
    channel, person = discord.add_channel(discord.add_guild()), discord.add_user()
    first = await make_riff()
    thread = await started(discord, person, channel)
    await (await discord.command(person, thread, "session", sub="skip")).until(
        lambda it: "phase" in " ".join(map(text_of, it.shown))
    )
    idea = await discord.say(person, thread, "line the lid with cork")
    await discord.until(lambda: idea.get("reactions"))
    await discord.command(person, thread, "session", {"phase": "vote"}, sub="skip")
    panel = await discord.until(lambda: next((m for m in discord.said(thread) if votes_in(m)), None), 30)
    await first.stop()
    second = await make_riff()
    pressed = await discord.press(person, panel, votes_in(panel)[0])
    await pressed.until(lambda it: it.shown and "Your votes" in text_of(it.shown[0]))
    assert all(message["flags"] & 64 for message in pressed.shown)
    (form,) = pressed.shown
    (menu,) = buttons(form)
    for _twice in range(2):
        voted = await discord.press(person, form, menu["custom_id"], [menu["options"][0]["value"]])
        await voted.until(lambda it: it.response and it.response["type"] == 7)
        assert "2 of 3" in text_of(form), "it is changed in place"
    assert await votes_on(second, thread) == [1]
    await discord.gateway.repeat(0, 2)
    await asyncio.sleep(3.2)  # from now on nobody can answer the press any more
    await second.stop()
    state = second.app.repositories.platform_state
    for name, session in (await state.named("discord", "session:")).items():
        await state.put("discord", name, {**session, "seq": session["seq"] - 4})
    third = await make_riff()
    await (await discord.command(person, thread, "session", sub="pause")).until(
        lambda it: "Paused" in " ".join(map(text_of, it.shown))
    )
    assert await votes_on(third, thread) == [1]


@pytest.mark.parametrize("where", ["forum", "text"])
async def test_an_outcome_is_a_post_in_a_forum_and_a_file_elsewhere(
    where: str, discord: DiscordServer, make_riff: MakeRiff
) -> None:
    guild, person = discord.add_guild(), discord.add_user()
    parent = discord.add_channel(guild, forum=where == "forum")
    riff = await make_riff()
    thread = await discord.post(person, parent, "Lids", "Which lids?")
    attempts: list[bool] = []

    async def show(job: ScheduledJob, shown: Any, resume: bool) -> None:
        attempts.append(resume)
        content = ("# Outcome\n\n" + "Cork it. " * 400).encode()
        await shown.document(Document("outcome.md", "text/markdown", content, "Outcome: lids"))
        if not resume:
            raise RuntimeError("a crash at the end")

    riff.app.scheduled_jobs.register("test", show)
    place = Place("discord", guild["id"], parent["id"], thread["id"])
    await sent(riff, ScheduledJob("brainstorm:1:end", place, "test"))
    await discord.until(lambda: len(attempts) == 2, 30)
    await discord.until(lambda: discord.said(thread))
    posts = [c for c in discord.world.channels.values() if c["name"] == "Outcome: lids"]
    assert len(posts) == (1 if where == "forum" else 0)
    assert len(discord.said(thread)) == 1
    if where == "forum":
        assert f"<#{posts[0]['id']}>" in text_of(discord.said(thread)[0])
        assert sum(text.count("Cork it.") for text in texts(discord, posts[0])) == 400
    else:
        assert discord.said(thread)[0]["attachments"][0]["filename"] == "outcome.md"


async def test_a_mark_that_cannot_be_made_is_passed_over(discord: DiscordServer, make_riff: MakeRiff) -> None:
    channel, person = discord.add_channel(discord.add_guild()), discord.add_user()
    riff = await make_riff()
    thread = await started(discord, person, channel)
    await (await discord.command(person, thread, "session", sub="skip")).until(
        lambda it: "phase" in " ".join(map(text_of, it.shown))
    )
    await discord.deny(channel, "add_reactions")
    idea = await discord.say(person, thread, "line the lid with cork")
    place = Place("discord", channel["guild_id"], channel["id"], thread["id"])
    running = await riff.app.repositories.brainstorms.running_in(place)
    async with asyncio.timeout(20):
        while not await riff.app.repositories.boards.cards(running.id):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    await discord.until(lambda: any(s.code == 50013 for s in discord.requests))
    assert "reactions" not in idea
    dm = discord.world.dm_with(int(person["id"]))
    assert discord.said(dm) == []


async def votes_on(riff: Riff, thread: Json) -> list[int]:
    place = Place("discord", thread["guild_id"], thread["parent_id"], thread["id"])
    running = await riff.app.repositories.brainstorms.running_in(place)
    return [card.votes for card in await riff.app.repositories.boards.cards(running.id)]


def vote_button(number: int) -> tuple[Button, ...]:
    return (Button(Action(ActionKind.VOTE, str(number)), "Vote"),)


def board_button() -> Button:
    return Button(Action(ActionKind.BOARD, "1"), "Board")


def votes_in(message: Json) -> list[str]:
    return [part["custom_id"] for part in buttons(message) if part["custom_id"].startswith("riff:ballot:")]


async def test_an_edited_message_changes_its_idea_and_a_deleted_one_takes_it_along(
    discord: DiscordServer, make_riff: MakeRiff
) -> None:
    channel, person = discord.add_channel(discord.add_guild()), discord.add_user()
    riff = await make_riff()
    thread = await started(discord, person, channel, minutes=30)
    await (await discord.command(person, thread, "session", sub="skip")).until(
        lambda it: "phase" in " ".join(map(text_of, it.shown))
    )
    idea = await discord.say(person, thread, "line the lid with crok")
    await discord.until(lambda: idea.get("reactions"))
    (running,) = await riff.app.repositories.brainstorms.running()

    async def board(expected: list[str]) -> None:
        async with asyncio.timeout(10):
            while [card.title for card in await riff.app.repositories.boards.cards(running.id)] != expected:  # noqa: ASYNC110
                await asyncio.sleep(0.02)

    await discord.edit(idea, "line the lid with cork")
    await board(["line the lid with cork"])
    await discord.remove(thread, idea)
    await board([])
