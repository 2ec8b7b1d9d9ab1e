"""Forms of answers: parts with limits, in a layout or in a table of features."""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from rapidfuzz import fuzz

from bot.core.domain import Brief, Task
from bot.generation.applications.shortening import Counting, capitalised, is_complete, length, without_repeats
from bot.language import N_, _

Draft = Mapping[str, str]
"""What a model wrote, by the label of the part."""


class Shape(StrEnum):
    """How parts stand in the text: a line "Label: text" each, one text, or a bold title before the text."""

    LABELLED = "labelled"
    PROSE = "prose"
    TITLED = "titled"


@dataclass(frozen=True, slots=True)
class Part:
    """One part of an answer.

    `sources` are the labels under which the model writes it, the best first; none means `label`. `most` is its
    limit as `counting` counts, 0 for none; `count` is how many of it there are. `frames` are Riff's own words,
    marked for translation, that stand where the model has nothing that fits; `{subject}` may stand in them. A
    part that is not `required` is left out then.
    """

    label: str
    most: int = 0
    counting: Counting = Counting.PLAIN
    sources: tuple[str, ...] = ()
    count: int = 1
    frames: tuple[str, ...] = ()
    required: bool = True

    def fits(self, text: str) -> bool:
        """Whether `text` is within the limit."""
        return not self.most or length(text, self.counting) <= self.most


@dataclass(frozen=True, slots=True)
class Layout:
    """The parts of an answer in their order; `prose` names the one that takes a text without any label.

    `has_table` adds a table of what its "Features" have for and against them; `slogans` lets short lines come
    from slogans as well; `source` names who set the limits, and where there is one, how much of each limit is
    used stands beside its label.
    """

    parts: tuple[Part, ...]
    shape: Shape = Shape.LABELLED
    prose: str = ""
    has_table: bool = False
    slogans: bool = False
    source: str = ""


def read(layout: Layout, text: str) -> dict[str, str]:
    """The parts that are in `text`, each as one line, prose with its lines; {} where it has none."""
    match layout.shape:
        case Shape.PROSE:
            is_prose = text.strip() and len(_ANY_LABEL.findall(text)) < 2
            return {layout.prose: without_repeats(_stripped(text))} if is_prose else {}
        case Shape.TITLED:
            found = _labelled(layout, text) | _titled(text)
        case _:
            found = _labelled(layout, text)
    if not found and layout.prose and text.strip():
        return {layout.prose: without_repeats(_line(_NUMBERED.sub("", text)))}
    return found


def write(layout: Layout, values: Mapping[str, str | tuple[str, ...]]) -> str:
    """The parts as text."""
    if layout.shape is Shape.PROSE:
        return _one(values[layout.prose])
    counted = bool(layout.source)
    lines = [_written(part, values[part.label], counted) for part in layout.parts if values.get(part.label)]
    if layout.shape is Shape.LABELLED:
        return "\n".join(lines)
    title, *rest = (part for part in layout.parts if values.get(part.label))
    body, *others = rest
    first = f"**{_one(values[title.label])}**: {_one(values[body.label])}"
    return "\n".join([first, *(_written(part, values[part.label], counted) for part in others)])


_NUMBERED = re.compile(r"(?m)^\s{0,3}(?:\d{1,3}[.):]|[-*•])\s+")
_ANY_LABEL = re.compile(r"(?m)^\W{0,3}[A-Z][a-z]+(?: [a-z]+){0,2}:\s")
_TITLE = re.compile(
    r"^[\s\d.)•*-]{0,6}\*\*(?P<title>[^*\n]{1,120}?)\s*+[:.]?\*\*\s*+(?:[:–—-]\s*+)?(?P<body>\S.*)$",
    re.MULTILINE,
)


