"""What a discriminator learns from: read from files, and parted so that nothing learned from is measured on."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from genai.training.data.readers import (
    Row,
    data_files,
    read_lines,
    read_preferences,
    read_rows,
    read_turns,
    text_of,
)
from genai.training.run.errors import DataError

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Labelled:
    """A text, whether it is of the wanted kind, and the group (its prompt) that no split may tear apart."""

    text: str
    wanted: bool
    group: str


def labels_of(texts: Sequence[Labelled]) -> npt.NDArray[np.int64]:
    """1 for wanted, 0 for unwanted; shape (texts,)."""
    return np.array([item.wanted for item in texts], dtype=np.int64)


def folds(texts: Sequence[Labelled], count: int, seed: int) -> list[tuple[Indices, Indices]]:
    """`count` ways to part the texts into those to learn from and those to measure on, by group.

    Fewer ways where a kind has fewer groups than `count`. Raises DataError where one has fewer than two.
    """
    from sklearn.model_selection import StratifiedGroupKFold

    fewest = min(len({item.group for item in texts if item.wanted is kind}) for kind in (True, False))
    if fewest < 2:
        raise DataError("Too few texts to learn from; give at least some twenty different ones of each kind.")
    splitter = StratifiedGroupKFold(min(count, fewest), shuffle=True, random_state=seed)
    splits = splitter.split(np.zeros(len(texts)), labels_of(texts), [item.group for item in texts])
    return [(learn, measure) for learn, measure in splits]


# Reads the texts that a discriminator learns from, out of text files, conversations and preference pairs.


SUFFIXES = (".txt", ".jsonl")


def read_labelled(
    written: Sequence[Path], generated: Sequence[Path], preferences: Sequence[Path]
) -> list[Labelled]:
    """All texts without repeats within a kind: written and chosen are wanted, generated and rejected are not.

    Text files hold a text on each line; JSON lines hold {"text": ...} or {"messages": [...]}, of which the
    last answer counts. Raises DataError.
    """
    found: dict[tuple[str, bool], Labelled] = {}
    for item in _all(written, generated, preferences):
        found.setdefault((item.text, item.wanted), item)
    return list(found.values())


def _all(
    written: Sequence[Path], generated: Sequence[Path], preferences: Sequence[Path]
) -> Iterator[Labelled]:
    for paths, wanted in ((written, True), (generated, False)):
        for path in paths:
            for text, group in _texts(path):
                yield Labelled(text, wanted, group)
    for path in preferences:
        for pair in read_preferences(path):
            group = pair.prompt[-1].content
            yield Labelled(pair.chosen.strip(), True, group)
            yield Labelled(pair.rejected.strip(), False, group)


def _texts(path: Path) -> Iterator[tuple[str, str]]:
    """Texts with their groups; a text without a prompt is a group of its own."""
    for file in data_files(path, SUFFIXES):
        if file.suffix == ".jsonl":
            yield from (_text_and_group(row) for row in read_rows(file))
        else:
            yield from ((line.strip(), line.strip()) for _, line in read_lines(file) if line.strip())


def _text_and_group(row: Row) -> tuple[str, str]:
    if "messages" not in row.values:
        text = text_of(row, row.values, "text").strip()
        return text, text
    turns = read_turns(row, "messages")
    if turns[-1].role != "assistant" or len(turns) < 2:
        raise row.error("the last message is not an answer", "End every conversation with an answer.")
    return turns[-1].content.strip(), turns[-2].content
