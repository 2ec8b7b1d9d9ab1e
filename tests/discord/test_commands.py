"""Commands, menus, buttons, selects and forms: acknowledged in time, answered once, working after a restart."""

import asyncio
import random

import pytest

from bot.core.domain import Account
from tests.discord.conftest import IDEAS, MakeRiff
from tests.support.discord_server import DiscordServer, Interaction, buttons, text_of

Json = dict
OTHERS = "1. **Kettle film**: Film a kettle.\n2. **Blue door**: Paint it.\n3. **Night tour**: Walk by lamp light.\n"
"""What the model writes where others are asked for."""


def texts(interaction: Interaction) -> list[str]:
    return [text_of(message) for message in interaction.shown]


async def ideas_in(discord: DiscordServer, channel: Json, person: Json) -> Interaction:
    """A finished brainstorm by command."""
    asked = await discord.command(person, channel, "brainstorm", {"topic": "tea shops", "count": 3})
    return await asked.until(
        lambda it: it.original and buttons(it.original) and "pick" in buttons(it.original)[0]["custom_id"]
    )


async def test_commands_are_registered_once_and_again_when_they_change(
    discord: DiscordServer, make_riff: MakeRiff
) -> None:
    guild = discord.add_guild()
    await (await make_riff()).stop()
    await (await make_riff()).stop()
    assert discord.rest.overwrites == 1
    names = {command["name"] for command in discord.rest.commands[0]}
    assert {
        "brainstorm",
        "copy",
        "ad",
        "design",
        "recommend",
        "profile",
        "help",
        "link",
        "usage",
        "session",
        "riff-admin",
    } <= names
    assert {"Brainstorm on this", "Improve this"} <= names
    brainstorm = next(each for each in discord.rest.commands[0] if each["name"] == "brainstorm")
    assert brainstorm["description_localizations"]["de"]
    await (await make_riff(limits={"ideas": 7})).stop()
    assert discord.rest.overwrites == 2
    await (await make_riff(discord={"test_server": guild["id"]})).stop()
    assert discord.rest.commands[int(guild["id"])]


async def test_a_brainstorm_is_deferred_streamed_and_ends_with_buttons(
    discord: DiscordServer, make_riff: MakeRiff
) -> None:
    channel, person = discord.add_channel(discord.add_guild()), discord.add_user()
    riff = await make_riff(seconds=0.02)
    options = {
        "topic": "tea --tone shops",
        "count": 3,
        "technique": "SCAMPER",
        "audience": "students",
        "tone": "bold",
    }
    asked = await discord.command(person, channel, "brainstorm", options, repeat=2)
    await asked.until(
        lambda it: it.original and "Tea walk" in text_of(it.original) and len(buttons(it.original)) > 1
    )
    assert asked.answered_after < 3
    assert asked.response["type"] == 5
    assert "✍️" not in text_of(asked.original)
    labels = [part.get("label") or part.get("emoji", {}).get("name") for part in buttons(asked.original)]
    assert labels[1:] == ["Like", "Not for me", "More like this", "Save", "Combine", "Shuffle"]
    turns = " ".join(turn.content for turn in riff.generator.requests[0].turns)
    assert all(word in turns for word in ("tea --tone shops", "SCAMPER", "students", "bold"))
    assert len(riff.generator.requests) == 1


async def test_picked_ideas_are_liked_saved_and_combined_also_after_a_restart(
    discord: DiscordServer, make_riff: MakeRiff
) -> None:
    channel, person = discord.add_channel(discord.add_guild()), discord.add_user()
    first = await make_riff()
    asked = await ideas_in(discord, channel, person)
    await first.stop()
    riff = await make_riff(OTHERS, "**A walk with stamps**: Sell stamps at every stop.")
    ids = [option["value"] for option in buttons(asked.original)[0]["options"]]
    pick, like, dislike, _more, save, combine, shuffle = [
        part["custom_id"] for part in buttons(asked.original)
    ]
    which = await discord.press(person, asked.original, like)
    await which.until(lambda it: it.shown and buttons(it.shown[0]))
    chosen = await discord.press(person, which.shown[0], buttons(which.shown[0])[0]["custom_id"], [ids[1]])
    await chosen.until(lambda it: "like it" in " ".join(texts(it)))
    await (await discord.press(person, asked.original, pick, ids[:2])).until(lambda it: it.response)
    await discord.press(person, asked.original, save)
    await discord.until(lambda: "Saved: 1 and 2." in text_of(asked.original))
    kept = await riff.app.repositories.ideas.saved(
        (await riff.app.repositories.ideas.get(int(ids[0]))).person_id, 9
    )
    assert {str(idea.id) for idea in kept} == set(ids[:2])
    again = await discord.press(person, asked.original, shuffle)
    await again.until(lambda it: it.original and "Kettle film" in text_of(it.original))
    both = await discord.press(person, asked.original, combine)
    await both.until(lambda it: it.original and "A walk with stamps" in text_of(it.original))
    assert "Stamp card" in " ".join(turn.content for turn in riff.generator.requests[-1].turns)
    await (await discord.press(person, asked.original, pick, ids[2:])).until(lambda it: it.response)
    noted = await discord.press(person, asked.original, dislike)
    await noted.until(lambda it: "not for you" in " ".join(texts(it)))


