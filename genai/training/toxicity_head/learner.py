"""What learns: low-rank additions to the trunk's last layers, and a head, over states of the layers below, which stay.

The forward pass is that of `genai.moderation.understanding`, in a form that gradients go through.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.nn import functional

from genai.moderation.understanding.trunk import SITES, Trunk, turned
from genai.training.toxicity_head.public_sets import CATEGORIES

_EPSILON = 1e-5
_SHARE = 0.5
"""Of what the list of words says, before anything is learned."""


class _Learning(nn.Module):
    """A product as it is, and an addition of low rank that is nothing at first."""

    def __init__(self, weight: Tensor, rank: int) -> None:
        super().__init__()
        self._weight = weight
        rows, columns = self._weight.shape
        self.down = nn.Parameter(torch.randn(rank, columns) / math.sqrt(columns))
        self.up = nn.Parameter(torch.zeros(rows, rank))

    def forward(self, x: Tensor) -> Tensor:
        low = functional.linear(x, self.down.bfloat16())
        return functional.linear(x, self._weight) + functional.linear(low, self.up.bfloat16())


class _LearningLayer(nn.Module):
    def __init__(self, trunk: Trunk, index: int, rank: int) -> None:
        super().__init__()
        layer = trunk.layers[index]
        self._before, self._between, self._trunk = layer.before, layer.between, trunk
        weights = {name: trunk.weights(index, name).values(torch.bfloat16) for name in SITES}
        self.sites = nn.ModuleDict({name: _Learning(weight, rank) for name, weight in weights.items()})

    def forward(self, x: Tensor, turning: tuple[Tensor, Tensor]) -> Tensor:
        """[texts, tokens, width] float32."""
        trunk, (texts, tokens, width) = self._trunk, x.shape

        def normed(weight: Tensor) -> Tensor:
            return functional.rms_norm(x, (width,), weight, trunk.epsilon).bfloat16()

        asked = self.sites["asking"](normed(self._before)).view(texts, tokens, -1, trunk.size)
        queries, keys, values = asked.split((trunk.heads, trunk.shared, trunk.shared), dim=2)
        found = functional.scaled_dot_product_attention(
            turned(queries, *turning).transpose(1, 2),
            turned(keys, *turning).transpose(1, 2),
            values.transpose(1, 2),
            is_causal=True,
            enable_gqa=True,
        )
        x = x + self.sites["attended"](found.transpose(1, 2).reshape(texts, tokens, -1))
        gate, up = self.sites["opening"](normed(self._between)).chunk(2, dim=2)
        return x + self.sites["closing"](functional.silu(gate) * up)


@dataclass(frozen=True, slots=True)
class Batch:
    """states [texts, tokens, width] of the layers below, the sink first; real [texts, tokens]; listed [texts]."""

    states: Tensor
    real: Tensor
    listed: Tensor


class Learner(nn.Module):
    """The layers of `trunk` from `first` on (0 is the lowest), and the head."""

    def __init__(self, trunk: Trunk, first: int, rank: int) -> None:
        super().__init__()
        self._trunk, self._first = trunk, first
        self.layers = nn.ModuleList(
            _LearningLayer(trunk, index, rank) for index in range(first, len(trunk.layers))
        )
        count = len(CATEGORIES)
        self.norm = nn.Parameter(torch.ones(trunk.width))
        self.weight, self.say, self.mean = (
            nn.Parameter(torch.randn(count, trunk.width) * 0.01) for _ in range(3)
        )
        self.base = nn.Parameter(torch.zeros(count))
        self.share = nn.Parameter(torch.full((count,), _SHARE))

    def forward(self, batch: Batch, dropped: float = 0.0) -> Tensor:
        """Log-odds [texts, categories], not calibrated."""
        x = batch.states
        turning = self._trunk.turning(torch.arange(x.shape[1]).unsqueeze(0))
        for layer in self.layers:
            x = layer(x, turning)
        x = functional.rms_norm(x[:, 1:], (x.shape[2],), self.norm, _EPSILON)
        x = functional.dropout(x, dropped, self.training)
        real = batch.real[:, 1:, None]
        weight = (x @ self.weight.T).masked_fill(~real, -1e9).softmax(1)
        mean = (x * real).sum(1) / real.sum(1).clamp(min=1)
        said = (weight * (x @ self.say.T)).sum(1)
        return said + mean @ self.mean.T + self.base + batch.listed.unsqueeze(1) * self.share

    def parts(self) -> tuple[list[nn.Parameter], list[nn.Parameter]]:
        """Parameters of the additions, and of the head."""
        additions = list(self.layers.parameters())
        known = {id(one) for one in additions}
        return additions, [one for one in self.parameters() if id(one) not in known]

    def save(
        self, file: Path, scale: Sequence[float], shift: Sequence[float], about: Mapping[str, str]
    ) -> None:
        """Write what the classifier reads, with how its log-odds are calibrated."""
        tensors = {
            f"{self._first + index + 1}.{name}.{side}": getattr(site, side).detach().bfloat16().contiguous()
            for index, layer in enumerate(self.layers)
            for name, site in layer.sites.items()  # type: ignore[union-attr, operator]
            for side in ("down", "up")
        }
        head = {
            name: getattr(self, name).detach() for name in ("norm", "weight", "say", "mean", "base", "share")
        }
        head |= {"scale": torch.tensor(scale), "shift": torch.tensor(shift)}
        depth = str(self._first + len(self.layers))
        file.parent.mkdir(parents=True, exist_ok=True)
        save_file(tensors | head, file, {"categories": " ".join(CATEGORIES), "depth": depth, **about})
