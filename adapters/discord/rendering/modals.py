"""The core's forms as Discord's modals, and what was filled in as the core takes it.

A modal holds five fields; what a longer form has beyond them is a second one, offered when the first is saved.
https://docs.discord.com/developers/components/reference#label
"""

from collections.abc import Mapping, Sequence
from typing import Any

from adapters.discord.gateway.api import Json
from bot.core.forms import Field, FieldKind, Form

PREFIX = "riff-form:"
MOST_FIELDS = 5
_MOST_OPTIONS = 25


def modal(form: Form, start: int = 0) -> Json:
    """The form's fields from `start` on, as many as fit."""
    fields = form.fields[start : start + MOST_FIELDS]
    return {
        "title": form.title[:45],
        "custom_id": f"{PREFIX}{form.name}:{start}:{form.target}"[:100],
        "components": [_labelled(field) for field in fields],
    }


def form_of(custom_id: str) -> tuple[str, int, str] | None:
    """The form's name, where its shown fields start, and its target; None for another's modal."""
    if not custom_id.startswith(PREFIX):
        return None
    name, _, rest = custom_id.removeprefix(PREFIX).partition(":")
    start, _, target = rest.partition(":")
    return (name, int(start), target) if start.isdecimal() else None


def filled(components: Sequence[Mapping[str, Any]]) -> dict[str, str | tuple[str, ...]]:
    """The values by field, out of a submitted modal."""
    values: dict[str, str | tuple[str, ...]] = {}
    for outer in components:
        inside = [outer["component"]] if "component" in outer else outer.get("components", ())
        for item in inside:
            name, _, kind = item["custom_id"].partition(":")
            chosen = tuple(item.get("values") or ())
            values[name] = (
                item["value"] if "value" in item else chosen if kind == "many" else "".join(chosen[:1])
            )
    return values


def _labelled(field: Field) -> Json:
    label: Json = {"type": 18, "label": field.label[:45], "component": _input(field)}
    return {**label, "description": field.hint[:100]} if field.hint else label


def _input(field: Field) -> Json:
    if field.kind in (FieldKind.CHOICE, FieldKind.CHOICES):
        return _select(field)
    item: Json = {
        "type": 4,
        "custom_id": field.name,
        "style": 2 if field.kind is FieldKind.LINES else 1,
        "required": field.required,
        "max_length": 3 if field.kind is FieldKind.NUMBER else min(field.max_characters, 4000),
    }
    return {**item, "value": field.value[: item["max_length"]]} if field.value else item


def _select(field: Field) -> Json:
    chosen = {field.value} if field.value else set()
    options = [
        {
            "label": " ".join(label.split())[:100] or value[:100],
            "value": value[:100],
            **({"default": True} if value in chosen else {}),
        }
        for value, label in field.choices[:_MOST_OPTIONS]
    ]
    many = field.kind is FieldKind.CHOICES
    return {
        "type": 3,
        "custom_id": f"{field.name}:{'many' if many else 'one'}",
        "required": field.required,
        "min_values": 1 if field.required else 0,
        "max_values": min(len(options), max(1, field.most)) if many else 1,
        "options": options,
    }
