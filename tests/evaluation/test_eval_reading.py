"""`riff eval reading`: the sheet is blind and safe to open, and what readers fill in is counted rightly."""

import base64
import hashlib
import json
import re
import shutil
import subprocess
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

import genai.factory
from bot.cli.main import app
from bot.cli.shared import Failure
from bot.evaluation.blind_reading.sheet_result import nominal_alpha
from tests.support.doubles import ScriptedGenerator

EVIL = '</p><script>alert(1)</script><img src=x onerror="alert(2)"> & "ideas" \' <!-- ]]> javascript:alert(3)'
SCRIPT = Path("bot/evaluation/blind_reading/sheet.js")


def reading(*options: str) -> Result:
    return CliRunner().invoke(app, ["eval", "reading", *options])


def say_of(ran: Result) -> str:
    assert isinstance(ran.exception, Failure), (ran.output, ran.exception)
    return ran.exception.say


def answers(folder: Path, name: str, prompts: int = 12, text: str = "An idea of {name}, {n}.") -> str:
    """A file of answers to so many prompts, as an option."""
    rows = [
        {
            "id": f"p{number}",
            "prompt": f"Topic {number} {EVIL}",
            "generations": [text.format(name=name, n=n) for n in range(7)],
        }
        for number in range(prompts)
    ]
    path = folder / f"{name}.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return f"{name}={path}"


def made(folder: Path, *ways: str, seed: str = "1") -> Path:
    given = [part for way in ways for part in ("--way", way)]
    ran = reading("make", *given, "--output", str(folder / "sheet"), "--seed", seed)
    assert ran.exit_code == 0, (ran.output, ran.exception)
    return folder / "sheet"


def rows_of(sheet: Path) -> list[dict[str, Any]]:
    lines = (sheet / "sheet.jsonl").read_text(encoding="utf-8").splitlines()
    return [row for row in map(json.loads, lines) if "pair" in row]


