"""What was learned for moderation: additions to the last layers of the trunk, and a head for each category.

A head gives each token a weight and a say; what a text scores is the weighed say of its tokens, the mean of another
one, and a share of what the list of words says, as calibrated log-odds.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import safe_open
from torch import Tensor
from torch.nn import functional

from genai.moderation.understanding.trunk import Additions

LEARNED = Path(__file__).parent / "learned" / "moderator.safetensors"


@dataclass(frozen=True, slots=True)
class Head:
    """Weights of tokens [categories, width] and [categories], and how the log-odds of each category are calibrated.

    `share` is that of the list's log-odds; scale and shift turn what comes out into log-odds.
    """

    categories: tuple[str, ...]
    depth: int
    additions: Additions
    norm: Tensor
    weight: Tensor
    say: Tensor
    mean: Tensor
    base: Tensor
    share: Tensor
    scale: Tensor
    shift: Tensor
    version: str

    @torch.inference_mode()
    def probabilities(self, states: Tensor, spans: Sequence[slice], listed: Sequence[float]) -> Tensor:
        """[spans, categories] of a text's states [tokens, width]; `listed` are the list's log-odds of each span."""
        normed = functional.rms_norm(states, (states.shape[1],), self.norm, 1e-5)
        each = torch.cat((self.weight, self.say, self.mean))
        weight, say, mean = (normed @ each.T).chunk(3, dim=1)
        rows = [
            (weight[span].softmax(0) * say[span]).sum(0) + mean[span].mean(0)
            if span.stop > span.start
            else torch.zeros_like(self.base)
            for span in spans
        ]
        odds = torch.stack(rows) + self.base + torch.tensor(listed).unsqueeze(1) * self.share
        return torch.sigmoid(odds * self.scale + self.shift)


def load_head(file: Path = LEARNED) -> Head:
    """The head that lies beside this file, or another one of the same form."""
    version = hashlib.sha256(file.read_bytes()).hexdigest()[:12]
    with safe_open(file, framework="pt") as opened:
        about = opened.metadata()
        tensors = {name: opened.get_tensor(name) for name in opened.keys()}  # noqa: SIM118 - no mapping
    own = {
        name: tensors.pop(name)
        for name in ("norm", "weight", "say", "mean", "base", "share", "scale", "shift")
    }
    return Head(tuple(about["categories"].split()), int(about["depth"]), tensors, version=version, **own)
