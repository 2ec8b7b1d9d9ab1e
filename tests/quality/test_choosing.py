"""Of a list of candidates those are chosen that are about the topic, concrete, whole, and say different things."""

from collections.abc import Sequence
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from genai.likeness.measure import likeness
from genai.reranking.choosing import choose
from genai.reranking.concreteness import concreteness
from genai.reranking.ranking import Candidate, Ranking
from genai.reranking.reasons import Kind
from genai.reranking.relevance import ON_TOPIC, relevance
from genai.reranking.settings import RerankingSettings
from genai.reranking.whole_texts import forms

FITTED = likeness("fitted")
TOPIC = "a village library that wants more readers"
ABOUT = (
    "Lend seeds from a drawer beside the library's door on Saturdays.",
    "Read to children on the library's steps at four each Friday.",
    "Put a shelf of library books into the waiting room of the doctor.",
    "Print the library's opening hours on the baker's paper bags.",
    "Let readers choose ten new books by dropping coins into jars.",
    "Open the library until nine on Tuesdays and pour tea for readers.",
)
FOREIGN = (
    "Rinse the squid, then fry it in hot oil for two minutes with garlic.",
    "The goalkeeper punched the ball over the bar in the last minute.",
)
TEXTS = st.lists(st.sampled_from((*ABOUT, *FOREIGN, "", "tea", "Tea!")), max_size=8)

CONCRETE_AND_GENERAL = [
    ("Hang a sign with the price at the door before nine.", "Improve communication in effective ways."),
    ("Lend twelve folding chairs for two euros a weekend.", "Offer valuable services for the community."),
    ("Move the printer next to the kitchen and label its trays.", "Optimize processes for productivity."),
    ("Freeze the soup in jars and sell it to night nurses.", "Develop innovative solutions for needs."),
    ("Swap two desks each Monday so that sales sits beside support.", "Strengthen teamwork and trust."),
    ("每周二晚上六点开放修车铺，请邻居带坏自行车来。", "提升服务质量，促进参与意识。"),
]  # fmt: skip


def places(texts: Sequence[str], count: int, topic: str = TOPIC) -> list[int]:
    return [place for place, _why in choose(topic, texts, count, RerankingSettings(), FITTED)]


@given(TEXTS, st.integers(0, 10))
@settings(deadline=None, max_examples=50)
def test_so_many_places_are_chosen_as_there_are_or_are_asked_for(texts: list[str], count: int) -> None:
    chosen = places(texts, count)
    assert len(chosen) == min(count, len(texts))
    assert len(set(chosen)) == len(chosen)
    assert all(0 <= place < len(texts) for place in chosen)


@given(st.permutations(range(len(ABOUT) + len(FOREIGN))), st.integers(1, 5))
@settings(deadline=None, max_examples=20)
def test_the_order_of_the_candidates_decides_nothing(order: list[int], count: int) -> None:
    texts = (*ABOUT, *FOREIGN)
    shuffled = [texts[at] for at in order]
    assert {shuffled[at] for at in places(shuffled, count)} == {texts[at] for at in places(texts, count)}


@given(st.sampled_from(ABOUT), st.sampled_from(("{}", " {} ", "{}  ", "{}.")), st.integers(1, 6))
@settings(deadline=None, max_examples=20)
def test_a_double_of_one_that_is_chosen_is_not_chosen_beside_it(text: str, form: str, count: int) -> None:
    texts = [*ABOUT, form.format(text)]
    chosen = places(texts, count)
    assert not {ABOUT.index(text), len(ABOUT)} <= set(chosen)


@pytest.mark.parametrize("order", list(permutations(range(4)))[::5])
def test_what_is_off_the_topic_is_not_chosen_while_there_is_something_about_it(
    order: tuple[int, ...],
) -> None:
    some = [ABOUT[0], ABOUT[1], *FOREIGN]
    texts = [some[at] for at in order] + list(ABOUT[2:])
    assert not {texts[at] for at in places(texts, len(ABOUT))} & set(FOREIGN)
    assert set(places(texts, len(texts))) == set(range(len(texts)))


def test_each_choice_tells_the_numbers_that_decided() -> None:
    chosen = choose(TOPIC, [*ABOUT, *FOREIGN], 8, RerankingSettings(), FITTED)
    whys = [why for _place, why in chosen if why]
    assert [why.kind for why in whys] == [Kind.NEW] * 6 + [Kind.OFF_TOPIC] * 2
    assert whys[0].likeness == 0
    assert all(
        why.relevance is not None and (why.relevance >= ON_TOPIC) is (why.kind is Kind.NEW) for why in whys
    )
    assert (whys[0].considered, whys[0].off_topic, whys[-1].considered) == (6, 2, 1)
    weights = RerankingSettings()
    for why in whys:
        parts = (
            (weights.relevance_weight, why.relevance or 0),
            (weights.concreteness_weight, why.concreteness or 0),
            (weights.form_weight, why.form or 0),
            (weights.novelty_weight, why.novelty),
        )
        assert why.score == pytest.approx(sum(w * v for w, v in parts) / sum(w for w, _v in parts))


def test_without_a_topic_texts_are_only_compared() -> None:
    chosen = choose("", [*ABOUT, ABOUT[0]], 6, RerankingSettings(), FITTED)
    assert {place for place, _why in chosen} == set(range(6))
    assert all(why and why.relevance is None and why.form is None for _place, why in chosen)


@pytest.mark.parametrize(("concrete", "general"), CONCRETE_AND_GENERAL)
def test_things_numbers_and_actions_are_more_concrete_than_generalities(concrete: str, general: str) -> None:
    assert 0 <= concreteness(general) < concreteness(concrete) <= 1
    assert concreteness("") == 0


def test_a_text_that_breaks_off_or_is_far_too_long_keeps_its_form_less() -> None:
    whole = "Put a shelf of books into the waiting room of the doctor, please."
    broken = "Put a shelf of books into the waiting room of the doctor, and then"
    good, cut, long, name = forms([whole, broken, " ".join([whole] * 5), "Book Bus"])
    assert (good, name) == (1, 1)
    assert 0 <= long < cut < good


def test_what_the_topic_makes_likely_is_about_it_whatever_its_words() -> None:
    assert relevance(None, None) is None
    owes, owes_nothing = relevance(-1.0, 0.5), relevance(2.0, -0.5)
    assert owes is not None
    assert owes_nothing is not None
    assert owes > 0.9 > ON_TOPIC > owes_nothing
    ranking = Ranking[str](FITTED, RerankingSettings())
    ranking.add(
        [
            Candidate("stray", "Kettle", -1.0, topical=-0.6),
            Candidate("apt", "Reading Room", -1.0, topical=0.6),
        ]
    )
    assert [found[0] for found in iter(ranking.best, None)] == ["apt", "stray"]


def test_what_was_seen_comes_after_what_is_new_and_before_what_is_off_the_topic() -> None:
    ranking = Ranking[str](FITTED, RerankingSettings(), topic=TOPIC, seen=[ABOUT[0]])
    ranking.add([Candidate(text, text) for text in (FOREIGN[0], *ABOUT)])
    found = [(item, why.kind) for item, why in iter(ranking.best, None)]
    assert {item for item, _kind in found[:5]} == set(ABOUT[1:])
    assert found[5:] == [(ABOUT[0], Kind.SEEN), (FOREIGN[0], Kind.OFF_TOPIC)]
