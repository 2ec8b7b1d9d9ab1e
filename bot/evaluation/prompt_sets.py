"""What is asked when ideas are measured: topics of teams, and prompts out of files."""

import json
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

from bot.evaluation.errors import EvaluationError
from bot.evaluation.growing_files import read_objects

TEAM = "team"
"""Names the topics that come with Riff."""

Ask = Literal["list", "answers"]
"""As one list, in which the model sees what it has said; or as answers that know nothing of each other."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """A topic that a list of ideas is asked for, or a question that is put again and again."""

    id: str
    text: str
    ask: Ask


def read_prompts(sources: list[str], limit: int = 0) -> tuple[Prompt, ...]:
    """The prompts of `team` or of files, the first `limit` of each (0: all). Raises EvaluationError."""
    found: dict[str, Prompt] = {}
    for source in sources:
        prompts = team_prompts() if source == TEAM else _from_file(Path(source))
        found |= {prompt.id: prompt for prompt in prompts[: limit or None]}
    return tuple(found.values())


def team_prompts() -> tuple[Prompt, ...]:
    """Forty topics of work, products, schools, events, shops, engineering and marketing, as teams word them."""
    text = (files("bot.evaluation") / "team_prompts.jsonl").read_text(encoding="utf-8")
    return tuple(_prompt(json.loads(line)) for line in text.splitlines())


def _from_file(path: Path) -> tuple[Prompt, ...]:
    rows = read_objects(path)
    for number, row in enumerate(rows, start=1):
        wrong = not isinstance(row.get("id"), str) or not isinstance(row.get("topic", row.get("prompt")), str)
        if wrong:
            raise EvaluationError(
                f'{path}: object {number} is neither {{"id", "topic"}}, for a list of ideas, nor {{"id", "prompt"}}, '
                "for answers; write texts."
            )
    if not rows:
        raise EvaluationError(f"{path}: holds no prompt; write one JSON object a line.")
    return tuple(map(_prompt, rows))


def _prompt(row: dict[str, Any]) -> Prompt:
    if "topic" in row:
        return Prompt(row["id"], row["topic"], "list")
    return Prompt(row["id"], row["prompt"], "answers")
