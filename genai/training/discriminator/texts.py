"""Reads the texts that a discriminator learns from, out of text files, conversations and preference pairs."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from genai.training.discriminator.labelled import Labelled
from genai.training.readers import read_preferences
from genai.training.readers.files import Row, data_files, read_lines, read_rows, text_of
from genai.training.readers.messages import read_turns

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
