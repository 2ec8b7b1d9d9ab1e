"""Data files: what is read, and what is said about faults."""

from pathlib import Path

import pytest

from genai.request import Turn
from genai.training.data.readers import read_conversations, read_preferences, read_text
from genai.training.run.errors import DataError
from tests.training.tiny import messages, write_rows

GOOD = '{"messages": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "a"}]}'


def test_conversations_are_read_with_system_turn_and_blank_lines(tmp_path: Path) -> None:
    file = tmp_path / "chat.jsonl"
    with_system = GOOD.replace("[", '[{"role": "system", "content": "s"}, ', 1)
    file.write_text(f"\ufeff{GOOD}\n\n{with_system}\n", encoding="utf-8")
    first, second = read_conversations(file)
    assert first.turns == (Turn("user", "q"), Turn("assistant", "a"))
    assert second.turns[0] == Turn("system", "s")


def test_folders_are_read_file_by_file(tmp_path: Path) -> None:
    write_rows(tmp_path / "b.jsonl", [messages("2", "x")])
    write_rows(tmp_path / "a.jsonl", [messages("1", "x")])
    (tmp_path / "notes.txt").write_text("not data", encoding="utf-8")
    assert [found.turns[0].content for found in read_conversations(tmp_path)] == ["1", "2"]


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("{", "not JSON"),
        ("[1]", "not a JSON object"),
        ("[" * 100_000, "not JSON"),
        ("{}", 'no list "messages"'),
        ('{"messages": []}', 'no list "messages"'),
        ('{"messages": ["hello"]}', "message 1 is not an object"),
        (GOOD.replace("user", "bot"), "message 1 has the role 'bot'"),
        (GOOD.replace('"a"', '" "'), 'message 2 "content" is not a text'),
        (GOOD.replace('"a"', "3"), 'message 2 "content" is not a text'),
        (GOOD.replace('"a"', '"\\ud800"'), "half a character"),
        (GOOD.replace("assistant", "user"), "do not take turns"),
        (GOOD.replace("assistant", "system"), "a system message after the first"),
        ('{"messages": [{"role": "user", "content": "q"}]}', "the last message is not the assistant's"),
    ],
)
def test_faults_name_file_line_and_cure(tmp_path: Path, line: str, fault: str) -> None:
    file = tmp_path / "chat.jsonl"
    file.write_text(f"{GOOD}\n{line}\n", encoding="utf-8")
    with pytest.raises(DataError) as caught:
        list(read_conversations(file))
    place, _, rest = caught.value.say.partition(": ")
    assert place == f"{file}, line 2"
    assert fault in rest
    assert rest.count(".") >= 2, "fault and cure are a sentence each"


def test_other_encodings_are_refused_with_their_line(tmp_path: Path) -> None:
    file = tmp_path / "chat.jsonl"
    file.write_bytes(f"{GOOD}\n".encode() * 3 + "caf\u00e9\n".encode("latin-1"))
    with pytest.raises(DataError, match="line 4: not UTF-8"):
        list(read_conversations(file))


def test_missing_and_empty_places_are_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="does not exist"):
        list(read_conversations(tmp_path / "none.jsonl"))
    with pytest.raises(DataError, match=r"no \.jsonl file"):
        list(read_conversations(tmp_path))


def test_preferences_take_a_prompt_or_messages(tmp_path: Path) -> None:
    answers = {"chosen": "good", "rejected": "bad"}
    turns = [{"role": "system", "content": "s"}, {"role": "user", "content": "q"}]
    file = write_rows(tmp_path / "p.jsonl", [{"prompt": "q", **answers}, {"messages": turns, **answers}])
    plain, with_system = read_preferences(file)
    assert plain.prompt == (Turn("user", "q"),)
    assert [turn.role for turn in with_system.prompt] == ["system", "user"]
    assert (plain.chosen, plain.rejected) == ("good", "bad")


def test_preferences_that_say_nothing_are_refused(tmp_path: Path) -> None:
    file = write_rows(tmp_path / "p.jsonl", [{"prompt": "q", "chosen": "x", "rejected": " x"}])
    with pytest.raises(DataError, match="line 1: chosen and rejected are the same"):
        list(read_preferences(file))


def test_long_texts_come_in_pieces_that_make_up_the_document(tmp_path: Path) -> None:
    text = "one line of a long text\n" * 130_000
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    write_rows(tmp_path / "b.jsonl", [{"text": "short"}])
    pieces = list(read_text(tmp_path))
    assert "".join(piece.text for piece in pieces[:-1]) == text
    assert max(len(piece.text) for piece in pieces) < 1_200_000
    assert [piece.ends_document for piece in pieces].count(True) == 2
    assert pieces[-1].text == "short"


def test_empty_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(" \n", encoding="utf-8")
    with pytest.raises(DataError, match="holds no text"):
        list(read_text(tmp_path))
