"""What was answered to prompts, kept as JSON lines in the form of NoveltyBench, so that others' tools read it too."""

import ast
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.core.domain import Idea
from bot.core.ideas import comparable
from bot.evaluation.errors import EvaluationError
from bot.evaluation.growing_files import read_objects
from bot.evaluation.prompt_sets import Ask, Prompt

ASKED = 10
"""Ideas of a list, and answers to a question: as many as NoveltyBench asks for."""


@dataclass(frozen=True, slots=True)
class Said:
    """One idea of a list, or one answer, which has no title."""

    title: str
    body: str

    @property
    def text(self) -> str:
        """All of it."""
        return f"{self.title}: {self.body}" if self.title and self.body else self.title or self.body


@dataclass(frozen=True, slots=True)
class Judged:
    """What others made of answers: classes of those that say the same, scores of the first of each, their utility."""

    partition: tuple[int, ...]
    scores: tuple[float, ...] = ()
    utility: float | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """One prompt and what came of it; `finish` says how the text ended, as servers name it.

    `tokens` and `seconds` are None for what others had asked.
    """

    prompt: Prompt
    said: tuple[Said, ...]
    finish: str = "stop"
    tokens: int | None = None
    seconds: float | None = None
    judged: Judged | None = None

    def compared(self) -> list[str]:
        """What answers are compared by: their words, without the topic that the ideas of a list share."""
        if self.prompt.ask == "answers":
            return [one.text for one in self.said]
        return [comparable(Idea(1, one.title, one.body), self.prompt.text) for one in self.said]

    def row(self) -> dict[str, Any]:
        """One line of a file."""
        named = {"topic": self.prompt.text} if self.prompt.ask == "list" else {}
        return {
            "id": self.prompt.id,
            "prompt": self.prompt.text,
            **named,
            "generations": [one.text for one in self.said],
            "ideas": [[one.title, one.body] for one in self.said],
            "finish": self.finish,
            "tokens": self.tokens,
            "seconds": self.seconds,
        }


def read_answers(path: Path) -> list[Answered]:
    """The answers of a file of ours or of NoveltyBench. Raises EvaluationError that names a wrong row."""
    return answers_in(read_objects(path), str(path))


def answers_in(rows: Sequence[dict[str, Any]], name: str) -> list[Answered]:
    """The answers of rows; raises EvaluationError."""
    return [_checked(row, f"{name}: row {number}") for number, row in enumerate(rows, start=1)]


def _checked(row: dict[str, Any], place: str) -> Answered:
    try:
        return _answered(row)
    except (KeyError, TypeError, ValueError, SyntaxError, RecursionError, MemoryError) as error:
        raise EvaluationError(
            f'{place} is not of the form {{"id", "prompt", "generations": [texts]}} ({type(error).__name__}).'
        ) from error


def _answered(row: dict[str, Any]) -> Answered:
    texts = _texts(row["generations"])
    ideas = row.get("ideas")
    said = tuple(Said(str(title), str(body)) for title, body in ideas) if ideas else _untitled(texts)
    ask: Ask = "list" if "topic" in row else "answers"
    prompt = Prompt(_text(row["id"]), _text(row.get("topic", row["prompt"])), ask)
    return Answered(
        prompt, said, row.get("finish", "stop"), row.get("tokens"), row.get("seconds"), _judged(row)
    )


def _untitled(texts: Sequence[str]) -> tuple[Said, ...]:
    return tuple(Said("", text) for text in texts)


def _texts(value: Any) -> list[str]:
    """A list of texts; some files of NoveltyBench hold it as Python writes it."""
    listed = ast.literal_eval(value) if isinstance(value, str) else value
    if not isinstance(listed, list) or not all(isinstance(one, str) for one in listed):
        raise ValueError("generations is no list of texts")
    return listed


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("id and prompt are texts")
    return value


def _judged(row: dict[str, Any]) -> Judged | None:
    if not isinstance(row.get("partition"), list):
        return None
    partition = tuple(map(int, row["partition"]))
    scores = tuple(map(float, row.get("generation_scores") or ()))
    if len(partition) != len(_texts(row["generations"])) or len(scores) not in {0, len(partition)}:
        raise ValueError("partition and generation_scores have one number for each text")
    utility = row.get("utility")
    return Judged(partition, scores, None if utility is None else float(utility))
