"""The tokenizer and the chat template that a GGUF file brings along."""

from pathlib import Path

from tokenizers import pre_tokenizers
from transformers import PreTrainedTokenizerBase, PreTrainedTokenizerFast

from genai.errors import BadCheckpoint
from genai.model.gguf.header import GgufFile

_DIGIT_BY_DIGIT = frozenset({"smollm", "starcoder", "refact", "command-r", "codeshell", "exaone"})
"""Kinds of byte-level vocabulary that were learned with every digit apart, as llama.cpp names them."""


def tokenizer_of(file: GgufFile) -> PreTrainedTokenizerBase:
    """Raises BadCheckpoint where `file` brings none, or one that nobody knows."""
    if "tokenizer.ggml.tokens" not in file.values:
        raise BadCheckpoint(f"The model file {file.path.name} brings no tokenizer; get another conversion.")
    try:
        tokenizer = _read(file.path)
    except Exception as error:  # whatever a broken vocabulary provokes
        raise BadCheckpoint(
            f"The tokenizer in {file.path.name} is of a kind that I cannot read; get another conversion."
        ) from error
    if file.values.get("tokenizer.ggml.pre") in _DIGIT_BY_DIGIT:
        tokenizer.backend_tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
            [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)]
        )
    return tokenizer


def _read(path: Path) -> PreTrainedTokenizerFast:
    found: PreTrainedTokenizerFast = PreTrainedTokenizerFast.from_pretrained(
        str(path.parent), gguf_file=path.name
    )
    return found
