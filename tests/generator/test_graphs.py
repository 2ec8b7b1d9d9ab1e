"""Recorded steps give what the model gives: tried on the CPU, where recording is calling again."""

from collections.abc import Callable

import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from genai.engine.forward import Forward
from genai.engine.scorer import Span
from tests.generator.conftest import random_model, tiny_config


class Tape:
    """Records nothing but the work itself, and refuses inputs that move."""

    def __init__(self) -> None:
        self.recorded = 0

    def __call__(self, work: Callable[[], Tensor]) -> Callable[[], Tensor]:
        self.recorded += 1
        return work


@settings(max_examples=10, deadline=None)
@given(st.lists(st.integers(1, 40), min_size=1, max_size=5), st.integers(1, 6))
def test_recorded_steps_give_the_logits_of_plain_ones(lengths: list[int], steps: int) -> None:
    model = random_model(tiny_config("llama", 50, 64))
    tape = Tape()
    plain, graphed = Forward(model, 6, 64), Forward(model, 6, 64, recorder=tape)
    prompts = [[(3 * row + place) % 50 for place in range(length)] for row, length in enumerate(lengths)]
    # A row that reads its prompt lies behind those that decode; filling a step up must not touch it.
    reader = Span(len(prompts), 0, [1, 2, 3, 4])
    for forward in (plain, graphed):
        forward([Span(row, 0, prompt) for row, prompt in enumerate(prompts)] + [reader])
    for step in range(steps):
        spans = [Span(row, len(prompt) + step, [(row + step) % 50]) for row, prompt in enumerate(prompts)]
        assert torch.allclose(graphed(spans), plain(spans), atol=1e-4)
    after = [Span(reader.row, 4, [5, 6])]
    assert torch.allclose(graphed(after), plain(after), atol=1e-4)
    assert tape.recorded == 1
