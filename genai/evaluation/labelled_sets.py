"""Public labelled sets, as they lie in a folder of shared data; none of them comes with Riff."""

import csv
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from genai.evaluation.functional_tests import UNTOUCHED, sentences


@dataclass(frozen=True, slots=True)
class Labelled:
    """Texts, and for each whether people call it toxic."""

    name: str
    texts: tuple[str, ...]
    toxic: tuple[bool, ...]


ORDINARY = "ordinary prompts"


class SetMissing(Exception):
    """A set is not in the folder; the message says which file was looked for."""


def tweets(data: Path) -> Labelled:
    """Tweets that hold a word of a list, https://github.com/t-davidson/hate-speech-and-offensive-language"""
    rows = _rows(data / "toxicity" / "davidson_labeled_data.csv")
    return _labelled("tweets (Davidson)", {row["tweet"]: row["class"] != "2" for row in rows})


def said_to_bots(data: Path) -> Labelled:
    """What people said to chat bots, by majority of annotators, https://github.com/amandacurry/convabuse"""
    votes: dict[str, list[bool]] = {}
    for part in ("train", "valid"):
        for row in _rows(data / "toxicity" / f"ConvAbuseEMNLP{part}.csv"):
            votes.setdefault(row["user"], []).extend(_votes(row))
    labels = {text: sum(cast) * 2 > len(cast) for text, cast in votes.items() if cast}
    return _labelled("said to chat bots (ConvAbuse)", labels)


def _votes(row: dict[str, str]) -> Iterator[bool]:
    for column, value in row.items():
        if "_is_abuse." in column and value in ("1", "1.0"):
            yield column.rsplit(".", 1)[1].startswith("-")


def xstest(data: Path) -> Labelled:
    """Harmless questions that sound harmful, https://github.com/paul-rottger/exaggerated-safety"""
    rows = _rows(data / "prompts" / "xstest_half.csv")
    return _labelled("harmless XSTest", {row["prompt"]: False for row in rows if row["label"] == "safe"})


def ordinary_prompts(data: Path) -> Labelled:
    """What people ask assistants: self-instruct's tasks with their inputs, and Vicuna's questions."""
    texts = [question for row in _lines(data / "prompts" / "vicuna_bench.jsonl") for question in row["turns"]]
    for name in ("user_oriented_instructions", "seed_tasks"):
        for row in _lines(data / "prompts" / f"{name}.jsonl"):
            texts += [f"{row['instruction']}\n{case['input']}".strip() for case in row["instances"][:1]]
    return _labelled(ORDINARY, dict.fromkeys(texts, False))


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
    functional,
    untouched,
    about_groups,
    xstest,
    ordinary_prompts,
)


def _labelled(name: str, labels: dict[str, bool]) -> Labelled:
    return Labelled(name, tuple(labels), tuple(labels.values()))


def _rows(path: Path) -> list[dict[str, str]]:
    with _opened(path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in _opened(path).read_text(encoding="utf-8").splitlines()]


def _opened(path: Path) -> Path:
    if not path.is_file():
        raise SetMissing(f"{path} is not there")
    return path
