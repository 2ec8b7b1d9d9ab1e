"""Reads answers that have a form: an ad, a design, a critique, an improved idea, a template's own sections.

A label is known by any of its names, in the singular or plural, as a heading, a bold line, a line of a list or a
table, a field of JSON, with a colon or without. What a model says around the form is left out. Nothing is filled in:
what the answer does not say is missing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from genai.answers.form import fields
from genai.answers.form.labels import FormLabel, LabelNames, Marked, find_labels
from genai.answers.form.unwrapping import (
    items_of,
    paragraphs,
    unquoted,
    unwrapped,
    without_odd_bold,
    without_rules,
)
from genai.answers.ideas.idea_text import split_lead
from genai.answers.markdown.marks import read_mark
from genai.answers.wording import courtesies

__all__ = ["Form", "FormLabel", "FormPart", "FormText", "read_form"]


@dataclass(frozen=True, slots=True)
class Form:
    """The labels of a form in their order.

    `prose` names the label that takes text without a label, `title` the one that takes a bold line or a heading at
    the beginning, or the bold words before a colon.
    """

    labels: tuple[FormLabel, ...]
    prose: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class FormPart:
    """What an answer says under one label: as Markdown, and as items where it is a list or comes several times."""

    text: str
    items: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FormText:
    """A form as it was answered: the parts by the names of their labels, and which required ones are missing.

    `others` is what stands under headings that the form does not know; `around` is what was left out.
    """

    parts: Mapping[str, FormPart]
    missing: tuple[str, ...]
    others: Mapping[str, str] = field(default_factory=dict)
    around: tuple[str, ...] = ()


def read_form(text: str, form: Form) -> FormText:
    """The parts of the form that are in `text`."""
    text = unwrapped(text)
    given = fields.read(text, LabelNames(form.labels))
    if given:
        return _answered(form, {name: [value] for name, value in given.items()}, {}, ())
    marks = find_labels(text, LabelNames(form.labels))
    if not any(mark.label for mark in marks):
        return _unlabelled(text, form)
    return _labelled(text, form, marks)


def _labelled(text: str, form: Form, marks: Sequence[Marked]) -> FormText:
    """The parts between the labels, without the courtesies before the first and behind the last."""
    found: dict[str, list[str]] = {}
    others: dict[str, str] = {}
    before, around = _without_opening(text[: marks[0].start])
    free = [before] if before else []
    ends = [*(mark.start for mark in marks[1:]), len(text)]
    for number, (mark, end) in enumerate(zip(marks, ends, strict=True), 1):
        said = without_rules(unwrapped(without_odd_bold(text[mark.end : end])))
        if number == len(marks):
            said, after = _without_closing(said)
            around += after
        if mark.label is None:
            others[mark.written] = said
            continue
        value, rest = _one_line(said) if mark.label.is_line else (said, "")
        found.setdefault(mark.label.name, []).append(value)
        free += [rest] if rest else []
    return _with_free_text(form, found, others, free, around)


def _with_free_text(
    form: Form, found: dict[str, list[str]], others: dict[str, str], free: list[str], around: tuple[str, ...]
) -> FormText:
    """Put text without a label where the form takes it, if there is nothing yet; else beside the form."""
    if free and form.prose and not any(found.get(form.prose, ())):
        found[form.prose] = ["\n\n".join(free)]
    elif free:
        others[""] = "\n\n".join(free)
    if form.title and form.title not in found and (prose := found.get(form.prose)):
        title, body = _titled(prose[0])
        found |= {form.title: [title], form.prose: [body, *prose[1:]]}
    return _answered(form, found, others, around)


def _unlabelled(text: str, form: Form) -> FormText:
    """An answer that is a text alone."""
    body, around = _without_opening(text)
    body, after = _without_closing(body)
    found: dict[str, list[str]] = {}
    if form.title:
        title, body = _titled(body)
        found[form.title] = [title]
    if form.prose:
        found[form.prose] = [body]
    others = {} if form.prose or not body else {"": body}
    return _answered(form, found, others, (*around, *after))


def _answered(
    form: Form, found: Mapping[str, Sequence[str]], others: Mapping[str, str], around: tuple[str, ...]
) -> FormText:
    parts: dict[str, FormPart] = {}
    for label in form.labels:
        values: Sequence[str] = found.get(label.name, ())
        if label.is_line or label.name == form.prose:
            values = [unquoted(value) for value in values]
        values = [value for value in values if value.strip()]
        if not values:
            continue
        items = tuple(values) if len(values) > 1 else items_of(values[0])
        parts[label.name] = FormPart("\n".join(values), items)
    missing = tuple(label.name for label in form.labels if label.required and label.name not in parts)
    return FormText(parts, missing, dict(others), around)


def _titled(text: str) -> tuple[str, str]:
    """The title at the beginning of a text, and the text without it."""
    line, _newline, below = text.strip().partition("\n")
    mark = read_mark(line)
    has_title = mark.level > 0 or mark.rest.startswith(("**", "__", '"', "“", "「"))
    if not has_title and (len(line) > 80 or not below.strip() or line.rstrip()[-1:] in ".。!?！？,"):
        return "", text
    title, body, _link = split_lead(mark.rest, has_more=bool(below.strip()), is_heading=mark.level > 0)
    return title, f"{body}\n{below}".strip()


def _one_line(text: str) -> tuple[str, str]:
    """The first paragraph's first line, and what follows; a list stays whole."""
    if items_of(text):
        return text, ""
    line, _newline, rest = text.partition("\n")
    return line.strip(), rest.strip()


def _without_opening(text: str) -> tuple[str, tuple[str, ...]]:
    """The text without the paragraphs that only lead to it, and those."""
    kept = paragraphs(text)
    dropped: list[str] = []
    while kept and courtesies.opens(kept[0]):
        line, _newline, below = kept[0].partition("\n")
        dropped.append(line)
        kept = [below, *kept[1:]] if below.strip() else kept[1:]
    return without_rules("\n\n".join(kept)), tuple(dropped)


def _without_closing(text: str) -> tuple[str, tuple[str, ...]]:
    """The text without the paragraphs at its end that turn to the person, and those."""
    kept = paragraphs(text)
    dropped: list[str] = []
    while len(kept) > 1 and (courtesies.closes(kept[-1]) or not kept[-1].strip("-*_ \n")):
        dropped.insert(0, kept.pop())
    if kept:
        *lines, last = kept[-1].split("\n")
        if lines and courtesies.closes(last):
            dropped.insert(0, last)
            kept[-1] = "\n".join(lines)
    return without_rules("\n\n".join(kept)), tuple(dropped)
