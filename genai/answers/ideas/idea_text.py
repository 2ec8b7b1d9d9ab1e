"""Reads one idea's own text: its title, its body and its points. Knows nothing of the ideas beside it."""

import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from markdown_it.tree import SyntaxTreeNode

from genai.answers.markdown.block_tokens import plain_ends, tokens_of
from genai.answers.markdown.marks import SYMBOLS, read_mark
from genai.answers.wording import headings

ListKind = Literal["ideas", "titles"]
"""What was asked for: ideas with a text, or titles alone such as names and slogans, whatever their length."""


@dataclass(frozen=True, slots=True)
class IdeaText:
    """What an idea says. `link` is where its title leads to, if anywhere."""

    title: str
    body: str
    points: tuple[str, ...] = ()
    link: str = ""


@dataclass(frozen=True, slots=True)
class _Piece:
    """A text or a point of the idea, in the order of writing."""

    text: str
    is_point: bool = False
    is_heading: bool = False
    is_numbered: bool = False
    """Whether the parser has taken an enumerator off already."""
    is_whole: bool = False
    """Whether its lines are to stay as they are."""


_BOLD = re.compile(
    r"(?P<mark>\*\*\*|\*\*|__|(?<!\*)\*(?!\*)|`)\s{0,2}(?P<title>(?=\S)[^\n]{1,200}?)(?P=mark)"
    rf"(?:\s*{SYMBOLS})?(?:\s*(?P<separator>[:：]|——?|[–—|→]|-(?=\s))\s*|\s+(?=\S)|$)"
)
_LINK = re.compile(
    r"(?:\*\*)?\[(?P<title>[^\]\n]{1,200})\]\((?P<url>[^)\s]{1,500})\)(?:\*\*)?\s*(?:[:：]\s*|[–—-]\s+|$|\s+)"
)
_QUOTED = re.compile(
    r"(?P<title>\"[^\"\n]{1,150}\"|“[^”\n]{1,150}”|「[^」\n]{1,150}」|『[^』\n]{1,150}』|«[^»\n]{1,150}»|„[^“”\n]{1,150}[“”])"
    r"\s*(?:[:：]\s*|[–—-]+\s+|——?\s*|$|(?=[(（]))"
)
_PLAIN = re.compile(
    r"(?P<title>[^\n:：。！？!?]{1,90}?[!?！？]?)(?:\s*(?::(?=\s|[^\x00-\x7f])|：)\s*|\s+[–—-]{1,2}\s+|\s*——\s*|—(?=\S))(?P<body>\S.*)",
    re.DOTALL,
)
_TITLE_LABEL = re.compile(r"(?P<mark>\*\*|__)(?P<label>[^*:：\n]{1,20})[:：]\s*(?=[^\s*_])")
_SENTENCE_END = re.compile(r"[.。…][\"”’)]*$|[!?！？][\"”’)]*$")
_QUOTES = {'"': '"', "“": "”", "‘": "’", "「": "」", "『": "』", "«": "»", "„": "“", "'": "'"}
_CJK = re.compile(r"[\u3000-\u9fff\uff00-\uffef]")
_LONGEST_TITLE = 120
_WORDS_OF_TITLE = 12


def read_idea(source: str, kind: ListKind = "ideas") -> IdeaText:
    """The idea that begins with the first line of `source`, whatever that line is marked with."""
    pieces = [piece for piece in _pieces(source) if piece.text.strip()]
    if not pieces:
        return IdeaText("", "")
    first, *others = pieces
    lead, _newline, below = first.text.partition("\n")
    rest = [_Piece(below)] if below.strip() else []
    rest += others
    lead = lead if first.is_numbered and not read_mark(lead).symbol else read_mark(lead).rest
    if not lead and rest:
        below_it, *rest = rest
        lead, _newline, below = below_it.text.partition("\n")
        lead = read_mark(lead).rest
        rest = [*([_Piece(below)] if below.strip() else []), *rest]
    title, body, link = split_lead(lead, kind, bool(rest), first.is_heading)
    return _composed(title, body, link, rest)


def split_lead(
    text: str, kind: ListKind = "ideas", has_more: bool = True, is_heading: bool = False
) -> tuple[str, str, str]:
    """Title, body and link of the line that an idea begins with; `has_more` says that its text follows below."""
    text = _without_label(text.strip())
    if is_heading and has_more and len(text) <= _LONGEST_TITLE:
        return clean_title(text), "", ""
    for pattern in (_LINK, _BOLD, _QUOTED):
        found = pattern.match(text)
        if found and (pattern is not _BOLD or _is_title(found, text)):
            return _from_title(
                found["title"],
                text[found.end() :].strip(),
                found["url"] if pattern is _LINK else "",
                has_more,
            )
    plain = _PLAIN.match(text)
    if plain and len(plain["title"].split()) <= _WORDS_OF_TITLE:
        return clean_title(plain["title"]), plain["body"].strip(), ""
    is_title = kind == "titles" or is_heading or _is_title_alone(text, has_more)
    return (clean_title(text), "", "") if is_title and len(text) <= _LONGEST_TITLE else ("", text, "")


def _from_title(title: str, body: str, link: str, has_more: bool) -> tuple[str, str, str]:
    """The parts, where a bold line that is all there is may hold title and body together."""
    within = _PLAIN.match(title) if not body and not has_more else None
    if within:
        return clean_title(within["title"]), within["body"].strip(), link
    return clean_title(title), body, link


