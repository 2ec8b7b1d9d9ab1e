"""Discord in trouble: answers arrive when it is over, once; what cannot be helped is said."""

import asyncio
import itertools

import pytest

from storage.errors import StorageError
from tests.discord.conftest import IDEAS, MakeRiff
from tests.support.discord_server import DiscordServer, text_of


async def test_a_broken_line_and_a_server_error_lose_and_double_nothing(
    discord: DiscordServer, make_riff: MakeRiff
) -> None:
    channel, person = discord.add_channel(discord.add_guild()), discord.add_user()
    await make_riff("Yes.", "No.")
    discord.fail_next("POST", "/messages", 0)
    await discord.say(person, channel, "one", mention=True)
    await discord.until(lambda: [text_of(m) for m in discord.said(channel)] == ["Yes."])
    discord.fail_next("POST", "/messages", 502)
    await discord.say(person, channel, "two", mention=True)
    await discord.until(lambda: [text_of(m) for m in discord.said(channel)] == ["Yes.", "No."])
    await asyncio.sleep(0.5)
    assert [text_of(m) for m in discord.said(channel)] == ["Yes.", "No."]
    assert [sent.status for sent in discord.requests if sent.method == "POST"].count(502) == 1


async def test_a_post_whose_fate_is_unknown_is_found_by_its_nonce(
    discord: DiscordServer, make_riff: MakeRiff
) -> None:
    channel, person = discord.add_channel(discord.add_guild()), discord.add_user()
    await make_riff("Yes.")
    discord.lose_answer("POST", "/messages")
    await discord.say(person, channel, "one", mention=True)
    await discord.until(lambda: discord.repeated_nonces and text_of(discord.said(channel)[0]) == "Yes.")
    assert len(discord.said(channel)) == 1


async def test_an_answer_that_somebody_deleted_is_not_posted_again(
    discord: DiscordServer, make_riff: MakeRiff
) -> None:
    channel, person = discord.add_channel(discord.add_guild()), discord.add_user()
    riff = await make_riff("Tea is nice. " * 60, seconds=0.02)
    await discord.say(person, channel, "one", mention=True)
    message = (await discord.until(lambda: discord.said(channel)))[0]
    await discord.remove(channel, message)
    await discord.until(lambda: any(sent.code == 10008 for sent in discord.requests))
    await discord.say(person, channel, "two", mention=True)
    await discord.until(
        lambda: discord.said(channel) and text_of(discord.said(channel)[-1]).count("Tea") == 60
    )
    assert len(discord.said(channel)) == 1
    assert len(riff.generator.requests) == 2


async def test_edits_keep_to_the_pace_that_the_headers_allow(
    discord: DiscordServer, make_riff: MakeRiff
) -> None:
    discord.limits.scale = 0.4  # five edits in 2 s
    channel, person = discord.add_channel(discord.add_guild()), discord.add_user()
    await make_riff("Tea is nice. " * 100, seconds=0.02, discord={"edit_interval_seconds": 0.05})
    await discord.say(person, channel, "one", mention=True)
    await discord.until(
        lambda: discord.said(channel) and text_of(discord.said(channel)[0]).count("Tea") == 100, 40
    )
    edits = [sent.at for sent in discord.requests if sent.method == "PATCH"]
    assert discord.limits.refused == []
    assert len(edits) >= 3
    assert all(later - earlier >= 0.2 for earlier, later in itertools.pairwise(edits[1:-1]))


async def test_a_channel_without_history_or_threads_still_gets_its_answer(
    discord: DiscordServer, make_riff: MakeRiff
) -> None:
    channel, person = discord.add_channel(discord.add_guild()), discord.add_user()
    await make_riff(IDEAS)
    await discord.deny(channel, "read_message_history", "create_public_threads")
    await discord.say(person, channel, "/brainstorm 3 tea", mention=True)
    await discord.until(lambda: discord.said(channel) and "Tea walk" in text_of(discord.said(channel)[0]))
    asked = await discord.command(person, channel, "brainstorm", {"topic": "tea", "thread": True})
    await asked.until(lambda it: it.original and "Tea walk" in text_of(it.original))
    first, second = discord.said(channel)
    assert "message_reference" not in first  # replying needs the right to read what is replied to
    assert second is asked.original
    assert [c for c in discord.world.channels.values() if c.get("parent_id")] == []


@pytest.mark.parametrize("by_command", [False, True])
async def test_a_list_whose_end_was_not_noted_is_made_the_same_card_again(
    by_command: bool, discord: DiscordServer, make_riff: MakeRiff, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel, person = discord.add_channel(discord.add_guild()), discord.add_user()
    riff = await make_riff(IDEAS)
    rows, finished = riff.app.inbox.rows, asyncio.Event()
    finish = rows.finish

    async def lost(*_: object) -> None:
        monkeypatch.setattr(rows, "finish", finish)
        finished.set()
        raise StorageError("the database is away")

    monkeypatch.setattr(rows, "finish", lost)
    if by_command:
        await discord.command(person, channel, "brainstorm", {"topic": "tea", "count": 3})
    else:
        await discord.say(person, channel, "/brainstorm 3 tea", mention=True)
    await finished.wait()
    (before,) = [text_of(message) for message in discord.said(channel)]
    edits = len(discord.world.edits)
    while await rows.unfinished("discord"):  # noqa: ASYNC110
        await asyncio.sleep(0.1)
    assert len(discord.world.edits) > edits
    assert [text_of(message) for message in discord.said(channel)] == [before]


async def test_a_withdrawn_answer_leaves_nothing_behind(discord: DiscordServer, make_riff: MakeRiff) -> None:
    channel, person = discord.add_channel(discord.add_guild()), discord.add_user()
    await make_riff("Tea is nice. " * 20 + "A forbiddenword here.", seconds=0.05)
    await discord.say(person, channel, "one", mention=True)
    await discord.until(lambda: discord.said(channel))
    await discord.until(
        lambda: "took that answer back" in " ".join(text_of(m) for m in discord.said(channel))
    )
    assert "Tea" not in " ".join(text_of(message) for message in discord.said(channel))
    asked = await discord.command(person, channel, "copy", {"topic": "tea"})
    # A version of copy is judged whole before any of it is shown, so there is nothing to take back.
    await asked.until(lambda it: "did not pass the content check" in " ".join(text_of(m) for m in it.shown))
    assert "Tea" not in " ".join(text_of(message) for message in asked.shown)


async def test_a_wrong_token_ends_with_a_sentence(discord: DiscordServer, make_riff: MakeRiff) -> None:
    riff = await make_riff(connect=False, discord={"token": "wrong"})
    await asyncio.wait({riff.task}, timeout=10)
    assert "DISCORD_TOKEN" in str(riff.task.exception())
