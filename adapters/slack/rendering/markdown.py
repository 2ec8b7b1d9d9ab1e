"""Generated Markdown made inert and cut for Slack, and turned into mrkdwn: pure functions.

https://docs.slack.dev/messaging/formatting-message-text
"""

import re
from collections.abc import Iterable, Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.core.safe_text import neutralise_slack, neutralise_slack_markdown

PART = 9_000
"""Characters of one message: Slack takes 12,000 in a markdown block, but refused 11,300 in all (bolt-js 2867)."""
_CODE_OR_LINK = re.compile(
    r"(?P<code>```.*?(?:```|\Z)|`[^`\n]*`)|!?\[(?P<label>[^\[\]\n]*)\]\((?P<href>[^()\s]+)(?:\s+\"[^\"]*\")?\)",
    re.DOTALL,
)
_FENCE = re.compile(r"^\s{0,3}(?P<marks>`{3,}|~{3,})(?P<info>[^`]*)$")
_SAFE_LINK = re.compile(r"^(?:https?://|mailto:)", re.IGNORECASE)

_parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


def inert(text: str) -> str:
    """Markdown that pings nobody and whose links show where they lead; all other formatting stays."""
    return neutralise_slack_markdown(_CODE_OR_LINK.sub(_revealed, text))


def escape(text: str) -> str:
    """Plain text for a mrkdwn field."""
    return neutralise_slack(text)


def split(text: str, limit: int = PART) -> list[str]:
    """`text` in parts of at most `limit` characters, cut at paragraphs, else lines, else words.

    A fence that is cut is closed and opened again. All but the last part stay the same when `text` grows.
    """
    parts: list[str] = []
    fence = ""
    rest = text
    while len(fence) + len(rest) > limit:
        room = limit - len(fence) - 8
        end = _cut(rest, room)
        piece = fence + rest[:end].rstrip("\n")
        rest = rest[end:].lstrip("\n")
        opened = _open_fence(piece)
        parts.append(piece + (f"\n{_marks(opened)}" if opened else ""))
        fence = opened + "\n" if opened else ""
    if rest.strip() or not parts:
        parts.append(fence + rest)
    return [part for part in parts if part.strip()] or [""]


def to_mrkdwn(text: str) -> str:
    """Markdown as Slack's mrkdwn: bold, italics, strikes, code, links, lists, quotes, tables as aligned code."""
    return "\n".join(_blocks(_parser.parse(text))).strip("\n")


def _cut(text: str, room: int) -> int:
    """Where to cut within the first `room` characters: the best boundary in the second half of them."""
    window = text[:room]
    for boundary in ("\n\n", "\n", " "):
        end = window.rfind(boundary)
        if end > room // 2:
            return end + len(boundary)
    return room


def _open_fence(text: str) -> str:
    """The line that opened the fence which is not closed at the end of `text`; "" for none."""
    opened = ""
    for line in text.split("\n"):
        if match := _FENCE.match(line):
            if not opened:
                opened = line
            elif not match["info"].strip() and match["marks"].startswith(_marks(opened)):
                opened = ""
    return opened if len(opened) < 200 else _marks(opened)


def _marks(opened: str) -> str:
    match = _FENCE.match(opened)
    return match["marks"] if match else "```"


def _blocks(tokens: list[Token]) -> Iterator[str]:
    """Lines of mrkdwn for block tokens, with a blank one between paragraphs."""
    lists: list[int | None] = []
    quotes = 0
    marker = ""
    index = 0
    while index < len(tokens):
        token = tokens[index]
        indent = "    " * max(0, len(lists) - 1)
        match token.type:
            case "bullet_list_open":
                lists.append(None)
            case "ordered_list_open":
                lists.append(int(token.attrs.get("start", 1) or 1))
            case "bullet_list_close" | "ordered_list_close":
                lists.pop()
                if not lists:
                    yield ""
            case "list_item_open":
                number = lists[-1]
                marker = "• " if number is None else f"{number}. "
                if number is not None:
                    lists[-1] = number + 1
            case "blockquote_open":
                quotes += 1
            case "blockquote_close":
                quotes -= 1
                yield ""
            case "inline":
                heading = tokens[index - 1].type == "heading_open"
                text = _inline(token.children or [])
                lines = (f"*{text}*" if heading and text and "*" not in text else text).split("\n")
                for number_, line in enumerate(lines):
                    lead = marker if number_ == 0 else " " * len(marker)
                    yield "> " * min(quotes, 1) + indent + lead + line
                marker = ""
                if not lists:
                    yield ""
            case "fence" | "code_block":
                code = _code(token.content.rstrip("\n"))
                yield from (f"```\n{code}\n```").split("\n")
                yield ""
            case "hr":
                yield "———"
            case "table_open":
                end = next(i for i in range(index, len(tokens)) if tokens[i].type == "table_close")
                yield from _table(tokens[index:end])
                yield ""
                index = end
        index += 1


def _inline(tokens: Iterable[Token]) -> str:
    out: list[str] = []
    links: list[tuple[str, int]] = []
    for token in tokens:
        match token.type:
            case "text":
                out.append(escape(token.content))
            case "softbreak" | "hardbreak":
                out.append("\n")
            case "code_inline":
                out.append(f"`{_code(token.content)}`")
            case "strong_open" | "strong_close":
                out.append("*")
            case "em_open" | "em_close":
                out.append("_")
            case "s_open" | "s_close":
                out.append("~")
            case "link_open":
                links.append((str(token.attrs.get("href", "")), len(out)))
            case "link_close":
                href, start = links.pop()
                label = "".join(out[start:])
                del out[start:]
                out.append(_link(href, label))
            case "image":
                out.append(_link(str(token.attrs.get("src", "")), escape(token.content)))
            case _:
                out.append(escape(token.content))
    return "".join(out)


def _revealed(match: re.Match[str]) -> str:
    if match["code"]:
        return match["code"]
    label, href = match["label"].strip(), match["href"]
    return href if not label or label == href else f"{label} ({href})"


def _link(href: str, label: str) -> str:
    """A link beside the words that it stands under, so that nobody is led astray; only to the web or to mail."""
    target = escape(href)
    if not _SAFE_LINK.match(href) or "|" in href:
        return f"{label} ({target})" if label else target
    return f"<{target}>" if label in {"", target} else f"{label} (<{target}>)"


def _code(text: str) -> str:
    return escape(text).replace("```", "`\N{ZERO WIDTH SPACE}``")


def _table(tokens: list[Token]) -> list[str]:
    """Aligned columns in a code block, which Slack shows in a fixed width."""
    rows: list[list[str]] = []
    for token in tokens:
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline":
            rows[-1].append("".join(child.content for child in token.children or []))
    widths = [max(len(row[column]) for row in rows if column < len(row)) for column in range(len(rows[0]))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=False)).rstrip()
        for row in rows
    ]
    lines.insert(1, "  ".join("-" * width for width in widths))
    return ["```", *(_code(line) for line in lines), "```"]
