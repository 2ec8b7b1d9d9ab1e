"""A board as people see it: grouped, ranked, drawn, exported."""

import csv
import io
import json
import struct
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.board.export import to_csv, to_json, to_markdown
from bot.board.picture import DARK, LIGHT, Look, draw_map, draw_votes
from bot.board.view import Board, view
from genai.text import cluster
from storage.values.brainstorms import CardOnBoard

CORK = ["Cork lid. Line the lid with cork", "Cork sleeve. A sleeve of cork", "Cork tray. A tray made of cork"]
PRICE = [
    "Half price. Half the price at noon",
    "Price card. A price for regulars",
    "Fixed price. One price for all",
]
PEOPLE = {1: "member-1", 2: "member-2"}


def card(
    number: int, title: str, body: str = "", votes: int = 0, authors: tuple[int | None, ...] = (1,)
) -> CardOnBoard:
    moment = datetime(2030, 1, number % 28 + 1, tzinfo=UTC)
    return CardOnBoard(number, number, title, body, authors, moment, voters=frozenset(range(votes)))


def board(*cards: CardOnBoard) -> Board:
    return view("quieter lids", cards)


def test_texts_about_the_same_share_a_group_with_a_theme() -> None:
    groups = cluster([*CORK, *PRICE], apart_from="lids")
    assert [group.members for group in groups] == [(0, 1, 2), (3, 4, 5)]
    assert "cork" in groups[0].theme
    assert "price" in groups[1].theme
    assert not any("lid" in group.theme for group in groups)


def test_texts_without_spaces_are_grouped_too() -> None:
    groups = cluster(["软木的盖子", "毛毡的垫圈", "用软木做内衬", "毛毡包住边缘"], apart_from="安静")
    assert [group.members for group in groups] == [(0, 2), (1, 3)]
    assert [group.theme[:2] for group in groups] == ["软木", "毛毡"]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(alphabet="abc déü 汉 .,", max_size=30), max_size=20))
def test_every_text_is_in_exactly_one_group(texts: list[str]) -> None:
    members = [member for group in cluster(texts) for member in group.members]
    assert sorted(members) == list(range(len(texts)))


def test_the_shortlist_is_by_votes_and_then_by_arrival() -> None:
    seen = board(card(1, "One"), card(2, "Two", votes=1), card(3, "Three", votes=4), card(4, "Four", votes=1))
    assert [entry.number for entry in seen.shortlist(5)] == [3, 2, 4]
    assert [entry.number for entry in seen.shortlist(1)] == [3]


@pytest.mark.parametrize("look", [LIGHT, DARK])
def test_the_pictures_are_as_wide_as_a_phone_and_tell_all_in_words(look: Look) -> None:
    seen = board(card(1, "Cork lid", votes=2), card(2, "$x^2 \\frac{ and <b>"), card(3, "软木盖", "Cork"))
    for picture in (draw_map(seen, look), draw_votes(seen, look)):
        assert picture.png.startswith(b"\x89PNG")
        assert struct.unpack(">I", picture.png[16:20]) == (1080,)
        assert "1 Cork lid" in picture.alt_text
        assert "2 votes" in picture.alt_text


def test_an_empty_board_can_be_drawn() -> None:
    assert draw_map(board()).alt_text == "Idea map on quieter lids. No ideas yet."
    assert draw_votes(board()).alt_text == "Votes on quieter lids: no votes yet."


def test_markdown_credits_authors_and_is_inert() -> None:
    text = to_markdown(board(card(1, "Cork *lid*", "[x](http://y)", votes=1, authors=(1, None))), PEOPLE)
    assert "**1. Cork \\*lid\\***: \\[x\\](http\\://y) (member-1 and Riff, 1 vote)" in text
    assert "somebody" in to_markdown(board(card(1, "Cork", authors=(9,))), PEOPLE)


def test_json_holds_what_the_board_holds() -> None:
    built = CardOnBoard(7, 7, "Tray", "", (None,), datetime(2030, 1, 2, tzinfo=UTC), origins=(1,))
    found = json.loads(to_json(board(card(1, "软木盖", votes=3, authors=(2,)), built), PEOPLE))
    assert [idea["title"] for idea in found["ideas"]] == ["软木盖", "Tray"]
    assert [idea["authors"] for idea in found["ideas"]] == [["member-2"], ["Riff"]]
    assert [idea["made_of"] for idea in found["ideas"]] == [[], [1]]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.text(max_size=40), st.text(max_size=40)), min_size=1, max_size=6))
def test_csv_reads_back_and_holds_no_formula(ideas: list[tuple[str, str]]) -> None:
    cards = [card(number, title, body) for number, (title, body) in enumerate(ideas, start=1)]
    rows = list(csv.DictReader(io.StringIO(to_csv(board(*cards), PEOPLE), newline="")))
    assert [row["title"].replace("'", "") for row in rows] == [title.replace("'", "") for title, _ in ideas]
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for row in rows for cell in row.values())
