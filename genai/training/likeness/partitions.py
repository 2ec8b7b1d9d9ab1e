"""Answers of several models to the same prompts, parted into those that say the same, as NoveltyBench has them."""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from pathlib import Path
from random import Random

import numpy as np
from numpy.typing import NDArray

from genai.likeness.pair_features import pair_features
from genai.likeness.text_views import read
from genai.training.run.errors import TrainingError

_NUMBER = re.compile(r"\d+")
_SHORT = 150
_TOGETHER = 10
_SHORT_STRANGERS, _LONG_STRANGERS = 120, 20


@dataclass(frozen=True, slots=True)
class Partition:
    """One model's answers to one prompt, and for each the number of the class that it is in."""

    model: str
    prompt: int
    answers: tuple[str, ...]
    classes: tuple[int, ...]

    @property
    def distinct(self) -> int:
        """How many answers say something of their own."""
        return len(set(self.classes))


@dataclass(frozen=True, slots=True)
class Pairs:
    """Every two answers of each partition: features [pairs, features], whether they say the same, how long they are.

    `is_direct` where one of the two leads its class: only that was compared, the rest follows. `prompts` says which
    prompt a pair is of, `characters` how long its answers are on average.
    """

    features: NDArray[np.float64]
    same: NDArray[np.bool_]
    is_direct: NDArray[np.bool_]
    is_equal: NDArray[np.bool_]
    prompts: NDArray[np.int_]
    characters: NDArray[np.float64]


def read_partitions(folder: Path) -> list[Partition]:
    """The partitions in a folder's .jsonl files, a model each. Raises TrainingError."""
    files = sorted(folder.glob("*.jsonl"))
    if not files:
        raise TrainingError(f"{folder}: no .jsonl files of partitions are there.")
    return [one for file in files for one in _in_file(file)]


def _in_file(file: Path) -> Iterable[Partition]:
    with file.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                values = json.loads(line)
                prompt = int(_NUMBER.findall(values["id"])[-1])
                answers, classes = tuple(values["generations"]), tuple(map(int, values["partition"]))
            except (ValueError, LookupError, TypeError) as error:
                raise TrainingError(
                    f'{file}, line {number}: not like {{"id": "curated-1", "generations": […], "partition": […]}}.'
                ) from error
            if len(answers) != len(classes):
                raise TrainingError(f"{file}, line {number}: not every answer is in a class.")
            yield Partition(file.stem, prompt, answers, classes)


def is_kept(prompt: int) -> bool:
    """Whether a prompt is kept apart: a quarter, in twos, for neighbours are about the same."""
    return prompt // 2 % 4 == 3


def strangers(partitions: Sequence[Partition], random: Random) -> list[Partition]:
    """Answers to different prompts, ten at a time, all of which say something else; most of them are short.

    Short answers to one prompt are so often the same that from these alone any two short texts would seem alike.
    """
    by_prompt: dict[int, list[str]] = {}
    for one in partitions:
        by_prompt.setdefault(one.prompt, []).extend(one.answers)
    short = [kept for answers in by_prompt.values() if (kept := [a for a in answers if len(a) < _SHORT])]
    found = [_strangers(short, random) for _ in range(_SHORT_STRANGERS)]
    return found + [_strangers(list(by_prompt.values()), random) for _ in range(_LONG_STRANGERS)]


def _strangers(answers: Sequence[Sequence[str]], random: Random) -> Partition:
    chosen = random.sample(answers, min(_TOGETHER, len(answers)))
    texts = tuple(random.choice(known) for known in chosen)
    return Partition("", -1, texts, tuple(range(len(texts))))


def pairs_of(partitions: Sequence[Partition]) -> Pairs:
    """All pairs, in order."""
    found = [_pairs(one) for one in partitions]
    features, same, direct, equal, prompts, characters = (
        np.concatenate(column) for column in zip(*found, strict=True)
    )
    return Pairs(features, same, direct, equal, prompts, characters)


@cache
def _pairs(one: Partition) -> tuple[NDArray[np.float64], ...]:
    views = read(one.answers)
    features = pair_features(views, views)
    places = list(combinations(range(len(views)), 2))
    leads = [one.classes.index(number) == at for at, number in enumerate(one.classes)]
    lengths = [len(answer) for answer in one.answers]
    return (
        np.array([features[a, b] for a, b in places]),
        np.array([one.classes[a] == one.classes[b] for a, b in places]),
        np.array([leads[a] or leads[b] for a, b in places]),
        np.array([views[a].said == views[b].said for a, b in places]),
        np.full(len(places), one.prompt),
        np.array([(lengths[a] + lengths[b]) / 2 for a, b in places]),
    )
