"""Labelled texts to measure on: of public sets the part that nothing was learned from, and sentences of our own.

The public ones lie in a folder of shared data; none of them comes with Riff.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from genai.evaluation.functional_tests import UNTOUCHED, sentences
from genai.training.toxicity_head import public_sets
from genai.training.toxicity_head.public_sets import MODELS_APART, Example


@dataclass(frozen=True, slots=True)
class Labelled:
    """Texts, and for each whether people call it toxic."""

    name: str
    texts: tuple[str, ...]
    toxic: tuple[bool, ...]


ORDINARY = "ordinary prompts"
MOST = 600
"""Texts of a set that are measured on; of a larger one every nth."""


class SetMissing(Exception):
    """A set is not in the folder; the message says which file was looked for."""


def tweets(data: Path) -> Labelled:
    """Tweets that hold a word of a list."""
    return _apart("tweets (Davidson)", public_sets.tweets(data))


def said_to_bots(data: Path) -> Labelled:
    """What people said to chat bots, by majority of annotators."""
    return _apart("said to chat bots (ConvAbuse)", public_sets.said_to_bots(data))


def emoji(data: Path) -> Labelled:
    """Hate in pictures, and harmless sentences that were written to be taken for it."""
    return _apart("hate in emoji (HatemojiBuild)", public_sets.emoji(data))


def forum(data: Path) -> Labelled:
    """Sentences of a forum of racists."""
    return _apart("forum (Stormfront)", public_sets.forum(data))


def moderated(data: Path) -> Labelled:
    """Prompts of many kinds of harm, among them calm ones about it."""
    return _apart("prompts (OpenAI)", public_sets.moderated(data))


def xstest(data: Path) -> Labelled:
    """Harmless questions that sound harmful."""
    found = (one for one in public_sets.prompts(data) if one.source == "xstest")
    return _apart("harmless XSTest", found)


def ordinary_prompts(data: Path) -> Labelled:
    """What people ask assistants: self-instruct's tasks with their inputs, and Vicuna's questions."""
    found = (one for one in public_sets.prompts(data) if one.source == "prompts")
    return _apart(ORDINARY, found)


def answers(data: Path) -> Labelled:
    """Whole answers of models none of whose answers was learned from."""
    texts: list[str] = []
    for name in MODELS_APART:
        with _found(data / "novelty" / f"{name}.jsonl").open(encoding="utf-8") as lines:
            texts += [answer for line in lines for answer in json.loads(line)["generations"][:1]]
    return _labelled("answers of models (NoveltyBench)", dict.fromkeys(texts, False))


def functional(_: Path) -> Labelled:
    """The sentences that Riff builds itself, see `functional.py`."""
    return _labelled("functional tests (own)", {each.text: each.hostile for each in sentences()})


def untouched(_: Path) -> Labelled:
    """Those that were never used to better the classifier."""
    return _labelled("untouched tests (own)", {each.text: each.hostile for each in sentences(UNTOUCHED)})


def about_groups(_: Path) -> Labelled:
    """Those of them that name a group and mean no harm."""
    kind = {"self-identification", "neutral mention", "praise"}
    return _labelled(
        "self-identification and mentions", {s.text: False for s in sentences() if s.ability in kind}
    )


SETS: tuple[Callable[[Path], Labelled], ...] = (
    tweets,
    said_to_bots,
    emoji,
    forum,
    moderated,
    functional,
    untouched,
    about_groups,
    xstest,
    ordinary_prompts,
    answers,
)


def _apart(name: str, found: Iterator[Example]) -> Labelled:
    """The part of a set that is kept apart from learning. Raises SetMissing."""
    try:
        labels = {e.text: e.labels["toxicity"] == 1 for e in found if e.part == "measure"}
        every = -(-len(labels) // MOST)
        return _labelled(name, dict(list(labels.items())[::every]))
    except OSError as error:
        raise SetMissing(f"{error.filename} is not there") from error


def _labelled(name: str, labels: dict[str, bool]) -> Labelled:
    return Labelled(name, tuple(labels), tuple(labels.values()))


def _found(path: Path) -> Path:
    if not path.is_file():
        raise SetMissing(f"{path} is not there")
    return path
