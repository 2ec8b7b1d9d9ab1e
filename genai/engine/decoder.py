"""The forward pass of Llamas and their kin on the CPU, written out: the same arithmetic in a third of the calls.

A step of one text is a few hundred small operations, and the modules of `transformers` take longer to call than many
of them take to compute. This reads the same weights from the same modules and does what they do: Llama, Mistral,
Qwen2 and Qwen3, with weights in groups of 32. Numbers between layers are float32, within them bfloat16, the type of
the kernels. `check_batching` holds it to what the modules give.
"""

from dataclasses import dataclass
from math import sqrt
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional
from transformers import PreTrainedModel

from genai.engine.kv_cache import SlotCache
from genai.engine.lora import Additions
from genai.model.cpu.grouped import GroupedEmbedding, GroupedLinear, Product

_KINDS = frozenset({"LlamaForCausalLM", "MistralForCausalLM", "Qwen2ForCausalLM", "Qwen3ForCausalLM"})
_STEADY = frozenset({"default", "linear", "llama3", "yarn"})
"""Rotary embeddings that turn a position by the same angles however long the text is."""
_FEW = 8
"""Texts up to which PyTorch's fused attention is faster than two products; and always with several queries each."""


@dataclass(frozen=True, slots=True)
class _Norm:
    """weight is multiplied by the root of its length, so that it fits the length of a vector, not its mean square."""

    weight: Tensor

    def __call__(self, x: Tensor, lengthened: Tensor) -> Tensor:
        """x [tokens, width] over its root mean square, bfloat16; `lengthened` is x and a last column for epsilon."""
        length = torch.linalg.vector_norm(lengthened, dim=1, keepdim=True)
        return torch.div(x * self.weight, length, out=torch.empty(x.shape, dtype=torch.bfloat16))


@dataclass(frozen=True, slots=True)
class _Site:
    """A product with its bias, and the names of the layers that it is made of, for what adapters add."""

    product: Product
    bias: Tensor | None
    layers: tuple[str, ...]

    def __call__(self, x: Tensor, additions: Additions | None) -> Tensor:
        found = self.product(x)
        if self.bias is not None:
            found = found + self.bias
        return found if additions is None else additions.add(self.layers, x, found)


@dataclass(frozen=True, slots=True)
class _Layer:
    before: _Norm
    asking: _Site
    queries: Tensor | None
    keys: Tensor | None
    attended: _Site
    between: _Norm
    opening: _Site
    closing: _Site


class Decoder:
    """A model's forward pass over the rows of its cache."""

    def __init__(self, model: Any, cache: SlotCache) -> None:
        config = model.config
        self._config, self._cache = config, cache
        self._embed = model.model.embed_tokens
        self._heads: int = config.num_attention_heads
        self._shared: int = config.num_key_value_heads
        first = model.model.layers[0].self_attn
        self._size: int = first.head_dim
        self._scaling: float = first.scaling
        self._layers = [_layer(f"model.layers.{index}", one) for index, one in enumerate(model.model.layers)]
        self._kinds: list[str] = list(config.layer_types or ()) if hasattr(config, "layer_types") else []
        self._last = _norm(model.model.norm)
        self._head = _site("", model, ("lm_head",))
        self._epsilon = sqrt(config.hidden_size * config.rms_norm_eps)
        self._cos, self._sin = _angles(model.model.rotary_emb, cache.positions)

    @torch.inference_mode()
    def __call__(
        self,
        tokens: Tensor,
        positions: Tensor,
        masks: Tensor | dict[str, Tensor],
        additions: Additions | None,
        scored: Tensor | None = None,
    ) -> Tensor:
        """Logits [batch, vocabulary], float32, after the last of tokens [batch, queries].

        `masks` are what is added to scores [batch, 1, queries, length], by the kind of layer if kinds differ. Where
        places in the flat list of tokens are `scored`, the logits are those after these, bfloat16.
        """
        batch, queries = tokens.shape
        embedded = self._embed(tokens.view(-1))
        lengthened = functional.pad(embedded, (0, 1), value=self._epsilon)
        x = lengthened[:, :-1]
        turning = self._turning(positions.view(-1))
        for index, (layer, kept) in enumerate(zip(self._layers, self._cache.slot_layers, strict=True)):
            mask = masks[self._kinds[index]] if isinstance(masks, dict) else masks
            if not kept.is_initialized:
                kept.allocate(self._shared, self._size, torch.bfloat16, x.device)
            asked = layer.asking(layer.before(x, lengthened), additions)
            turned = self._turned(layer, asked, *turning)
            kept.write(turned[:, self._heads :])
            found = self._attend(turned[:, : self._heads], *kept.seen(), mask)
            x.add_(layer.attended(found, additions))
            opened = layer.opening(layer.between(x, lengthened), additions)
            middle = opened.shape[1] // 2
            inner = functional.silu(opened[:, :middle]).mul_(opened[:, middle:])
            x.add_(layer.closing(inner, additions))
        ends = lengthened.view(batch, queries, -1)[:, -1] if scored is None else lengthened[scored]
        logits = self._head(self._last(ends[:, :-1], ends), None)
        return logits.float() if scored is None else logits

    def _turning(self, positions: Tensor) -> tuple[Tensor, Tensor]:
        """Cosines and sines [tokens, all heads, 2, half a head]; values, which nothing turns, have 1 and 0."""
        cos, sin = self._cos[positions], self._sin[positions]
        tokens, half = cos.shape
        turned = self._heads + self._shared
        across = torch.ones(tokens, turned + self._shared, 2, half)
        across[:, :turned] = cos.view(tokens, 1, 1, half)
        along = torch.zeros(tokens, turned + self._shared, 2, half)
        along[:, :turned, 0], along[:, :turned, 1] = -sin.unsqueeze(1), sin.unsqueeze(1)
        return across, along

    def _turned(self, layer: _Layer, asked: Tensor, across: Tensor, along: Tensor) -> Tensor:
        """Queries, keys and values [tokens, heads, size], turned by their positions, in the cache's type."""
        split = asked.view(across.shape)
        if layer.queries is not None and layer.keys is not None:
            split = self._even(layer, split)
        turned = torch.addcmul(split * across, split.flip(2), along)
        return turned.to(torch.bfloat16).view(len(asked), -1, self._size)

    def _even(self, layer: _Layer, split: Tensor) -> Tensor:
        """Qwen3 divides each head of queries and keys by its root mean square."""
        heads = split.float().view(len(split), -1, self._size)
        ends = (self._heads, self._heads + self._shared)
        size, epsilon = (self._size,), self._config.rms_norm_eps
        queries = functional.rms_norm(heads[:, : ends[0]], size, layer.queries, epsilon)
        keys = functional.rms_norm(heads[:, ends[0] : ends[1]], size, layer.keys, epsilon)
        return torch.cat((queries, keys, heads[:, ends[1] :]), dim=1).view(split.shape)

    def _attend(self, asked: Tensor, keys: Tensor, values: Tensor, mask: Tensor) -> Tensor:
        """[tokens, heads, size] over keys and values [batch, key heads, length, size] to [tokens, heads x size].

        Query heads that share a key head (arXiv:2305.13245) ask it together.
        """
        batch, shared, length, size = keys.shape
        queries, together = len(asked) // batch, self._heads // shared
        grouped = asked.reshape(batch, queries, shared, together, size).permute(0, 2, 3, 1, 4)
        grouped = grouped.reshape(batch, shared, together * queries, size)
        hidden = mask if queries == 1 else mask.repeat(1, 1, together, 1)
        if queries > 1 or batch <= _FEW:
            hidden = hidden.expand(batch, 1, together * queries, length)
            found = functional.scaled_dot_product_attention(
                grouped, keys, values, hidden, scale=self._scaling
            )
        else:
            found = self._by_products(grouped, keys, values, hidden)
        found = found.view(batch, shared, together, queries, size)
        return found.permute(0, 3, 1, 2, 4).reshape(batch * queries, -1)

    def _by_products(self, grouped: Tensor, keys: Tensor, values: Tensor, hidden: Tensor) -> Tensor:
        batch, shared, rows, _ = grouped.shape
        hidden = hidden.expand(batch, shared, rows, hidden.shape[3]).flatten(0, 1)
        asked, keys = grouped.flatten(0, 1), keys.flatten(0, 1).transpose(1, 2)
        scores = torch.baddbmm(hidden, asked, keys, alpha=self._scaling)
        return torch.bmm(scores.softmax(dim=2), values.flatten(0, 1)).view(grouped.shape)


