"""Tiny models, tokenizers and data for the tests of training."""

import json
from pathlib import Path
from random import Random

import torch
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

from genai.training.tokenizer import train_tokenizer

_VERBS = ("swap", "share", "mend", "plant", "lend", "paint", "sing", "build")
_THINGS = ("tools", "books", "bikes", "seeds", "songs", "coats", "lamps", "maps")


def sentences(count: int, seed: int = 1) -> list[str]:
    rng = Random(seed)
    return [
        f"{rng.choice(_VERBS)} {rng.choice(_THINGS)} and {rng.choice(_VERBS)} {rng.choice(_THINGS)} every week."
        for _ in range(count)
    ]


def tiny_tokenizer() -> PreTrainedTokenizerFast:
    return train_tokenizer(sentences(50), vocabulary=320, context_tokens=128)


def tiny_llama(vocabulary: int, *, seed: int = 1, **sizes: int) -> LlamaForCausalLM:
    torch.manual_seed(seed)
    wanted = {
        "hidden_size": 64,
        "intermediate_size": 96,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "max_position_embeddings": 128,
    }
    config = LlamaConfig(vocab_size=vocabulary, tie_word_embeddings=True, pad_token_id=0, **(wanted | sizes))
    return LlamaForCausalLM(config).eval()


def save_tiny(folder: Path, *, seed: int = 1, **sizes: int) -> Path:
    tokenizer = tiny_tokenizer()
    tiny_llama(len(tokenizer), seed=seed, **sizes).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def write_conversations(path: Path, count: int = 24, seed: int = 1) -> Path:
    rows = [
        {"messages": [{"role": "user", "content": "An idea?"}, {"role": "assistant", "content": text}]}
        for text in sentences(count, seed)
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path
