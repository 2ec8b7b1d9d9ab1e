"""The models that are measured: random weights of a given shape, and the embedded one."""

from dataclasses import dataclass
from pathlib import Path

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast


@dataclass(frozen=True, slots=True)
class Shape:
    """Widths and counts of a Llama."""

    hidden: int
    feed_forward: int
    layers: int
    heads: int
    key_heads: int
    vocabulary: int
    positions: int = 1024


SMALL = Shape(512, 1408, 8, 8, 4, 8_192)
"""32 million weights: small enough for two CPU cores."""
SEVEN_BILLION = Shape(4096, 11_008, 32, 32, 32, 32_000, 4096)
TINY = Shape(64, 128, 2, 4, 2, 512)
"""For a look at the whole way through a benchmark, not for figures."""


def configuration(shape: Shape) -> LlamaConfig:
    """A Llama of `shape` that never ends a text by itself, so that all ways write the same number of tokens."""
    return LlamaConfig(
        hidden_size=shape.hidden,
        intermediate_size=shape.feed_forward,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        num_key_value_heads=shape.key_heads,
        vocab_size=shape.vocabulary,
        max_position_embeddings=shape.positions,
        tie_word_embeddings=False,
        bos_token_id=None,
        eos_token_id=None,
    )


def write_random_model(folder: Path, shape: Shape, dtype: torch.dtype = torch.float32) -> Path:
    """Random weights of `shape`, and a tokenizer that spells every text one character a token."""
    torch.manual_seed(0)
    with torch.device("cuda" if torch.cuda.is_available() else "cpu"):
        model = LlamaForCausalLM._from_config(configuration(shape), dtype=dtype)
    model.generation_config.eos_token_id = None
    model.save_pretrained(folder)
    write_tokenizer(folder, shape.vocabulary)
    return folder


def write_tokenizer(folder: Path, vocabulary: int) -> None:
    """Bytes, then made-up words up to `vocabulary`; no special tokens."""
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    spelling = {letter: index for index, letter in enumerate(alphabet)}
    words = {f"w{index}": index for index in range(len(spelling), vocabulary)}
    tokenizer = Tokenizer(models.BPE(vocab=spelling | words, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    PreTrainedTokenizerFast(tokenizer_object=tokenizer).save_pretrained(folder)
