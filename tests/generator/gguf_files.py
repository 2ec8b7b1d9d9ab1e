"""Writes tiny models in GGUF as llama.cpp's converter does: names, order of rows, and norms included."""

import json
from pathlib import Path
from typing import Any

import gguf
import numpy as np
import torch
from gguf import GGMLQuantizationType as Kind
from transformers import (
    AutoConfig,
    AutoModelForCausalLM,
    PretrainedConfig,
    PreTrainedModel,
    PreTrainedTokenizerFast,
)

from tests.generator.conftest import byte_level_tokenizer

FAMILIES = ("llama", "mistral", "qwen2", "qwen3", "gemma", "gemma2", "gemma3", "phi3")
_KINDS_OF_MODEL = {"gemma3": "gemma3_text"}
_LAYERS, _WIDTH, _HEADS, _SHARED, _SIZE = 2, 256, 4, 2, 64


def config_of(family: str, vocabulary: int) -> PretrainedConfig:
    """Two layers, so wide that every kind of block fits into a row."""
    more: dict[str, Any] = {}
    if family == "gemma2":
        more = {"sliding_window": 8, "query_pre_attn_scalar": _SIZE}
    if family == "gemma3":
        nearby = {"rope_type": "default", "rope_theta": 10_000.0}
        everything = {"rope_type": "default", "rope_theta": 1_000_000.0}
        more = {
            "sliding_window": 8,
            "query_pre_attn_scalar": _SIZE,
            "layer_types": ["sliding_attention"] * _LAYERS,
            "rope_parameters": {"full_attention": everything, "sliding_attention": nearby},
        }
    if family in ("mistral", "phi3"):
        more = {"sliding_window": None}
    config: PretrainedConfig = AutoConfig.for_model(
        _KINDS_OF_MODEL.get(family, family),
        vocab_size=vocabulary,
        hidden_size=_WIDTH,
        intermediate_size=512,
        num_hidden_layers=_LAYERS,
        num_attention_heads=_HEADS,
        num_key_value_heads=_SHARED,
        head_dim=_SIZE,
        max_position_embeddings=256,
        tie_word_embeddings=family.startswith("gemma"),
        bos_token_id=0,
        eos_token_id=0,
        pad_token_id=0,
        **more,
    )
    return config


def random_weights(config: PretrainedConfig) -> PreTrainedModel:
    """A model whose next tokens are decided clearly."""
    torch.manual_seed(0)
    model = AutoModelForCausalLM.from_config(config, dtype=torch.float32).eval()
    for name, parameter in model.named_parameters():
        spread = 0.2 if "embed" in name or "lm_head" in name else 0.08
        parameter.data.normal_(1 if name.endswith("norm.weight") else 0, spread)
        if name.endswith("norm.weight") and config.model_type.startswith("gemma"):
            parameter.data -= 1
    return model