async def test_more_like_one_idea_asks_which_and_then_gives_them(
    discord: DiscordServer, make_riff: MakeRiff
) -> None:
    channel, person = discord.add_channel(discord.add_guild()), discord.add_user()
    riff = await make_riff(IDEAS, OTHERS)
    asked = await ideas_in(discord, channel, person)
    which = await discord.press(person, asked.original, buttons(asked.original)[3]["custom_id"])
    await which.until(lambda it: it.shown and buttons(it.shown[0]))
    select = buttons(which.shown[0])[0]
    assert select["max_values"] == 1
    more = await discord.press(person, which.shown[0], select["custom_id"], [select["options"][1]["value"]])
    await more.until(lambda it: it.original and "Kettle film" in text_of(it.original))
    name = select["options"][1]["label"].partition(". ")[2]
    assert f"in the spirit of {name}" in " ".join(turn.content for turn in riff.generator.requests[-1].turns)


async def test_stop_ends_an_answer_and_only_for_who_asked(
    discord: DiscordServer, make_riff: MakeRiff
) -> None:
    channel, person, other = discord.add_channel(discord.add_guild()), discord.add_user(), discord.add_user()
    await make_riff("Tea is nice. " * 300, seconds=0.02)
    await discord.say(person, channel, "of lanterns", mention=True)
    await discord.until(lambda: discord.said(channel) and buttons(discord.said(channel)[0]))
    message = discord.said(channel)[0]
    refused = await discord.press(other, message, buttons(message)[0]["custom_id"])
    await refused.until(lambda it: "Only the person who asked" in " ".join(texts(it)))
    await discord.press(person, message, buttons(message)[0]["custom_id"])
    await discord.until(lambda: "Stopped." in text_of(message))
    assert buttons(message) == []


async def test_menus_take_a_message_and_autocomplete_offers_what_fits(
    discord: DiscordServer, make_riff: MakeRiff
) -> None:
    channel, person, friend = discord.add_channel(discord.add_guild()), discord.add_user(), discord.add_user()
    riff = await make_riff(IDEAS, "**Drying shelf**: It dries what stands in it.\nNow it dries.")
    target = await discord.say(friend, channel, "a shelf for umbrellas")
    asked = await discord.command(person, channel, "Brainstorm on this", target=target)
    await asked.until(lambda it: it.original and "Tea walk" in text_of(it.original))
    better = await discord.command(person, channel, "Improve this", target=target)
    await better.until(lambda it: it.original and "Drying shelf" in text_of(it.original))
    assert "umbrellas" in " ".join(turn.content for turn in riff.generator.requests[-1].turns)
    empty = await discord.command(person, channel, "Improve this", target={**target, "content": ""})
    await empty.until(lambda it: "no text" in " ".join(texts(it)))
    offered = await discord.command(person, channel, "help", {"command": "bra"}, focused="command")
    await offered.until(lambda it: it.response)
    assert offered.response["data"]["choices"][0]["value"] == "brainstorm"


async def test_forms_open_filled_and_are_kept(discord: DiscordServer, make_riff: MakeRiff) -> None:
    channel, person = discord.add_channel(discord.add_guild()), discord.add_user()
    riff = await make_riff(IDEAS)
    opened = await discord.command(person, channel, "profile", sub="edit")
    await opened.until(lambda it: it.response)
    saved = await discord.submit(person, opened, {"role": "a baker", "tone:one": ["bold"]})
    await saved.until(lambda it: "saved" in " ".join(texts(it)) and any(map(buttons, it.shown)))
    assert all(message["flags"] & 64 for message in saved.shown)
    offered = next(message for message in saved.shown if buttons(message))
    rest = await discord.press(person, offered, buttons(offered)[0]["custom_id"])
    await rest.until(lambda it: it.response)
    last = await discord.submit(person, rest, {"brand_voice": "warm"})
    await last.until(lambda it: "saved" in " ".join(texts(it)))
    assert not any(map(buttons, last.shown))
    person_id = await riff.app.repositories.people.find(_account(person))
    profile = await riff.app.repositories.people.profile(person_id)
    assert (profile.role, profile.tone, profile.brand_voice) == ("a baker", "bold", "warm")
    guided = await discord.command(person, channel, "brainstorm")
    await guided.until(lambda it: it.response)
    asked = await discord.submit(
        person, guided, {"topic": "tea shops", "count": "3", "technique:one": ["analogy"]}
    )
    await asked.until(lambda it: it.original and "Tea walk" in text_of(it.original))
    assert "analogy" in " ".join(turn.content for turn in riff.generator.requests[0].turns)


