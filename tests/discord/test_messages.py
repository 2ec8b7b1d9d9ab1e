"""Mentions, replies, direct messages, threads and brainstorming channels: answered where they were written."""

import pytest

from tests.discord.conftest import IDEAS, MakeRiff
from tests.support.discord_server import DiscordServer, buttons, text_of
from tests.support.ending_generator import EndingGenerator


def contents(discord: DiscordServer, channel: dict) -> list[str]:
    return [text_of(message) for message in discord.said(channel)]


async def test_a_mention_is_answered_by_a_reply_that_pings_nobody(
    discord: DiscordServer, make_riff: MakeRiff
) -> None:
    channel, person = discord.add_channel(discord.add_guild()), discord.add_user()
    await make_riff("Try a tea walk. @everyone <@1> ||boo|| [here](http://a.example/x)", seconds=0.05)
    asked = await discord.say(person, channel, "any idea?", mention=True)
    await discord.until(lambda: contents(discord, channel) and "✍️" not in contents(discord, channel)[0])
    answer = discord.said(channel)[0]
    assert answer["message_reference"]["message_id"] == asked["id"]
    assert answer["_allowed_mentions"] == {"parse": [], "replied_user": False}
    assert answer["flags"] & 4
    assert "||" not in text_of(answer)
    assert "](" not in text_of(answer)
    assert "http://a.example/x" in text_of(answer)
    assert int(channel["id"]) in discord.rest.typing


async def test_the_reply_chain_is_the_history_and_other_chains_are_not(
    discord: DiscordServer, make_riff: MakeRiff
) -> None:
    channel, person = discord.add_channel(discord.add_guild()), discord.add_user()
    riff = await make_riff("First answer.", "Other answer.", "Second answer.")
    await discord.say(person, channel, "lanterns", mention=True)
    await discord.until(lambda: contents(discord, channel) == ["First answer."])
    await discord.say(person, channel, "umbrellas", mention=True)
    await discord.until(lambda: contents(discord, channel)[-1] == "Other answer.")
    await discord.reply(person, discord.said(channel)[0], "and for winter?")
    await discord.until(lambda: contents(discord, channel)[-1] == "Second answer.")
    turns = " ".join(turn.content for turn in riff.generator.requests[-1].turns)
    assert "lanterns" in turns
    assert "umbrellas" not in turns


async def test_two_branches_under_one_answer_do_not_share_their_history(
    discord: DiscordServer, make_riff: MakeRiff
) -> None:
    channel, person, other = discord.add_channel(discord.add_guild()), discord.add_user(), discord.add_user()
    riff = await make_riff("Trunk.", "Left.", "Right.", "Left again.")
    await discord.say(person, channel, "lanterns", mention=True)
    await discord.until(lambda: contents(discord, channel) == ["Trunk."])
    trunk = discord.said(channel)[0]
    await discord.reply(person, trunk, "made of paper")
    await discord.until(lambda: contents(discord, channel)[-1] == "Left.")
    left = discord.said(channel)[-1]
    await discord.reply(other, trunk, "made of glass")
    await discord.until(lambda: contents(discord, channel)[-1] == "Right.")
    right = [turn.content for turn in riff.generator.requests[-1].turns]
    await riff.stop()
    again = await make_riff("Left again.")
    await discord.reply(other, left, "and for winter?")
    await discord.until(lambda: contents(discord, channel)[-1] == "Left again.")
    on_left = [turn.content for turn in again.generator.requests[-1].turns]
    assert ("lanterns" in right, "made of paper" in right) == (True, False)
    assert [text for text in ("lanterns", "made of paper", "made of glass") if text in on_left] == [
        "lanterns",
        "made of paper",
    ]


async def test_direct_messages_need_no_mention_and_keep_their_history(
    discord: DiscordServer, make_riff: MakeRiff
) -> None:
    person = discord.add_user()
    dm = discord.world.dm_with(int(person["id"]))
    riff = await make_riff("Answer one.", "Answer two.")
    await discord.say(person, dm, "lanterns")
    await discord.until(lambda: contents(discord, dm) == ["Answer one."])
    await discord.say(person, dm, "more")
    await discord.until(lambda: contents(discord, dm)[-1] == "Answer two.")
    assert "lanterns" in " ".join(turn.content for turn in riff.generator.requests[-1].turns)


