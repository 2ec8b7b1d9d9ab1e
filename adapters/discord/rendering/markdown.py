"""Model text as Discord may show it: nothing that pings, hides or disguises, tables as lists, no message too long."""

import re
from itertools import zip_longest

from markdown_it import MarkdownIt
from markdown_it.token import Token

_parser = MarkdownIt("commonmark").enable("table")


def tables_as_lists(text: str) -> str:
    """`text` with every Markdown table as a list: its first cell in bold, the others after their heading."""
    lines = text.split("\n")
    tokens = _parser.parse(text)
    for start in reversed([at for at, token in enumerate(tokens) if token.type == "table_open"]):
        place = tokens[start].map
        if place is not None and tokens[start].level == 0:
            lines[place[0] : place[1]] = _list(_rows(tokens[start:]))
    return "\n".join(lines)


def _rows(tokens: list[Token]) -> list[list[str]]:
    """The cells of the table that `tokens` begin with, its headings first."""
    rows: list[list[str]] = []
    for token in tokens:
        match token.type:
            case "table_close":
                break
            case "tr_open":
                rows.append([])
            case "inline":
                rows[-1].append(" ".join(token.content.split()))
    return rows


def _list(rows: list[list[str]]) -> list[str]:
    headings, *others = rows
    if not others:
        return [" · ".join(f"**{heading}**" for heading in headings if heading)]
    return [_item(headings, row) for row in others]


def _item(headings: list[str], row: list[str]) -> str:
    first, *rest = zip_longest(headings, row, fillvalue="")
    told = [f"{heading}: {cell}" if heading else cell for heading, cell in rest if cell]
    name = f"**{first[1].replace('**', '')}**" if first[1] else ""
    return "- " + " · ".join(filter(None, (name, *told)))


MESSAGE_CHARACTERS = 2000

_FENCE = re.compile(r"^ {0,3}(?P<ticks>`{3,}|~{3,})(?P<language>[^`\n]{0,60})$")
_INLINE_CODE = re.compile(r"(?<!`)(`+)(?!`)(?:[^`]|(?!\1(?!`))`)*?\1(?!`)")
_MASKED_LINK = re.compile(
    r"!?\[(?P<label>[^\[\]`]*)\]\(\s*+<?(?P<target>[^()\s<>`]*(?:\([^()\s`]*\)[^()\s<>`]*)*)>?(?:\s[^()`]*)?\)"
)
_MENTION = re.compile(r"<(?=(?:@[!&]?|#|id:)\w)|@(?=everyone\b|here\b)", re.IGNORECASE)
_SPOILER = re.compile(r"\|(?=\|)")
_NO_WIDTH = "\u200b"


def readable(text: str) -> str:
    """`text` with its tables as lists, and harmless."""
    return harmless(tables_as_lists(text))


def harmless(text: str) -> str:
    """`text` with spoilers opened, masked links shown with their target, and mentions that mention nobody.

    What stands in code, inline or fenced, is shown as it is by Discord and stays as it is; inline code only
    where it is code both within its line and with the lines before it, for clients differ.
    """
    lines = _lines(text)
    prose = "\n".join(line for line, is_code in lines if not is_code)
    across = {code.span() for code in _INLINE_CODE.finditer(prose)}
    shown, at = [], 0
    for line, is_code in lines:
        shown.append(line if is_code else _harmless_line(line, at, across))
        at += 0 if is_code else len(line) + 1
    return "\n".join(shown)


def split(text: str, limit: int = MESSAGE_CHARACTERS) -> list[str]:
    """`text` in messages of at most `limit` characters, none of them blank.

    Cut where a reader would: between paragraphs, else lines, else sentences, else words. A code fence that is
    cut is closed at the end of one message and reopened, with its language, at the start of the next.
    """
    parts: list[str] = []
    rest, fence = text.strip("\n"), ""
    while rest.strip():
        head = f"{fence}\n" if fence else ""
        if len(head) + len(rest) <= limit and not _open_fence(head + rest):
            parts.append(head + rest)
            break
        room = limit - len(head) - len("\n```") - 1
        cut = len(rest) if len(rest) <= room else _cut(rest, room, in_code=bool(fence))
        piece, rest = head + rest[:cut].rstrip("\n"), rest[cut:].lstrip("\n")
        fence = _open_fence(piece)
        parts.append(piece + (f"\n{_ticks(fence)}" if fence else ""))
    return [part for part in parts if part.strip()]


def _lines(text: str) -> list[tuple[str, bool]]:
    """Each line, and whether it is code or a fence."""
    lines, fence = [], ""
    for line in text.split("\n"):
        found = _FENCE.match(line)
        opens = found is not None and not fence
        closes = (
            found is not None
            and bool(fence)
            and found["ticks"].startswith(fence)
            and not found["language"].strip()
        )
        lines.append((line, bool(fence) or opens))
        if opens and found is not None:
            fence = found["ticks"]
        elif closes:
            fence = ""
    return lines


def _harmless_line(line: str, at: int, across: set[tuple[int, int]]) -> str:
    """`line`, which stands `at` in the prose whose inline code is `across`."""
    pieces, end = [], 0
    for code in _INLINE_CODE.finditer(line):
        if (at + code.start(), at + code.end()) not in across:
            continue
        pieces += [_harmless_prose(line[end : code.start()]), code[0]]
        end = code.end()
    return "".join([*pieces, _harmless_prose(line[end:])])


def _harmless_prose(prose: str) -> str:
    prose = _MASKED_LINK.sub(_unmasked, prose)
    prose = _SPOILER.sub("|" + _NO_WIDTH, prose.replace("](", f"]{_NO_WIDTH}("))
    return _MENTION.sub(lambda found: found[0] + _NO_WIDTH, prose)


def _unmasked(link: re.Match[str]) -> str:
    label, target = link["label"].strip(), link["target"]
    if not target or label == target:
        return label or target
    return f"{label} ({target})" if label else target


def _open_fence(text: str) -> str:
    """The line that opens the fence in which `text` ends, or "" outside of code."""
    fence, opener = "", ""
    for line in text.split("\n"):
        found = _FENCE.match(line)
        if found is None:
            continue
        if not fence:
            fence, opener = found["ticks"], line.strip()[:60]
        elif found["ticks"].startswith(fence) and not found["language"].strip():
            fence, opener = "", ""
    return opener


def _ticks(opener: str) -> str:
    found = _FENCE.match(opener)
    return found["ticks"] if found else "```"


def _cut(text: str, room: int, *, in_code: bool) -> int:
    """Where to cut `text`, at most `room` characters in: the best boundary in the last two thirds of it."""
    least = room // 3
    for boundary in ("\n\n", "\n") if not in_code else ("\n",):
        place = text.rfind(boundary, least, room)
        if place > 0:
            return place + len(boundary)
    for sentence in (". ", "! ", "? ", " "):
        place = text.rfind(sentence, least, room)
        if place > 0:
            return place + len(sentence)
    return room