@pytest.mark.parametrize("seconds", [60.0, 0.5])
async def test_an_answer_that_outlives_the_token_comes_as_an_ordinary_message(
    seconds: float, discord: DiscordServer, make_riff: MakeRiff
) -> None:
    discord.token_seconds = seconds
    channel, person = discord.add_channel(discord.add_guild()), discord.add_user()
    await make_riff(IDEAS, seconds=0.1, discord={"token_seconds": 2})
    asked = await discord.command(person, channel, "brainstorm", {"topic": "tea", "count": 3})
    await discord.until(
        lambda: any("Tea walk" in text_of(m) and m["type"] != 20 for m in discord.said(channel))
    )
    is_told = "in the channel" in text_of(asked.original)
    assert is_told == (seconds > 2)


async def test_a_slow_inbox_and_a_late_dispatch_lose_nothing(
    discord: DiscordServer, make_riff: MakeRiff
) -> None:
    channel, person = discord.add_channel(discord.add_guild()), discord.add_user()
    riff = await make_riff(IDEAS)
    async with riff.app.database.transaction():  # nothing can be written meanwhile
        asked = await discord.command(person, channel, "brainstorm", {"topic": "tea", "count": 3})
        await asked.until(lambda it: it.response)
        assert asked.answered_after < 3
    await asked.until(lambda it: it.original and "Tea walk" in text_of(it.original))
    late = await discord.command(person, channel, "brainstorm", {"topic": "late tea", "count": 3}, age=5.0)
    await discord.until(
        lambda: any("Tea walk" in text_of(m) and m["type"] != 20 for m in discord.said(channel))
    )
    assert late.response is None


async def test_private_answers_and_refusals_are_seen_by_their_person_alone(
    discord: DiscordServer, make_riff: MakeRiff
) -> None:
    channel, person = discord.add_channel(discord.add_guild()), discord.add_user()
    await make_riff("Tea.")
    for name, sub, options, said in (
        ("help", None, {}, "/brainstorm"),
        ("link", "code", {}, "Your code"),
        ("usage", None, {}, "This month"),
        ("brainstorm", None, {"topic": "forbiddenword"}, "won't work on that"),
        ("brainstorm", None, {"topic": "forbiddenword", "thread": True}, "won't work on that"),
    ):
        asked = await discord.command(person, channel, name, options, sub=sub)
        await asked.until(lambda it, said=said: said in " ".join(texts(it)))
        assert all(message["flags"] & 64 for message in asked.shown)
    assert discord.said(channel) == []
    refused = await discord.command(person, channel, "session", {"topic": "forbiddenword"}, sub="start")
    await refused.until(lambda it: "won't work on that" in " ".join(texts(it)))
    assert all("forbiddenword" not in str(sent.body) for sent in discord.requests)


async def test_a_server_s_admins_set_rules_and_others_do_not(
    discord: DiscordServer, make_riff: MakeRiff
) -> None:
    guild, admin, person = discord.add_guild(), discord.add_user(), discord.add_user()
    channel, other = discord.add_channel(guild), discord.add_channel(guild, "other")
    discord.make_admin(guild, admin)
    await make_riff(IDEAS)
    refused = await discord.command(person, channel, "riff-admin", sub="show")
    await refused.until(lambda it: "may manage this server" in " ".join(texts(it)))
    for options, sub in (
        ({"channel": channel["id"]}, "allow"),
        ({"person": 1}, "limit"),
        ({"words": "medical"}, "topics"),
        ({"words": "zonk"}, "block"),
    ):
        done = await discord.command(admin, channel, "riff-admin", options, sub=sub)
        await done.until(lambda it: it.shown)
    shown = await discord.command(admin, channel, "riff-admin", sub="show")
    await shown.until(lambda it: it.shown)
    for part in (f"<#{channel['id']}>", "a person in a minute: 1", "medical", "never shown here: 1"):
        assert part in texts(shown)[0]
    elsewhere = await discord.command(person, other, "copy", {"topic": "tea"})
    await elsewhere.until(lambda it: "other channels" in " ".join(texts(it)))
    await (await discord.command(person, channel, "brainstorm", {"topic": "tea"})).until(
        lambda it: "Tea walk" in " ".join(texts(it))
    )
    more = await discord.command(person, channel, "copy", {"topic": "tea"})
    await more.until(lambda it: "more than 1 in a minute" in " ".join(texts(it)))


