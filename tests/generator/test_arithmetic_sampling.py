"""Arithmetic sampling draws exactly from the model and spreads its candidates, on a model small enough."""

from collections import Counter
from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import pairwise, product

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chisquare, kstest

from genai.request import SamplingMode
from genai.sampling.random_streams import CodePoint, RandomStream, random_streams_for
from genai.sampling.token_sampling import draw, keep_likely

LENGTH = 4
FIRST = np.array([0.5, 0.3, 0.2])
NEXT = np.array([[0.7, 0.2, 0.1], [0.1, 0.1, 0.8], [1 / 3, 1 / 3, 1 / 3]])
"""A Markov chain over three tokens: 81 texts, whose probabilities can be written down."""


def exact() -> dict[tuple[int, ...], float]:
    texts = product(range(3), repeat=LENGTH)
    return {text: float(FIRST[text[0]] * np.prod([NEXT[a, b] for a, b in pairwise(text)])) for text in texts}


def texts_from(rows: Sequence[RandomStream], length: int = LENGTH) -> list[tuple[int, ...]]:
    """One text for each of `rows`, drawn side by side."""
    probabilities = torch.tensor(FIRST).expand(len(rows), -1)
    steps: list[list[int]] = []
    for _ in range(length):
        drawn = draw(probabilities, torch.tensor([one.next() for one in rows], dtype=torch.float64))
        for one, low, width in zip(rows, drawn.low.tolist(), drawn.width.tolist(), strict=True):
            one.chosen(low, width)
        steps.append(drawn.token.tolist())
        probabilities = torch.tensor(NEXT)[drawn.token]
    return list(zip(*steps, strict=True))


@pytest.mark.parametrize("mode", ["sobol", "independent"])
@pytest.mark.parametrize("candidate", [0, 3])
def test_each_candidate_alone_is_a_sample_of_the_model(mode: SamplingMode, candidate: int) -> None:
    """Chi-square over all 81 texts, over many seeds."""
    samples = 1500
    found = Counter(texts_from([random_streams_for(mode, seed, 4)[candidate] for seed in range(samples)]))
    expected = exact()
    counts = [found[text] for text in expected]
    assert chisquare(counts, [samples * p for p in expected.values()]).pvalue > 0.001


def test_candidates_of_one_sobol_sequence_spread_evenly_over_the_texts() -> None:
    """One code point falls into each 256th of [0, 1): every text comes as often as it should, within 2."""
    found = Counter(texts_from(random_streams_for("sobol", 7, 256)))
    for text, probability in exact().items():
        assert abs(found[text] - 256 * probability) < 2


def test_candidates_differ_more_often_than_independent_ones() -> None:
    def distinct(mode: SamplingMode) -> float:
        return float(np.mean([len(set(texts_from(random_streams_for(mode, seed, 8)))) for seed in range(60)]))

    assert distinct("sobol") > distinct("independent") + 0.3


@given(st.lists(st.integers(0, 2**20 - 1), min_size=2, max_size=6, unique=True), st.integers(0, 9))
@settings(deadline=None, max_examples=60)
def test_points_further_apart_than_the_bound_give_different_texts(points: list[int], seed: int) -> None:
    """The bound is `narrowest`: two points in one interval that narrow are less than its width apart."""
    narrowest, length = 1 / 32, 12
    assert 0.5 * 0.7 ** (length - 1) < narrowest, "every text of this length is less likely than the bound"
    generators = np.random.default_rng(seed).spawn(len(points))
    rows = [CodePoint(point / 2**20, narrowest, one) for point, one in zip(points, generators, strict=True)]
    texts = texts_from(rows, length)
    for (one, first), (other, second) in pairwise(sorted(zip(points, texts, strict=True))):
        assert abs(one - other) / 2**20 <= narrowest or first != second


class ExactPoint:
    """Follows a point of 240 binary digits by exact fractions: arithmetic sampling as the paper writes it."""

    def __init__(self, point: float, digits: np.random.Generator) -> None:
        fresh = sum(int(digits.integers(2)) << n for n in range(200))
        self._point = Fraction(int(point * 2**40), 2**40) + Fraction(fresh, 2**240)

    def next(self) -> float:
        return min(float(self._point), 1 - 2.0**-53)

    def chosen(self, low: float, width: float) -> None:
        self._point = (self._point - Fraction(low)) / Fraction(width)


