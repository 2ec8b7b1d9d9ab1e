"""Messages laid out with components v2, for ideas and panels; texts stay readable on a phone. Pure functions.

Chosen over embeds because people can switch embeds off, and because a button can stand beside its text.
https://docs.discord.com/developers/components/reference
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from adapters.discord.gateway.api import NO_MENTIONS, SUPPRESS_EMBEDS, Json

LAID_OUT = 1 << 15
"""The flag IS_COMPONENTS_V2; a message that has it once keeps it."""
MOST_COMPONENTS = 40
MOST_CHARACTERS = 4000
_ACCENT = 0x5865F2
_LINE = 990_001
"""The id of the component that says what was liked; Discord counts its own from 1."""
_ITEM = re.compile(r"^ {0,3}(?:\*\*)?\d{1,3}[.)]\s", re.MULTILINE)


def display(text: str) -> Json:
    """A text."""
    return {"type": 10, "content": text}


def section(text: str, button: Json) -> Json:
    """A text with a button beside it."""
    return {"type": 9, "components": [display(text)], "accessory": button}


def separator() -> Json:
    """A thin line."""
    return {"type": 14, "divider": True, "spacing": 1}


def container(components: Sequence[Json]) -> Json:
    """A card around what belongs together."""
    return {"type": 17, "accent_color": _ACCENT, "components": list(components)}


def laid_out(components: Sequence[Json]) -> Json:
    """A message's payload: no mentions, no previews of links."""
    return {
        "flags": SUPPRESS_EMBEDS | LAID_OUT,
        "allowed_mentions": NO_MENTIONS,
        "components": list(components),
    }


def is_laid_out(payload: Json) -> bool:
    """Whether the payload or message is made of components only."""
    return bool(int(payload.get("flags") or 0) & LAID_OUT)


def converted(payload: Json, *, from_laid_out: bool) -> Json:
    """The payload as a change of a message: a laid out one cannot become plain again, a plain one loses its text."""
    if is_laid_out(payload):
        return payload if from_laid_out else {**payload, "content": None}
    if not from_laid_out:
        return payload
    text = [display(payload["content"])] if payload.get("content") else []
    return laid_out([*text, *payload.get("components", [])])


def idea_card(text: str, remarks: Sequence[str], rows: Sequence[Json]) -> Json | None:
    """An answer's ideas as one card, with what can be done with them below; None where they do not fit."""
    parts = _items(text)
    tail = [display("\n".join(f"-# {remark}" for remark in remarks))] if remarks else []
    for inside in (_with_lines(parts), [display("\n".join(parts))]):
        components = [container(inside), *rows, *tail]
        if fits(components):
            return laid_out(components)
    return None


def with_line(message: Json, line: str) -> Json | None:
    """A card as it stands in Discord, with this line at its end in place of an earlier one; "" for none.

    None where it is no card, or the line does not fit.
    """
    if not is_laid_out(message):
        return None
    kept = [part for part in message.get("components", ()) if part.get("id") != _LINE]
    components = [*kept, {**display(f"-# {line}"), "id": _LINE}] if line else kept
    return laid_out(components) if fits(components) else None


def fits(components: Sequence[Json]) -> bool:
    """Whether one message holds them."""
    walked = [part for component in components for part in _walk(component)]
    characters = sum(len(part["content"]) for part in walked if part["type"] == 10)
    return len(walked) <= MOST_COMPONENTS and characters <= MOST_CHARACTERS


def packed(groups: Sequence[Sequence[Json]]) -> list[list[Json]]:
    """The groups in as few messages as hold them; a group stays together."""
    messages: list[list[Json]] = []
    for group in groups:
        if messages and fits([container([*messages[-1], *group])]):
            messages[-1] += group
        elif group:
            messages.append(list(group))
    return messages


def rows_of(buttons: Sequence[Json]) -> list[Json]:
    """Buttons in rows of five."""
    return [{"type": 1, "components": list(buttons[at : at + 5])} for at in range(0, len(buttons), 5)]


def _items(text: str) -> list[str]:
    """A list's items, each with what stands below it, and what stands before the first."""
    starts = [] if "```" in text or "~~~" in text else [found.start() for found in _ITEM.finditer(text)]
    cuts = [0, *(start for start in starts if start), len(text)]
    parts = [text[start:end].strip("\n") for start, end in pairwise(cuts)]
    return [part for part in parts if part.strip()]


def _with_lines(parts: Sequence[str]) -> list[Json]:
    shown: list[Json] = []
    for part in parts:
        shown += [separator(), display(part)] if shown else [display(part)]
    return shown


def _walk(component: Json) -> Iterator[Json]:
    yield component
    inside: list[Any] = [*component.get("components", ())]
    for part in [*inside, *([component["accessory"]] if "accessory" in component else [])]:
        yield from _walk(part)
