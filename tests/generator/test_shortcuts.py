"""What is calculated in another way on the CPU gives what the usual way gives."""

from collections.abc import Callable

import bitsandbytes
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn
from transformers.integrations.sdpa_attention import sdpa_attention_forward

from genai.model.cpu.attention import attend_by_products
from genai.model.cpu.nf4_cpu import shorten_calls
from tests.generator.conftest import random_model, tiny_config


class Heads(nn.Module):
    """As much of an attention layer as is asked for."""

    is_causal = True

    def __init__(self, groups: int) -> None:
        super().__init__()
        self.num_key_value_groups = groups


@pytest.fixture(scope="module")
def attend() -> Callable[..., Tensor]:
    """The registered function, as a model finds it."""
    from transformers import AttentionInterface

    model = random_model(tiny_config("llama", 330))
    assert attend_by_products(model)
    found: Callable[..., Tensor] = AttentionInterface()[model.config._attn_implementation]
    return found


@settings(max_examples=40, deadline=None)
@given(
    batch=st.integers(1, 4),
    shared=st.integers(1, 3),
    groups=st.integers(1, 3),
    queries=st.integers(1, 5),
    length=st.integers(5, 40),
    scaling=st.sampled_from([None, 0.3]),
    seed=st.integers(0, 99),
)
def test_attention_by_products_is_that_of_pytorch(
    attend: Callable[..., Tensor],
    batch: int,
    shared: int,
    groups: int,
    queries: int,
    length: int,
    scaling: float | None,
    seed: int,
) -> None:
    chance = torch.Generator().manual_seed(seed)
    query = torch.randn(batch, shared * groups, queries, 8, generator=chance)
    # A cache holds more positions than are looked at.
    key = torch.randn(batch, shared, length + 3, 8, generator=chance)[:, :, :length]
    value = torch.randn(batch, shared, length + 3, 8, generator=chance)[:, :, :length]
    places = torch.randint(0, length, (batch, 1, queries, 1), generator=chance)
    mask = torch.zeros(batch, 1, queries, length).masked_fill(torch.arange(length) > places, -3e38)
    expected = sdpa_attention_forward(Heads(groups), query, key, value, mask, scaling=scaling)[0]
    found = attend(Heads(groups), query, key, value, mask, scaling=scaling)[0]
    assert found.shape == expected.shape
    assert torch.allclose(found, expected, atol=1e-5)


def test_without_a_mask_attention_is_causal_as_usual(attend: Callable[..., Tensor]) -> None:
    query, key, value = torch.randn(3, 2, 2, 6, 8, generator=torch.Generator().manual_seed(0))
    expected = sdpa_attention_forward(Heads(1), query, key, value, None)[0]
    assert torch.equal(attend(Heads(1), query, key, value, None)[0], expected)


class Block(nn.Module):
    """Three 4-bit layers that are multiplied together."""

    def __init__(self, bias: bool) -> None:
        super().__init__()
        for name, outputs in (("q_proj", 128), ("k_proj", 64), ("v_proj", 64)):
            layer = bitsandbytes.nn.Linear4bit(64, outputs, bias, torch.float32, quant_type="nf4")
            self.add_module(name, layer)

    def each(self, *inputs: Tensor) -> list[Tensor]:
        """What each layer makes of its input."""
        return [layer(x) for layer, x in zip(self.children(), inputs, strict=True)]


@pytest.mark.parametrize("bias", [False, True])
@pytest.mark.parametrize("rows", [1, 5, 100])
@torch.inference_mode()
def test_layers_that_are_multiplied_together_give_what_each_gives_alone(bias: bool, rows: int) -> None:
    torch.manual_seed(0)
    block = Block(bias).to("cpu").eval().requires_grad_(False)
    one, other = torch.randn(2, rows, 64)
    alone, apart = block.each(one, one, one), block.each(one, other, one)
    if not shorten_calls(block):
        pytest.skip("bitsandbytes packs 4-bit weights only on CPUs with AVX512-BF16")
    for _ in range(2):  # nothing may be left over from the time before
        assert all(map(torch.equal, block.each(one, one, one), alone))
        assert all(map(torch.equal, block.each(one, other, one), apart))
