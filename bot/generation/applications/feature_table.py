"""A table of a design's features: what speaks for each, what against it, and how to test it, by the model."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from rapidfuzz import fuzz

from bot.core.domain import Brief, Task
from bot.generation.applications.layout import Layout, Part, read
from bot.generation.applications.shortening import capitalised
from bot.language import N_, _
from genai.answers.form.unwrapping import items_of

_MOST = 5
_BETWEEN = re.compile(r"[;；、，]|,\s+(?:and\s+)?|(?<!\s)\s+and\s+(?=an?\s|one\s|two\s)")
_QUOTED = re.compile(r'"([^"]{3,})"')
_ALIKE = 60.0
_COLUMNS = (N_("Strength"), N_("Risk"), N_("Test"))
_CRITIQUE = Layout(tuple(Part(label) for label in _COLUMNS))


async def feature_table(
    brief: Brief,
    features: str,
    ask: Callable[[Brief, int], Awaitable[list[str]]],
    is_allowed: Callable[[str], bool],
) -> str:
    """A Markdown table with a row for each feature; "" where there is no feature. "–" is a cell left open."""
    names = split_features(features)
    judged = await asyncio.gather(*(_judged(brief, name, ask, is_allowed) for name in names))
    heads = [_("Feature"), *(_(column) for column in _COLUMNS)]
    lines = [
        [capitalised(name), *(found.get(column, "") for column in _COLUMNS)]
        for name, found in zip(names, judged, strict=True)
    ]
    return "\n".join(map(_row, [heads, ["---"] * len(heads), *lines])) if lines else ""


def split_features(text: str) -> tuple[str, ...]:
    """The features that a list or a sentence names, in its order, at most five."""
    named = items_of(text) or _BETWEEN.split(text)
    parts = (" ".join(part.split()).strip(" .。") for part in named)
    return tuple(dict.fromkeys(part for part in parts if part))[:_MOST]


async def _judged(
    brief: Brief,
    feature: str,
    ask: Callable[[Brief, int], Awaitable[list[str]]],
    is_allowed: Callable[[str], bool],
) -> Mapping[str, str]:
    """What the model finds for and against the feature; what it leaves out stays open."""
    asked = replace(
        brief, task=Task.CRITIQUE, subject=feature, details=(), variants=1, layout="", sections=()
    )
    found: dict[str, str] = {}
    for text in await ask(asked, 1):
        cells = {label: " ".join(said).split("\n") for label, said in read(_CRITIQUE, text).parts.items()}
        found = {label: _quoting(" ".join(lines), feature) for label, lines in cells.items()}
    return {label: cell for label, cell in found.items() if is_allowed(cell)}


def _quoting(cell: str, feature: str) -> str:
    """The cell with what it quotes as the feature is written; small models copy with slips."""
    return _QUOTED.sub(
        lambda quoted: (
            f'"{feature}"' if fuzz.ratio(quoted[1].lower(), feature.lower()) >= _ALIKE else quoted[0]
        ),
        cell,
    )


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cell.replace('|', '/') or '–' for cell in cells)} |"
