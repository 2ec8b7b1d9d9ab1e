"""Pairs of answers to the same prompt, shuffled so that nobody who reads them knows which way an answer came from."""

import hashlib
import itertools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from bot.evaluation.errors import EvaluationError
from bot.evaluation.kept_answers import Answered, Said


@dataclass(frozen=True, slots=True)
class Pair:
    """Two answers side by side; `number` counts from 1 in the order in which they are read."""

    number: int
    prompt: str
    left: tuple[Said, ...]
    right: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Origin:
    """What the key tells of a pair: the prompt's id, and which way each side came from."""

    prompt_id: str
    left: str
    right: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """All pairs, and the key to them; `id` is a digest of what is read, so that a key fits no other sheet."""

    id: str
    pairs: tuple[Pair, ...]
    key: Mapping[int, Origin]
    ways: tuple[str, ...]
    seed: int

    def key_json(self) -> dict[str, Any]:
        """What a file of its own keeps from readers."""
        origins = {
            str(number): {"prompt": one.prompt_id, "left": one.left, "right": one.right}
            for number, one in self.key.items()
        }
        return {"sheet": self.id, "seed": self.seed, "ways": list(self.ways), "pairs": origins}


def make_sheet(answers: Mapping[str, Sequence[Answered]], shown: int, seed: int) -> Sheet:
    """A pair for each two ways and each prompt that both answered, of each answer the first `shown` ideas (0: all).

    Sides and order are drawn with the seed. Raises EvaluationError where there is nothing to compare.
    """
    random = Random(seed)
    by_way = {way: {one.prompt.id: one for one in some if one.said} for way, some in answers.items()}
    both = [
        (by_way[one][prompt_id], by_way[other][prompt_id], Origin(prompt_id, one, other))
        for one, other in itertools.combinations(by_way, 2)
        for prompt_id in by_way[one].keys() & by_way[other].keys()
    ]
    if not both:
        raise EvaluationError("no prompt was answered in two ways; give ways that answer the same prompts.")
    both.sort(key=lambda found: (found[2].prompt_id, found[2].left, found[2].right))
    random.shuffle(both)
    pairs, key = [], {}
    for number, (first, second, origin) in enumerate(both, start=1):
        if random.random() < 0.5:
            first, second = second, first
            origin = Origin(origin.prompt_id, origin.right, origin.left)
        pairs.append(
            Pair(number, first.prompt.text, first.said[: shown or None], second.said[: shown or None])
        )
        key[number] = origin
    return Sheet(_digest(pairs), tuple(pairs), key, tuple(answers), seed)


def _digest(pairs: Sequence[Pair]) -> str:
    read = [
        [pair.prompt, [one.text for one in pair.left], [one.text for one in pair.right]] for pair in pairs
    ]
    return hashlib.sha256(json.dumps(read).encode()).hexdigest()[:16]


# The sheet as JSON lines, for whoever reads in an editor or by a program.


def sheet_rows(sheet: Sheet, task: str) -> list[dict[str, Any]]:
    """The task, then a pair a line, with what is to be filled in still empty."""
    return [{"sheet": sheet.id, "task": task}, *(_row(sheet.id, pair) for pair in sheet.pairs)]


def _row(sheet_id: str, pair: Pair) -> dict[str, Any]:
    return {
        "sheet": sheet_id,
        "pair": pair.number,
        "prompt": pair.prompt,
        "left": [one.text for one in pair.left],
        "right": [one.text for one in pair.right],
        "prefer": None,
        "usable_left": None,
        "usable_right": None,
        "note": "",
    }
