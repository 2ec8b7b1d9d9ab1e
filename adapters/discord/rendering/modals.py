"""The core's forms as Discord's modals, and what was filled in as the core takes it.

A modal holds five fields; what a longer form has beyond them is a second one, offered when the first is saved.
https://docs.discord.com/developers/components/reference#label
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adapters.common.attachments import File
from adapters.discord.gateway.api import Json
from bot.core.commands import Kind, Option
from bot.core.forms import Form, choice_lines, field_choices, field_chosen, field_text
from bot.language import _

PREFIX = "riff-form:"
_MORE = "riff:fields:"
"""What the custom id of a button begins with that opens the rest of a form."""
_MORE_OF_OLD = {"profile": "profile/edit:5:"}
MOST_FIELDS = 5
_MOST_OPTIONS = 25
_MOST_CHARACTERS = 4000
_CUSTOM_ID = 100
_LABEL, _HINT = 45, 100
_PICKERS = {Kind.PEOPLE: (5, "user"), Kind.ROLES: (6, "role"), Kind.CHANNELS: (8, "channel")}
_WRITTEN_IN = (0, 5, 15)
"""Channels of text, of announcements, and forums."""
_SEVERAL_LINES = frozenset({Kind.LINES, Kind.PASTE, Kind.ROWS})


@dataclass(frozen=True, slots=True)
class ModalKey:
    """Which form a modal shows, from which of its fields on, and what comes back with it."""

    name: str
    start: int = 0
    target: str = ""

    def __str__(self) -> str:
        return f"{self.name}:{self.start}:{self.target}"

    @classmethod
    def read(cls, text: str) -> "ModalKey | None":
        """The key that was written so; None for anything else."""
        name, _colon, rest = text.partition(":")
        start, _colon, target = rest.partition(":")
        return cls(name, int(start), target) if start.isdecimal() else None


def modal(form: Form, start: int = 0) -> Json:
    """The form's fields from `start` on, as many as fit; those first that must be filled in."""
    fields = sorted(form.fields, key=lambda field: not field.required)[start : start + MOST_FIELDS]
    return {
        "title": form.title[:45],
        "custom_id": f"{PREFIX}{ModalKey(form.name, start, form.target)}"[:_CUSTOM_ID],
        "components": [_labelled(field) for field in fields],
    }


def key_in(custom_id: str) -> ModalKey | None:
    """Which form was filled in; None for another's modal."""
    return ModalKey.read(custom_id.removeprefix(PREFIX)) if custom_id.startswith(PREFIX) else None


def filled(components: Sequence[Mapping[str, Any]]) -> dict[str, str | tuple[str, ...]]:
    """The values by field, out of a submitted modal."""
    values: dict[str, str | tuple[str, ...]] = {}
    for outer in components:
        inside = [outer["component"]] if "component" in outer else outer.get("components", ())
        for item in inside:
            name, _colon, kind = item["custom_id"].partition(":")
            if kind == "file":
                continue
            chosen = tuple(item.get("values") or ())
            values[name] = (
                item["value"] if "value" in item else chosen if kind == "many" else "".join(chosen[:1])
            )
    return values


def handed_over(data: Mapping[str, Any]) -> tuple[str, tuple[File, ...]]:
    """The field that files were put into, and the files; "" for none."""
    attached = (data.get("resolved") or {}).get("attachments") or {}
    for outer in data["components"]:
        item = outer.get("component") or {}
        name, _colon, kind = str(item.get("custom_id", "")).partition(":")
        found = tuple(file_of(attached[each]) for each in item.get("values") or () if each in attached)
        if kind == "file" and found:
            return name, found
    return "", ()


def file_of(attached: Mapping[str, Any]) -> File:
    """A file, as Discord describes what was handed over."""
    kind, size = str(attached.get("content_type") or ""), int(attached.get("size") or 0)
    return File(str(attached.get("filename") or ""), str(attached["url"]), size, kind)


def more_row(key: str) -> Json:
    """The button that opens the rest of a form."""
    button = {"type": 2, "style": 2, "label": _("More fields"), "custom_id": f"{_MORE}{key}"[:_CUSTOM_ID]}
    return {"type": 1, "components": [button]}


def rest_in(custom_id: str) -> ModalKey | None:
    """Which form such a button goes on with, also one from before an upgrade; None for any other component."""
    if not custom_id.startswith(_MORE):
        return None
    key = custom_id.removeprefix(_MORE)
    return ModalKey.read(_MORE_OF_OLD.get(key, key))


def _labelled(field: Option) -> Json:
    label: Json = {"type": 18, "label": _(field.label)[:_LABEL], "component": _input(field)}
    return {**label, "description": _(field.hint)[:_HINT]} if field.hint else label


def _input(field: Option) -> Json:
    choices = field_choices(field)
    if field.kind in _PICKERS:
        return _picker(field)
    if field.kind is Kind.FILE:
        return {
            "type": 19,
            "custom_id": f"{field.name}:file",
            "required": False,
            "min_values": 0,
            "max_values": 1,
        }
    if field.kind is Kind.CHOICES or 0 < len(choices) <= _MOST_OPTIONS:
        return _select(field, choices[:_MOST_OPTIONS])
    most = min(field.longest, _MOST_CHARACTERS)
    held = field_text(field)[:most]
    is_long = field.kind in _SEVERAL_LINES or "\n" in held
    item: Json = {
        "type": 4,
        "custom_id": field.name,
        "style": 2 if is_long else 1,
        "required": field.required,
        "max_length": most,
    }
    return {**item, "value": held} if held else item


def _picker(field: Option) -> Json:
    """A select that Discord itself fills, with channels, people or roles."""
    kind, what = _PICKERS[field.kind]
    held = [{"id": each, "type": what} for each in field_chosen(field)[:_MOST_OPTIONS]]
    most = min(max(1, field.most), _MOST_OPTIONS)
    item: Json = {"type": kind, "custom_id": f"{field.name}:many", "required": field.required}
    item |= {"min_values": 1 if field.required else 0, "max_values": most}
    item |= {"channel_types": list(_WRITTEN_IN)} if field.kind is Kind.CHANNELS else {}
    return item | ({"default_values": held[:most]} if held else {})


def _select(field: Option, choices: Sequence[tuple[str, str]]) -> Json:
    chosen, about = field_chosen(field), choice_lines(field)
    options = [
        {
            "label": " ".join(label.split())[:100] or value[:100],
            "value": value[:100],
            **({"description": about[value][:100]} if value in about else {}),
            **({"default": True} if value in chosen else {}),
        }
        for value, label in choices
    ]
    many = field.kind is Kind.CHOICES
    return {
        "type": 3,
        "custom_id": f"{field.name}:{'many' if many else 'one'}",
        "required": field.required,
        "min_values": 1 if field.required else 0,
        "max_values": min(len(options), max(1, field.most)) if many else 1,
        "options": options,
    }
