"""The tokenizer of the embedded model, made of what its file says; `transformers` would take seconds to import."""

from tokenizers import Tokenizer, pre_tokenizers
from tokenizers.models import BPE

from genai.model.gguf.header import GgufFile


def tokenizer_of(file: GgufFile) -> Tokenizer:
    """Byte-level pairs, every digit apart, with no special tokens: what a text says is never a command."""
    tokens, merges = file.values["tokenizer.ggml.tokens"], file.values["tokenizer.ggml.merges"]
    pairs = [tuple(merge.split(" ")) for merge in merges]
    tokenizer = Tokenizer(BPE({token: index for index, token in enumerate(tokens)}, pairs))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)]
    )
    return tokenizer
