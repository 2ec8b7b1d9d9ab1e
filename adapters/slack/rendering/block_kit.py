"""Block Kit: prose, idea cards, buttons, panels and notices. Pure functions; everything stays within Slack's limits.

https://docs.slack.dev/reference/block-kit
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from adapters.slack.handling.command_text import as_typed
from adapters.slack.rendering.markdown import PART, escape, split, to_mrkdwn
from bot.core.buttons import Button, Panel, Row, Withheld, idea_buttons, set_buttons
from bot.core.domain import Idea, Reply
from bot.language import _

Block = dict[str, Any]

_SECTION = 2_900
_SUMMARY = 150
_REMARK = 400
_BLOCKS = 45
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


def notes(text: str) -> list[Look]:
    """One of Riff's own sentences, or a list as long as a profile may be, in as many messages as it needs."""
    looks = []
    for part in split(text, PART // 3):
        pieces = [section(piece) for piece in split(escape(part), _SECTION) if piece.strip()]
        if pieces:
            looks.append(Look(summary(part), tuple(pieces)))
    return looks


def asked(user: str, text: str) -> Look:
    """Who asked for what, above a thread; the text has passed moderation."""
    words = " ".join(text.split())
    shown = words if len(words) <= 300 else f"{words[:300].rsplit(' ', 1)[0]} …"
    return Look(summary(words), (section(f"<@{user}>: {escape(shown)}"),))


def is_list_of_ideas(reply: Reply) -> bool:
    """Whether cards show all that the reply says."""
    lines = [line for line in reply.text.splitlines() if line.strip()]
    return bool(reply.ideas) and len(lines) == len(reply.ideas)


def cards(reply: Reply) -> list[Look]:
    """The reply's ideas as cards, each with its buttons, in as many messages as they need."""
    groups = [_card(idea) for idea in reply.ideas]
    if below := set_buttons(reply):
        groups[-1].append(buttons("set", below))
    return [Look(summary(reply.text), blocks) for blocks in packed(groups)]


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


def _card(idea: Idea) -> list[Block]:
    title = f"**{idea.position}. {idea.title}**" if idea.title else f"**{idea.position}.**"
    shown = sections(f"{title}\n{idea.body}" if idea.body else title)
    if idea.because:
        shown.append(_remark(idea.because))
    row = idea_buttons(idea)
    return [*shown, buttons(f"idea-{idea.id}", row)] if row else shown


def _fits(blocks: Sequence[Block]) -> bool:
    return len(blocks) <= _BLOCKS and sum(map(_characters, blocks)) <= PART - 500


def _characters(block: Block) -> int:
    """What a section with its button, a row of buttons or a remark shows."""
    parts = [block, *block.get("elements", ()), *([block["accessory"]] if "accessory" in block else ())]
    texts = [part["text"] for part in parts if "text" in part]
    return sum(len(text["text"] if isinstance(text, dict) else text) for text in texts)


def section(mrkdwn: str) -> Block:
    """A section of mrkdwn that Slack leaves as it is."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": mrkdwn, "verbatim": True}}


def _remark(text: str) -> Block:
    """A small line; one that is longer than Slack shows there ends in dots."""
    words = " ".join(text.split())
    shown = words if len(words) <= _REMARK else f"{words[:_REMARK].rsplit(' ', 1)[0]} …"
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": escape(shown), "verbatim": True}]}


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


# Panels as Block Kit: a heading, rows with their buttons, buttons for the whole. Pure functions.
#
# A single button stands beside its row's text, several stand below it.
# https://docs.slack.dev/reference/block-kit/blocks


_BUTTONS_IN_A_ROW = 5
"""Slack takes 25, which no phone shows well."""


def panel_looks(panel: Panel) -> list[Look]:
    """The panel in as many messages as its blocks need; a row stays in one message where it fits."""
    heading = as_typed(panel.heading.text)
    top = [block for look in notes(heading) for block in look.blocks]
    rows = [_row(f"row-{number}", row) for number, row in enumerate(panel.rows)]
    groups = [top, *rows, list(_button_rows("panel", panel.buttons))]
    return [Look(summary(heading), blocks) for blocks in packed(groups)]


def _row(name: str, row: Row) -> list[Block]:
    shown = [*sections(as_typed(row.text.text)), *_moment(row.at), *_withheld(row.withheld)]
    if len(row.buttons) == 1 and shown:
        return [{**shown[0], "accessory": drawn(row.buttons[0])}, *shown[1:]]
    return [*shown, *_button_rows(name, row.buttons)]


def _moment(at: datetime | None) -> Iterator[Block]:
    """A moment as each reader's own clock shows it.

    https://docs.slack.dev/messaging/formatting-message-text#date-formatting
    """
    if at is not None:
        shown = f"<!date^{int(at.timestamp())}^{{date_long_pretty}}, {{time}}|{at:%Y-%m-%d %H:%M} UTC>"
        yield section(_("In your time: {time}", time=shown))


def _withheld(withheld: Withheld | None) -> Iterator[Block]:
    """What moderation stopped, as plain text: no markup of it is read, no name in it rings."""
    if withheld and withheld.text:
        yield {"type": "section", "text": {"type": "plain_text", "text": withheld.text, "emoji": False}}
    if withheld and withheld.channel:
        where = _("Written in {channel}", channel=f"<#{withheld.channel}>")
        yield {"type": "context", "elements": [{"type": "mrkdwn", "text": where, "verbatim": True}]}


def _button_rows(name: str, row: Sequence[Button]) -> Iterator[Block]:
    for start in range(0, len(row), _BUTTONS_IN_A_ROW):
        yield buttons(f"{name}-{start}", row[start : start + _BUTTONS_IN_A_ROW])