def _labelled(layout: Layout, text: str) -> dict[str, str]:
    """Texts after known labels, each up to the next label; a label may be bold, numbered or translated."""
    known = {name.lower(): source for source in _sources(layout) for name in (source, _(source))}
    names = "|".join(re.escape(name) for name in sorted(known, key=len, reverse=True))
    label = re.compile(
        rf"(?im)^[ \t\u3000*#\d.)•-]*(?P<label>{names})(?:\s*+\d{{1,2}})?\s*+(?:\*++\s*+)?[:：]\s*+(?:\*++\s*+)?"
    )
    marks = list(label.finditer(text))
    ends = [*(mark.start() for mark in marks[1:]), len(text)][: len(marks)]
    found: dict[str, str] = {}
    for mark, end in zip(marks, ends, strict=True):
        if value := _line(text[mark.end() : end]):
            found.setdefault(known[mark["label"].lower()], value)
    return found


def _sources(layout: Layout) -> list[str]:
    return [source for part in layout.parts for source in (part.sources or (part.label,))]


def _titled(text: str) -> dict[str, str]:
    found = _TITLE.search(text)
    return {"Title": found["title"].strip(), "Idea": found["body"].strip()} if found else {}


def _written(part: Part, value: str | tuple[str, ...], counted: bool) -> str:
    texts = (value,) if isinstance(value, str) else value
    return "\n".join(
        f"{_(part.label)}{f' {number}' if part.count > 1 else ''}{_used(part, text) if counted else ''}: {text}"
        for number, text in enumerate(texts, 1)
    )


def _used(part: Part, text: str) -> str:
    return f" ({length(text, part.counting)}/{part.most})" if part.most else ""


def _one(value: str | tuple[str, ...]) -> str:
    return value if isinstance(value, str) else " ".join(value)


def _stripped(text: str) -> str:
    """Lines without the spaces around them, at most one blank line between two."""
    return re.sub(r"\n{3,}", "\n\n", "\n".join(" ".join(line.split()) for line in text.splitlines())).strip()


def _line(text: str) -> str:
    return " ".join(text.split()).strip("* ")


# A table of a design's features: what speaks for each, what against it, and how to test it, by the model.


_MOST = 5
_BETWEEN = re.compile(r"[;；、，]|,\s+(?:and\s+)?|(?<!\s)\s+and\s+(?=an?\s|one\s|two\s)")
_QUOTED = re.compile(r'"([^"]{3,})"')
_ALIKE = 60.0
_ATTEMPTS = 2
_COLUMNS = (N_("Strength"), N_("Risk"), N_("Test"))
_CRITIQUE = Layout(tuple(Part(label) for label in _COLUMNS))


async def feature_table(
    brief: Brief,
    features: str,
    ask: Callable[[Brief, int], Awaitable[list[str]]],
    is_allowed: Callable[[str], bool],
) -> str:
    """A Markdown table with a row for each feature; "" where there is no feature. "–" is a cell left open."""
    rows = [(name, await _judged(brief, name, ask, is_allowed)) for name in split_features(features)]
    heads = [_("Feature"), *(_(column) for column in _COLUMNS)]
    lines = [[capitalised(name), *(found.get(column, "") for column in _COLUMNS)] for name, found in rows]
    return "\n".join(map(_row, [heads, ["---"] * len(heads), *lines])) if lines else ""


def split_features(text: str) -> tuple[str, ...]:
    """The features that a sentence lists, in its order, at most five."""
    parts = (part.strip().strip(" .。") for part in _BETWEEN.split(text))
    return tuple(dict.fromkeys(part for part in parts if part))[:_MOST]


async def _judged(
    brief: Brief,
    feature: str,
    ask: Callable[[Brief, int], Awaitable[list[str]]],
    is_allowed: Callable[[str], bool],
) -> Mapping[str, str]:
    """What the model finds for and against the feature; it is asked again for what is missing."""
    asked = replace(brief, task=Task.CRITIQUE, subject=feature, details=(), variants=1, layout="")
    found: dict[str, str] = {}
    for _attempt in range(_ATTEMPTS):
        for text in await ask(asked, 1):
            cells = {label: _quoting(cell, feature) for label, cell in read(_CRITIQUE, text).items()}
            found = {
                label: cell for label, cell in cells.items() if is_complete(cell) and is_allowed(cell)
            } | found
        if len(found) == len(_COLUMNS):
            break
    return found


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
