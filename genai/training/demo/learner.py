"""The embedded model while it learns: its loss, and the optimizer (Muon for matrices, AdamW for the rest).

Muon (Jordan et al. 2024; with the update scaled as AdamW's, Liu et al. 2025, arXiv 2502.16982) orthogonalises
the momentum of a matrix; embeddings and norms, which are no maps between hidden states, keep AdamW
(Loshchilov and Hutter 2019, arXiv 1711.05101). On the embedded model it needs far fewer steps than AdamW alone.
"""

from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import AdamW, Muon, Optimizer
from transformers import LlamaConfig, LlamaForCausalLM
from transformers.modeling_outputs import CausalLMOutputWithPast

from genai.training.demo.dataset import banned_loss, weighted_loss

_BANNED_WEIGHT = 2.0


class Learner(LlamaForCausalLM):
    """Takes what `genai.training.demo.dataset.collate` makes; computes logits only where there is something to learn.

    Matrices are multiplied in bfloat16, weights stay in single precision.
    """

    def forward(  # type: ignore[override]
        self,
        input_ids: torch.Tensor,
        attention_mask: torch.Tensor,
        weights: torch.Tensor,
        banned: torch.Tensor,
    ) -> CausalLMOutputWithPast:
        """`input_ids`, `attention_mask`, `weights` (conversations, tokens); `banned` (conversations, most)."""
        counted = weights[:, 1:] > 0
        with torch.autocast(input_ids.device.type, dtype=torch.bfloat16):
            hidden = self.model(input_ids=input_ids, attention_mask=attention_mask, use_cache=False)
            logits = self.lm_head(hidden.last_hidden_state[:, :-1][counted])
        targets = input_ids[:, 1:][counted]
        rows = counted.nonzero()[:, 0]
        loss = weighted_loss(logits, targets, weights[:, 1:][counted])
        loss = loss + _BANNED_WEIGHT * banned_loss(logits, targets, banned[rows])
        return CausalLMOutputWithPast(loss=loss)

    def plain(self) -> LlamaForCausalLM:
        """The same weights as an ordinary model, ready to serve: keys and values are cached again."""
        config = LlamaConfig.from_dict(
            self.config.to_dict() | {"architectures": ["LlamaForCausalLM"], "use_cache": True}
        )
        model = LlamaForCausalLM(config)
        model.load_state_dict(self.state_dict())
        return model


# Muon for the matrices inside a model and AdamW for the rest, as one optimizer.
#
# Muon (Jordan et al. 2024; with the update scaled as AdamW's, Liu et al. 2025, arXiv 2502.16982) orthogonalises
# the momentum of a matrix; embeddings and norms, which are no maps between hidden states, keep AdamW
# (Loshchilov and Hutter 2019, arXiv 1711.05101). On the embedded model it needs far fewer steps than AdamW alone.


class MuonWithAdamW(Optimizer):
    """Steps both; schedulers see their parameter groups as one list."""

    def __init__(self, model: nn.Module, learning_rate: float, weight_decay: float) -> None:
        matrices, others = part_parameters(model)
        self._parts: tuple[Optimizer, ...] = (
            Muon(
                matrices,
                lr=learning_rate,
                weight_decay=weight_decay,
                momentum=0.95,
                adjust_lr_fn="match_rms_adamw",
            ),
            AdamW(others, lr=learning_rate, weight_decay=weight_decay, betas=(0.9, 0.95)),
        )
        super().__init__([{"params": [*matrices, *others]}], {})
        self._share()

    def step(self, closure: Callable[[], float] | None = None) -> None:  # type: ignore[override]
        """One step of both; a closure is not supported."""
        if closure is not None:
            raise ValueError("MuonWithAdamW takes no closure.")
        for part in self._parts:
            part.step()

    def state_dict(self) -> dict[str, Any]:
        """The states of both parts."""
        return {"parts": [part.state_dict() for part in self._parts]}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Set both parts to a saved state."""
        for part, saved in zip(self._parts, state_dict["parts"], strict=True):
            part.load_state_dict(saved)
        self._share()

    def _share(self) -> None:
        """A learning rate that a scheduler sets has to reach the parts, so their groups are this one's own."""
        self.param_groups = [group for part in self._parts for group in part.param_groups]


def part_parameters(model: nn.Module) -> tuple[list[Tensor], list[Tensor]]:
    """The matrices of linear layers, and all else: embeddings, a head tied to them or not, norms."""
    named: Iterable[tuple[str, Tensor]] = model.named_parameters()
    matrices: list[Tensor] = []
    others: list[Tensor] = []
    for name, parameter in named:
        inside = parameter.ndim == 2 and not any(part in name for part in ("embed", "lm_head"))
        (matrices if inside else others).append(parameter)
    return matrices, others