def spread(rows_of: Callable[[int], Sequence[RandomStream]], repetitions: int = 150) -> float:
    """Standard deviation, over seeds, of the mean sum of 16 texts of six tokens."""
    means = [np.mean([sum(text) for text in texts_from(rows_of(seed), 6)]) for seed in range(repetitions)]
    return float(np.std(means))


def test_leaving_a_narrow_point_keeps_the_spread_of_one_that_is_followed_exactly() -> None:
    def followed(seed: int) -> list[RandomStream]:
        points = [one.next() for one in random_streams_for("sobol", seed, 16)]
        return [ExactPoint(point, np.random.default_rng((seed, n))) for n, point in enumerate(points)]

    left = spread(lambda seed: random_streams_for("sobol", seed, 16))
    exactly = spread(followed)
    independent = spread(lambda seed: random_streams_for("independent", seed, 16))
    assert left < 1.25 * exactly
    assert left > 0.8 * exactly
    assert left < 0.8 * independent


@pytest.mark.parametrize(
    ("temperature", "top_k", "top_p", "min_p"),
    [(0.5, 0, 1.0, 0.0), (1.0, 3, 1.0, 0.0), (1.3, 0, 0.8, 0.0), (1.0, 4, 0.95, 0.3)],
)
def test_what_the_filters_leave_is_drawn_in_its_proportions(
    temperature: float, top_k: int, top_p: float, min_p: float
) -> None:
    """Shares of 60 times 16 points against the filters' definitions, applied by hand to six tokens."""
    chances = np.array([0.05, 0.3, 0.1, 0.25, 0.22, 0.08]) ** (1 / temperature)
    order = np.argsort(-chances)
    kept = order[: top_k or len(order)]
    before = np.concatenate([[0.0], np.cumsum(chances[kept] / chances[kept].sum())[:-1]])
    kept = [token for token in kept[before < top_p] if chances[token] >= min_p * chances.max()]
    expected = chances[kept] / chances[kept].sum()
    logits = torch.tensor([0.05, 0.3, 0.1, 0.25, 0.22, 0.08]).log().expand(16, -1) / temperature
    some = [torch.full((16,), value) for value in (top_k, top_p, min_p)]
    probabilities = keep_likely(logits, *some).softmax(dim=1)
    found: Counter[int] = Counter()
    for seed in range(60):
        points = torch.tensor(
            [one.next() for one in random_streams_for("sobol", seed, 16)], dtype=torch.float64
        )
        found += Counter(draw(probabilities, points).token.tolist())
    assert set(found) <= set(map(int, kept))
    assert [found[token] / 960 for token in kept] == pytest.approx(expected, abs=0.02)


def test_numbers_stay_uniform_after_hundreds_of_tokens() -> None:
    rows = [numbers for seed in range(100) for numbers in random_streams_for("sobol", seed, 4)]
    texts_from(rows, 150)
    late = [numbers.next() for numbers in rows]
    assert kstest(late, "uniform").pvalue > 0.001
    assert len(set(late)) == len(late)


def test_a_code_point_decides_the_text_until_its_interval_is_narrow() -> None:
    def pair(narrowest: float) -> list[tuple[int, ...]]:
        rows = [CodePoint(0.637, narrowest, np.random.default_rng(seed)) for seed in (1, 2)]
        return texts_from(rows, 12)

    followed, left = pair(1e-9), pair(0.1)
    assert followed[0] == followed[1]
    assert left[0] != left[1]
    assert left[0][:2] == left[1][:2] == followed[0][:2]


@pytest.mark.parametrize("mode", ["sobol", "independent"])
def test_a_seed_gives_the_same_texts_again_and_another_seed_others(mode: SamplingMode) -> None:
    assert texts_from(random_streams_for(mode, 11, 9), 30) == texts_from(random_streams_for(mode, 11, 9), 30)
    assert texts_from(random_streams_for(mode, 11, 9), 30) != texts_from(random_streams_for(mode, 12, 9), 30)


@pytest.mark.parametrize("mode", ["independent", "sobol"])
def test_shares_of_one_seed_are_the_candidates_of_one_larger_request(mode: SamplingMode) -> None:
    whole = random_streams_for(mode, 5, 24)
    first = [[one.next() for one in random_streams_for(mode, 5, 6, share)] for share in range(4)]
    points = [point for share in first for point in share]
    assert len(set(points)) == 24
    if mode == "sobol":
        assert points == [one.next() for one in whole]
    third = texts_from(random_streams_for(mode, 5, 6, 2), 30)
    assert third != texts_from(random_streams_for(mode, 5, 6, 1), 30)
    assert third == texts_from(random_streams_for(mode, 5, 6, 2), 30)
