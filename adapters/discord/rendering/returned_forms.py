"""A filled form that cannot be taken as it is: what to change, and all that was typed, so that nothing is typed twice.

Discord shows no form in answer to a form. So what was filled in stands in a message that only its person sees, a part
for each field, and a button below it opens the form again with what stands there: no process has to remember it.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from adapters.discord.gateway.api import Json
from adapters.discord.rendering.cards import MOST_CHARACTERS, display, laid_out
from adapters.discord.rendering.modals import ModalKey
from bot.core.commands import PICKED, Kind, Option
from bot.core.domain import Value, Values
from bot.core.forms import Form, field_choices
from bot.language import _

_AGAIN = "riff:again:"
"""What the custom id of the button begins with."""
_CUSTOM_ID = 100
_FIRST = 100
"""The id of the first field's part; parts without an id of ours are numbered from 1."""
_SPARE = 600
"""Characters that are kept for what is to be changed."""
_SIGNS = {Kind.CHANNELS: "#", Kind.PEOPLE: "@", Kind.ROLES: "@&"}
_ID = re.compile(r"<[#@]&?(\d{1,20})>")


def returned(form: Form, key: ModalKey, filled: Values, faults: Mapping[str, str]) -> Json:
    """The message; a fault without a field is of the whole. A text that has no room left is not kept, and is named."""
    labels = {field.name: _(field.label) for field in form.fields}
    told = "\n".join(
        f"**{labels[name]}**: {fault}" if name in labels else fault for name, fault in faults.items()
    )
    parts, room = [display(told[:_SPARE])], MOST_CHARACTERS - _SPARE
    for number, field in enumerate(form.fields):
        if shown := _shown(field, filled.get(field.name, "")):
            part = {**display(f"**{_(field.label)}**\n{shown}"), "id": _FIRST + number}
            if len(part["content"]) > room:
                part = display(_("Too long to keep here: {field}", field=_(field.label)))
            room -= len(part["content"])
            parts.append(part)
    label, custom_id = _("Back to the form"), f"{_AGAIN}{key}"[:_CUSTOM_ID]
    button = {"type": 2, "style": 1, "label": label, "custom_id": custom_id}
    return laid_out([*parts, {"type": 1, "components": [button]}])


def again_in(custom_id: str) -> ModalKey | None:
    """Which form such a button opens again; None for another button."""
    return ModalKey.read(custom_id.removeprefix(_AGAIN)) if custom_id.startswith(_AGAIN) else None


def typed_in(form: Form, components: Iterable[Any]) -> dict[str, Value]:
    """What had been filled in, out of the components of such a message."""
    contents = {part.id: str(part.content) for part in components if getattr(part, "content", None)}
    found = {
        field.name: _read(field, contents[_FIRST + number].partition("\n")[2])
        for number, field in enumerate(form.fields)
        if _FIRST + number in contents
    }
    return {name: value for name, value in found.items() if value != ""}


def _shown(field: Option, value: Value) -> str:
    held = value if isinstance(value, tuple) else (value,) if value != "" else ()
    if field.kind in PICKED:
        return " ".join(f"<{_SIGNS[field.kind]}{each}>" for each in held)
    if called := dict(field_choices(field)):
        return "\n".join(called[str(each)] for each in held if str(each) in called)
    return "\n".join(map(str, held)).strip()


def _read(field: Option, shown: str) -> Value:
    if field.kind in PICKED:
        return tuple(_ID.findall(shown))
    if choices := field_choices(field):
        named = {label: value for value, label in choices}
        chosen = tuple(named[line] for line in shown.splitlines() if line in named)
        if field.kind is Kind.FLAG:
            return chosen[:1] == (choices[0][0],)
        return chosen if field.kind is Kind.CHOICES else "".join(chosen[:1])
    return shown
