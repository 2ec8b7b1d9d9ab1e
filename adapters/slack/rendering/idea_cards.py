"""Ideas as Block Kit: one section each with a menu, one row and one line under the set. Pure functions.

Made for a phone: a row of buttons under each idea would make a list three times as long.
https://docs.slack.dev/reference/block-kit/block-elements/overflow-menu-element takes five entries at most.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from zlib import crc32

from adapters.slack.rendering.block_kit import Block, Look, buttons, packed, sections, summary
from adapters.slack.rendering.markdown import escape
from bot.core.buttons import AnswerButtons, Button, answer_buttons, idea_menu, set_menu
from bot.core.domain import Idea, Reply
from bot.language import _, ngettext

MOST_BLOCKS = 50
_CARDS = frozenset({"section", "context", "actions"})
_SET = "set"
_LINE = "line-"
_LABEL = 75
_REMARK = 400


def is_list_of_ideas(reply: Reply) -> bool:
    """Whether cards show all that the reply says."""
    lines = [line for line in reply.text.splitlines() if line.strip()]
    return bool(reply.ideas) and len(lines) == len(reply.ideas)


def cards(reply: Reply) -> list[Look]:
    """The reply's ideas as cards, in as many messages as they need; what concerns all of them is under the last."""
    groups = [_card(idea) for idea in reply.ideas]
    groups[-1] += below(reply)
    said = summary(_spoken(reply.ideas))
    return [Look(said, blocks) for blocks in packed(groups)]


def below(reply: Reply) -> list[Block]:
    """What can be done with a whole reply, under what it says."""
    if row := set_menu(reply):
        return [buttons(_SET, row)]
    offered = answer_buttons(reply)
    return [] if offered is None else [_feedback(offered), buttons(_SET, offered.use)]


def are_cards(blocks: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a message, as Slack gives it, is all cards: prose may come back in other blocks than it was sent in."""
    return bool(blocks) and all(block.get("type") in _CARDS for block in blocks)


def with_line(blocks: Sequence[Mapping[str, Any]], line: str) -> list[Block]:
    """A message of cards, as it stands in Slack, with this line at its end in place of an earlier one; "" for none."""
    kept = [dict(block) for block in blocks if not str(block.get("block_id", "")).startswith(_LINE)]
    if not line or len(kept) >= MOST_BLOCKS:
        return kept
    text = {"type": "mrkdwn", "text": escape(line), "verbatim": True}
    # Slack wants another id where the content is another
    number = crc32(line.encode())
    return [*kept, {"type": "context", "block_id": f"{_LINE}{number}", "elements": [text]}]


def _card(idea: Idea) -> list[Block]:
    title = f"**{idea.position}. {idea.title}**" if idea.title else f"**{idea.position}.**"
    shown = sections(f"{title}: {idea.body}" if idea.title and idea.body else f"{title} {idea.body}".strip())
    if idea.because:
        shown = _with_remark(shown, idea.because)
    menu = idea_menu(idea)
    if not menu:
        return shown
    return [{**shown[0], "accessory": _overflow(idea, menu)}, *shown[1:]]


def _with_remark(shown: list[Block], text: str) -> list[Block]:
    """Why the idea was chosen, below it in its section; one that is long ends in dots."""
    words = " ".join(text.split())
    said = escape(words if len(words) <= _REMARK else f"{words[:_REMARK].rsplit(' ', 1)[0]} …")
    last = shown[-1]["text"]
    whole = f"{last['text']}\n{said}"
    if len(whole) <= 3000:
        return [*shown[:-1], {**shown[-1], "text": {**last, "text": whole}}]
    return [*shown, {"type": "context", "elements": [{**last, "text": said}]}]


def _overflow(idea: Idea, menu: Sequence[Button]) -> Block:
    return {
        "type": "overflow",
        "action_id": f"riff-idea-{idea.id}",
        "options": [{"text": _plain(each.label), "value": each.action.value} for each in menu],
    }


def _feedback(offered: AnswerButtons) -> Block:
    """Slack's own small buttons, which say in words what they mean to whoever has them read aloud."""
    element = {
        "type": "feedback_buttons",
        "action_id": "riff-helpful",
        "positive_button": _judged(offered.helpful, _("Mark this answer as helpful")),
        "negative_button": _judged(offered.unhelpful, _("Mark this answer as not helpful")),
    }
    return {"type": "context_actions", "block_id": "feedback", "elements": [element]}


def _judged(button: Button, label: str) -> Block:
    said = {"text": _plain(button.label), "value": button.action.value}
    return {**said, "accessibility_label": label[:_LABEL]}


def _plain(text: str) -> Block:
    return {"type": "plain_text", "text": text[:_LABEL] or "…", "emoji": True}


def _spoken(ideas: Sequence[Idea]) -> str:
    """The set for a notification, or whoever has it read aloud: how many there are, and their names."""
    names = "; ".join(idea.title or idea.body for idea in ideas)
    count = ngettext("{count} idea", "{count} ideas", len(ideas))
    return f"{count}: {names}"
