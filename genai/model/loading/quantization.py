"""The only place that names bitsandbytes: how weights are stored, and how many bytes that takes."""

import logging
from typing import Any, Literal

import torch
from transformers import BitsAndBytesConfig

Quantization = Literal["nf4", "int8", "none"]

_NF4_BLOCK = 64
"""Weights that share one float32 scale (Dettmers et al., QLoRA, arXiv:2305.14314)."""


def loading_options(quantization: Quantization, dtype: torch.dtype) -> dict[str, Any]:
    """Arguments of `from_pretrained` for weights stored as `quantization` and computed with in `dtype`."""
    if quantization == "none":
        return {}
    if quantization == "int8":
        # It remarks on every cast of every layer in every step, although the cast is what LLM.int8() is.
        logging.getLogger("bitsandbytes.autograd._functions").setLevel(logging.ERROR)
        return {"quantization_config": BitsAndBytesConfig(load_in_8bit=True)}
    return {
        "quantization_config": BitsAndBytesConfig(
            load_in_4bit=True, bnb_4bit_quant_type="nf4", bnb_4bit_compute_dtype=dtype
        )
    }


def weight_bytes(quantization: Quantization, dtype: torch.dtype) -> float:
    """Bytes for one weight of a linear layer."""
    if quantization == "nf4":
        return 0.5 + 4 / _NF4_BLOCK
    return 1.0 if quantization == "int8" else float(dtype.itemsize)


def parameter_count(model: torch.nn.Module) -> int:
    """Weights in the model; a packed NF4 byte holds two."""
    return sum(
        2 * parameter.numel() if type(parameter).__name__ == "Params4bit" else parameter.numel()
        for parameter in model.parameters()
    )
