"""Tiny language models and data sets that the tests of training make for themselves."""

import json
from collections.abc import Iterable
from pathlib import Path
from random import Random

import torch
from transformers import LlamaConfig, LlamaForCausalLM

from genai.training.tokenizer import train_tokenizer

WORDS = [
    "tea",
    "shop",
    "river",
    "garden",
    "idea",
    "light",
    "green",
    "quick",
    "loud",
    "paper",
    "boat",
    "small",
    "happy",
    "stone",
    "music",
]
CONTEXT = 128


def sentences(count: int, seed: int = 1) -> list[str]:
    rng = Random(seed)
    return [" ".join(rng.choices(WORDS, k=8)) for _ in range(count)]


def make_model(folder: Path) -> Path:
    """A Llama model of two layers with its own tokenizer, in the form that ships."""
    tokenizer = train_tokenizer(sentences(200), 400, CONTEXT)
    tokenizer.save_pretrained(folder)
    torch.manual_seed(0)
    LlamaForCausalLM(
        LlamaConfig(
            vocab_size=len(tokenizer),
            hidden_size=64,
            intermediate_size=128,
            num_hidden_layers=2,
            num_attention_heads=2,
            num_key_value_heads=2,
            max_position_embeddings=CONTEXT,
            pad_token_id=0,
            bos_token_id=None,
            eos_token_id=2,
        )
    ).save_pretrained(folder)
    return folder


def messages(*contents: str) -> dict[str, object]:
    """A conversation in which the user begins."""
    roles = ["user", "assistant"]
    return {"messages": [{"role": roles[i % 2], "content": content} for i, content in enumerate(contents)]}


def write_rows(file: Path, rows: Iterable[object]) -> Path:
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return file


def make_conversations(file: Path, count: int = 60) -> Path:
    """Answers repeat the request, so that there is something to learn."""
    return write_rows(file, [messages(f"Say: {text}", text) for text in sentences(count)])


def same_weights(one: Path, other: Path, name: str = "model.safetensors") -> bool:
    from safetensors.torch import load_file

    first, second = load_file(one / name), load_file(other / name)
    return first.keys() == second.keys() and all(torch.equal(first[key], second[key]) for key in first)
