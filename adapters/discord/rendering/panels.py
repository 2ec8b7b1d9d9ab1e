"""Panels as cards of components: a button beside its row's text, or several below it; pictures, menus, links.

Pure functions. https://docs.discord.com/developers/components/reference
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from discord.utils import escape_markdown

from adapters.discord.gateway.api import Json, Upload
from adapters.discord.rendering.cards import container, display, laid_out, packed, rows_of, section, separator
from adapters.discord.rendering.components import button
from adapters.discord.rendering.markdown import readable, split
from bot.core.buttons import CARD, Choice, Done, Panel, Row, Withheld
from bot.core.domain import Document
from bot.language import _

_ROW_CHARACTERS = 1500
_ALT_CHARACTERS = 1024
_OPTION, _PLACEHOLDER = 100, 150
_GALLERY, _FILE, _TEXT_CHANNEL = 12, 13, 0


@dataclass(frozen=True, slots=True)
class PanelMessage:
    """One message of a panel, and the files that it shows."""

    payload: Json
    files: tuple[Upload, ...] = ()


def panel_messages(panel: Panel, link: str = "") -> list[PanelMessage]:
    """The panel in as many messages as its rows need; a row stays in one message. `link` is where it leads."""
    heading = [display(f"### {panel.heading.text}"), *_steps(panel)]
    groups = [
        [*heading, *([separator()] if panel.rows else [])],
        *map(_row, panel.rows),
        *([_gallery(panel.pictures)] if panel.pictures else []),
        *([_attached(panel.file)] if panel.file else []),
        *([_people(panel)] if panel.people else []),
        rows_of([*_leading(panel, link), *(button(each) for each in panel.buttons)]),
        *([_choice(choice)] for choice in panel.choices),
    ]
    files = [*panel.pictures, *([panel.file] if panel.file else [])]
    messages = []
    for inside in packed([group for group in groups if group]):
        named = str(inside)
        uploads = tuple(_upload(one) for one in files if f"attachment://{one.name}" in named)
        payload = laid_out([container(inside)])
        if panel.people and panel.name != CARD:
            payload["allowed_mentions"] = {"parse": [], "users": list(panel.people)[:100]}
        messages.append(PanelMessage(payload, uploads))
    return messages


def panel_payloads(panel: Panel) -> list[Json]:
    """What of the panel needs no files, as payloads."""
    return [message.payload for message in panel_messages(panel)]


def _steps(panel: Panel) -> list[Json]:
    if not panel.steps:
        return []
    return [display(f"-# {' → '.join(_told(name, done) for name, done in panel.steps)}")]


def _told(name: str, done: Done) -> str:
    match done:
        case Done.OVER:
            return _("{phase} (done)", phase=name)
        case Done.NOW:
            return _("{phase} (now)", phase=name)
    return name


def _row(row: Row) -> list[Json]:
    """A row's text is cut where it is as long as a chapter; the first part has the button."""
    texts = split(readable(row.text.text), _ROW_CHARACTERS)[:2] or ["-"]
    if row.until:
        texts[-1] = f"{texts[-1]} {moment(row.until)}"
    texts += [*_own_time(row.at), *_withheld(row.withheld)]
    drawn = [button(each) for each in row.buttons]
    if len(drawn) == 1:
        return [section(texts[0], drawn[0]), *map(display, texts[1:])]
    return [*map(display, texts), *rows_of(drawn)]


def _own_time(at: datetime | None) -> Iterator[str]:
    """A moment as each reader's own clock shows it, and how far off it is."""
    if at is not None:
        stamp = int(at.timestamp())
        yield _("In your time: {time}", time=f"<t:{stamp}:F> (<t:{stamp}:R>)")


def _withheld(withheld: Withheld | None) -> Iterator[str]:
    """What moderation stopped, behind a spoiler, no markup of it read."""
    if withheld and withheld.text:
        yield f"||{escape_markdown(withheld.text)}||"
    if withheld and withheld.channel:
        yield _("Written in {channel}", channel=f"<#{withheld.channel}>")


def moment(at: datetime) -> str:
    """How long it is until then, which Discord keeps up to date by itself."""
    return f"<t:{int(at.timestamp())}:R>"


def _gallery(pictures: Sequence[Document]) -> list[Json]:
    items = [
        {
            "media": {"url": f"attachment://{one.name}"},
            "description": (one.alt_text or one.title)[:_ALT_CHARACTERS],
        }
        for one in pictures
    ]
    return [{"type": _GALLERY, "items": items}]


def _attached(file: Document) -> list[Json]:
    return [{"type": _FILE, "file": {"url": f"attachment://{file.name}"}}]


def _people(panel: Panel) -> list[Json]:
    """Who is called; a card calls nobody, and says whose it is."""
    label = _("Host:") if panel.name == CARD else _("Who took part:")
    return [display(f"{label} {' '.join(f'<@{person}>' for person in panel.people)}")]


def _choice(choice: Choice) -> Json:
    base = {"custom_id": choice.action.value, "placeholder": choice.label[:_PLACEHOLDER]}
    if choice.channels:
        return _row_of({"type": 8, **base, "channel_types": [_TEXT_CHANNEL]})
    options = [
        {"label": name[:_OPTION], "value": value, **({"default": True} if value in choice.chosen else {})}
        for value, name in choice.options
    ]
    most = min(choice.most, len(options))
    least = 0 if choice.most > 1 else 1
    return _row_of({"type": 3, **base, "min_values": least, "max_values": most, "options": options})


def _row_of(component: Json) -> Json:
    return {"type": 1, "components": [component]}


def _leading(panel: Panel, link: str) -> list[Json]:
    return [{"type": 2, "style": 5, "label": panel.link[:80], "url": link}] if panel.link and link else []


def _upload(document: Document) -> Upload:
    return Upload(document.name, document.content, document.alt_text[:_ALT_CHARACTERS])
