"""How fast a model writes: tokens per second of greedy decoding, one text at a time."""

import statistics
import time
from typing import Any, Final, cast

import torch
from transformers import PreTrainedModel

_PROMPT_TOKENS: Final = 32
_REPEATS: Final = 3


@torch.inference_mode()
def writing_speed(model: PreTrainedModel, tokens: int = 32) -> float:
    """Median tokens per second over three texts of `tokens` tokens after a short prompt, warmed up first."""
    vocabulary = int(model.config.get_text_config().vocab_size)
    prompt = (torch.arange(_PROMPT_TOKENS, device=model.device) % vocabulary)[None]
    _seconds(model, prompt, 2)
    return tokens / statistics.median(_seconds(model, prompt, tokens) for _ in range(_REPEATS))


def _seconds(model: PreTrainedModel, prompt: torch.Tensor, tokens: int) -> float:
    started = time.perf_counter()
    cast(Any, model).generate(
        input_ids=prompt,
        attention_mask=torch.ones_like(prompt),
        do_sample=False,
        min_new_tokens=tokens,
        max_new_tokens=tokens,
        pad_token_id=0,
    )
    if prompt.is_cuda:
        torch.cuda.synchronize()
    return time.perf_counter() - started
