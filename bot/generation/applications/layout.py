"""The form of an answer: which parts it has, how long each may be, and how they are read and written."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.generation.applications.character_counting import Counting, length
from bot.generation.applications.shortening import without_repeats
from bot.language import _

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
