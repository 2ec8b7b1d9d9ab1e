"""Labelled texts of public sets, as they lie in a folder of shared data, each in one part: to learn, or to measure.

Parts are told apart by the texts' digests, so that they stay what they are whatever is added. A label is 1, 0, or
absent where a set does not say.
"""

import csv
import hashlib
import html
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

CATEGORIES = ("toxicity", "threat", "insult", "identity_attack", "sexual_explicit", "self_harm")
HARMLESS = dict.fromkeys(CATEGORIES, 0.0)

Part = Literal["learn", "measure"]
Labels = Mapping[str, float]

_APART = 5
"""One text in so many is kept apart from learning."""
_RETWEET = re.compile(r"^[\s!\"“”.]*(?:RT\s+)?(?:@\w+:?\s*)+")
_NAME = re.compile(r"@\w+")
_LINK = re.compile(r"https?://\S*")
_BORDER = re.compile(r"(?<=[.!?])\s+|\n+")
_LONGEST = 400
MODELS_APART = ("gemma-2-27b-it", "command-r7b-12-2024")
"""Models none of whose answers are learned from."""


@dataclass(frozen=True, slots=True)
class Example:
    """One text; `weight` is how much it counts in learning."""

    text: str
    source: str
    part: Part
    labels: Labels
    weight: float = 1.0


def examples(data: Path) -> Iterator[Example]:
    """Everything that is learned from, or measured on, out of the folder; no text twice."""
    seen: set[str] = set()
    for source in SOURCES:
        for example in source(data):
            if example.text and example.text not in seen:
                seen.add(example.text)
                yield example


def apart(text: str, one_in: int = _APART) -> Part:
    """The part that a text belongs to."""
    return "measure" if int(hashlib.sha256(text.encode()).hexdigest()[:8], 16) % one_in == 0 else "learn"


def cleaned(tweet: str) -> str:
    """A tweet without whom it goes to, and with names and links as words."""
    text = _RETWEET.sub("", html.unescape(tweet))
    return _LINK.sub("", _NAME.sub("@user", text)).strip()


def tweets(data: Path) -> Iterator[Example]:
    """https://github.com/t-davidson/hate-speech-and-offensive-language: not all that are offensive."""
    for row in _rows(data / "toxicity" / "davidson_labeled_data.csv"):
        part, kind = apart(row["tweet"]), row["class"]
        if kind == "1" and apart(row["tweet"] + " ", 3) != "measure":
            continue
        labels = {"2": HARMLESS, "1": {"toxicity": 1.0, "threat": 0.0, "self_harm": 0.0}}.get(
            kind, {"toxicity": 1.0, "identity_attack": 1.0, "self_harm": 0.0}
        )
        yield Example(cleaned(row["tweet"]), "tweets", part, labels)


def said_to_bots(data: Path) -> Iterator[Example]:
    """https://github.com/amandacurry/convabuse, by majority; the set's own validation part is kept apart."""
    for name, part in (("valid", "measure"), ("train", "learn")):
        votes: dict[str, list[tuple[bool, bool]]] = {}
        for row in _rows(data / "toxicity" / f"ConvAbuseEMNLP{name}.csv"):
            votes.setdefault(row["user"].strip(), []).extend(_votes(row))
        for text, cast in votes.items():
            abusive = sum(vote for vote, _ in cast) * 2 > len(cast)
            sexual = sum(vote for _, vote in cast) * 2 > len(cast)
            labels = HARMLESS if not abusive else {"toxicity": 1.0, "sexual_explicit": float(sexual)}
            labels = labels if not abusive or sexual else {**labels, "insult": 1.0}
            yield Example(text, "said to bots", part, labels)


def _votes(row: dict[str, str]) -> Iterator[tuple[bool, bool]]:
    for column, value in row.items():
        if "_is_abuse." in column and value in ("1", "1.0"):
            who, _, degree = column.partition("_is_abuse.")
            yield degree.startswith("-"), row.get(f"{who}_sex_harassment") in ("1", "1.0")


def emoji(data: Path) -> Iterator[Example]:
    """https://github.com/HannahKirk/Hatemoji; the set's own validation part is kept apart."""
    for name, part in (("validation", "measure"), ("train", "learn")):
        for row in _rows(data / "toxicity" / f"hatemoji_build_{name}.csv"):
            labels: dict[str, float] = {**HARMLESS}
            if row["label_gold"] == "1":
                threat = float(row["type"] == "threateninglanguage")
                labels = {"toxicity": 1.0, "identity_attack": 1.0, "threat": threat, "self_harm": 0.0}
            yield Example(row["text"], "emoji", part, labels)


