"""Preference sets: which pairs are made of ratings, and that nothing personal gets into them."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genai.moderation import ModerationSettings, Moderator, load
from genai.training.data.readers import read_preferences
from genai.training.feedback import FeedbackConfig, Rating, feedback, preference_pairs
from genai.training.run.errors import TrainingError

LIKED = Rating(1, "like", "brainstorm", "tea shops", "Stamp card", "Sell stamps at noon.")
DISLIKED = Rating(1, "dislike", "brainstorm", "Tea shops ", "Kettle film", "Film a kettle.")


@pytest.fixture
async def moderator() -> AsyncIterator[Moderator]:
    moderator = load(ModerationSettings(classifier=("profanity-check",)))
    await moderator.start()
    yield moderator
    await moderator.close()


def texts(*ratings: Rating) -> set[tuple[str, str]]:
    return {(pair.chosen, pair.rejected) for pair in preference_pairs(ratings, 8, seed=1)}


def test_liked_is_preferred_to_disliked_on_the_same_topic_by_the_same_person() -> None:
    (pair,) = preference_pairs([LIKED, DISLIKED], 8, seed=1)
    assert pair.chosen == "1. **Stamp card**: Sell stamps at noon."
    assert pair.rejected == "1. **Kettle film**: Film a kettle."
    assert pair.prompt[-1].content == "Give me 1 idea: tea shops."
    assert texts(LIKED, replace(DISLIKED, rater=2)) == set()
    assert texts(LIKED, replace(DISLIKED, topic="coffee")) == set()
    assert texts(LIKED, replace(DISLIKED, task="slogan")) == set()
    assert texts(replace(LIKED, task="juggle"), replace(DISLIKED, task="juggle")) == set()


def test_an_edit_is_preferred_to_its_original_in_the_same_form() -> None:
    edit = replace(LIKED, kind="edit", edited_text="Sell stamps\nat dawn.")
    assert texts(edit) == {
        ("1. **Stamp card**: Sell stamps at dawn.", "1. **Stamp card**: Sell stamps at noon.")
    }
    renamed = replace(edit, edited_text="**Dawn card**: Sell them at dawn.")
    assert next(iter(texts(renamed)))[0] == "1. **Dawn card**: Sell them at dawn."
    assert texts(replace(edit, edited_text="Sell stamps at noon.")) == set()


def test_an_idea_that_is_both_saved_and_disliked_says_nothing() -> None:
    both = [replace(LIKED, kind=kind) for kind in ("save", "dislike")]
    assert texts(*both, DISLIKED) == set()
    assert texts(replace(LIKED, kind="save"), replace(DISLIKED, kind="shuffle")) != set()


KINDS = st.sampled_from(["like", "dislike", "save", "shuffle", "edit"])


@given(st.lists(st.tuples(st.integers(0, 2), KINDS, st.integers(0, 4)), max_size=30), st.integers(1, 4))
def test_nobody_outweighs_all_others_and_no_pair_is_empty(
    rows: list[tuple[int, str, int]], most: int
) -> None:
    ratings = [
        replace(LIKED, rater=rater, kind=kind, title=f"T{idea}", edited_text="New body." * (kind == "edit"))
        for rater, kind, idea in rows
    ]
    pairs = preference_pairs(ratings, most, seed=1)
    assert len(pairs) <= most * len({rating.rater for rating in ratings})
    assert len(set(pairs)) == len(pairs)
    assert all(pair.chosen != pair.rejected for pair in pairs)
    assert pairs == preference_pairs(ratings, most, seed=1)


async def test_nothing_personal_is_written_and_the_set_reads_back(
    tmp_path: Path, moderator: Moderator
) -> None:
    personal = replace(
        LIKED,
        rater=987654,
        topic="tea for zed@acme-lamps.com",
        body="Ask <@U02ABCDEF> or @tea-lead, says captain Nemo; pay with 4111 1111 1111 1111.",
        names=("Captain Nemo",),
    )
    other = replace(DISLIKED, rater=987654, topic="Tea for zed@acme-lamps.com")
    summary = await feedback([personal, other], moderator, FeedbackConfig(tmp_path / "set"))
    written = summary.file.read_text(encoding="utf-8")
    for secret in ("zed@", "U02ABCDEF", "tea-lead", "aptain", "Nemo", "4111", "987654"):
        assert secret not in written
    assert "<PERSON>" in written
    assert "<EMAIL>" in written
    assert (summary.pairs, summary.prompts, summary.raters) == (1, 1, 1)
    assert len(list(read_preferences(tmp_path / "set"))) == 1
    assert set(json.loads(written)) == {"messages", "chosen", "rejected"}
    assert summary.file.stat().st_mode & 0o077 == 0
    assert "consent" in (tmp_path / "set" / "README.md").read_text(encoding="utf-8")


async def test_what_moderation_blocks_is_left_out_and_no_pair_is_an_error(
    tmp_path: Path, moderator: Moderator
) -> None:
    abusive = replace(LIKED, kind="edit", edited_text="You are a worthless fucking idiot, fuck off.")
    summary = await feedback([LIKED, DISLIKED, abusive], moderator, FeedbackConfig(tmp_path / "set"))
    assert (summary.pairs, summary.blocked) == (1, 1)
    assert "idiot" not in summary.file.read_text(encoding="utf-8")
    with pytest.raises(TrainingError, match="/consent on"):
        await feedback([LIKED], moderator, FeedbackConfig(tmp_path / "none"))
    assert not (tmp_path / "none").exists()
