"""`riff likeness`: pairs of texts in, in order, and no bad line stops it."""

import json

from tests.cli.conftest import Run


def test_pairs_are_answered_in_order_and_bad_lines_are_named(riff: Run) -> None:
    lines = [
        '{"id": "one", "a": "Line lids with cork", "b": "Line the lids with cork"}',
        "{broken",
        '{"id": 2, "a": "Stamp card", "b": "Night market"}',
        "[]",
        '{"id": 3, "a": "tea", "b": 7}',
        '{"id": 4, "a": "", "b": ""}',
        '{"id": 5, "a": "half \\ud83d", "b": "' + "word " * 40_000 + '"}',
    ]
    result = riff("likeness", "--json", stdin="\n".join(lines))
    found = [json.loads(line) for line in result.stdout.splitlines()]
    assert [one["id"] for one in found] == ["one", 2, 4, 5]
    assert [one["same"] for one in found] == [True, False, True, False]
    assert all(0 <= one["likeness"] <= 1 and set(one) == {"id", "likeness", "same"} for one in found)
    assert result.exit_code == 1
    assert [f"line {number}" in result.stderr for number in range(1, 8)] == [
        number in (2, 4, 5) for number in range(1, 8)
    ]


def test_good_lines_end_well_with_the_measure_that_is_set(riff: Run) -> None:
    line = json.dumps({"id": 1, "a": "cork", "b": "a cork"})
    result = riff("likeness", "--json", stdin=line)
    assert result.exit_code == 0
    assert json.loads(result.stdout)["likeness"] > 0.5


def test_without_json_it_says_what_to_give(riff: Run) -> None:
    result = riff("likeness", stdin="")
    assert result.exit_code != 0
    assert "--json" in str(result.exception) + result.output + str(getattr(result.exception, "say", ""))
