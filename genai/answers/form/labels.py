"""Finds the labels of a form in a text, by any name that they go by."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from genai.answers.markdown.marks import Mark, read_mark
from genai.answers.wording import labels
from genai.answers.wording.headings import bare

_LONGEST = 60
_AROUND = re.compile(
    r"(?:the|your|an?|my|our|ad|main|primary|suggested|proposed|potential|possible|key|short|product|final|revised"
    r"|die|der|das|le|la|les|el|los|las|您的|你的|我的) "
)
_BEHIND = re.compile(r"(?:(?<!\s)\s++)?(?:[(（\[][^)）\]]{0,40}[)）\]]|#?\d{1,2}|[一二三四五])$")
_BETWEEN = re.compile(r"(?:(?<!\s)\s++)?(?:/|&|\+|,|、|和|与|及|\band\b|\bund\b|\bet\b|\by\b)\s*+")
_BOXED = re.compile(r"[【\[「](?P<label>[^】\]」\n]{1,30})[】\]」]\s*[:：]?\s*")
_BOLD = re.compile(
    r"(?P<mark>\*{1,3}|__|_)\s?(?P<label>[^*_\n:：]{1,60}?)\s?[:：]?\s?(?P=mark)\s*(?:[:：]|[–—-](?=\s))?[ \t]*"
)
_BOLD_WHOLE = re.compile(r"(?P<mark>\*{2,3}|__)(?P<label>[^*_\n:：]{1,60}?)\s?[:：]\s*(?=[^*_\s])")
_PLAIN = re.compile(r"(?P<label>[^*_`:：.!?。\n]{1,60}?)\s{0,9}(?:[:：](?!//)|\s[–—-](?=\s))[ \t]*")
_INLINE = re.compile(r"(?<=[^\n*])(?=\*\*[^*\n]{1,60}[:：]\*\*|\*\*[^*\n]{1,60}\*\*[:：])")
_FENCE = re.compile(r"[ \t]*(?:`{3}|~{3})")


@dataclass(frozen=True, slots=True)
class FormLabel:
    """A label of a form: the name that the caller knows it by, and what else it may be called.

    Names that `words` knows need not be given again. Under a label that `is_line`, one line is all there is.
    """

    name: str
    also: tuple[str, ...] = ()
    is_line: bool = False
    required: bool = True


@dataclass(frozen=True, slots=True)
class Marked:
    """A label in a text: where its line begins, where its text begins, how it was written; None for a foreign one."""

    label: FormLabel | None
    start: int
    end: int
    written: str
    rank: int
    """How it stands out: 1 a heading, 2 a bold line, 3 words before a colon, 4 the same in a list."""


class LabelNames:
    """Knows labels by their names: their own first, then what else they are called."""

    def __init__(self, form: Sequence[FormLabel]) -> None:
        self._own = {name: label for label in reversed(form) for name in _numbers_of(label.name)}
        self._own |= {name: label for label in form for also in label.also for name in _numbers_of(also)}
        called = labels()
        self._others = [
            (re.compile("|".join(called[label.name]), re.IGNORECASE), label)
            for label in form
            if label.name in called
        ]

    @property
    def is_short(self) -> bool:
        """Whether the form has lines rather than sections only, so that bold words in it begin no text of a section."""
        return any(label.is_line for label in self._own.values())

    def find(self, written: str) -> FormLabel | None:
        """The label that is written so, if any."""
        name = bare(read_mark(written).rest or written)
        if not name or len(name) > _LONGEST:
            return None
        for tried in _forms(name):
            if label := self._named(tried):
                return label
        return None

    def _named(self, name: str) -> FormLabel | None:
        if label := self._own.get(name):
            return label
        return next((label for pattern, label in self._others if pattern.fullmatch(name)), None)


def _forms(name: str) -> Iterator[str]:
    """A name as it is written, without what stands around it, and each of two names joined into one."""
    yield name
    short = _BEHIND.sub("", name)
    yield short
    while found := _AROUND.match(short):
        short = short[found.end() :]
        yield short
    if len(short.split()) <= 6:
        yield from _BETWEEN.split(short)


def _numbers_of(name: str) -> Iterator[str]:
    """A name in the singular and plural."""
    name = bare(name)
    yield from (name, f"{name}s")
    if name.endswith("s"):
        yield name[:-1]


def find_labels(text: str, names: LabelNames) -> list[Marked]:
    """The labels in their order; foreign headings among them, where the form's own labels are headings too."""
    found = [mark for start, line in _lines(text) if (mark := _read(line, start, names, text))]
    known = [mark for mark in found if mark.label]
    if len([mark for mark in known if mark.rank < 4]) >= 2:
        known = [mark for mark in known if mark.rank < 4]
    best: dict[FormLabel | None, int] = {}
    for mark in known:
        best[mark.label] = min(mark.rank, best.get(mark.label, mark.rank))
    kept = [mark for mark in known if mark.rank == best[mark.label]]
    deepest = max((mark.rank for mark in kept), default=0) if names.is_short else 1
    foreign = [
        mark
        for mark in found
        if kept and mark.label is None and mark.rank <= min(deepest, 3) and mark.start > kept[0].start
    ]
    return sorted([*kept, *foreign], key=lambda mark: mark.start)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Lines outside fences with their places; a bold label in the middle of a line begins one of its own."""
    place, is_code = 0, False
    for line in text.split("\n"):
        if _FENCE.match(line):
            is_code = not is_code
        elif not is_code:
            at = place
            for piece in _pieces(line):
                yield at, piece
                at += len(piece)
        place += len(line) + 1


def _pieces(line: str) -> list[str]:
    """A line cut before the bold labels in its middle; what stands before the first is text, no mere number."""
    first, *others = _INLINE.split(line)
    if others and not any(map(str.isalpha, first)):
        return [first + others[0], *others[1:]]
    return [first, *others]


@dataclass(frozen=True, slots=True)
class _Written:
    """Words that could be a label, and what follows them on their line. A plain line could be text as well."""

    words: str
    behind: str
    is_plain: bool = False


def _read(line: str, start: int, names: LabelNames, text: str) -> Marked | None:
    """The label that a line begins with: the form's own or, if it stands out, another's."""
    mark = read_mark(line)
    for written in _written(mark):
        label = names.find(written.words)
        if label and not (written.is_plain and not _stands_above_text(line, start, text)):
            return _marked(label, mark, written, line, start)
    foreign = next(iter(_written(mark)), None)
    if foreign and (mark.level or (mark.strong and not mark.bullet and not foreign.is_plain)):
        return _marked(None, mark, foreign, line, start)
    return None


def _marked(label: FormLabel | None, mark: Mark, written: _Written, line: str, start: int) -> Marked:
    is_in_list = bool(mark.bullet) or bool(mark.style and not mark.strong)
    rank = 1 if mark.level else 4 if is_in_list else 2 if mark.strong and not written.behind else 3
    end = start + len(line.rstrip()) - len(written.behind)
    return Marked(label, start, end, written.words.strip(), rank)


def _written(mark: Mark) -> Iterator[_Written]:
    if mark.level:
        yield _Written(mark.rest, "")
    for pattern in (_BOXED, _BOLD, _BOLD_WHOLE, _PLAIN):
        if found := pattern.match(mark.rest):
            yield _Written(found["label"], mark.rest[found.end() :])
    if mark.rest and not mark.level and len(mark.rest) <= _LONGEST:
        yield _Written(mark.rest, "", is_plain=True)


def _stands_above_text(line: str, start: int, text: str) -> bool:
    """Whether a line without a colon is a label by standing alone above a text."""
    below = text[start + len(line) :][:_LONGEST].strip()
    return bool(below) and line.strip()[-1:] not in ".!?。！？,，"
