"""Forms of answers: parts with limits in a layout; reads them out of what a model writes, and writes them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from bot.generation.applications.shortening import Counting, length, without_repeats
from bot.language import _
from genai.answers.labelled_forms import Form, FormLabel, FormPart, read_form

_LEADING = ("Title", "Idea")
"""The parts of a titled text that stand without their labels."""


class Shape(StrEnum):
    """How parts stand in the text: a line "Label: text" each, one text, or a bold title before the text."""

    LABELLED = "labelled"
    PROSE = "prose"
    TITLED = "titled"


@dataclass(frozen=True, slots=True)
class Part:
    """One part of an answer.

    `sources` are the labels under which the model writes it, the best first; none means `label`. `most` is its
    limit as `counting` counts, 0 for none; `count` is how many of it there are. A part `is_line` where more than
    one line of it makes no sense; one that is not `required` is not missed.
    """

    label: str
    most: int = 0
    counting: Counting = Counting.PLAIN
    sources: tuple[str, ...] = ()
    count: int = 1
    is_line: bool = False
    required: bool = True

    @property
    def names(self) -> tuple[str, ...]:
        """What a model is asked to call it: by number, where there are several."""
        return (
            tuple(f"{self.label} {number}" for number in range(1, self.count + 1))
            if self.count > 1
            else (self.label,)
        )

    def fits(self, text: str) -> bool:
        """Whether `text` is within the limit."""
        return not self.most or length(text, self.counting) <= self.most


@dataclass(frozen=True, slots=True)
class Layout:
    """The parts of an answer in their order; `prose` names the one that takes a text without any label.

    `has_table` adds a table of what its "Features" have for and against them; `source` names who set the limits, and
    where there is one, how much of each limit is used stands beside its label.
    """

    parts: tuple[Part, ...]
    shape: Shape = Shape.LABELLED
    prose: str = ""
    has_table: bool = False
    source: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """What a model wrote: texts by the label of the part, and what belongs to none, by its heading."""

    parts: Mapping[str, tuple[str, ...]]
    others: Mapping[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """All of its parts, to compare it by."""
        return " ".join(text for texts in self.parts.values() for text in texts)


def read(layout: Layout, text: str) -> Draft:
    """The parts that are in `text`; none where it has none of them."""
    found = read_form(text, _form_of(layout))
    parts = {label: tuple(_texts(layout, label, part)) for label, part in found.parts.items()}
    return Draft({label: texts for label, texts in parts.items() if texts}, found.others)


def _form_of(layout: Layout) -> Form:
    """The labels that a model may use: those of the parts, and those that stand for them."""
    lines = {source: part.is_line for part in reversed(layout.parts) for source in sources(part)}
    lines |= {part.label: part.is_line for part in layout.parts}
    required = {part.label for part in layout.parts if part.required}
    labels = (FormLabel(name, (_(name),), is_line, name in required) for name, is_line in lines.items())
    return Form(tuple(labels), layout.prose, "Title" if layout.shape is Shape.TITLED else "")


def _texts(layout: Layout, label: str, part: FormPart) -> Sequence[str]:
    """One text for each part of that label; those with a limit are one line each."""
    of_label = [one for one in layout.parts if one.label == label]
    several = any(one.count > 1 for one in of_label)
    texts = part.items if part.items and (several or len(part.items) == 1) else (part.text,)
    if layout.shape is Shape.PROSE:
        return [without_repeats(text.strip()) for text in texts]
    is_short = any(one.is_line or one.most for one in of_label) or not of_label
    plain = [_unlabelled(text, label) for text in texts]
    return [" ".join(text.split()) if is_short else text for text in plain]


def _unlabelled(text: str, label: str) -> str:
    """The text without its label where that stands there once more, and each line once."""
    again = re.compile(rf"(?:{re.escape(label)}\s*)?[:：]\s*", re.IGNORECASE)
    kept: list[str] = []
    for line in text.split("\n"):
        said = line[found.end() :] if (found := again.match(line)) else line
        if not said.strip() or said not in kept:
            kept.append(said)
    return "\n".join(kept).strip()


def sources(part: Part) -> tuple[str, ...]:
    """The labels whose text may stand for the part, its own first."""
    return tuple(dict.fromkeys((part.label, *part.sources)))


def write(
    layout: Layout, values: Mapping[str, Sequence[str]], others: Mapping[str, str] | None = None
) -> str:
    """The parts as text; behind them, under their headings, what the model added."""
    if layout.shape is Shape.PROSE:
        return " ".join(values.get(layout.prose, ()))
    counted = bool(layout.source)
    if layout.shape is Shape.TITLED:
        title, body = (" ".join(values.get(name, ())) for name in _LEADING)
        blocks = [": ".join(filter(None, (f"**{title}**" if title else "", body)))]
        parts = [part for part in layout.parts if part.label not in _LEADING]
    else:
        blocks, parts = [], list(layout.parts)
    blocks += [block for part in parts for block in _blocks(part, values, counted)]
    blocks += [f"**{heading}**\n{text}" if heading else text for heading, text in (others or {}).items()]
    return _joined(blocks)


def _blocks(part: Part, values: Mapping[str, Sequence[str]], counted: bool) -> list[str]:
    """Each text of a part behind its label; one of several lines stands below."""
    blocks = []
    for number, text in enumerate(values.get(part.label, ()), 1):
        used = f" ({length(text, part.counting)}/{part.most})" if counted and part.most else ""
        label = f"{_(part.label)}{f' {number}' if part.count > 1 else ''}{used}"
        blocks.append(f"{label}:\n{text}" if "\n" in text else f"{label}: {text}")
    return blocks


def _joined(blocks: Sequence[str]) -> str:
    """The blocks, with a blank line beside those of several lines."""
    text = ""
    for before, block in zip(("", *blocks), blocks, strict=False):
        between = "\n\n" if "\n" in before or "\n" in block else "\n"
        text += f"{between}{block}" if text else block
    return text
