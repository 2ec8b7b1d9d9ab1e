"""`riff choose`: candidates in, places and reasons out, in order, and no bad line stops it."""

import json
from typing import Any

import pytest

from bot.cli.json_lines import BadLine, texts, whole_number
from tests.cli.conftest import Run

CANDIDATES = [
    "Lend seeds from a drawer beside the library's door on Saturdays.",
    "Lend seeds from a drawer beside the library's door on Saturday.",
    "Rinse the squid, then fry it in hot oil for two minutes with garlic.",
    "Read to children on the library's steps at four each Friday.",
    "Put a shelf of library books into the waiting room of the doctor.",
]


def line(**changes: Any) -> str:
    whole = {"id": 1, "topic": "a village library", "candidates": CANDIDATES, "count": 3}
    return json.dumps({**whole, **changes})


def test_lines_are_answered_in_order_and_bad_ones_are_named(riff: Run) -> None:
    lines = [
        line(id="first"),
        line(count=-1),
        "",
        line(candidates=["tea", 7]),
        line(id=None),
        '{"id": 3',
        line(id=7, candidates=[], count=4),
        line(id=8, topic="half \ud83d", candidates=["half \ud83d", ""], count=9),
        line(id=9, count=True),
        line(id=10, count=5),
    ]
    result = riff("choose", "--json", stdin="\n".join(lines))
    found = [json.loads(one) for one in result.stdout.splitlines()]
    assert [one["id"] for one in found] == ["first", 7, 8, 10]
    assert all(set(one) == {"id", "chosen", "why"} and len(one["why"]) == len(one["chosen"]) for one in found)
    assert {3, 4} <= set(found[0]["chosen"])
    assert not {0, 1} <= set(found[0]["chosen"])
    assert [one["chosen"] for one in found[1:3]] == [[], [0, 1]] or found[2]["chosen"] == [1, 0]
    assert set(found[3]["chosen"]) == set(range(5))
    assert [why["kind"] for why in found[3]["why"]] == ["new", "new", "new", "duplicate", "off topic"]
    assert result.exit_code == 1
    named = [
        int(one.split()[2].rstrip(":")) for one in result.stderr.splitlines() if one.startswith("riff: line")
    ]
    assert named == [2, 4, 5, 6, 9]


def test_good_lines_end_well_and_the_same_line_gets_the_same_answer(riff: Run) -> None:
    result = riff("choose", "--json", stdin=f"\ufeff{line()}\n{line()}\n")
    assert result.exit_code == 0
    first, second = result.stdout.splitlines()
    assert first == second
    why = json.loads(first)["why"][0]
    assert why["likeness"] == 0
    assert all(0 <= why[name] <= 1 for name in ("score", "relevance", "concreteness", "form"))


@pytest.mark.parametrize("value", [None, True, 1.5, "1", [], {}, -1])
def test_what_is_no_whole_number_is_named(value: object) -> None:
    with pytest.raises(BadLine, match="count"):
        whole_number({"count": value}, "count")


@pytest.mark.parametrize("value", [None, 1, "tea", {}, [None], [["tea"]], ["tea", 2]])
def test_what_is_no_list_of_texts_is_named(value: object) -> None:
    with pytest.raises(BadLine, match="candidates"):
        texts({"candidates": value}, "candidates")