def fill(sheet: Path, reader: str, prefer: Callable[[dict[str, Any]], str], **more: Any) -> str:
    path = sheet / f"{reader}.jsonl"
    rows = [row | {"prefer": prefer(row), **more} for row in rows_of(sheet)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return str(path)


def side_of(row: dict[str, Any], way: str) -> str:
    return "left" if way in row["left"][0] else "right"


def result(sheet: Path, *filled: str) -> dict[str, Any]:
    ran = reading("result", str(sheet), *filled, "--json")
    assert ran.exit_code == 0, (ran.output, ran.exception)
    found: dict[str, Any] = json.loads(ran.stdout)
    return found


# What readers are given.


def test_nothing_that_readers_see_tells_where_an_answer_came_from(tmp_path: Path) -> None:
    texts = ("One of {n} things.", "Another of {n} things.")
    ways = [answers(tmp_path, f"model-{n}-secret", text=text) for n, text in enumerate(texts)]
    sheet = made(tmp_path, *ways)
    for name in ("sheet.html", "sheet.jsonl"):
        assert "secret" not in (sheet / name).read_text(encoding="utf-8")
    key = json.loads((sheet / "key.json").read_text(encoding="utf-8"))
    assert {one["left"] for one in key["pairs"].values()} == {"model-0-secret", "model-1-secret"}
    assert [one["prompt"] for one in key["pairs"].values()] != [f"p{n}" for n in range(12)]


def test_a_seed_gives_the_same_sheet_and_another_one_another(tmp_path: Path) -> None:
    ways = [answers(tmp_path, "one"), answers(tmp_path, "two")]
    sheets = []
    for folder, seed in (("a", "1"), ("b", "1"), ("c", "2")):
        (tmp_path / folder).mkdir()
        sheets.append((made(tmp_path / folder, *ways, seed=seed) / "sheet.html").read_text(encoding="utf-8"))
    assert sheets[0] == sheets[1] != sheets[2]


def test_three_ways_make_three_pairs_of_each_prompt(tmp_path: Path) -> None:
    sheet = made(tmp_path, *(answers(tmp_path, name, prompts=4) for name in ("one", "two", "three")))
    assert len(rows_of(sheet)) == 12
    assert all(len(row["left"]) == len(row["right"]) == 5 for row in rows_of(sheet))


class Page(HTMLParser):
    """The elements of a page, and its texts by element."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, str]] = []
        self._open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in {"meta", "input"}:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag, f"{tag} is closed where another element is open"

    def handle_data(self, data: str) -> None:
        if self._open:
            self.texts.append((self._open[-1], data))


def test_what_models_wrote_is_text_and_nothing_else(tmp_path: Path) -> None:
    ways = [answers(tmp_path, name, text=name + EVIL.replace("{", "")) for name in ("one", "two")]
    page = Page((made(tmp_path, *ways) / "sheet.html").read_text(encoding="utf-8"))
    names = [tag for tag, _ in page.tags]
    assert names.count("script") == 1
    assert not {"img", "iframe", "object", "base", "link", "form", "a", "svg"} & set(names)
    for _, attributes in page.tags:
        assert not any(name.startswith("on") or name in {"src", "href", "style"} for name in attributes)
    assert sum(text == "one" + EVIL for tag, text in page.texts if tag == "span") == 12 * 5
    assert any(tag == "h2" and text.endswith(EVIL) for tag, text in page.texts)


def test_the_page_allows_its_own_script_and_no_other(tmp_path: Path) -> None:
    ways = [answers(tmp_path, "one"), answers(tmp_path, "two")]
    page = Page((made(tmp_path, *ways) / "sheet.html").read_text(encoding="utf-8"))
    policy = next(
        a["content"] or "" for tag, a in page.tags if a.get("http-equiv") == "Content-Security-Policy"
    )
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    for tag in ("script", "style"):
        text = "".join(said for inside, said in page.texts if inside == tag)
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert rules[f"{tag}-src"] == f"'sha256-{digest}'"
    assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == "'none'"


def test_every_control_is_native_and_has_a_label(tmp_path: Path) -> None:
    ways = [answers(tmp_path, "one", prompts=3), answers(tmp_path, "two", prompts=3)]
    text = (made(tmp_path, *ways) / "sheet.html").read_text(encoding="utf-8")
    inputs = len(re.findall("<input ", text))
    assert inputs == 3 * (3 + 10 + 1)
    assert len(re.findall(r"<label[^>]*>[^<]*<input ", text)) == inputs
    assert 'name="viewport" content="width=device-width' in text
    assert len(re.findall("<legend>", text)) == 3


@pytest.mark.skipif(shutil.which("node") is None, reason="node, which reads the script, is not installed")
def test_the_script_saves_what_was_chosen(tmp_path: Path) -> None:
    """In a page of two pairs without a browser: the first is answered, the second is not."""
    page = """
    const box = (value, side) => ({ value, dataset: { side }, checked: false });
    const two = [1, 2].map((pair) => {
      const inputs = { radio: ["left", "equal", "right"].map((v) => box(v)), text: { value: "" },
        boxes: [box("1", "left"), box("2", "left"), box("1", "right")] };
      return { dataset: { pair }, inputs, classList: { toggle() {} },
        querySelectorAll: (q) => q.includes("radio") ? inputs.radio : inputs.boxes.filter((one) =>
          q.includes(`"${one.dataset.side}"`) && (one.checked || !q.includes(":checked"))),
        querySelector: (q) => q.includes("text") ? inputs.text : inputs.radio.find((one) => one.checked) || null };
    });
    two[0].inputs.radio[2].checked = two[0].inputs.boxes[1].checked = true;
    let click; const link = { click() {} }; let saved = "";
    const parts = { count: {}, save: { addEventListener: (_, does) => { click = does; } } };
    globalThis.document = { body: { dataset: { sheet: "s1" } }, querySelectorAll: () => two,
      querySelector: () => ({ addEventListener() {} }), getElementById: (id) => parts[id],
      createElement: () => link };
    globalThis.localStorage = { getItem: () => null };
    globalThis.Blob = class { constructor(lines) { saved = lines.join(""); } };
    URL.createObjectURL = () => "blob:"; URL.revokeObjectURL = () => {}; globalThis.setTimeout = () => {};
    """
    end = "\nclick(); console.log(parts.count.textContent + '|' + link.download + '|' + saved);"
    code = page + SCRIPT.read_text(encoding="utf-8").replace('"use strict";', "") + end
    ran = subprocess.run(["node", "-e", code], capture_output=True, text=True, check=True, timeout=60)
    count, name, saved = ran.stdout.strip().split("|", 2)
    assert (count, name) == ("1", "answers-s1.jsonl")
    assert json.loads(saved) == {
        "sheet": "s1",
        "pair": 1,
        "prefer": "right",
        "usable_left": [2],
        "usable_right": [],
        "note": "",
    }


# What readers say.


def test_the_way_that_readers_prefer_wins(tmp_path: Path) -> None:
    sheet = made(tmp_path, answers(tmp_path, "one"), answers(tmp_path, "two"))
    for_two = fill(sheet, "anna", lambda row: side_of(row, "two"), usable_left=[1, 2], usable_right=[1, 2])
    nearly = fill(sheet, "ben", lambda row: "equal" if row["pair"] == 1 else side_of(row, "two"))
    found = result(sheet, for_two, nearly)
    (row,) = found["comparisons"]
    assert (row["one"], row["other"], row["winner"]) == ("one", "two", "two")
    assert (row["wins"], row["ties"], row["losses"], row["prompts"]) == (0, 1, 23, 12)
    assert row["preference"]["value"] == pytest.approx(0.5 / 24)
    assert row["preference"]["upper"] < 0.5
    assert [one["share"]["value"] for one in found["usable"]] == pytest.approx([0.4, 0.4])
    assert found["concord"]["preferences_same"] == pytest.approx(11 / 12)
    assert found["readers"] == 2


def test_without_a_difference_nobody_wins(tmp_path: Path) -> None:
    sheet = made(tmp_path, answers(tmp_path, "one"), answers(tmp_path, "two"))
    found = result(sheet, fill(sheet, "anna", lambda row: side_of(row, "one" if row["pair"] % 2 else "two")))
    (row,) = found["comparisons"]
    assert row["winner"] is None
    assert row["preference"]["lower"] < 0.5 < row["preference"]["upper"]
    assert found["concord"]["preferences_same"] is None
    told = reading("result", str(sheet), str(sheet / "anna.jsonl")).stdout
    assert "not certain" in told
    assert "alpha" not in told


def test_examples_are_shown_as_they_were_read_and_marked_up_by_nothing(tmp_path: Path) -> None:
    evil = "An *idea* of {name} <b>|</b> [link](http://x) `code` {n}."
    sheet = made(tmp_path, *(answers(tmp_path, name, text=evil) for name in ("one", "two")))
    filled = fill(sheet, "anna", lambda _: "equal", usable_left=[1], usable_right=[])
    told = reading("result", str(sheet), filled, "--examples", "4").stdout
    table = [line for line in told.splitlines() if line.endswith(("| 100% |", "| 0% |"))]
    assert [line.endswith("| 100% |") for line in table] == [True, True, False, False]
    assert r"\<b\>\|\</b\> \[link\](http://x) \`code\`" in table[0]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"sheet": "another"}, "belongs to another sheet"),
        ({"prefer": "both"}, "prefer is none of left, right and equal"),
        ({"pair": 99}, "no such pair"),
        ({"usable_left": [6]}, "numbers from 1 to 5"),
        ({"usable_left": [True]}, "numbers from 1 to 5"),
        ({"usable_right": "1, 2"}, "numbers from 1 to 5"),
    ],
)
def test_a_row_that_cannot_be_counted_is_named(tmp_path: Path, change: dict[str, Any], told: str) -> None:
    sheet = made(tmp_path, answers(tmp_path, "one"), answers(tmp_path, "two"))
    row = rows_of(sheet)[0] | {"prefer": "left"} | change
    (sheet / "anna.jsonl").write_text(json.dumps(row), encoding="utf-8")
    said = say_of(reading("result", str(sheet), str(sheet / "anna.jsonl")))
    assert "anna.jsonl, row 1" in said
    assert told in said


def test_an_empty_sheet_and_a_lonely_way_are_refused(tmp_path: Path) -> None:
    sheet = made(tmp_path, answers(tmp_path, "one"), answers(tmp_path, "two"))
    assert "no pair has a preference" in say_of(reading("result", str(sheet), str(sheet / "sheet.jsonl")))
    assert "holds a sheet already" in say_of(reading("make", "--way", "a=", "--output", str(sheet)))
    assert "two ways at least" in say_of(reading("make", "--way", "a=", "--output", str(tmp_path / "b")))


def test_ways_are_asked_where_they_are_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lists = [f"1. **{verb}**: {verb} it.\n2. **Sell**: Sell it." for verb in ("Bake", "Wash")]
    generators = iter([ScriptedGenerator(text) for text in lists])
    monkeypatch.setattr(genai.factory, "load", lambda _: next(generators))
    ways = ("--way", "warm=generator.temperature=1.2", "--way", "cold=generator.temperature=0.1")
    ran = reading("make", *ways, "--limit", "3", "--output", str(tmp_path / "sheet"))
    assert ran.exit_code == 0, (ran.output, ran.exception)
    rows = rows_of(tmp_path / "sheet")
    assert len(rows) == 3
    assert all({row["left"][0], row["right"][0]} == {"Bake: Bake it.", "Wash: Wash it."} for row in rows)


def test_agreement_is_krippendorffs() -> None:
    """By hand: of 12 values, 5 of them a, 2 disagree in their unit; by chance 2 * 5 * 7 / 11 would."""
    units = [["a", "a"], ["a", "a"], ["b", "b"], ["b", "b"], ["b", "b"], ["a", "b"], ["a"]]
    a, b = 5, 7
    assert nominal_alpha(units) == pytest.approx(1 - 2 / (2 * a * b / (a + b - 1)))
    assert nominal_alpha([["a"], ["b"]]) is None
    assert nominal_alpha([["a", "a"]]) == 1
