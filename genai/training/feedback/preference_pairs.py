"""One person's ratings of ideas, and pairs of a better and a worse answer to the same prompt out of them.

Only within a person and a topic: what one person likes better than another does says nothing."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Literal

from genai.prompts import Brief, Task, build_turns
from genai.request import Turn
from genai.training.data.readers import Preference

Kind = Literal["like", "dislike", "save", "edit", "shuffle"]


@dataclass(frozen=True, slots=True)
class Rating:
    """An opinion of an idea that answered `topic`.

    `rater` tells people apart and is never written anywhere; `edited_text` is for the kind "edit"; `names` are
    what the people concerned call themselves, to be taken out.
    """

    rater: int
    kind: Kind
    task: str
    topic: str
    title: str
    body: str
    edited_text: str = ""
    names: tuple[str, ...] = ()


# Pairs a better with a worse answer to the same prompt, out of one person's ratings; pure functions.
#
# Only within a person and a topic: what one person likes better than another does says nothing.


_LONGEST_TITLE = 60


def preference_pairs(ratings: Iterable[Rating], most_per_prompt: int, seed: int) -> list[Preference]:
    """Liked, saved and edited ideas over disliked and passed over ones, and each edit over its original.

    At most `most_per_prompt` pairs of each person and topic, drawn by `seed`, so that nobody outweighs all
    others; each pair once.
    """
    groups: dict[tuple[int, str, str], list[Rating]] = defaultdict(list)
    for rating in ratings:
        groups[rating.rater, rating.task, rating.topic.strip().casefold()].append(rating)
    rng = Random(seed)
    found: dict[Preference, None] = {}
    for group in groups.values():
        if prompt := _prompt(group[0]):
            pairs = list(dict.fromkeys(_pairs(prompt, group)))
            found |= dict.fromkeys(rng.sample(pairs, min(most_per_prompt, len(pairs))))
    return list(found)


def _pairs(prompt: tuple[Turn, ...], group: Sequence[Rating]) -> Iterator[Preference]:
    edits = [(_edited(rating), _original(rating)) for rating in group if rating.kind == "edit"]
    wanted = {_original(rating): None for rating in group if rating.kind in {"like", "save"}}
    unwanted = {_original(rating): None for rating in group if rating.kind in {"dislike", "shuffle"}}
    better = [edited for edited, _ in edits] + [text for text in wanted if text not in unwanted]
    worse = [text for text in unwanted if text not in wanted]
    for chosen, rejected in (*edits, *((chosen, rejected) for chosen in better for rejected in worse)):
        if chosen.casefold() != rejected.casefold():
            yield Preference(prompt, chosen, rejected)


def _prompt(rating: Rating) -> tuple[Turn, ...] | None:
    """The turns that ask for one such idea, without the person's own preferences; None for an unknown task."""
    topic = rating.topic.strip()
    if rating.task not in set(Task) or not topic:
        return None
    return build_turns(Brief(Task(rating.task), topic, count=1))


def _original(rating: Rating) -> str:
    return _line(rating.title, rating.body)


def _edited(rating: Rating) -> str:
    """In the form of the original, or else the form alone would tell an edit from it."""
    text = " ".join(rating.edited_text.split())
    title, colon, body = text.partition(": ")
    if rating.title and colon and len(title) <= _LONGEST_TITLE:
        return _line(title.strip("* "), body.strip("* "))
    return _line(rating.title, text)


def _line(title: str, body: str) -> str:
    """As the prompts ask for it: the only line of a numbered list."""
    return f"1. **{title}**: {body}" if title and body else f"1. {title or body}"
