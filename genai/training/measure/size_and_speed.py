"""What a model costs: its bytes in memory and on disk, and how many tokens per second it writes."""

import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, cast

import torch
from transformers import PreTrainedModel

_WEIGHTS: Final = ("*.safetensors", "*.bin")


def memory_bytes(model: PreTrainedModel) -> int:
    """Bytes of all weights and buffers, with the scales of quantised weights; tied weights count once."""
    tensors = (*model.parameters(), *model.buffers())
    found = {id(part): part for tensor in tensors for part in (tensor, *_scales(tensor))}
    return sum(part.numel() * part.element_size() for part in found.values())


def disk_bytes(place: Path) -> int:
    """Bytes of the weight files in a model or adapter folder, or of the one file that a model is."""
    files = [place] if place.is_file() else [file for pattern in _WEIGHTS for file in place.glob(pattern)]
    return sum(file.stat().st_size for file in files)


def saved_bytes(model: PreTrainedModel) -> int:
    """Bytes that the weights would take on disk as they are loaded now; needs that much temporary room."""
    with tempfile.TemporaryDirectory() as name:
        cast(Any, model).save_pretrained(name)
        return disk_bytes(Path(name))


def _scales(tensor: torch.Tensor) -> Iterator[torch.Tensor]:
    """What a quantised weight carries besides its integers: row scales (int8), or block scales (NF4).

    With double quantisation the block scales are integers themselves, with scales of their own (`state2`).
    """
    rows = getattr(tensor, "SCB", None)
    if isinstance(rows, torch.Tensor):
        yield rows
    state = getattr(tensor, "quant_state", None)
    while state is not None:
        parts = (state.absmax, state.code, state.offset)
        yield from (part for part in parts if isinstance(part, torch.Tensor))
        state = getattr(state, "state2", None)  # gone from weights that were repacked for a CPU


# How fast a model writes: tokens per second of greedy decoding, one text at a time.


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
