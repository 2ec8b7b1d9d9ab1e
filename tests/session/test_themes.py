"""The themes of a board: named once, by the model where its name fits, and the same from the board to the vote."""

from datetime import UTC, datetime

import pytest

from bot.board.themes import grown
from genai.likeness.group_names import are_fitting
from storage.values.brainstorms import CardOnBoard, KeptTheme
from tests.session.conftest import OpenRoom, Room, answer, lines
from tests.support.doubles import ScriptedGenerator

CORK = ("Line the lid with cork", "A sleeve of cork", "A tray of cork")
PRICE = ("Half price at noon", "A lower price for regulars", "One fixed price for all")
NAMED = "A: Soft cork linings\nB: **Fair prices**\n"


def card(number: int, title: str, *, origins: tuple[int, ...] = ()) -> CardOnBoard:
    moment = datetime(2030, 1, 1, tzinfo=UTC)
    return CardOnBoard(number, number, title, "", (1,), moment, origins=origins)


async def board_of(room: Room, *ideas: str) -> None:
    await room.told('/session start "quieter lids" 20')
    await room.told("/session skip")
    for who, idea in enumerate(ideas):
        await room.told(f"/session idea {idea}", f"member-{who}")


def headings(told: str) -> list[str]:
    """The bold lines of a board that name a theme."""
    return [line.strip("*") for line in told.splitlines() if line.startswith("**") and line.endswith("**")]


def names(*replies: str) -> ScriptedGenerator:
    """A model that names themes in these ways, one after the other."""
    left = list(replies)

    def write(request: object) -> str:
        asked = request.turns[-1].content  # type: ignore[attr-defined]
        return left.pop(0) if "were put into groups" in asked else answer(request)

    return ScriptedGenerator(write)


async def seen(room: Room) -> list[str]:
    _reply, channel = await room.say("/session board")
    return headings(lines([channel]))


async def test_themes_keep_the_models_names_from_the_board_to_the_vote(open_room: OpenRoom) -> None:
    room = await open_room(names(NAMED, "A: Something else\nB: And another"))
    await board_of(room, *CORK, *PRICE)
    assert await seen(room) == ["A Soft cork linings", "B Fair prices"]
    await room.told("/session idea Hire a whistling butler", "member-9")
    assert await seen(room) == ["A Soft cork linings", "B Fair prices", "Other"]
    await room.told("/session skip")
    (voting,) = [one for one in await room.scheduled_jobs() if one.panels and one.panels[0].pictures]
    assert headings(lines([voting]))[:3] == ["A Soft cork linings", "B Fair prices", "Other"]
    assert "A Soft cork linings: 1 Line the lid with cork" in voting.panels[0].pictures[0].alt_text
    assert "Other: 7 Hire a whistling butler" in voting.panels[0].pictures[0].alt_text


async def test_a_name_that_fits_another_theme_or_is_blocked_gives_way_to_a_shared_word(
    open_room: OpenRoom,
) -> None:
    swapped = "A: Lower prices\nB: Made of cork"
    room = await open_room(names(swapped))
    await board_of(room, *CORK, *PRICE)
    assert await seen(room) == ["A Cork", "B Price"]


async def test_names_that_moderation_blocks_are_never_kept(open_room: OpenRoom) -> None:
    room = await open_room(names("A: forbiddenword cork\nB: Fair prices"))
    await board_of(room, *CORK, *PRICE)
    assert await seen(room) == ["A Cork", "B Fair prices"]


async def test_a_model_that_takes_too_long_is_not_waited_for(
    open_room: OpenRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.session.theme_names._SECONDS", 0.05)
    room = await open_room(ScriptedGenerator(NAMED, seconds=0.5))
    await board_of(room, *CORK, *PRICE)
    assert await seen(room) == ["A Cork", "B Price"]


def test_new_ideas_join_their_theme_and_singles_stay_apart() -> None:
    kept = [KeptTheme("Cork", (1, 2)), KeptTheme("Price", (3, 4))]
    cards = [
        card(number, title)
        for number, title in enumerate(
            (*CORK[:2], *PRICE[:2], "A butler who whistles", "A tray of soft cork"), 1
        )
    ]
    themes = grown("quieter lids", [*cards, card(7, "Cork at half the price", origins=(3, 1))], kept)
    assert [theme.name for theme in themes] == ["Cork", "Price"]
    assert themes[1].ideas == (3, 4, 7)
    assert 5 not in (*themes[0].ideas, *themes[1].ideas)


def test_a_name_is_held_against_every_theme() -> None:
    groups = (CORK, PRICE, ("Library mode at noon", "No talking by the door", "Silent afternoons"))
    fits = are_fitting(["Soft cork linings", "Silence please", "Quiet times"], groups)
    assert fits[0]
    assert not fits[1]
    assert are_fitting(["软木", "优惠"], [("软木盖", "软木垫"), ("中午优惠", "老客优惠")]) == [True, True]
