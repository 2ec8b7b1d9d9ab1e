"""Panels as Block Kit: a heading, rows with their buttons, pictures, menus, and buttons for the whole. Pure functions.

A single button stands beside its row's text, several stand below it.
https://docs.slack.dev/reference/block-kit/blocks
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from adapters.slack.handling.command_text import as_typed
from adapters.slack.rendering.block_kit import (
    Block,
    Look,
    buttons,
    drawn,
    notes,
    packed,
    section,
    sections,
    summary,
)
from adapters.slack.rendering.markdown import escape
from bot.core.buttons import CARD, Button, Choice, Done, Panel, Row, Withheld
from bot.core.domain import Document
from bot.language import _

_BUTTONS_IN_A_ROW = 5
"""Slack takes 25, which no phone shows well."""
_BOXES = 10
_OPTION = 75
_ALT_CHARACTERS = 2000
_SOON = timedelta(hours=18)
LINK = "riff-link"
"""The action of a button that only leads somewhere."""
PLAN, IMAGE = "plan", "image"


@dataclass(frozen=True, slots=True)
class Attached:
    """What of a panel lies elsewhere in Slack: its pictures (file id, alternative text), where link and file lead."""

    pictures: tuple[tuple[str, str], ...] = ()
    link: str = ""
    file: str = ""


def picture_of(file_id: str, document: Document) -> tuple[str, str]:
    """A picture that was uploaded, as `Attached` has it."""
    return file_id, (document.alt_text or document.title or document.name)[:_ALT_CHARACTERS]


def panel_looks(panel: Panel, attached: Attached | None = None) -> list[Look]:
    """The panel in as many messages as its blocks need; a row stays in one message where it fits."""
    heading, there = as_typed(panel.heading.text), attached or Attached()
    top = [block for look in notes(heading) for block in look.blocks]
    rows = [_row(f"row-{number}", row) for number, row in enumerate(panel.rows)]
    groups = [
        top,
        *_steps(panel),
        *rows,
        *[[_image(*picture)] for picture in there.pictures],
        _people(panel),
        _whole(panel, there),
        *[_choice(choice) for choice in panel.choices],
    ]
    told = " ".join([heading, *(row.text.text for row in panel.rows[:1])])
    return [Look(summary(told), blocks) for blocks in packed(group for group in groups if group)]


def plainer(look: Look) -> Look:
    """The look with phases in words and without pictures, for a Slack that has no plans, or not the pictures yet."""
    blocks: list[Block] = []
    for block in look.blocks:
        if block["type"] == IMAGE:
            continue
        if block["type"] == PLAN:
            told = " → ".join(_told(task["title"], Done(task["status"])) for task in block["tasks"])
            block = section(escape(told))
        blocks.append(block)
    return replace(look, blocks=tuple(blocks))


def _told(name: str, done: Done) -> str:
    match done:
        case Done.OVER:
            return _("{phase} (done)", phase=name)
        case Done.NOW:
            return _("{phase} (now)", phase=name)
    return name


def _steps(panel: Panel) -> list[list[Block]]:
    if not panel.steps:
        return []
    tasks = [
        {"type": "task_card", "task_id": f"phase-{number}", "title": name, "status": done.value}
        for number, (name, done) in enumerate(panel.steps)
    ]
    now = next((name for name, done in panel.steps if done is Done.NOW), _("ended"))
    return [[{"type": PLAN, "title": _("Phase: {phase}", phase=now), "tasks": tasks}]]


def _row(name: str, row: Row) -> list[Block]:
    shown = sections(as_typed(row.text.text))
    if row.until and shown:
        shown[-1] = section(f"{shown[-1]['text']['text']} {moment(row.until)}")
    shown += [*_own_time(row.at), *_withheld(row.withheld)]
    if len(row.buttons) == 1 and shown:
        return [{**shown[0], "accessory": drawn(row.buttons[0])}, *shown[1:]]
    return [*shown, *_button_rows(name, row.buttons)]


def _own_time(at: datetime | None) -> Iterator[Block]:
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


def moment(at: datetime) -> str:
    """A moment in each reader's own time; https://docs.slack.dev/messaging/formatting-message-text#date-formatting"""
    is_soon = at - datetime.now(UTC) < _SOON
    said = "{time}" if is_soon else "{date_short_pretty}, {time}"
    instead = f"{at.astimezone(UTC):%H:%M} UTC" if is_soon else f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    return f"<!date^{int(at.timestamp())}^{said}|{instead}>"


def _image(file_id: str, alt_text: str) -> Block:
    return {"type": IMAGE, "slack_file": {"id": file_id}, "alt_text": alt_text}


def _people(panel: Panel) -> list[Block]:
    """Who is called; on a card, whose it is, which calls nobody as it is an edit."""
    if not panel.people:
        return []
    label = _("Host:") if panel.name == CARD else _("Who took part:")
    return [section(f"{escape(label)} {' '.join(f'<@{person}>' for person in panel.people)}")]


def _choice(choice: Choice) -> list[Block]:
    action, label = choice.action.value, choice.label
    if choice.channels:
        kinds = {"include": ["public", "private"], "exclude_bot_users": True}
        picker = {"type": "conversations_select", "action_id": action, "filter": kinds}
        return [_menu(f"menu-{action}", {**picker, "placeholder": _plain(label)})]
    options = [{"text": _plain(name), "value": value} for value, name in choice.options]
    if choice.most == 1:
        menu = {"type": "static_select", "action_id": action, "options": options}
        return [_menu(f"menu-{action}", {**menu, "placeholder": _plain(label)})]
    return [
        _menu(
            f"boxes-{action}#{start}",
            _boxes(f"{action}#{start}", options[start : start + _BOXES], choice.chosen),
        )
        for start in range(0, len(options), _BOXES)
    ]


def _boxes(action: str, options: Sequence[Block], chosen: frozenset[str]) -> Block:
    boxes = {"type": "checkboxes", "action_id": action, "options": list(options)}
    held = [option for option in options if option["value"] in chosen]
    return {**boxes, "initial_options": held} if held else boxes


def _menu(name: str, element: Block) -> Block:
    return {"type": "actions", "block_id": name, "elements": [element]}


def _whole(panel: Panel, there: Attached) -> list[Block]:
    rows = list(_button_rows("panel", panel.buttons))
    links = [(panel.link, there.link), (_("The board as a file"), there.file)]
    leads = [_leading(label, url, number) for number, (label, url) in enumerate(links) if label and url]
    if not leads:
        return rows
    if rows and len(rows[-1]["elements"]) + len(leads) <= _BUTTONS_IN_A_ROW:
        rows[-1]["elements"] = [*leads, *rows[-1]["elements"]]
        return rows
    return [*rows, {"type": "actions", "block_id": "links", "elements": leads}]


def _leading(label: str, url: str, number: int) -> Block:
    return {"type": "button", "text": _plain(label), "action_id": f"{LINK}-{number}", "url": url}


def _button_rows(name: str, row: Sequence[Button]) -> Iterator[Block]:
    for start in range(0, len(row), _BUTTONS_IN_A_ROW):
        yield buttons(f"{name}-{start}", row[start : start + _BUTTONS_IN_A_ROW])


def _plain(text: str) -> Block:
    shown = text if len(text) <= _OPTION else f"{text[: _OPTION - 1]}…"
    return {"type": "plain_text", "text": shown or "–", "emoji": True}