def decoder_for(model: PreTrainedModel, cache: SlotCache, dtype: torch.dtype) -> Decoder | None:
    """A decoder for `model`, if it is of a kind that one is written for."""
    parameters = getattr(model.config, "rope_parameters", None) or {}
    if type(model).__name__ not in _KINDS or parameters.get("rope_type") not in _STEADY:
        return None
    if dtype != torch.bfloat16 or model.dtype != torch.float32 or not _all_grouped(model):
        return None
    return Decoder(model, cache)


def _all_grouped(model: Any) -> bool:
    layers = [module for module in model.modules() if isinstance(module, torch.nn.Linear)]
    paired = all(
        one.self_attn.q_proj.joint is one.self_attn.v_proj.joint
        and one.mlp.gate_proj.joint is one.mlp.up_proj.joint
        for one in model.model.layers
        if isinstance(one.self_attn.q_proj, GroupedLinear) and isinstance(one.mlp.gate_proj, GroupedLinear)
    )
    return (
        bool(layers)
        and all(isinstance(layer, GroupedLinear) for layer in layers)
        and isinstance(model.model.embed_tokens, GroupedEmbedding)
        and model.config.hidden_act == "silu"
        and paired
    )


def _layer(name: str, layer: Any) -> _Layer:
    attention, mlp = layer.self_attn, layer.mlp
    return _Layer(
        _norm(layer.input_layernorm),
        _site(f"{name}.self_attn", attention, ("q_proj", "k_proj", "v_proj")),
        getattr(getattr(attention, "q_norm", None), "weight", None),
        getattr(getattr(attention, "k_norm", None), "weight", None),
        _site(f"{name}.self_attn", attention, ("o_proj",)),
        _norm(layer.post_attention_layernorm),
        _site(f"{name}.mlp", mlp, ("gate_proj", "up_proj")),
        _site(f"{name}.mlp", mlp, ("down_proj",)),
    )


def _norm(norm: Any) -> _Norm:
    weight = norm.weight.data.float()
    return _Norm(weight * sqrt(len(weight)))


def _site(parent: str, module: Any, names: tuple[str, ...]) -> _Site:
    layers = [getattr(module, name) for name in names]
    biases = [torch.zeros(layer.out_features) if layer.bias is None else layer.bias.data for layer in layers]
    bias = None if all(layer.bias is None for layer in layers) else torch.cat(biases).to(torch.bfloat16)
    return _Site(layers[0].joint.product, bias, tuple(f"{parent}.{name}".lstrip(".") for name in names))


def _angles(rotary: Any, positions: int) -> tuple[Tensor, Tensor]:
    """Cosines and sines [positions, half a head] of every position, as the model's own module gives them."""
    places = torch.arange(positions).unsqueeze(0)
    cos, sin = rotary(torch.zeros(1, 1, dtype=torch.float32), places)
    half = cos.shape[-1] // 2
    return cos[0, :, :half].contiguous(), sin[0, :, :half].contiguous()
