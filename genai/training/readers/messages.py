"""Conversations as JSON lines: {"messages": [{"role": "user", "content": "..."}, ...]}."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast, get_args

from genai.chat import Role, Turn
from genai.training.readers.files import Row, read_rows, text_of
from genai.training.run.errors import DataError

_EXAMPLE = '{"messages": [{"role": "user", "content": "..."}, {"role": "assistant", "content": "..."}]}'


@dataclass(frozen=True, slots=True)
class Conversation:
    """User and assistant in turns, perhaps after a system turn; the last turn is the assistant's."""

    turns: tuple[Turn, ...]


def read_conversations(path: Path) -> Iterator[Conversation]:
    """The conversations of a .jsonl file or of a folder of them; raises DataError."""
    for row in read_rows(path):
        turns = read_turns(row, "messages")
        if turns[-1].role != "assistant":
            raise row.error(
                "the last message is not the assistant's", "End every conversation with an answer."
            )
        yield Conversation(turns)


def read_turns(row: Row, key: str) -> tuple[Turn, ...]:
    """The turns under `key`; raises DataError unless user and assistant take turns."""
    messages = row.values.get(key)
    if not isinstance(messages, list) or not messages:
        raise row.error(f'no list "{key}"', f"Write the line as {_EXAMPLE}.")
    turns = tuple(_turn(row, number, message) for number, message in enumerate(messages, start=1))
    spoken = [turn.role for turn in turns if turn.role != "system"]
    if any(turn.role == "system" for turn in turns[1:]):
        raise row.error(
            "a system message after the first message", "Keep one system message, at the beginning."
        )
    if spoken != (["user", "assistant"] * len(spoken))[: len(spoken)] or not spoken:
        raise row.error("user and assistant do not take turns", "Start with the user and alternate.")
    return turns


def _turn(row: Row, number: int, message: Any) -> Turn:
    if not isinstance(message, dict):
        raise row.error(f"message {number} is not an object", f"Write the line as {_EXAMPLE}.")
    role = message.get("role")
    if role not in get_args(Role):
        raise _unknown_role(row, number, role)
    return Turn(cast(Role, role), text_of(row, message, "content", f"message {number} "))


def _unknown_role(row: Row, number: int, role: Any) -> DataError:
    return row.error(
        f"message {number} has the role {role!r:.40}", f"Use one of {', '.join(get_args(Role))}."
    )
