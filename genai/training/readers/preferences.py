"""Preference pairs as JSON lines: {"prompt" or "messages": ..., "chosen": "...", "rejected": "..."}."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from genai.chat import Turn
from genai.training.readers.files import Row, read_rows, text_of
from genai.training.readers.messages import read_turns


@dataclass(frozen=True, slots=True)
class Preference:
    """The turns up to the user's last, an answer that was preferred, and one that was not."""

    prompt: tuple[Turn, ...]
    chosen: str
    rejected: str


def read_preferences(path: Path) -> Iterator[Preference]:
    """The pairs of a .jsonl file or of a folder of them; raises DataError."""
    for row in read_rows(path):
        chosen, rejected = text_of(row, row.values, "chosen"), text_of(row, row.values, "rejected")
        if chosen.strip() == rejected.strip():
            raise row.error("chosen and rejected are the same", "Remove the line: it says nothing.")
        yield Preference(_prompt(row), chosen, rejected)


def _prompt(row: Row) -> tuple[Turn, ...]:
    if "messages" not in row.values:
        return (Turn("user", text_of(row, row.values, "prompt")),)
    turns = read_turns(row, "messages")
    if turns[-1].role != "user":
        raise row.error("the last message is not the user's", "Leave the answers to chosen and rejected.")
    return turns
