"""Slack's and Discord's marks in text, as HTML; what is not known stays as it is written."""

import html
import re
from collections.abc import Callable

from markdown_it import MarkdownIt

_EMOJI = {
    "bulb": "💡", "handshake": "🤝", "wave": "👋", "thumbsup": "👍", "thumbsdown": "👎", "+1": "👍", "-1": "👎",
    "ballot_box_with_check": "☑️", "white_check_mark": "✅", "x": "❌", "eyes": "👀", "hourglass_flowing_sand": "⏳",
}  # fmt: skip
_CODE = re.compile(r"```(.+?)```|`([^`\n]+)`", re.DOTALL)
_ANGLE = re.compile(r"&lt;([^&]{1,400}?)&gt;")
_SLACK = (
    (re.compile(r"(?<!\w)\*([^*\n]+)\*(?!\w)"), r"<b>\1</b>"),
    (re.compile(r"(?<!\w)_([^_\n]+)_(?!\w)"), r"<i>\1</i>"),
    (re.compile(r"(?<!\w)~([^~\n]+)~(?!\w)"), r"<s>\1</s>"),
    (re.compile(r"^&gt; ?(.*)$", re.MULTILINE), r"<blockquote>\1</blockquote>"),
)
_NAMED = re.compile(r":([a-z0-9_+-]{1,40}):")
_MOMENT = re.compile(r"^t:(\d+)(?::(\w))?$")
_COMMAND = re.compile(r"^/([\w -]+):\d+$")
_SMALL = re.compile(r"^-# (.*)$", re.MULTILINE)
_PARSER = MarkdownIt("commonmark", {"breaks": True, "html": False}).enable("strikethrough")

Names = Callable[[str], str]
"""What somebody or a channel is called, by the id in a mention."""


def emoji(name: str) -> str:
    """The character of a named emoji."""
    return _EMOJI.get(name, f":{name}:")


def mrkdwn(text: str, names: Names) -> str:
    """Slack's mrkdwn."""
    pieces = []
    for at, piece in enumerate(_CODE.split(text)):
        if at % 3:
            pieces.append(f"<code>{html.escape(html.unescape(piece))}</code>" if piece else "")
            continue
        shown = html.escape(html.unescape(piece), quote=False)
        shown = _ANGLE.sub(lambda match: _slack_angle(match[1], names), shown)
        for pattern, instead in _SLACK:
            shown = pattern.sub(instead, shown)
        pieces.append(_NAMED.sub(lambda match: emoji(match[1]), shown).replace("\n", "<br>"))
    return "".join(pieces)


def _slack_angle(inside: str, names: Names) -> str:
    target, _bar, label = inside.partition("|")
    if target[:1] in "@#":
        return f'<span class="mention">{target[0]}{label or names(target[1:])}</span>'
    if target.startswith("!date^"):
        return label
    if target.startswith("!"):
        return f'<span class="mention">@{label or target[1:]}</span>'
    return f'<span class="link">{label or target}</span>'


def markdown(text: str, names: Names) -> str:
    """Discord's Markdown, or Slack's block of that name."""
    prepared = _SMALL.sub(r"\1␟", text)
    shown = _PARSER.render(prepared)
    shown = _ANGLE.sub(lambda match: _discord_angle(match[1], names), shown)
    lines = [
        f"<small>{line}</small>" if "␟" in line else line
        for line in shown.replace("<br />", "<br>").split("\n")
    ]
    return "\n".join(lines).replace("␟", "")


def _discord_angle(inside: str, names: Names) -> str:
    if moment := _MOMENT.match(inside):
        return f'<span class="mention">{"in 12 minutes" if moment[2] == "R" else "today at 15:30"}</span>'
    if command := _COMMAND.match(inside):
        return f'<span class="mention">/{command[1]}</span>'
    if inside[:1] in "@#":
        return f'<span class="mention">{inside[0]}{names(inside.lstrip("@#!&"))}</span>'
    return f"&lt;{inside}&gt;"
