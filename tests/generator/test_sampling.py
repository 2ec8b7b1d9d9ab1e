"""Filters agree with `transformers`; draws follow the probabilities; each row is on its own."""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chisquare
from transformers import (
    MinPLogitsWarper,
    RepetitionPenaltyLogitsProcessor,
    TopKLogitsWarper,
    TopPLogitsWarper,
)

from genai.sampling.random_streams import random_streams_for
from genai.sampling.token_sampling import (
    choose_tokens,
    draw,
    in_nucleus,
    keep_likely,
    log_probability,
    penalise_repetition,
)

filters = st.fixed_dictionaries(
    {
        "top_k": st.sampled_from([0, 1, 2, 7, 40, 5000]),
        "top_p": st.sampled_from([1.0, 0.999, 0.95, 0.5, 0.1, 0.001]),
        "min_p": st.sampled_from([0.0, 0.01, 0.2, 0.9]),
    }
)


def random_logits(rows: int, vocabulary: int, spread: float, seed: int) -> torch.Tensor:
    return torch.randn(rows, vocabulary, generator=torch.Generator().manual_seed(seed)) * spread


def by_transformers(logits: torch.Tensor, chosen: dict[str, float]) -> torch.Tensor:
    if chosen["top_k"]:
        logits = TopKLogitsWarper(int(chosen["top_k"]))(None, logits)
    if chosen["top_p"] < 1:
        logits = TopPLogitsWarper(chosen["top_p"])(None, logits)
    if chosen["min_p"]:
        logits = MinPLogitsWarper(chosen["min_p"])(None, logits)
    return logits


def keep(logits: torch.Tensor, chosen: list[dict[str, float]]) -> torch.Tensor:
    return keep_likely(
        logits,
        torch.tensor([int(one["top_k"]) for one in chosen]),
        torch.tensor([one["top_p"] for one in chosen]),
        torch.tensor([one["min_p"] for one in chosen]),
    )


@settings(max_examples=80, deadline=None)
@given(
    st.lists(filters, min_size=1, max_size=4),
    st.sampled_from([3, 50, 3000]),
    st.floats(0.1, 8),
    st.integers(0, 99),
)
def test_filters_keep_what_transformers_keeps(
    chosen: list[dict[str, float]], vocabulary: int, spread: float, seed: int
) -> None:
    logits = random_logits(len(chosen), vocabulary, spread, seed)
    kept = keep(logits, chosen)
    for row, one in enumerate(chosen):
        assert torch.equal(kept[row : row + 1], by_transformers(logits[row : row + 1], one))


@settings(max_examples=60, deadline=None)
@given(filters, st.floats(0.1, 8), st.integers(0, 99))
def test_what_filters_keep_can_be_told_without_sorting(
    chosen: dict[str, float], spread: float, seed: int
) -> None:
    logits = random_logits(1, 60, spread, seed)
    kept = keep(logits, [chosen | {"top_k": 0}]).isfinite()
    every = torch.arange(60)
    rows = [torch.full((60,), chosen[name]) for name in ("top_p", "min_p")]
    assert torch.equal(in_nucleus(logits.softmax(dim=1).expand(60, -1), every, *rows), kept[0])


@pytest.mark.parametrize(
    ("top_k", "top_p", "min_p"), [(0, 0.8, 0.0), (0, 0.95, 0.3), (3, 0.9, 0.0), (0, 1.0, 0.0)]
)
def test_tokens_come_in_the_proportions_of_what_is_left(top_k: int, top_p: float, min_p: float) -> None:
    """Chi-square; half of the rows follow code points, so that both ways of drawing meet in one batch."""
    rows = 4000
    logits = torch.tensor([[0.05, 0.3, 0.1, 0.25, 0.22, 0.08]]).log()
    some = [torch.full((rows,), value) for value in (top_k, top_p, min_p)]
    expected = keep_likely(logits, *(one[:1] for one in some)).softmax(dim=1)[0] * rows
    numbers = [
        random_streams_for("sobol", row, 4)[0] if row % 2 else random_streams_for("independent", row, 1)[0]
        for row in range(rows)
    ]
    tokens = choose_tokens(logits.softmax(dim=1).expand(rows, -1), numbers, *some)
    counts = torch.bincount(tokens, minlength=6)
    assert counts[expected == 0].sum() == 0
    wanted = expected[expected > 0].double()
    assert chisquare(counts[expected > 0], wanted * rows / wanted.sum()).pvalue > 0.001


def test_equal_logits_share_one_fate() -> None:
    kept = keep(torch.zeros(1, 10), [{"top_k": 3, "top_p": 0.2, "min_p": 0.5}])
    assert torch.isfinite(kept).all()


@given(st.integers(0, 99), st.floats(1.01, 3))
def test_the_repetition_penalty_is_that_of_transformers(seed: int, penalty: float) -> None:
    logits = random_logits(2, 30, 2.0, seed)
    seen = torch.tensor([[1, 5, 7, 1], [2, 2, 2, 2]])
    expected = RepetitionPenaltyLogitsProcessor(penalty)(seen, logits)
    found = penalise_repetition(logits, seen, torch.full((2, 1), penalty))
    assert torch.allclose(found, expected)


@given(
    st.lists(st.floats(0, 1), min_size=1, max_size=20).filter(lambda weights: sum(weights) > 1e-6),
    st.floats(0, 1, exclude_max=True),
)
def test_a_draw_is_the_token_whose_interval_holds_the_number(weights: list[float], u: float) -> None:
    drawn = draw(torch.tensor([weights], dtype=torch.float64), torch.tensor([u], dtype=torch.float64))
    token = int(drawn.token)
    assert weights[token] > 0
    assert float(drawn.low) - 1e-12 <= u < float(drawn.low + drawn.width) + 1e-12
    assert math.isclose(float(drawn.width), weights[token] / sum(weights), rel_tol=1e-9, abs_tol=1e-12)


@pytest.mark.parametrize("u", [0.0, 0.5, 1 - 2**-53])
def test_a_token_without_probability_is_never_drawn(u: float) -> None:
    drawn = draw(torch.tensor([[0.0, 0.3, 0.0, 0.7, 0.0, 0.0]]), torch.tensor([u], dtype=torch.float64))
    assert int(drawn.token) in {1, 3}


def test_evenly_spaced_numbers_draw_tokens_in_proportion() -> None:
    probabilities = torch.tensor([[0.1, 0.2, 0.3, 0.4]]).expand(1000, 4)
    u = (torch.arange(1000, dtype=torch.float64) + 0.5) / 1000
    counts = torch.bincount(draw(probabilities, u).token, minlength=4)
    assert counts.tolist() == [100, 200, 300, 400]


def test_log_probability_is_that_of_log_softmax() -> None:
    logits = random_logits(5, 40, 3.0, 1)
    tokens = torch.tensor([0, 3, 39, 7, 7])
    expected = logits.log_softmax(dim=1).gather(1, tokens.unsqueeze(1)).squeeze(1)
    assert torch.allclose(log_probability(logits, tokens), expected, atol=1e-6)