async def test_what_is_held_on_a_person_comes_as_a_file_for_them_alone(
    discord: DiscordServer, make_riff: MakeRiff
) -> None:
    channel, person = discord.add_channel(discord.add_guild()), discord.add_user()
    riff = await make_riff("Tea.")
    asked = await discord.command(person, channel, "privacy", sub="export")
    await asked.until(lambda it: it.shown and it.shown[0]["attachments"])
    assert asked.shown[0]["flags"] & 64
    gone = await discord.command(person, channel, "privacy", sub="forget")
    await gone.until(lambda it: it.shown and buttons(it.shown[-1]))
    question = gone.shown[-1]
    assert question["flags"] & 64
    assert [button["label"] for button in buttons(question)] == [
        "Download first",
        "Erase everything",
        "Cancel",
    ]
    assert await riff.app.repositories.people.find(_account(person)) is not None
    erased = await discord.press(person, question, buttons(question)[1]["custom_id"])
    await erased.until(lambda it: "is erased" in " ".join(texts(it)))
    assert await riff.app.repositories.people.find(_account(person)) is None


async def test_an_app_that_a_person_installed_answers_where_it_may_not_post(
    discord: DiscordServer, make_riff: MakeRiff
) -> None:
    channel, person = discord.add_channel(discord.add_guild()), discord.add_user()
    chance = random.Random(3)
    words = ["".join(chance.choices("abcdefghiklmnoprstu", k=7)) for _ in range(700)]
    long = "".join(
        f"{n}. **Idea {words[n]}**: {' '.join(words[n * 80 : n * 80 + 80])}.\n" for n in range(1, 8)
    )
    await make_riff(long)
    options = {"topic": "tea", "count": 7, "thread": True}
    asked = await discord.command(person, channel, "brainstorm", options, by_user=True)
    await asked.until(lambda it: "".join(texts(it)).count("**Idea") == 7 and buttons(it.shown[-1])[1:])
    assert len(asked.followups) >= 1
    posts = [sent for sent in discord.requests if sent.path.endswith("/messages") and sent.method == "POST"]
    assert posts == []


async def test_commands_work_in_direct_messages_and_threads(
    discord: DiscordServer, make_riff: MakeRiff
) -> None:
    channel, person = discord.add_channel(discord.add_guild()), discord.add_user()
    await make_riff(IDEAS)
    dm = discord.world.dm_with(int(person["id"]))
    asked = await discord.command(person, dm, "brainstorm", {"topic": "tea"})
    await asked.until(lambda it: it.original and "Tea walk" in text_of(it.original))
    threaded = await discord.command(person, channel, "brainstorm", {"topic": "tea shops", "thread": True})
    await discord.until(lambda: threaded.original and int(threaded.original["id"]) in discord.world.channels)
    thread = discord.world.channels[int(threaded.original["id"])]
    await discord.until(lambda: discord.said(thread) and "Tea walk" in text_of(discord.said(thread)[0]))
    assert text_of(threaded.original) == f"**<@{person['id']}>** asked for 5 ideas: tea shops"
    assert thread["name"] == "tea shops"
    assert len(discord.said(thread)) == len(discord.said(dm)) == 1


def _account(person: Json) -> object:
    from bot.core.domain import Account

    return Account("discord", "", person["id"])


async def test_discord_says_who_can_read_a_channel(discord: DiscordServer, make_riff: MakeRiff) -> None:
    guild, person = discord.add_guild(), discord.add_user()
    channel = discord.add_channel(guild)
    riff = await make_riff()
    is_in = riff.app.memberships._is_in
    here = ("discord", guild["id"], channel["id"])
    assert await is_in(Account("discord", "", person["id"]), here)
    assert not await is_in(Account("discord", "", "4711"), here)
    assert not await is_in(Account("discord", "", person["id"]), ("discord", guild["id"], "4711"))
    hidden = discord.add_channel(guild, "hidden")
    await discord.publish_to(hidden, "CHANNEL_CREATE", hidden)
    await discord.deny(hidden, "view_channel")
    place = ("discord", guild["id"], hidden["id"])
    owner, member = Account("discord", "", guild["owner_id"]), Account("discord", "", person["id"])
    async with asyncio.timeout(20):
        while not await is_in(owner, place):
            riff.app.memberships._kept.clear()
            await asyncio.sleep(0.05)
    assert not await is_in(member, place)