def forum(data: Path) -> Iterator[Example]:
    """https://github.com/Vicomtech/hate-speech-dataset: hate or not, sentences of a forum; not all of the second."""
    for row in _rows(data / "toxicity" / "stormfront_sentences.csv"):
        part, hate = apart(row["text"]), row["label"] == "hate"
        if not hate and apart(row["text"] + " ", 3) != "measure":
            continue
        labels = {"toxicity": 1.0, "identity_attack": 1.0} if hate else HARMLESS
        yield Example(row["text"], "forum", part, labels, 1.0 if hate else 0.7)


_OPENAI = {
    "sexual_explicit": ("S", "S3"),
    "identity_attack": ("H", "H2"),
    "insult": ("HR",),
    "self_harm": ("SH",),
}


def moderated(data: Path) -> Iterator[Example]:
    """https://github.com/openai/moderation-api-release, long texts from their beginning."""
    for row in _lines(data / "toxicity" / "openai_moderation_half.jsonl"):
        known = {name: value for name, value in row.items() if name != "prompt"}
        labels = {"toxicity": float(any(known.values()))}
        for category, names in _OPENAI.items():
            if any(name in known for name in names):
                labels[category] = float(any(known.get(name) for name in names))
        yield Example(row["prompt"][:_LONGEST], "moderated", apart(row["prompt"]), labels, 1.5)


def answers(data: Path) -> Iterator[Example]:
    """What models answer to creative prompts (NoveltyBench), harmless; some models and prompts are kept apart."""
    for file in sorted((data / "novelty").glob("*.jsonl")):
        for row in _lines(file):
            away = file.stem in MODELS_APART or apart(row["id"], 3) == "measure"
            for number, answer in enumerate(row["generations"]):
                if number % 10 < (3 if away else 4):
                    yield Example(_middle(answer), "answers", "measure" if away else "learn", HARMLESS)


def sentences(data: Path) -> Iterator[Example]:
    """Single sentences of the answers that are learned from: what is judged in a stream is no longer."""
    for file in sorted((data / "novelty").glob("*.jsonl")):
        if file.stem in MODELS_APART:
            continue
        for row in _lines(file):
            if apart(row["id"], 3) == "learn":
                for answer in row["generations"][4:]:
                    yield Example(_sentence(answer), "sentences", "learn", HARMLESS)


def _sentence(answer: str) -> str:
    """One of an answer's sentences or lines, the same every time."""
    found = [part.strip() for part in _BORDER.split(answer) if 12 <= len(part.strip()) <= 160]
    return found[int(hashlib.sha256(answer.encode()).hexdigest()[:6], 16) % len(found)] if found else ""


def _middle(answer: str) -> str:
    """A part of an answer, the same of it every time, with whole words."""
    places = [0, *(match.end() for match in re.finditer(r"\s", answer) if match.end() < len(answer) - 80)]
    begin = places[int(hashlib.sha256(answer.encode()).hexdigest()[:6], 16) % len(places)]
    return answer[begin : begin + _LONGEST].rsplit(" ", 1)[0].strip()


def prompts(data: Path) -> Iterator[Example]:
    """What people ask assistants, harmless: self-instruct's tasks, Vicuna's questions, XSTest's harmless half."""
    texts = [text for row in _lines(data / "prompts" / "vicuna_bench.jsonl") for text in row["turns"]]
    for name in ("user_oriented_instructions", "seed_tasks"):
        for row in _lines(data / "prompts" / f"{name}.jsonl"):
            texts += [
                f"{row['instruction']}\n{case['input']}".strip()[:_LONGEST] for case in row["instances"][:1]
            ]
    for text in texts:
        yield Example(text, "prompts", apart(text, 2), HARMLESS)
    for row in _rows(data / "prompts" / "xstest_half.csv"):
        if row["label"] == "safe":
            yield Example(row["prompt"], "xstest", apart(row["prompt"], 2), HARMLESS)


SOURCES: tuple[Callable[[Path], Iterator[Example]], ...] = (
    tweets,
    said_to_bots,
    emoji,
    forum,
    moderated,
    answers,
    sentences,
    prompts,
)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
