"""The embedded model while it learns: a Llama that returns the loss of a batch of conversations."""

import torch
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
