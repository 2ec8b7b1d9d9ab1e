"""Sentences that were written for this project: attacks of many kinds, and harmless ones that look like them.

They lie beside this file as forms with slots. Every form is filled several times, always in the same way.
"""

import random
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from importlib import resources
from typing import Any

from genai.training.toxicity_head.public_sets import HARMLESS, Example

_SLOT = re.compile(r"\{(\w+)\}")
_FILLED = {True: 6, False: 7}
"""How often a form with a slot is filled: of an attack, of a harmless sentence."""
_LONGEST_INSIDE = 140
_BOTH_SIDES = 0.5
_FILES = ("attacks.toml", "near_doubles.toml")


def lessons() -> Iterator[Example]:
    """Every sentence once, all of them to learn from; its source is its kind."""
    slots = _read("slots.toml")
    seen: set[str] = set()
    for file in _FILES:
        for lesson in _read(file)["lesson"]:
            labels = _labels(lesson.get("labels", ()))
            for form in lesson["forms"]:
                for text in _filled(form, slots, _FILLED["labels" in lesson]):
                    if text not in seen:
                        seen.add(text)
                        yield Example(text, f"lesson: {lesson['kind']}", "learn", labels)


def _labels(named: tuple[str, ...]) -> Mapping[str, float]:
    """An attack is toxic, and says for sure only what it is; a harmless sentence is nothing of all."""
    if not named:
        return HARMLESS
    return {"toxicity": 1.0, "threat": 0.0, "self_harm": 0.0} | dict.fromkeys(named, 1.0)


def _filled(form: str, slots: Mapping[str, list[str]], times: int) -> Iterator[str]:
    chance = random.Random(form)
    for _ in range(times if _SLOT.search(form) else 1):
        text = _SLOT.sub(lambda slot: chance.choice(slots[slot.group(1)]), form)
        yield text if form[0].islower() else text[0].upper() + text[1:]


def _read(name: str) -> dict[str, Any]:
    file = resources.files(__package__) / "lessons" / name
    return tomllib.loads(file.read_text(encoding="utf-8"))


def in_context(examples: Sequence[Example], count: int) -> Iterator[Example]:
    """Attacks, and as many sentences without, inside what a model wrote: what is judged seldom stands alone."""
    chance = random.Random(count)
    around = [one for one in examples if one.source == "answers" and one.part == "learn"]
    inside = [
        one
        for one in examples
        if one.part == "learn" and len(one.text) <= _LONGEST_INSIDE and "RT" not in one.text
    ]
    for toxic in (1.0, 0.0):
        chosen = [one for one in inside if one.labels.get("toxicity") == toxic and one.source != "answers"]
        for one in chance.sample(chosen, min(len(chosen), count)) if around else ():
            before, after = (
                _sentences(chance.choice(around).text, chance),
                _sentences(chance.choice(around).text, chance),
            )
            text = " ".join(
                (before, one.text, after) if chance.random() < _BOTH_SIDES else (before, one.text)
            )
            yield Example(text.strip(), "in context", "learn", one.labels)


def _sentences(answer: str, chance: random.Random) -> str:
    """Some of its sentences, whole."""
    parts = re.split(r"(?<=[.!?])\s+", answer)[1:-1]
    return " ".join(parts[: chance.randint(1, 3)])
