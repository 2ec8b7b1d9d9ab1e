"""Thousands of real answers of seven models through the readers, without loss; only where they lie beside the code."""

import json
from pathlib import Path

import pytest

from genai.answers.lists import ListedIdea, read_list

FOLDER = Path("../shared/data/novelty")
THREE_THINGS = {"curated-63", "curated-64", "curated-65"}
"""Prompts that ask for a list of three."""


def answers(file: Path) -> list[tuple[str, str]]:
    rows = map(json.loads, file.read_text(encoding="utf-8").splitlines())
    return [(row["id"], text) for row in rows for text in row["generations"]]


@pytest.fixture(
    params=sorted(FOLDER.glob("*.jsonl")) or [None], ids=lambda file: file.stem if file else "none"
)
def file(request: pytest.FixtureRequest) -> Path:
    if request.param is None:
        pytest.skip(f"the answers of real models are not at {FOLDER}")
    return Path(request.param)


def test_no_answer_loses_text(file: Path) -> None:
    for _prompt, text in answers(file):
        assert "".join(part.raw for part in read_list(text, 5)) == text


def test_lists_of_three_are_three_ideas(file: Path) -> None:
    read = [
        [part.title for part in read_list(text, 3) if isinstance(part, ListedIdea)]
        for prompt, text in answers(file)
        if prompt in THREE_THINGS
    ]
    right = sum(len(titles) == 3 and all(titles) for titles in read)
    assert right >= 0.9 * len(read)
