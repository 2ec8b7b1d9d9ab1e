"""What people make of ideas on Discord stands under the card, in place; answers are judged and saved too."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.discord.rendering import components
from adapters.discord.rendering.cards import display, fits, idea_card, is_laid_out, with_line
from bot.core.domain import Account, Idea, Outcome, Reply, Task
from bot.core.ideas import format_idea
from tests.discord.conftest import IDEAS, MakeRiff
from tests.support.discord_server import DiscordServer, Interaction, buttons, text_of
from tests.support.discord_server.validation import EDIT, check_message

AGAIN = "The same choice takes it back."


def line_of(message: dict[str, Any]) -> str:
    """The line under the card."""
    return text_of({"components": message["components"][-1:]}).removeprefix("-# ")


def pressed(message: dict[str, Any], label: str) -> str:
    return str(next(each["custom_id"] for each in buttons(message) if each.get("label") == label))


def privately(interaction: Interaction) -> list[str]:
    return [text_of(message) for message in interaction.shown if message["flags"] & 64]


async def test_likes_and_saves_stand_under_the_card_and_are_taken_back(
    discord: DiscordServer, make_riff: MakeRiff
) -> None:
    channel, one, other = discord.add_channel(discord.add_guild()), discord.add_user(), discord.add_user()
    first = await make_riff()
    asked = await discord.command(one, channel, "brainstorm", {"topic": "tea shops", "count": 3})
    await asked.until(lambda it: it.original and "riff:pick" in str(it.original["components"]))
    card = asked.original
    assert card is not None
    pick, ids = buttons(card)[0]["custom_id"], [each["value"] for each in buttons(card)[0]["options"]]

    async def choose(person: dict[str, Any], picked: list[str], label: str, line: str) -> Interaction:
        await (await discord.press(person, card, pick, picked)).until(lambda it: it.response)
        done = await discord.press(person, card, pressed(card, label))
        await discord.until(lambda: line_of(card) == line)
        return done

    liked = await choose(one, ids[:1], "Like", f"Liked: 1. {AGAIN}")
    assert privately(liked) == []
    await choose(other, ids[:2], "Like", f"Liked: 1 (2 people) and 2. {AGAIN}")
    await choose(one, ids[2:], "Save", f"Liked: 1 (2 people) and 2. Saved: 3. {AGAIN}")
    assert one["id"] not in str(card["components"])
    await first.stop()
    await make_riff()
    await choose(other, ids[:2], "Like", f"Liked: 1. Saved: 3. {AGAIN}")
    which = await discord.press(
        other, card, pressed(card, "Not for me")
    )  # none but Riff's memory had the picks
    await which.until(lambda it: "not for you" in " ".join(privately(it)))
    asks = await discord.press(one, card, pressed(card, "Save"))
    await asks.until(lambda it: it.shown and buttons(it.shown[0]))
    told = await discord.press(one, asks.shown[0], buttons(asks.shown[0])[0]["custom_id"], ids[2:])
    await told.until(lambda it: "Taken back." in privately(it))
    await discord.until(lambda: line_of(card) == f"Liked: 1. {AGAIN}")


async def test_an_answer_is_judged_saved_and_turned_into_ideas(
    discord: DiscordServer, make_riff: MakeRiff
) -> None:
    channel, person = discord.add_channel(discord.add_guild()), discord.add_user()
    riff = await make_riff("Bells rang the hours.", IDEAS)
    await discord.say(person, channel, "tell me of bells", mention=True)
    answer = await discord.until(lambda: next((m for m in discord.said(channel) if buttons(m)), None))
    await discord.until(lambda: len(buttons(answer)) == 4)
    assert [each["label"] for each in buttons(answer)] == [
        "Turn into ideas",
        "Save",
        "Helpful",
        "Not helpful",
    ]
    for label, said in (
        ("Helpful", "it helped"),
        ("Save", "Saved."),
        ("Save", "Taken back."),
        ("Save", "Saved."),
    ):
        done = await discord.press(person, answer, pressed(answer, label))
        await done.until(lambda it, said=said: said in " ".join(privately(it)))
    owner = await riff.app.repositories.people.find(Account("discord", "", person["id"]))
    assert owner is not None
    assert [idea.body for idea in await riff.app.repositories.ideas.saved(owner, 9)] == [
        "Bells rang the hours."
    ]
    made = await discord.press(person, answer, pressed(answer, "Turn into ideas"))
    await made.until(lambda it: it.original and "Tea walk" in text_of(it.original))
    assert "tell me of bells" in riff.generator.requests[-1].turns[-1].content


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.tuples(st.text(min_size=1, max_size=90), st.text(max_size=300)), min_size=1, max_size=20),
    st.text(min_size=1, max_size=300),
)
def test_a_card_with_its_line_is_valid_and_the_line_leaves_it_as_it_was(
    found: list[tuple[str, str]], line: str
) -> None:
    ideas = tuple(Idea(number, *texts, number) for number, texts in enumerate(found, 1))
    reply = Reply(Outcome.ANSWERED, "x", ideas, message_id=1, task=Task.BRAINSTORM)
    card = idea_card("\n".join(map(format_idea, ideas)), (), components.rows_for(reply))
    if card is None:
        return
    lined = with_line(card, "Liked: 1.")
    if lined is None:  # as full as a message may be
        assert not fits([*card["components"], display("-# Liked: 1.")])
        return
    again = with_line(lined, line)
    for payload in (lined, *([again] if again else [])):
        assert is_laid_out(payload)
        check_message(payload, EDIT)
    assert with_line(lined, "") == card
