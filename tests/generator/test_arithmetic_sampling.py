"""Arithmetic sampling draws exactly from the model and spreads its candidates, on a model small enough."""

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise, product

import numpy as np
import pytest
import torch
from scipy.stats import chisquare, kstest

from genai.generator import SamplingMode
from genai.sampling.draw import draw
from genai.sampling.numbers import CodePoint, Numbers, numbers_for

LENGTH = 4
FIRST = np.array([0.5, 0.3, 0.2])
NEXT = np.array([[0.7, 0.2, 0.1], [0.1, 0.1, 0.8], [1 / 3, 1 / 3, 1 / 3]])
"""A Markov chain over three tokens: 81 texts, whose probabilities can be written down."""


def exact() -> dict[tuple[int, ...], float]:
    texts = product(range(3), repeat=LENGTH)
    return {text: float(FIRST[text[0]] * np.prod([NEXT[a, b] for a, b in pairwise(text)])) for text in texts}


def texts_from(rows: Sequence[Numbers], length: int = LENGTH) -> list[tuple[int, ...]]:
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
    found = Counter(texts_from([numbers_for(mode, seed, 4)[candidate] for seed in range(samples)]))
    expected = exact()
    counts = [found[text] for text in expected]
    assert chisquare(counts, [samples * p for p in expected.values()]).pvalue > 0.001


def test_candidates_of_one_sobol_sequence_spread_evenly_over_the_texts() -> None:
    """One code point falls into each 256th of [0, 1): every text comes as often as it should, within 2."""
    found = Counter(texts_from(numbers_for("sobol", 7, 256)))
    for text, probability in exact().items():
        assert abs(found[text] - 256 * probability) < 2


def test_candidates_differ_more_often_than_independent_ones() -> None:
    def distinct(mode: SamplingMode) -> float:
        return float(np.mean([len(set(texts_from(numbers_for(mode, seed, 8)))) for seed in range(60)]))

    assert distinct("sobol") > distinct("independent") + 0.3


def test_numbers_stay_uniform_after_hundreds_of_tokens() -> None:
    rows = [numbers for seed in range(400) for numbers in numbers_for("sobol", seed, 1)]
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
    assert texts_from(numbers_for(mode, 11, 9), 30) == texts_from(numbers_for(mode, 11, 9), 30)
    assert texts_from(numbers_for(mode, 11, 9), 30) != texts_from(numbers_for(mode, 12, 9), 30)
