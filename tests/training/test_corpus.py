"""The written corpus and the conversations made of it."""

import itertools
import re
import shutil
from collections.abc import Sequence
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from genai.prompts import LIST_TASKS, TONES, Brief, Preferences, Task
from genai.training.demo.answers import idea_patterns, list_answer
from genai.training.demo.examples import Example, make_example, make_examples, measure_corpus
from genai.training.demo.library import CORPUS_FOLDER, CorpusError, load_library
from genai.training.demo.writer import Writer
from genai.training.measure.tasks import distinct_ideas, ideas_of, is_exact_list, uses_any

LIBRARY = load_library()


@pytest.fixture(scope="module")
def examples() -> list[Example]:
    return list(itertools.islice(make_examples(LIBRARY, seed=3), 1500))


def test_the_same_seed_gives_the_same_conversations_from_any_start() -> None:
    whole = list(itertools.islice(make_examples(LIBRARY, seed=5), 6))
    assert list(itertools.islice(make_examples(LIBRARY, seed=5, start=4), 2)) == whole[4:]
    assert whole[0] != next(make_examples(LIBRARY, seed=6))


def test_topics_kept_for_measuring_are_nowhere_in_the_corpus() -> None:
    held_out = re.compile("|".join(re.escape(topic) for topic in LIBRARY.held_out), re.IGNORECASE)
    found = {
        path.name: held_out.findall(path.read_text(encoding="utf-8"))
        for path in CORPUS_FOLDER.rglob("*.txt")
        if path.stem != "heldout"
    }
    assert {name: topics for name, topics in found.items() if topics} == {}


def test_conversations_repeat_each_other_hardly_and_never_ask_about_a_topic_kept_for_measuring() -> None:
    figures = measure_corpus(LIBRARY, 300_000, lambda example: len(example.answer) // 4)
    assert figures.tokens >= 300_000
    assert figures.duplicate_conversations <= 0.05
    assert figures.duplicate_answers <= 0.05
    assert figures.held_out_topics == 0


def test_lists_are_exact_distinct_and_keep_away_from_forbidden_words(examples: Sequence[Example]) -> None:
    lists = [example for example in examples if example.brief.task in LIST_TASKS]
    assert {example.brief.count for example in lists} == set(range(1, 13))
    for example in lists:
        ideas = ideas_of(example.answer)
        assert is_exact_list(example.answer, example.brief.count)
        assert distinct_ideas(ideas) == len(ideas) or example.brief.task is Task.SLOGAN
        assert not uses_any(example.answer, example.brief.preferences.avoid_words)
        assert not {title for title, _ in ideas if title} & set(example.brief.already)


def test_answers_keep_their_limit_and_leave_no_slot_open(examples: Sequence[Example]) -> None:
    assert all(
        len(example.answer) <= example.brief.max_characters
        for example in examples
        if example.brief.max_characters
    )
    assert not [example.answer for example in examples if re.search(r"[{}|]|  ", example.answer)]


@settings(max_examples=60, deadline=None)
@given(
    count=st.integers(1, 12),
    tone=st.sampled_from(TONES),
    technique=st.sampled_from(("", "SCAMPER", "six hats", "analogy")),
    seed=st.integers(0, 10**6),
)
def test_ideas_follow_the_order_of_the_patterns_as_a_circle(
    count: int, tone: str, technique: str, seed: int
) -> None:
    brief = Brief(
        Task.BRAINSTORM, "tea", count=count, technique=technique, preferences=Preferences(tone=tone)
    )
    writer = Writer(LIBRARY, brief, Random(seed))
    titles = [title for title, _ in ideas_of(list_answer(writer))]
    patterns = [pattern.title for pattern in idea_patterns(writer)]
    if len(patterns) < 2 * count:
        patterns += [p.title for p in LIBRARY.toned_patterns("general", tone)]
    places = [patterns.index(title) for title in titles]
    assert sum(later < earlier for earlier, later in itertools.pairwise(places)) <= 1


def test_every_task_and_every_topic_that_was_typed_is_in_its_answer() -> None:
    for task in Task:
        example = make_example(LIBRARY, Random(f"{task}"), task)
        assert example.brief.task is task
        assert example.answer.strip()
        if task in {Task.BRAINSTORM, Task.RECOMMEND, Task.DESIGN}:
            assert example.brief.subject in example.answer


def test_a_writer_can_extend_the_corpus(tmp_path: Path) -> None:
    folder = shutil.copytree(CORPUS_FOLDER, tmp_path / "corpus")
    with (folder / "tasks/slogan.bold.txt").open("a") as file:
        file.write("Roar for {topic}.\n")
    (folder / "topics/music.txt").write_text("# a new field\na brass band\n")
    library = load_library(folder)
    assert "Roar for {topic}." in library.lines["slogan.bold"]
    assert "a brass band" in library.topics


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("Title | Use {nonsense} for {topic}.", "no list words/nonsense.txt"),
        ("Title | Use [this|that for {topic}.", r"\[ is never closed"),
        (" | No title for {topic}.", "needs 'Title | text'"),
    ],
)
def test_a_line_that_breaks_the_format_is_named(tmp_path: Path, line: str, fault: str) -> None:
    folder = shutil.copytree(CORPUS_FOLDER, tmp_path / "corpus")
    with (folder / "brainstorm/general.plain.txt").open("a") as file:
        file.write(f"{line}\n")
    with pytest.raises(CorpusError, match=rf"general\.plain\.txt: .*{fault}"):
        load_library(folder)