async def test_the_rest_of_an_answer_that_was_cut_is_a_button_away(
    discord: DiscordServer, make_riff: MakeRiff, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut = EndingGenerator("The bells hang in the mid", "length")
    monkeypatch.setattr("tests.discord.conftest.ScriptedGenerator", lambda *_, **__: cut)
    channel, person = discord.add_channel(discord.add_guild()), discord.add_user()
    await make_riff()
    await discord.say(person, channel, "tell me of bells", mention=True)
    await discord.until(lambda: "incomplete" in " ".join(contents(discord, channel)[-1:]))
    told = discord.said(channel)[-1]
    (button,) = buttons(told)
    assert button["label"] == "Go on"
    await discord.press(person, told, button["custom_id"])
    await discord.until(lambda: len(cut.requests) == 2)
    assert cut.requests[-1].turns[-1].content.endswith("The bells hang in the mid")


async def test_what_is_not_for_riff_costs_nothing(discord: DiscordServer, make_riff: MakeRiff) -> None:
    channel, person, friend = discord.add_channel(discord.add_guild()), discord.add_user(), discord.add_user()
    other_bot = discord.world.add_user("other", bot=True)
    riff = await make_riff("Yes.")
    own = discord.world.bot
    await discord.say(person, channel, "hello all")
    await discord.say(other_bot, channel, "hi", mention=True)
    await discord.say(person, channel, "hi", mention=True, webhook_id=person["id"])
    await discord.say(person, channel, "", mentions=[own], type=7)
    await discord.say(own, channel, "me", mention=True)
    await discord.reply(person, await discord.say(friend, channel, "hm"), "you?")
    last = await discord.say(person, channel, "now", mention=True)
    await discord.until(lambda: "Yes." in contents(discord, channel))
    assert [
        m["message_reference"]["message_id"] for m in discord.said(channel) if "message_reference" in m
    ] == [last["id"]]
    assert len(riff.generator.requests) == 1


async def test_a_thread_is_opened_when_asked_and_needs_no_mention_inside(
    discord: DiscordServer, make_riff: MakeRiff
) -> None:
    channel, person = discord.add_channel(discord.add_guild()), discord.add_user()
    riff = await make_riff(IDEAS, "Second.")
    asked = await discord.say(person, channel, "/brainstorm 3 tea shops in a thread", mention=True)
    thread = await discord.until(lambda: discord.world.channels.get(int(asked["id"])))
    await discord.until(lambda: discord.said(thread) and buttons(discord.said(thread)[0])[0]["type"] == 3)
    assert thread["name"] == "3 tea shops"
    assert contents(discord, channel) == []
    await discord.say(person, thread, "which is cheapest?")
    await discord.until(lambda: contents(discord, thread)[-1] == "Second.")
    assert "tea shops" in " ".join(turn.content for turn in riff.generator.requests[-1].turns)


async def test_every_post_of_a_brainstorming_channel_gets_ideas_in_its_thread(
    discord: DiscordServer, make_riff: MakeRiff
) -> None:
    guild, admin, person = discord.add_guild(), discord.add_user(), discord.add_user()
    channel, forum = discord.add_channel(guild), discord.add_channel(guild, "posts", forum=True)
    discord.make_admin(guild, admin)
    await make_riff(IDEAS)
    for where in (channel, forum):
        done = await discord.command(admin, channel, "riff-admin", {"channel": where["id"]}, sub="channel")
        await done.until(lambda it: it.shown and "every post" in text_of(it.shown[0]))
    asked = await discord.say(person, channel, "a shelf for shared umbrellas")
    thread = await discord.until(lambda: discord.world.channels.get(int(asked["id"])))
    await discord.until(lambda: discord.said(thread) and "Stamp card" in contents(discord, thread)[0])
    post = await discord.post(person, forum, "Tea garden", "What could we grow?")
    await discord.until(lambda: discord.said(post) and "Jar loan" in contents(discord, post)[0])
    assert contents(discord, channel) == []
    assert thread["name"] == "a shelf for shared umbrellas"
    assert [len(discord.said(each)) for each in (thread, post)] == [1, 1]


async def test_a_private_command_in_public_is_answered_in_a_direct_message(
    discord: DiscordServer, make_riff: MakeRiff
) -> None:
    channel, person = discord.add_channel(discord.add_guild()), discord.add_user()
    await make_riff()
    await discord.say(person, channel, "/link", mention=True)
    dm = discord.world.dm_with(int(person["id"]))
    await discord.until(lambda: "Your code is" in " ".join(contents(discord, dm)))
    assert contents(discord, channel) == []


async def test_long_answers_are_split_with_their_fences_closed_and_reopened(
    discord: DiscordServer, make_riff: MakeRiff
) -> None:
    channel, person = discord.add_channel(discord.add_guild()), discord.add_user()
    code = "\n".join(f"value_{number} = '{'x' * 80}'" for number in range(50))
    await make_riff(f"Look:\n\n```python\n{code}\n```\n\nDone.")
    await discord.say(person, channel, "code", mention=True)
    await discord.until(
        lambda: contents(discord, channel) and contents(discord, channel)[-1].endswith("Done.")
    )
    parts = contents(discord, channel)
    assert all(len(part) <= 2000 and part.count("```") % 2 == 0 for part in parts)
    assert all("```python" in part for part in parts[:-1])
    assert "".join(parts).count("value_") == 50


async def test_a_very_long_answer_comes_as_a_file(discord: DiscordServer, make_riff: MakeRiff) -> None:
    channel, person = discord.add_channel(discord.add_guild()), discord.add_user()
    text = "Paragraph of tea, as long as a paragraph may well be. " * 50
    await make_riff(text, discord={"file_characters": 2000})
    await discord.say(person, channel, "prose", mention=True)
    await discord.until(lambda: discord.said(channel) and discord.said(channel)[-1]["attachments"])
    assert "in the file" in text_of(discord.said(channel)[0])
    name = discord.said(channel)[-1]["attachments"][0]["url"].rpartition("/")[2]
    assert discord.world.files[name].decode().count("Paragraph of tea,") == 50


async def test_attached_text_joins_the_prompt_and_what_cannot_be_read_is_said(
    discord: DiscordServer, make_riff: MakeRiff
) -> None:
    channel, person = discord.add_channel(discord.add_guild()), discord.add_user()
    riff = await make_riff("Yes.")
    notes = discord.keep_file("notes.md", b"# Umbrellas\nfor two")
    await discord.say(person, channel, "improve this", mention=True, attachments=[notes])
    await discord.until(lambda: contents(discord, channel) == ["Yes."])
    assert "for two" in " ".join(turn.content for turn in riff.generator.requests[0].turns)
    voice = discord.keep_file("voice.ogg", b"..", "audio/ogg")
    await discord.say(person, channel, "and this", mention=True, attachments=[voice])
    await discord.until(lambda: "recordings" in contents(discord, channel)[-1])


async def test_missing_permissions_are_named_in_private(discord: DiscordServer, make_riff: MakeRiff) -> None:
    channel, person = discord.add_channel(discord.add_guild()), discord.add_user()
    await make_riff("Yes.")
    await discord.deny(channel, "send_messages")
    await discord.say(person, channel, "of lanterns", mention=True)
    dm = discord.world.dm_with(int(person["id"]))
    await discord.until(lambda: "Send Messages" in " ".join(contents(discord, dm)))
    assert contents(discord, channel) == []
    assert "#ideas" in contents(discord, dm)[0]


async def test_a_deleted_channel_and_an_unreadable_event_do_not_stop_riff(
    discord: DiscordServer, make_riff: MakeRiff
) -> None:
    guild, person = discord.add_guild(), discord.add_user()
    gone, channel = discord.add_channel(guild), discord.add_channel(guild)
    await make_riff("Yes.", seconds=0.1)
    await discord.say(person, gone, "of lanterns", mention=True)
    await discord.delete_channel(gone)
    await discord.gateway.publish(
        0,
        "MESSAGE_CREATE",
        {"id": "1", "channel_id": channel["id"], "mentions": [], "author": discord.world.bot},
    )
    await discord.say(person, channel, "of lanterns", mention=True)
    await discord.until(lambda: contents(discord, channel) == ["Yes."])
    assert int(gone["id"]) not in discord.world.channels
    assert len(discord.gateway.live()) == len(discord.gateway.identifies) == 1


async def test_without_message_content_mentions_and_direct_messages_work(
    discord: DiscordServer, make_riff: MakeRiff
) -> None:
    discord.gateway.content_allowed = False
    channel, person = discord.add_channel(discord.add_guild()), discord.add_user()
    await make_riff("Yes.")
    assert not discord.gateway.live()[0].intents & 1 << 15
    await discord.say(person, channel, "of lanterns", mention=True)
    await discord.until(lambda: contents(discord, channel) == ["Yes."])
    await discord.reply(person, discord.said(channel)[0], "quiet reply", mentions=[])
    await discord.until(lambda: "mention me" in contents(discord, channel)[-1])