def _without_label(text: str) -> str:
    """The text without a "Title:" before it."""
    inside = _TITLE_LABEL.match(text)
    if inside and headings.is_title(inside["label"]):
        return inside["mark"] + text[inside.end() :]
    label, behind = headings.labelled(text)
    return behind if label and behind and headings.is_title(label) else text


def _is_title(found: re.Match[str], text: str) -> bool:
    """Whether bold words are a title and not the beginning of a sentence with bold words."""
    title, behind = found["title"].strip(), text[found.end() :]
    if len(title) > _LONGEST_TITLE:
        return False
    if found["separator"] or title[-1:] in ":：" or not behind:
        return True
    return len(found["mark"]) > 1 and not behind[:1].islower() and behind[:1] not in ",.;，。、"


def _is_title_alone(text: str, has_more: bool) -> bool:
    most = 30 if _CJK.search(text) else 80
    if len(text) > most:
        return False
    return not _SENTENCE_END.search(text) or (has_more and len(text.split()) <= _WORDS_OF_TITLE)


def clean_title(text: str) -> str:
    """A title without bold marks, quotes around it or a colon behind it."""
    text = (
        re.sub(r"\*\*|__|(?<!\w)[*_`](?=\w)|(?<=[\w!?.)])[*_`](?!\w)", "", text).strip().rstrip(":：").strip()
    )
    text = re.sub(r"\[([^\]]{1,200})\]\([^)\s]{1,500}\)", r"\1", text)
    if len(text) > 2 and _QUOTES.get(text[0]) == text[-1] and text[0] not in text[1:-1]:
        return text[1:-1].strip()
    return text


def _composed(title: str, body: str, link: str, rest: Sequence[_Piece]) -> IdeaText:
    texts = [body] if body else []
    texts += [piece.text if piece.is_whole else joined(piece.text) for piece in rest if not piece.is_point]
    points = [piece.text for piece in rest if piece.is_point]
    if not texts and points:
        texts.append(points.pop(0))
    if texts:
        label, text = headings.labelled(texts[0])
        if label and text and headings.is_description(label):
            texts[0] = text.strip()
    return IdeaText(title, "\n\n".join(texts), tuple(points), link)


def joined(text: str) -> str:
    """The lines of a paragraph as one; between Chinese characters stands no space."""
    parts: list[str] = []
    for line in filter(None, map(str.strip, text.splitlines())):
        if parts and not (_CJK.match(parts[-1][-1]) and _CJK.match(line)):
            parts.append(" ")
        parts.append(line)
    return "".join(parts)


def list_items(node: SyntaxTreeNode, source: str) -> list[str]:
    """The items of a list as text, items below them on lines of their own."""
    lines = plain_ends(source).split("\n")
    return [_point(item, lines) for item in node.children]


def _pieces(source: str) -> Iterator[_Piece]:
    """The texts and points of an idea; the item of a list that it begins with is taken for what is in it."""
    lines = plain_ends(source).split("\n")
    for number, node in enumerate(SyntaxTreeNode(tokens_of(source)).children):
        if not node.type.endswith("_list"):
            yield from _piece(node, lines, is_lead=number == 0)
            continue
        items = node.children
        if number == 0:
            yield from _unwrapped(items[0], lines, node.type == "ordered_list")
            items = items[1:]
        for item in items:
            yield _Piece(_point(item, lines), is_point=True)


def _unwrapped(item: SyntaxTreeNode, lines: Sequence[str], is_numbered: bool) -> Iterator[_Piece]:
    for number, node in enumerate(item.children):
        if node.type.endswith("_list"):
            for point in node.children:
                yield _Piece(_point(point, lines), is_point=True)
            continue
        for piece in _piece(node, lines, is_lead=number == 0):
            yield replace(piece, is_numbered=is_numbered) if number == 0 else piece


def _piece(node: SyntaxTreeNode, lines: Sequence[str], is_lead: bool = False) -> Iterator[_Piece]:
    match node.type:
        case "paragraph":
            content = _content(node)
            mark = read_mark(content)
            is_point = not is_lead and bool(mark.style or mark.bullet or mark.symbol) and not mark.strong
            yield _Piece(mark.rest, is_point=True) if is_point else _Piece(content)
        case "heading":
            yield _Piece(_content(node), is_heading=True)
        case "hr":
            return
        case _:
            yield _Piece(_source(node, lines), is_whole=True)


def _content(node: SyntaxTreeNode) -> str:
    return "".join(child.content for child in node.children)


def _source(node: SyntaxTreeNode, lines: Sequence[str]) -> str:
    begin, end = node.map or (0, 0)
    return textwrap.dedent("\n".join(lines[begin:end])).rstrip()


def _point(item: SyntaxTreeNode, lines: Sequence[str], depth: int = 0) -> str:
    """An item's text, the items below it each on a line of its own."""
    texts: list[str] = []
    for node in item.children:
        if node.type.endswith("_list"):
            texts += [f"{'  ' * (depth + 1)}- {_point(point, lines, depth + 1)}" for point in node.children]
        else:
            texts += [
                piece.text if piece.is_whole else joined(piece.text)
                for piece in _piece(node, lines, is_lead=True)
            ]
    return "\n".join(texts)
