"""What is chosen among candidates: never two that say the same, the better first, unlike what was seen."""

import math
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.preprocessing import normalize

from genai.errors import GenerationError, ModelMissing
from genai.likeness.measure import likeness
from genai.methods import deck
from genai.reranking.ranking import Candidate, Ranking
from genai.reranking.reasons import Reason
from genai.reranking.settings import RerankingSettings
from genai.text import embedder

NGRAMS = embedder("ngrams")
ALIKE = likeness("ngrams")
WORDS = (
    "stamp card",
    "night market",
    "shelf swap",
    "repair evening",
    "quiet room",
    "photo walk",
    "seed library",
)
TEXTS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join)
CANDIDATES = st.lists(
    st.builds(
        lambda text, mean, agreement: Candidate(text, text, mean, agreement),
        TEXTS,
        st.none() | st.floats(-8, 0),
        st.none() | st.floats(0, 1),
    ),
    max_size=12,
)


def chosen(ranking: Ranking[str]) -> list[tuple[str, Reason]]:
    found: list[tuple[str, Reason]] = []
    while one := ranking.best():
        found.append(one)
    return found


@given(CANDIDATES, st.lists(TEXTS, max_size=3), st.floats(0.3, 1.0), st.floats(0, 1))
@settings(deadline=None, max_examples=60)
def test_no_two_are_near_duplicates_and_every_other_idea_is_given(
    candidates: list[Candidate[str]], excluded: list[str], duplicate: float, diversity: float
) -> None:
    chosen_by = RerankingSettings(duplicate_threshold=duplicate, diversity=diversity)
    ranking = Ranking[str](ALIKE, chosen_by, seen=(), excluded=excluded)
    ranking.add(candidates)
    given_ = chosen(ranking)
    texts = [text for text, _ in given_]
    vectors = (
        NGRAMS([*texts, *excluded, *(one.text for one in candidates)]) if candidates else np.zeros((0, 1))
    )
    alike = vectors @ vectors.T
    kept, barred = len(texts), len(texts) + len(excluded)
    assert all(alike[a, b] < duplicate for a in range(kept) for b in range(barred) if a != b and b >= 0)
    for place in range(barred, len(vectors)):
        assert max([*alike[place, :barred], 0.0]) >= duplicate - 1e-6
    assert all(0 <= reason.score <= 1 and 0 <= reason.novelty <= 1 for _, reason in given_)


def test_without_diversity_the_likelier_comes_first_per_token_and_says_so() -> None:
    ranking = Ranking[str](ALIKE, RerankingSettings(diversity=0, novelty_weight=0), seen=())
    ranking.add([Candidate("b", "night market", -2.0), Candidate("a", "seed library by the lake", -0.5)])
    (first, why), (second, _) = chosen(ranking)
    assert (first, second) == ("a", "b")
    assert why.score == why.likelihood == pytest.approx(math.exp(-0.5))
    assert (why.considered, why.duplicates) == (2, 0)


def test_agreement_of_an_ensemble_counts_where_it_is_known() -> None:
    ranking = Ranking[str](ALIKE, RerankingSettings(diversity=0, novelty_weight=0), seen=())
    ranking.add(
        [Candidate("torn", "night market", -1.0, 0.1), Candidate("agreed", "seed library", -1.0, 0.9)]
    )
    assert [text for text, _ in chosen(ranking)] == ["agreed", "torn"]


def test_what_the_channel_has_seen_comes_last() -> None:
    seen = ("A night market in the old station with lamps",)
    ranking = Ranking[str](ALIKE, RerankingSettings(diversity=0), seen=seen)
    ranking.add(
        [
            Candidate("old", "A night market at the station", -1.0),
            Candidate("new", "Lend seeds in jars", -1.0),
        ]
    )
    (first, why), (second, stale) = chosen(ranking)
    assert (first, second) == ("new", "old")
    assert why.novelty > 0.9 > stale.novelty


def test_diversity_prefers_the_worse_that_is_unlike_what_was_chosen() -> None:
    candidates = [
        Candidate("best", "Stamp card for every refill of a jar", -0.1),
        Candidate("alike", "Stamp card for a refilled jar and a lid", -0.2),
        Candidate("other", "Night market on the roof", -1.5),
    ]
    orders = []
    for diversity in (0.0, 0.8):
        ranking = Ranking[str](
            ALIKE, RerankingSettings(diversity=diversity, novelty_weight=0, duplicate_threshold=0.9), seen=()
        )
        ranking.add(candidates)
        orders.append([text for text, _ in chosen(ranking)])
    assert orders == [["best", "alike", "other"], ["best", "other", "alike"]]


def test_candidates_may_come_one_after_the_other() -> None:
    ranking = Ranking[str](ALIKE, RerankingSettings(), seen=())
    ranking.add([Candidate("a", "night market", -1.0)])
    first = ranking.best()
    ranking.add([Candidate("again", "Night market!", -0.1), Candidate("b", "seed library", -1.0)])
    assert first is not None
    assert [text for text, _ in chosen(ranking)] == ["b"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "Sell jars on Monday mornings and show the price at the door.",
            "Sell jars on Friday mornings and show prices at the door.",
        ),
        ("Lend a tool box for three weeks.", "Lend a tool box, for two weeks!"),
    ],
)
def test_the_same_idea_with_other_details_is_a_near_duplicate(one: str, other: str) -> None:
    vectors = NGRAMS([one, other, "Guide visitors with cameras through the garden."])
    assert vectors[0] @ vectors[1] >= ALIKE.thresholds.duplicate > vectors[0] @ vectors[2]


def test_text_without_letters_is_like_nothing() -> None:
    vectors = NGRAMS(["", "???", "tea"])
    assert np.isfinite(vectors).all()
    assert vectors[0] @ vectors[2] == 0


def test_texts_are_as_alike_as_by_the_same_pieces_hashed_in_another_way() -> None:
    vectorizer = HashingVectorizer(
        analyzer="char_wb", ngram_range=(3, 5), n_features=2**18, alternate_sign=False, norm=None
    )
    texts = [method.opening(1) + " " + method.angle for method in deck()[:60]] + [
        "a",
        "",
        "Öffnen  SIE\tdas",
        "周一 开会",
    ]
    counts = vectorizer.transform(texts)
    counts.data = 1 + np.log(counts.data)
    rows = normalize(counts).toarray()
    found = NGRAMS(texts)
    apart = np.abs(
        rows @ rows.T - found @ found.T
    )  # pieces that share a place make texts a little more alike
    assert apart.max() < 0.1
    assert apart.mean() < 0.02
    assert not found[texts.index("")].any()


def test_a_missing_sentence_model_says_what_to_do(tmp_path: object) -> None:
    with pytest.raises(GenerationError) as found:
        embedder(f"{tmp_path}/none")
    if "sentence_transformers" in sys.modules:
        assert isinstance(found.value, ModelMissing)
    else:
        assert "pip install sentence-transformers" in found.value.say
