"""Block Kit: prose, idea cards, buttons and notices. Pure functions; everything stays within Slack's limits.

https://docs.slack.dev/reference/block-kit
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from adapters.slack.markdown import PART, escape, split, to_mrkdwn
from bot.actions import Button, idea_buttons, set_buttons
from bot.domain import Idea, Reply
from bot.ideas import parse_idea

Block = dict[str, Any]

_SECTION = 2_900
_SUMMARY = 150
_BLOCKS = 45


@dataclass(frozen=True, slots=True)
class Look:
    """What one message shows; `text` is for notifications and screen readers, which do not read blocks."""

    text: str
    blocks: tuple[Block, ...]


def prose(part: str, *below: Block) -> Look:
    """Inert Markdown of at most `PART` characters, as Slack renders it, with blocks below."""
    body = part if part.strip() else "…"
    return Look(summary(body), ({"type": "markdown", "text": body}, *below))


def notes(text: str) -> list[Look]:
    """One of Riff's own sentences, or a list as long as a profile may be, in as many messages as it needs."""
    looks = []
    for part in split(text, PART // 3):
        pieces = [_section(escape(piece)) for piece in split(part, _SECTION // 6) if piece.strip()]
        if pieces:
            looks.append(Look(summary(part), tuple(pieces)))
    return looks


def asked(user: str, text: str) -> Look:
    """Who asked for what, above a thread; the text has passed moderation."""
    words = " ".join(text.split())
    shown = words if len(words) <= 300 else f"{words[:300].rsplit(' ', 1)[0]} …"
    return Look(summary(words), (_section(f"<@{user}>: {escape(shown)}"),))


def is_list_of_ideas(reply: Reply) -> bool:
    """Whether cards show all that the reply says."""
    lines = [line for line in reply.text.splitlines() if line.strip()]
    return bool(reply.ideas) and len(lines) == len(reply.ideas) and all(parse_idea(line, 1) for line in lines)


def cards(reply: Reply) -> list[Look]:
    """The reply's ideas as cards, each with its buttons, in as many messages as they need."""
    looks: list[Look] = []
    blocks: list[Block] = []
    characters = 0
    for idea in reply.ideas:
        for block, size in _card(idea):
            if blocks and (len(blocks) >= _BLOCKS or characters + size > PART - 500):
                looks.append(_look(blocks, reply.text))
                blocks, characters = [], 0
            blocks.append(block)
            characters += size
    below = set_buttons(reply)
    looks.append(_look([*blocks, buttons("set", below)] if below else blocks, reply.text))
    return looks


def buttons(name: str, row: Sequence[Button]) -> Block:
    """A row of buttons; `name` is unique in its message."""
    return {"type": "actions", "block_id": name, "elements": [_button(button) for button in row]}


def summary(text: str) -> str:
    """The beginning of a text, for a notification."""
    plain = escape(" ".join(text.replace("*", "").replace("`", "").split()))
    if len(plain) <= _SUMMARY:
        return plain or "…"
    return plain[:_SUMMARY].rsplit("&", 1)[0].rsplit(" ", 1)[0] + " …"


def _card(idea: Idea) -> list[tuple[Block, int]]:
    """The card's blocks, each with its characters."""
    title = f"**{idea.position}. {idea.title}**" if idea.title else f"**{idea.position}.**"
    sections: list[Block] = []
    for piece in split(f"{title}\n{idea.body}" if idea.body else title, _SECTION // 2):
        sections += [_section(text) for text in _pieces(to_mrkdwn(piece)) if text.strip()]
    sized = [(section, len(section["text"]["text"])) for section in sections]
    row = idea_buttons(idea)
    if not row:
        return sized
    return [*sized, (buttons(f"idea-{idea.id}", row), sum(len(button.label) for button in row))]


def _pieces(mrkdwn: str) -> list[str]:
    """Escaping may have made the text longer than a section takes."""
    return [mrkdwn] if len(mrkdwn) <= _SECTION else split(mrkdwn, _SECTION)


def _look(blocks: Sequence[Block], text: str) -> Look:
    return Look(summary(text), tuple(blocks))


def _section(mrkdwn: str) -> Block:
    return {"type": "section", "text": {"type": "mrkdwn", "text": mrkdwn, "verbatim": True}}


def _button(button: Button) -> Block:
    drawn: Block = {
        "type": "button",
        "text": {"type": "plain_text", "text": button.label[:75], "emoji": True},
        "action_id": f"riff-{button.action.kind.value}",
        "value": button.action.value,
    }
    return drawn | ({"style": button.style} if button.style else {})
