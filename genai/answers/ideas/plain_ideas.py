"""Ideas that no mark at the top of the answer begins: in JSON, in a fence or a quotation, in bare lines or paragraphs.

Asked only at the end of an answer in which nothing else was found.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from genai.answers.ideas.idea_text import IdeaText, ListKind, read_idea, split_lead
from genai.answers.ideas.json_ideas import Found, read_json
from genai.answers.markdown.fences import first_fenced
from genai.answers.wording import courtesies

_QUOTED = re.compile(r"(?:^[ \t]{0,3}>[^\n]*(?:\n|\Z))+", re.MULTILINE)
_HTML_ITEM = re.compile(
    r"<li[^>\n]{0,80}>(?P<text>(?:(?!<li[\s>]|</li>|</[ou]l>).)+)", re.DOTALL | re.IGNORECASE
)
_INLINE = re.compile(r"(?<![\w.,:/-])[(（]?(?P<number>\d{1,2})[.)）、](?=[ *\"“]|[^\x00-\x7f])\s*")
_PARAGRAPH = re.compile(r"\S[^\n]*(?:\n[ \t]*\S[^\n]*)*")
_LINE = re.compile(r"[^\s][^\n]*")
_BETWEEN_COMMAS = re.compile(r"(?:and |or |und |et |y |和)?(?P<item>[^,，、;；|\n]++)")
_RULE = re.compile(r"(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,}")
_LONGEST_LINE = 160


@dataclass(frozen=True, slots=True)
class _Span:
    """A stretch of the text."""

    start: int
    end: int
    text: str


def read(text: str, count: int | None, kind: ListKind) -> list[Found]:
    """The ideas in their order; [] where there are none. Each goes on to where the next begins."""
    found = (
        read_json(text, kind) or _in_html(text, kind) or inline(text, count, kind) or _bare(text, count, kind)
    )
    return _touching(found)


def _touching(found: Sequence[Found]) -> list[Found]:
    """The ideas, each going on to where the next begins."""
    ends = [one.start for one in found[1:]] + [one.end for one in found[-1:]]
    return [Found(one.start, end, one.text) for one, end in zip(found, ends, strict=True)]


def inside(text: str) -> tuple[int, str] | None:
    """What stands in the first fence, or in the quotation, and where; as long as the stretch that it stands for."""
    if fenced := first_fenced(text, unfinished=True):
        return fenced.inside_start, fenced.inside
    if quoted := _QUOTED.search(text):
        return quoted.start(), re.sub(r"(?m)^([ \t]{0,3})>", r"\1 ", quoted[0])
    return None


def inline(text: str, count: int | None, kind: ListKind) -> list[Found]:
    """Ideas numbered within a line: "1) this, 2) that"."""
    marks: list[re.Match[str]] = []
    for mark in _INLINE.finditer(text):
        if int(mark["number"]) == len(marks) + 1:
            marks.append(mark)
    if len(marks) < 2 or (count and len(marks) < count):
        return []
    last = _PARAGRAPH.match(text, marks[-1].end())
    end = last.end() if last else marks[-1].end()
    ends = [*(mark.start() for mark in marks[1:]), end]
    return [
        Found(mark.start(), stop, idea_of_line(text[mark.end() : stop].strip().rstrip(",;，；"), kind))
        for mark, stop in zip(marks, ends, strict=True)
    ]


def idea_of_line(line: str, kind: ListKind) -> IdeaText:
    """The idea that is one line without any mark."""
    title, body, link = split_lead(line.rstrip(".。") if kind == "titles" else line, kind, has_more=False)
    return IdeaText(title, body, (), link)


def _in_html(text: str, kind: ListKind) -> list[Found]:
    found: list[Found] = []
    for item in _HTML_ITEM.finditer(text):
        bold = re.sub(r"</?(?:b|strong|h\d)>", "**", item["text"])
        found.append(
            Found(item.start(), item.end(), read_idea(re.sub(r"<[^>\n]{1,80}>", " ", bold).strip(), kind))
        )
    return found if len(found) > 1 else []


def _bare(text: str, count: int | None, kind: ListKind) -> list[Found]:
    """Ideas in paragraphs or lines without any mark."""
    paragraphs = _without_courtesies(_spans(_PARAGRAPH, text))
    if not paragraphs:
        return []
    if count == 1:
        return _one(text, paragraphs, kind)
    lines = _without_courtesies([line for one in paragraphs for line in _spans(_LINE, one.text, one.start)])
    spans = _by_rules(paragraphs, count) or _titled(text, paragraphs, count)
    if not spans and _are_ideas(paragraphs, count, kind):
        spans = paragraphs
    if not spans and _are_ideas(lines, count, kind) and all(len(one.text) <= _LONGEST_LINE for one in lines):
        spans = lines
    if spans:
        return [Found(span.start, span.end, read_idea(span.text.strip(), kind)) for span in spans]
    return _between_commas(text, lines[0], count) if kind == "titles" and len(lines) == 1 else []


def _between_commas(text: str, line: _Span, count: int | None) -> list[Found]:
    """Titles in one line, if they are as many as were asked for."""
    items = [one for one in _BETWEEN_COMMAS.finditer(text, line.start, line.end) if one["item"].strip()]
    if len(items) != count:
        return []
    return [
        Found(one.start("item"), one.end("item"), idea_of_line(one["item"].strip(), "titles"))
        for one in items
    ]


def _one(text: str, paragraphs: Sequence[_Span], kind: ListKind) -> list[Found]:
    start, end = paragraphs[0].start, paragraphs[-1].end
    return [Found(start, end, read_idea(text[start:end], kind))]


def _spans(pattern: re.Pattern[str], text: str, offset: int = 0) -> list[_Span]:
    return [_Span(one.start() + offset, one.end() + offset, one[0]) for one in pattern.finditer(text)]


def _without_courtesies(spans: list[_Span]) -> list[_Span]:
    """The stretches without those that lead to the ideas or turn to the person behind them."""
    while (
        spans and len(spans) > 1 and (courtesies.opens(spans[0].text) or spans[0].text.rstrip()[-1:] in ":：")
    ):
        first, *spans = spans
        line, newline, below = first.text.partition("\n")
        if newline and below.strip() and not first.text.rstrip().endswith((":", "：")):
            return [_Span(first.start + len(line) + 1, first.end, below), *spans]
    while len(spans) > 1 and courtesies.closes(spans[-1].text):
        spans = spans[:-1]
    return spans


def _are_ideas(spans: Sequence[_Span], count: int | None, kind: ListKind) -> bool:
    """Whether stretches are an idea each: they are as many as asked for, or each has a title."""
    if len(spans) < 2:
        return False
    if count and len(spans) != count:
        return False
    is_titled = all(_title_of(span.text) for span in spans)
    return is_titled or bool(count) or kind == "titles"


def _title_of(text: str) -> str:
    lead, _newline, below = text.partition("\n")
    title, body, _link = split_lead(lead, has_more=bool(below))
    return title if body or below else ""


def _titled(text: str, paragraphs: Sequence[_Span], count: int | None) -> list[_Span]:
    """Paragraphs in turn a title and its text, each pair an idea."""
    titles = [
        span
        for span in paragraphs
        if len(span.text) <= 70 and "\n" not in span.text and span.text[-1] not in ".。:："
    ]
    if (
        len(titles) < 2
        or (count and len(titles) != count)
        or titles[0] is not paragraphs[0]
        or len(titles) == len(paragraphs)
    ):
        return []
    ends = [*(title.start for title in titles[1:]), paragraphs[-1].end]
    return [_Span(title.start, end, text[title.start : end]) for title, end in zip(titles, ends, strict=True)]


def _by_rules(paragraphs: Sequence[_Span], count: int | None) -> list[_Span]:
    """Stretches with a rule between each two."""
    parts: list[list[_Span]] = [[]]
    for span in paragraphs:
        if _RULE.fullmatch(span.text.strip()):
            parts.append([])
        else:
            parts[-1].append(span)
    whole = [part for part in parts if part]
    if len(whole) < 2 or len(whole) != count:
        return []
    return [_Span(part[0].start, part[-1].end, "\n\n".join(one.text for one in part)) for part in whole]


__all__ = ["Found", "inline", "inside", "read"]
