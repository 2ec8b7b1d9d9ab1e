"""What is learned of a person's taste, and how surely."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from genai.evaluation.simulated_users import LIKED as LIKED_SHARE
from genai.evaluation.simulated_users import simulate
from genai.taste import OWN_NOISE, Because, Ground, Opinion, Taste, features

LIKED = "Street Party: Close the street for one evening and cook together with all neighbours."
DISLIKED = "Loyalty Card: Stamp a card at the till and give the tenth coffee away for free."
LIKE_THE_LIKED = "Long Table: Set one long table in the street and let neighbours cook together."
LIKE_THE_DISLIKED = "Points Card: Collect a stamp at the till for every coffee and win a free one."


def taste(*opinions: Opinion) -> Taste:
    return Taste([Opinion(LIKED, 1.0, name="Street Party"), Opinion(DISLIKED, -1.0, name="Card"), *opinions])


def test_nothing_is_expected_before_any_feedback() -> None:
    assert not Taste([])
    assert Taste([]).expected([LIKED, DISLIKED]).tolist() == [0.0, 0.0]
    assert Taste([]).because(LIKED) is None


def test_an_idea_like_a_liked_one_is_expected_to_please_more() -> None:
    better, worse = taste().expected([LIKE_THE_LIKED, LIKE_THE_DISLIKED])
    assert better > 0 > worse


def test_the_person_counts_more_than_the_others_of_the_channel() -> None:
    divided = Taste([Opinion(LIKED, 1.0), Opinion(LIKED, -1.0, own=False)])
    assert divided.expected([LIKED])[0] > 0


def test_the_channel_decides_for_somebody_who_has_said_nothing() -> None:
    newcomer = Taste([Opinion(LIKED, 1.0, own=False), Opinion(DISLIKED, -1.0, own=False)])
    better, worse = newcomer.expected([LIKE_THE_LIKED, LIKE_THE_DISLIKED])
    assert better > worse
    assert newcomer.because(LIKE_THE_LIKED) is None


def test_the_reason_is_a_liked_idea_of_the_persons_own() -> None:
    assert taste().because(LIKE_THE_LIKED) == Because(Ground.LIKED, "Street Party")
    assert taste().because(LIKE_THE_DISLIKED) is None
    assert taste().because("zqxj") is None
    assert Taste([Opinion(LIKED, 1.0)]).because(LIKE_THE_LIKED) is None  # not to be named


def test_draws_vary_more_over_what_is_unknown() -> None:
    unknown = "Night Radio: Broadcast lullabies for insomniac astronomers."
    sure = Taste([Opinion(LIKED, 1.0)] * 20)
    draws = np.array([sure.sample(seed).values([LIKED, unknown]) for seed in range(100)])
    assert draws[:, 0].std() < draws[:, 1].std() / 2
    assert sure.sample(1).values([LIKED]) == sure.sample(1).values([LIKED])


def test_draws_are_of_the_posterior() -> None:
    learned, texts = taste(), [LIKED, LIKE_THE_LIKED]
    draws = np.array([learned.sample(seed, exploration=1.0).values(texts) for seed in range(2000)])
    rows = features([LIKED, DISLIKED, *texts])
    kernel = rows @ rows.T + 0.1**2
    gain = kernel[2:, :2] @ np.linalg.inv(kernel[:2, :2] + OWN_NOISE**2 * np.eye(2))
    exact = kernel[2:, 2:] - gain @ kernel[:2, 2:]
    assert draws.mean(axis=0) == pytest.approx(learned.expected(texts), abs=0.06)
    assert np.cov(draws.T) == pytest.approx(exact, abs=0.08)


def test_feedback_pays_and_ideas_stay_different() -> None:
    ideas = Path(__file__).with_name("ideas.txt").read_text(encoding="utf-8").splitlines()
    effect = simulate(ideas, seed=1, people=24, feedback=30)
    assert effect.taste_lift >= 0.5
    assert effect.taste_distinct_change >= -0.03
    assert effect.liked_by_chance == pytest.approx(LIKED_SHARE, abs=0.06)
    few = [simulate(ideas, seed=7, people=2, feedback=6) for _ in range(2)]
    assert few[0] == few[1]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.text(max_size=80), st.floats(-1, 1), st.booleans()), max_size=12), st.text())
def test_any_text_has_a_finite_value(opinions: list[tuple[str, float, bool]], text: str) -> None:
    learned = Taste([Opinion(*opinion) for opinion in opinions])
    assert np.isfinite(learned.expected([text])).all()
    assert np.isfinite(learned.sample(0).values([text])).all()
