"""Forms as Slack modals, and what was filled into them. Pure functions.

https://docs.slack.dev/surfaces/modals and .../reference/interaction-payloads/view-interactions-payload
"""

import json
from collections.abc import Mapping
from typing import Any

from bot.core.forms import Field, FieldKind, Form
from bot.language import _

_ACTION = "value"
_MOST_CHOICES = 100
_MOST_CHARACTERS = 3000


def view_of(form: Form, context: Mapping[str, str]) -> dict[str, Any]:
    """The modal; `context` (where it was opened) comes back with what was filled in."""
    private = {"form": form.name, "target": form.target, **context}
    return {
        "type": "modal",
        "callback_id": f"riff-{form.name}",
        "title": _plain(form.title, 24),
        "submit": _plain(form.submit, 24),
        "close": _plain(_("Cancel"), 24),
        "private_metadata": json.dumps(private),
        "blocks": [_input(field) for field in form.fields],
    }


def filled(view: Mapping[str, Any]) -> tuple[dict[str, str], dict[str, str | list[str]]]:
    """The context that a submitted modal was opened with ("form" and "target" included), and its values.

    Raises ValueError for a modal that is not one of Riff's.
    """
    context = json.loads(view.get("private_metadata") or "{}")
    if not isinstance(context, dict) or "form" not in context:
        raise ValueError("the modal is not one of Riff's")
    values = {
        name: _value(element.get(_ACTION) or {})
        for name, element in (view.get("state") or {}).get("values", {}).items()
    }
    return {str(key): str(value) for key, value in context.items()}, values


def _value(element: Mapping[str, Any]) -> str | list[str]:
    if "selected_options" in element:
        return [str(option["value"]) for option in element["selected_options"]]
    if "selected_option" in element:
        return str((element["selected_option"] or {}).get("value", ""))
    return str(element.get("value") or "")


def _input(field: Field) -> dict[str, Any]:
    block = {
        "type": "input",
        "block_id": field.name,
        "label": _plain(field.label, 200),
        "element": _element(field),
        "optional": not field.required,
    }
    return block | ({"hint": _plain(field.hint, 200)} if field.hint else {})


def _element(field: Field) -> dict[str, Any]:
    match field.kind:
        case FieldKind.NUMBER:
            limits = {"min_value": str(field.least), "max_value": str(field.most)}
            number = {"type": "number_input", "action_id": _ACTION, "is_decimal_allowed": False, **limits}
            return number | ({"initial_value": field.value} if field.value else {})
        case FieldKind.CHOICE:
            options = _options(field)
            chosen = [option for option in options if option["value"] == field.value]
            element = {"type": "static_select", "action_id": _ACTION, "options": options}
            return element | ({"initial_option": chosen[0]} if chosen else {})
        case FieldKind.CHOICES:
            most = {"max_selected_items": field.most}
            return {"type": "multi_static_select", "action_id": _ACTION, "options": _options(field), **most}
    longest = min(field.max_characters, _MOST_CHARACTERS)
    text = {"type": "plain_text_input", "action_id": _ACTION, "max_length": longest}
    several = {"multiline": True} if field.kind is FieldKind.LINES else {}
    return text | several | ({"initial_value": field.value[:longest]} if field.value else {})


def _options(field: Field) -> list[dict[str, Any]]:
    return [
        {"text": _plain(label, 75), "value": value[:150]}
        for value, label in field.choices[:_MOST_CHOICES]
        if value
    ]


def _plain(text: str, most: int) -> dict[str, Any]:
    """Plain text is shown as it is; what is too long ends in dots, as a label may."""
    shown = text if len(text) <= most else f"{text[: most - 1]}…"
    return {"type": "plain_text", "text": shown or "–", "emoji": True}
