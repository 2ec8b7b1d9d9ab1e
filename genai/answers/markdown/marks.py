"""What stands at the beginning of a line: bullet, heading, enumerator, emoji, bold. Knows single lines only."""

import re
from dataclasses import dataclass

from genai.answers.markdown.enumerators import enumerated

_BULLET = re.compile(
    r"[-*+•·∙◦▪▫●○■□‣⁃➤➢►▸▶→⇒※★☆✦✧❖◆◇✓✔☐☑–—・](?:[ \t\u3000]+|(?=\*\*\w)|(?<=[•●▪■◆★])(?=\w)|$)"
)
_CHECKBOX = re.compile(r"\[[ xX]\][ \t]+")
_HEADING = re.compile(r"(#{1,6})(?:[ \t]+|$)")
_STRONG = re.compile(r"\*{2,3}|__|<(?:b|strong)>", re.IGNORECASE)
_LIGHT = re.compile(r"\*(?=\d)")
SYMBOLS = (
    "(?:[\U0001f000-\U0001faff\u203c-\u21ff\u2300-\u23ff\u25a0-\u27bf\u2900-\u297f\u2b00-\u2bff\u3030\u303d]"
    "[\ufe0e\ufe0f\u200d\u20e3\U0001f3fb-\U0001f3ff]*|[\ufe0e\ufe0f\u200d]+)+"
)
"""A run of emoji and other pictures; a pattern."""
_SYMBOLS = re.compile(rf"{SYMBOLS}[ \t\u3000]*")


@dataclass(frozen=True, slots=True)
class Mark:
    """The beginning of a line.

    `style` names the kind of enumerator, '' for none; `rest` is the line without all this, its opening bold put back.
    """

    indent: int = 0
    bullet: str = ""
    level: int = 0
    strong: str = ""
    symbol: str = ""
    style: str = ""
    number: int = 0
    rest: str = ""


def read_mark(line: str) -> Mark:
    """What `line` begins with."""
    text = line.strip(" \t\r\n\u3000")
    indent = len(line[: len(line) - len(line.lstrip())].expandtabs(4))
    bullet, text = _bulleted(text)
    level, text = _headed(_cut(_CHECKBOX, text)[1])
    symbol = strong = ""
    style, number, after = enumerated(text)
    if not style:
        symbol, text = _cut(_SYMBOLS, text)
        strong, text = _cut(_STRONG, text)
        style, number, after = enumerated(text if strong else _cut(_LIGHT, text)[1])
        after = after if style else text
    more, after = _cut(_SYMBOLS, after)
    if more and not style:
        style, number, after = enumerated(after)
    return Mark(indent, bullet, level, strong, symbol or more, style, number, _rest(strong, after.strip()))


def _rest(strong: str, text: str) -> str:
    """The text with the bold that began before its enumerator, or without it where it has ended there."""
    if not strong or not text:
        return text
    closing = {"<b>": "</b>", "<strong>": "</strong>"}.get(strong.lower(), strong)
    if text.startswith(closing):
        return text[len(closing) :].strip()
    return f"{strong}{text}"


def _bulleted(text: str) -> tuple[str, str]:
    found = _BULLET.match(text)
    if not found or re.match(r"(?:[-*_][ \t]*){3,}$", text):
        return "", text
    return found[0].strip(), text[found.end() :].lstrip()


def _headed(text: str) -> tuple[int, str]:
    found = _HEADING.match(text)
    if not found:
        return 0, text
    return len(found[1]), re.sub(r"[ \t]#{1,6}[ \t]*$", "", text[found.end() :]).strip()


def _cut(pattern: re.Pattern[str], text: str) -> tuple[str, str]:
    found = pattern.match(text)
    return (found[0].strip(), text[found.end() :]) if found else ("", text)
