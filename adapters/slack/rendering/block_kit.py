"""Block Kit: prose, buttons and notices. Pure functions; everything stays within Slack's limits.

https://docs.slack.dev/reference/block-kit
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from adapters.slack.rendering.markdown import PART, escape, split, to_mrkdwn
from bot.core.buttons import Button
from bot.interactions.asked_lines import AskedFor

Block = dict[str, Any]

_SECTION = 2_900
_SUMMARY = 150
_BLOCKS = 45
_REFERENCE = re.compile(r"&lt;(#[CG][A-Z0-9]+|@[UW][A-Z0-9]+)&gt;")
"""A channel or person, as escaped text refers to them."""
_SIGNS = re.compile(r"[*`]|\\(?=[^\w\s])")


@dataclass(frozen=True, slots=True)
class Look:
    """What one message shows; `text` is for notifications and screen readers, which do not read blocks."""

    text: str
    blocks: tuple[Block, ...]


def prose(part: str, *below: Block) -> Look:
    """Inert Markdown of at most `PART` characters, as Slack renders it, with blocks below."""
    body = part if part.strip() else "…"
    return Look(summary(body), ({"type": "markdown", "text": body}, *below))


def notes(text: str, *, with_names: bool = False) -> list[Look]:
    """One of Riff's own sentences, or a list as long as a profile may be, in as many messages as it needs.

    `with_names` shows people and channels that Riff itself refers to by their names, as Slack does.
    """
    looks = []
    for part in split(text, PART // 3):
        shown = _REFERENCE.sub(r"<\g<1>>", escape(part)) if with_names else escape(part)
        pieces = [section(piece) for piece in split(shown, _SECTION) if piece.strip()]
        if pieces:
            looks.append(Look(summary(part), tuple(pieces)))
    return looks


def asked(user: str, asked: AskedFor, topic: str) -> Look:
    """Who asked for what, above a thread; the topic has passed moderation."""
    words = " ".join(topic.split())
    shown = escape(words if len(words) <= 300 else f"{words[:300].rsplit(' ', 1)[0]} …")
    text = summary(words) if words else ""
    return Look(asked.told(f"<@{user}>", text), (section(asked.told(f"*<@{user}>*", shown)),))


def packed(groups: Iterable[Sequence[Block]]) -> Iterator[tuple[Block, ...]]:
    """The blocks of as few messages as take them all in order; a group stays together where it fits."""
    held: list[Block] = []
    for group in groups:
        if held and not _fits([*held, *group]):
            yield tuple(held)
            held = []
        for block in group:
            if held and not _fits([*held, block]):
                yield tuple(held)
                held = []
            held.append(block)
    if held:
        yield tuple(held)


def buttons(name: str, row: Sequence[Button]) -> Block:
    """A row of buttons; `name` is unique in its message."""
    elements = [drawn(button, f"-{number}" if number else "") for number, button in enumerate(row)]
    return {"type": "actions", "block_id": name, "elements": elements}


def summary(text: str) -> str:
    """The beginning of a text, for a notification."""
    plain = escape(" ".join(_SIGNS.sub("", text).split()))
    if len(plain) <= _SUMMARY:
        return plain or "…"
    return plain[:_SUMMARY].rsplit("&", 1)[0].rsplit(" ", 1)[0] + " …"


def sections(markdown: str) -> list[Block]:
    """Markdown of any length as sections."""
    return [section(piece) for piece in split(to_mrkdwn(markdown), _SECTION) if piece.strip()]


def _fits(blocks: Sequence[Block]) -> bool:
    return len(blocks) <= _BLOCKS and _characters(list(blocks)) <= PART - 500


def _characters(part: Any) -> int:
    """All that the texts of a block say, menus and buttons included: Slack counts them all."""
    if isinstance(part, list | tuple):
        return sum(map(_characters, part))
    if not isinstance(part, dict):
        return 0
    own = part.get("text")
    return (len(own) if isinstance(own, str) else 0) + sum(map(_characters, part.values()))


def section(mrkdwn: str) -> Block:
    """A section of mrkdwn that Slack leaves as it is."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": mrkdwn, "verbatim": True}}


def drawn(button: Button, suffix: str = "") -> Block:
    """A button; `suffix` makes its action id unique in a row, Riff reads its value only."""
    style = {"style": button.style} if button.style else {}
    return {
        "type": "button",
        "text": {"type": "plain_text", "text": button.label[:75] or "…", "emoji": True},
        "action_id": f"riff-{button.action.kind.value}{suffix}",
        "value": button.action.value,
        **style,
    }
