"""Forms as Slack modals, and what was filled into them, as Slack types it. Pure functions.

https://docs.slack.dev/surfaces/modals and .../reference/interaction-payloads/view-interactions-payload
"""

import json
from collections.abc import Mapping
from typing import Any, TypeAlias

from bot.core.commands import Kind, Option
from bot.core.domain import Value
from bot.core.forms import Form, choice_lines, field_choices, field_chosen, field_text
from bot.language import _

_ACTION = "value"
_MOST_CHOICES = 100
_MOST_BOXES = 10
_MOST_CHARACTERS = 3000
_SEVERAL_LINES = frozenset({Kind.LINES, Kind.PASTE, Kind.ROWS})
_PICKERS = {Kind.CHANNELS: "conversations", Kind.PEOPLE: "users"}
_PICKED = ("selected_conversations", "selected_channels", "selected_users")

Filled: TypeAlias = str | int | list[str]
"""What stands in a field: a number is a number, several choices are a list; JSON can hold it."""


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


def filled(view: Mapping[str, Any]) -> tuple[dict[str, str], dict[str, Filled]]:
    """The context that a submitted modal was opened with ("form" and "target" included), and its values.

    Raises ValueError for a modal that is not one of Riff's.
    """
    context = json.loads(view.get("private_metadata") or "{}")
    if not isinstance(context, dict) or "form" not in context:
        raise ValueError("the modal is not one of Riff's")
    values = {name: _value(element) for name, element in _elements(view) if "files" not in element}
    return {str(key): str(value) for key, value in context.items()}, values


def frozen(values: Mapping[str, Filled]) -> dict[str, Value]:
    """What was filled in as the core takes it, also once JSON held it."""
    return {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}


def handed_over(view: Mapping[str, Any]) -> dict[str, list[Mapping[str, Any]]]:
    """The files in a submitted modal, by field, as Slack describes them."""
    return {name: list(element["files"]) for name, element in _elements(view) if element.get("files")}


def _elements(view: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    state = (view.get("state") or {}).get("values", {})
    return [(name, element.get(_ACTION) or {}) for name, element in state.items()]


def _value(element: Mapping[str, Any]) -> Filled:
    if "selected_options" in element:
        return [str(option["value"]) for option in element["selected_options"]]
    if picked := next((name for name in _PICKED if name in element), ""):
        return [str(each) for each in element[picked] or ()]
    if "selected_option" in element:
        return str((element["selected_option"] or {}).get("value", ""))
    value = str(element.get("value") or "")
    return int(value) if element.get("type") == "number_input" and value.isdecimal() else value


def _input(field: Option) -> dict[str, Any]:
    block = {
        "type": "input",
        "block_id": field.name,
        "label": _plain(_(field.label), 200),
        "element": _element(field),
        "optional": not field.required,
    }
    return block | ({"hint": _plain(_(field.hint), 200)} if field.hint else {})


def _element(field: Option) -> dict[str, Any]:
    match field.kind:
        case Kind.NUMBER | Kind.HOUR:
            limits = {"min_value": str(field.least), "max_value": str(field.most)}
            number = {"type": "number_input", "action_id": _ACTION, "is_decimal_allowed": False, **limits}
            return number | ({"initial_value": field_text(field)} if field_text(field) else {})
        case Kind.CHOICES if len(field.choices) <= min(field.most, _MOST_BOXES):
            return _select(field, "checkboxes")  # all are in sight; they know no limit to how many
        case Kind.CHOICES:
            return _select(field, "multi_static_select") | {"max_selected_items": field.most}
        case Kind.CHOICE | Kind.FLAG:
            return _select(field, "static_select")
        case Kind.CHANNELS | Kind.PEOPLE:
            return _picker(field)
        case Kind.FILE:
            return {"type": "file_input", "action_id": _ACTION, "max_files": 1}
    longest = min(field.longest, _MOST_CHARACTERS)
    held = field_text(field)[:longest]
    is_long = field.kind in _SEVERAL_LINES or "\n" in held
    text = {"type": "plain_text_input", "action_id": _ACTION, "max_length": longest}
    return text | ({"multiline": True} if is_long else {}) | ({"initial_value": held} if held else {})


def _picker(field: Option) -> dict[str, Any]:
    what = _PICKERS[field.kind]
    element: dict[str, Any] = {"type": f"multi_{what}_select", "action_id": _ACTION}
    if field.kind is Kind.CHANNELS:
        element["filter"] = {"include": ["public", "private"], "exclude_bot_users": True}
    held = list(field_chosen(field))
    return element | ({f"initial_{what}": held} if held else {})


def _select(field: Option, kind: str) -> dict[str, Any]:
    about = choice_lines(field)
    options = [
        {"text": _plain(label, 75), "value": value[:150]}
        | ({"description": _plain(about[value], 75)} if value in about else {})
        for value, label in field_choices(field)[:_MOST_CHOICES]
        if value
    ]
    held = field_chosen(field)
    chosen = [option for option in options if option["value"] in held]
    element = {"type": kind, "action_id": _ACTION, "options": options}
    if not chosen:
        return element
    several = kind != "static_select"
    return element | ({"initial_options": chosen} if several else {"initial_option": chosen[0]})


def _plain(text: str, most: int) -> dict[str, Any]:
    """Plain text is shown as it is; what is too long ends in dots, as a label may."""
    shown = text if len(text) <= most else f"{text[: most - 1]}…"
    return {"type": "plain_text", "text": shown or "–", "emoji": True}