def write_gguf(path: Path, family: str, kind: Kind = Kind.Q8_0, **values: Any) -> PreTrainedModel:
    """A tiny model of a family; the file's own values, float32, as `transformers` runs them, are returned."""
    tokenizer = byte_level_tokenizer()
    model = random_weights(config_of(family, len(tokenizer)))
    stored_as = "llama" if family == "mistral" else family
    writer = gguf.GGUFWriter(str(path), stored_as)
    _describe(writer, model.config, family)
    _add_tokenizer(writer, tokenizer)
    for key, value in values.items():
        writer.add_uint32(f"{stored_as}.{key}", value)
    names = gguf.get_tensor_name_map(_architecture(stored_as), _LAYERS)
    for name, parameter in model.named_parameters():
        stored = names.get_name(name, (".weight", ".bias"))
        assert stored, name
        parameter.data = _add(writer, stored, name, parameter.data, family, kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return model


def _architecture(name: str) -> gguf.MODEL_ARCH:
    return next(kind for kind, text in gguf.MODEL_ARCH_NAMES.items() if text == name)


def _describe(writer: gguf.GGUFWriter, config: PretrainedConfig, family: str) -> None:
    writer.add_context_length(config.max_position_embeddings)
    writer.add_embedding_length(config.hidden_size)
    writer.add_feed_forward_length(config.intermediate_size)
    writer.add_block_count(config.num_hidden_layers)
    writer.add_head_count(config.num_attention_heads)
    writer.add_head_count_kv(config.num_key_value_heads)
    writer.add_key_length(_SIZE)
    writer.add_layer_norm_rms_eps(config.rms_norm_eps)
    theta = config.rope_parameters.get("full_attention", config.rope_parameters)["rope_theta"]
    writer.add_rope_freq_base(theta)
    if family in ("gemma2", "gemma3"):
        writer.add_sliding_window(config.sliding_window)
    if family == "gemma2":
        writer.add_attn_logit_softcapping(config.attn_logit_softcapping)
        writer.add_final_logit_softcapping(config.final_logit_softcapping)


def _add_tokenizer(writer: gguf.GGUFWriter, tokenizer: PreTrainedTokenizerFast) -> None:
    vocabulary = sorted(tokenizer.get_vocab().items(), key=lambda item: item[1])
    added = tokenizer.added_tokens_decoder
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list([token for token, _ in vocabulary])
    writer.add_token_types(
        [(3 if added[number].special else 4) if number in added else 1 for _, number in vocabulary]
    )
    merges = json.loads(tokenizer.backend_tokenizer.to_str())["model"]["merges"]
    writer.add_token_merges([" ".join(merge) for merge in merges])
    writer.add_bos_token_id(0)
    writer.add_eos_token_id(0)
    writer.add_chat_template(str(tokenizer.chat_template))


def _add(
    writer: gguf.GGUFWriter, stored: str, name: str, weight: torch.Tensor, family: str, kind: Kind
) -> torch.Tensor:
    """Write a tensor; what the file then says its values are, in the order of `transformers`."""
    values = weight.numpy().astype(np.float32)
    raised = family.startswith("gemma") and name.endswith("norm.weight")
    heads = {"q_proj": _HEADS, "k_proj": _SHARED}.get(name.split(".")[-2], 0)
    if heads and family in ("llama", "mistral"):
        values = values.reshape(heads, 2, -1, *values.shape[1:]).swapaxes(1, 2).reshape(values.shape)
    if values.ndim == 1:
        writer.add_tensor(stored, values + 1 if raised else values, raw_dtype=Kind.F32)
        return weight
    blocks = quantized(values, kind)
    writer.add_tensor(stored, blocks, raw_dtype=kind)
    read = gguf.quants.dequantize(blocks, kind).astype(np.float32).reshape(values.shape)
    if heads and family in ("llama", "mistral"):
        read = read.reshape(heads, -1, 2, *read.shape[1:]).swapaxes(1, 2).reshape(read.shape)
    return torch.from_numpy(np.ascontiguousarray(read))


def quantized(values: np.ndarray[Any, Any], kind: Kind) -> np.ndarray[Any, Any]:
    """Blocks of a kind; of the K kinds, which the package only reads, some at random of about the right size."""
    try:
        found: np.ndarray[Any, Any] = gguf.quants.quantize(values, kind)
    except NotImplementedError:
        found = _random_blocks(values.shape, kind)
    return found


_SCALES = {Kind.Q4_K: (0, 2), Kind.Q5_K: (0, 2), Kind.Q6_K: (208,), Kind.Q2_K: (80, 82), Kind.Q3_K: (108,)}
"""Where a block of a kind keeps its float16 scales."""


def _random_blocks(shape: tuple[int, ...], kind: Kind) -> np.ndarray[Any, Any]:
    width, size = gguf.GGML_QUANT_SIZES[kind]
    chance = np.random.default_rng(sum(shape))
    blocks = chance.integers(0, 256, (shape[0], shape[1] // width, size), dtype=np.uint8)
    spread = {Kind.Q6_K: 2e-5, Kind.Q3_K: 1e-3}.get(kind, 2e-4)
    for number, place in enumerate(_SCALES[kind]):
        scale = np.full((*blocks.shape[:2], 1), spread * (1 if number == 0 else 8), dtype=np.float16)
        blocks[..., place : place + 2] = scale.view(np.uint8)
    return blocks.reshape(shape[0], -1)
