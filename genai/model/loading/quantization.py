"""The only place that names bitsandbytes: how weights are stored, and how many bytes that takes."""

import logging
from typing import Any, Literal

import torch
from transformers import BitsAndBytesConfig, PreTrainedModel

from genai.model.cpu.grouped import GroupedEmbedding, GroupedLinear
from genai.model.cpu.groups import GROUP

Quantization = Literal["stored", "int4", "nf4", "int8", "none"]
"""`stored` is what a GGUF file has; for a folder, which stores plain numbers, it means int4."""

_NF4_BLOCK = 64
"""Weights that share one float32 scale (Dettmers et al., QLoRA, arXiv:2305.14314)."""


def loading_options(quantization: Quantization, dtype: torch.dtype) -> dict[str, Any]:
    """Arguments of `from_pretrained` for weights stored as `quantization` and computed with in `dtype`."""
    if quantization in ("none", "stored", "int4"):
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
    if quantization in ("stored", "int4"):
        return 0.5 + 12 / GROUP
    if quantization == "nf4":
        return 0.5 + 4 / _NF4_BLOCK
    return 1.0 if quantization == "int8" else float(dtype.itemsize)


def parameter_count(model: PreTrainedModel) -> int:
    """Weights in the model, shared ones once; packed ones are told apart from the bytes that they lie in."""
    layers = [module for module in model.modules() if isinstance(module, (GroupedLinear, GroupedEmbedding))]
    packed = {id(layer.weight) for layer in layers}
    plain = [one for one in model.parameters() if id(one) not in packed]
    tied = bool(layers) and model.config.get_text_config().tie_word_embeddings
    counted = [one for one in layers if not (tied and one is model.get_output_embeddings())]
    return sum(one.count for one in counted) + sum(
        2 * one.numel() if type(one).__name__ == "Params4bit" else one.numel() for one in plain
    )
