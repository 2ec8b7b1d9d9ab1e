"""Whether two texts say the same: the same both ways and in any company, and better than shared letters tell."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from genai.errors import ModelMissing
from genai.likeness import word_vectors as vectors
from genai.likeness.boosted_trees import BoostedTrees
from genai.likeness.measure import FITTED, FittedLikeness, Likeness, likeness
from genai.likeness.pair_features import FEATURES, GROWING, pair_features
from genai.likeness.text_views import read

PAIRS = Path(__file__).with_name("idea_pairs.jsonl")
WORDS = (
    "a stamp card",
    "every tenth",
    "coffee",
    "is free",
    "**Zeus**",
    "42",
    "Paris",
    "软木的盖子",
    "🙂",
    "\n\n- ",
)
ANY = st.text(max_size=60) | st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join)
TEXTS = st.lists(ANY, min_size=1, max_size=4)
MODELS = [FITTED, "ngrams"]


def alike(one: str, other: str, name: str = FITTED) -> float:
    return float(likeness(name).pairwise([one], [other])[0, 0])


@pytest.mark.parametrize("name", MODELS)
@given(texts=TEXTS, others=TEXTS)
@example(texts=["", "?!", "\ud800", "x" * 50_000], others=["\x00", "caf\u00e9", "cafe\u0301", "\u200b"])
@settings(deadline=None, max_examples=60)
def test_likeness_is_a_probability_and_the_same_both_ways(
    name: str, texts: list[str], others: list[str]
) -> None:
    found = likeness(name).pairwise(texts, others)
    assert found.shape == (len(texts), len(others))
    assert np.isfinite(found).all()
    assert ((found >= 0) & (found <= 1)).all()
    back = likeness(name).pairwise(others, texts).T
    assert np.array_equal(found, back) if name == FITTED else np.allclose(found, back, atol=1e-6)


@given(texts=TEXTS, one=ANY)
@settings(deadline=None, max_examples=60)
def test_no_company_changes_how_alike_two_are(texts: list[str], one: str) -> None:
    among = likeness(FITTED).pairwise([*texts, one], [one, *texts])
    alone = likeness(FITTED).pairwise([one], texts)
    assert np.array_equal(among[-1, 1:], alone[0])


@given(ANY)
@settings(deadline=None, max_examples=60)
def test_a_text_says_the_same_as_itself_whatever_its_case_and_its_end(text: str) -> None:
    assert alike(text, text) == 1.0
    assert alike(text, f"  {text}. ") == 1.0


def test_nothing_is_compared_where_nothing_is_given() -> None:
    assert likeness(FITTED).pairwise([], ["tea"]).shape == (0, 1)
    assert likeness(FITTED).pairwise(["tea"], []).shape == (1, 0)


@pytest.mark.parametrize("name", MODELS)
def test_thresholds_are_in_order(name: str) -> None:
    limits = likeness(name).thresholds
    assert 0 < limits.theme <= limits.alike <= limits.duplicate <= 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Line lids with cork", "Line the lids with cork"),
        ("Stamp card", "Stamp cards for regulars"),
        ("cork lids", "lids of cork"),
        ("集章卡。每买十杯咖啡送一杯。", "集章卡：每买十杯咖啡，送一杯。"),
    ],
)
def test_other_words_for_the_same_are_a_duplicate(one: str, other: str) -> None:
    assert alike(one, other) >= likeness(FITTED).thresholds.duplicate


def test_related_words_count() -> None:
    bike = alike("Bike racks at the entrance", "Bicycle stands at the entrance")
    assert bike > alike("Bike racks at the entrance", "Cake and coffee at the entrance")


@given(ANY)
@settings(deadline=None, max_examples=30)
def test_equal_texts_are_equal_for_every_measure(text: str) -> None:
    assert alike(text, text, "ngrams") == 1.0


def pairs(language: str) -> tuple[list[str], list[str], list[bool]]:
    rows = [json.loads(line) for line in PAIRS.read_text(encoding="utf-8").splitlines()]
    chosen = [row for row in rows if row["language"] == language]
    assert len(chosen) == 32
    return [row["a"] for row in chosen], [row["b"] for row in chosen], [row["same"] for row in chosen]


def auc(measure: Likeness, language: str) -> float:
    """Over pairs that were written for this test."""
    left, right, same = pairs(language)
    return float(roc_auc_score(same, np.diag(measure.pairwise(left, right))))


def test_pairs_of_ideas_are_told_apart_in_chinese_better_than_by_ngrams_and_in_english_about_as_well() -> (
    None
):
    assert auc(likeness(FITTED), "zh") >= auc(likeness("ngrams"), "zh") + 0.1
    assert auc(likeness(FITTED), "en") >= auc(likeness("ngrams"), "en") - 0.05


def test_more_in_common_never_makes_two_less_alike() -> None:
    measure = likeness(FITTED)
    assert isinstance(measure, FittedLikeness)
    rows = pair_features(read(["tea and cake on Monday"]), read(["cake and tea", "a walk", "42 walks"]))[0]
    more = rows + np.where(GROWING, 0.2, 0.0)
    trees = measure.trees
    assert (trees.probability(more) >= trees.probability(rows)).all()
    assert len(FEATURES) == rows.shape[1]


def test_trees_answer_as_their_values_say() -> None:
    trees = BoostedTrees.from_values(
        {
            "start": 0.5,
            "features": [[0, 1, 0], [1, 0, 0]],
            "thresholds": [[0.5, 0.2, None], [0.5, None, None]],
            "leaves": [[1.0, 2.0, 4.0, 8.0], [0.25, 0.0, 16.0, 0.0]],
        }
    )
    rows = np.array([[0.5, 0.1], [0.5, 0.3], [0.6, 0.5], [0.7, 0.6]])
    assert trees.log_odds(rows).tolist() == [1.75, 2.75, 4.75, 20.5]
    again = BoostedTrees.from_values(json.loads(json.dumps(trees.values())))
    assert again.log_odds(rows).tolist() == trees.log_odds(rows).tolist()


def test_without_the_word_vectors_one_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vectors, "_PACKAGE", "no_such_package_of_vectors")
    vectors.word_vectors.cache_clear()
    try:
        with pytest.raises(ModelMissing, match="ngrams"):
            vectors.word_vectors()
    finally:
        vectors.word_vectors.cache_clear()
