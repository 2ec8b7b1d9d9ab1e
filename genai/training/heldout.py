"""Perplexity of the embedded model on corpus answers about topics that it never saw."""

import math
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random

import torch
from transformers import (
    AutoModelForCausalLM,
    AutoTokenizer,
    BitsAndBytesConfig,
    PreTrainedModel,
    PreTrainedTokenizerBase,
)

from genai.training.corpus.examples import make_example
from genai.training.corpus.library import Library
from genai.training.demo.dataset import Encoded, answer_loss, collate, encode_example, make_batches

_EXAMPLES = 200


def held_out_perplexity(folder: Path, quantization: str, library: Library, seed: int) -> float:
    """Per token, over 200 answers; `quantization` is "none" or "nf4". Raises OSError when there is no model."""
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = _load(folder, quantization)
    total, tokens = 0.0, 0
    for batch in make_batches(_examples(tokenizer, library, seed), 4096, 1000, Random(seed)):
        tensors = collate([batch], int(tokenizer.pad_token_id))
        counted = (tensors["weights"] > 0).float()
        with torch.inference_mode():
            logits = model(
                input_ids=tensors["input_ids"], attention_mask=tensors["attention_mask"], use_cache=False
            ).logits
        total += float(answer_loss(logits, tensors["input_ids"], counted)) * int(counted[:, 1:].sum())
        tokens += int(counted[:, 1:].sum())
    return math.exp(total / tokens)


def _load(folder: Path, quantization: str) -> PreTrainedModel:
    """On the CPU, computing in single precision."""
    nf4 = BitsAndBytesConfig(
        load_in_4bit=True, bnb_4bit_quant_type="nf4", bnb_4bit_compute_dtype=torch.float32
    )
    wanted = {"quantization_config": nf4} if quantization == "nf4" else {}
    model: PreTrainedModel = AutoModelForCausalLM.from_pretrained(
        folder, dtype=torch.float32, device_map="cpu", **wanted
    )
    return model.eval()


def _examples(tokenizer: PreTrainedTokenizerBase, library: Library, seed: int) -> Iterator[Encoded]:
    unseen = replace(library, topics=library.held_out, held_out=(), combines_topics=False)
    for index in range(_EXAMPLES):
        yield encode_example(tokenizer, make_example(unseen, Random(f"held-out:{seed}:{index}")))
