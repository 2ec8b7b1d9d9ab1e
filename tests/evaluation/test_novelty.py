"""Distinct answers and their utility are those of NoveltyBench, by hand and on its own files."""

from pathlib import Path

import numpy as np
import pytest

from bot.evaluation.idea_figures import agreement
from bot.evaluation.kept_answers import read_answers
from genai.evaluation.novelty import Sameness, riffs_likeness, share_on_topic, utility
from genai.likeness.measure import FITTED, likeness
from genai.reranking.settings import RerankingSettings
from genai.training.measure.statistics import mean

NOVELTY = Path("../shared/data/novelty/gemini-2.0-flash.jsonl")


def by_number(threshold: float) -> Sameness:
    """Texts are numbers, the more alike the nearer they are."""
    return Sameness(
        "numbers",
        lambda some, others: np.array([[1 - abs(float(a) - float(b)) for b in others] for a in some]),
        threshold,
    )


def test_an_answer_joins_the_first_class_whose_first_member_says_the_same() -> None:
    assert by_number(0.8).partition(["0.0", "0.15", "0.3", "0.1", "0.31"]) == (0, 0, 1, 0, 1)
    assert by_number(0.8).partition([]) == ()


def test_utility_counts_the_first_of_a_class_and_weighs_later_answers_less() -> None:
    weights = 1 + 0.8 + 0.64
    assert utility((0, 0, 1), (5, 9, 10), 3) == pytest.approx((5 + 0.64 * 10) / weights)
    assert utility((0, 1), (10, 10), 3) == pytest.approx(10 * 1.8 / weights)
    assert utility((0, 1, 2), (10, 10, 10), 3) == pytest.approx(10)
    assert utility((), (), 10) == 0


def test_an_idea_is_on_topic_that_is_nearest_to_its_own() -> None:
    topics = ["bees on the roof", "a walking bus to school", "cargo bikes"]
    ideas = [["a hive for bees on a flat roof", "cargo bikes for the queen"], ["school bus on foot"], []]
    assert share_on_topic(ideas, topics, riffs_likeness(RerankingSettings())) == [0.5, 1.0, 0.0]


def test_a_mean_lies_in_its_interval_which_narrows_with_more_values() -> None:
    few, many = mean([0.0, 1.0] * 5), mean([0.0, 1.0] * 200)
    assert few.lower < few.value == 0.5 < few.upper
    assert many.upper - many.lower < (few.upper - few.lower) / 3
    assert mean([0.25]) == mean([0.25, 0.25])
    with pytest.raises(ValueError, match="needs values"):
        mean([])


@pytest.mark.skipif(not NOVELTY.is_file(), reason=f"{NOVELTY} is public data that does not come with Riff")
def test_the_benchmarks_own_utilities_and_counts_come_out() -> None:
    """The shipped trees were fitted to these answers too: it shows that thresholds and counts fit, not how well."""
    answers, fitted = read_answers(NOVELTY), likeness(FITTED)
    alike = Sameness(FITTED, fitted.pairwise, fitted.thresholds.alike)
    found = agreement("flash", answers, alike)
    assert found is not None
    assert found.prompts == 100
    assert found.given == pytest.approx(2.86)
    assert found.utility_error is not None
    assert found.utility_error < 1e-9
    assert abs(found.measured - found.given) < 0.5
    dropping = agreement("flash", answers, riffs_likeness(RerankingSettings()))
    assert dropping is not None
    assert dropping.measured > found.measured, "fewer are dropped than say the same to people"
    assert dropping.apart > found.apart
