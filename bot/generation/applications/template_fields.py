"""Reads a template out of the lines that people fill into its form.

A field is a line: its name, `*` where it is required, `: a, b` for one with choices. Rules are `name = value` with
commas between; sections are divided by `/`.
"""

import re
from typing import Any

from bot.core.errors import CommandError
from bot.core.requests import Invocation
from bot.language import _

_FIELD = re.compile(r"(?P<name>\w[\w -]*?)\s*(?P<star>\*?)\s*(?:[:：]\s*(?P<choices>.*))?")
_RULE = re.compile(r"(?P<name>\w+)\s*[=:]\s*(?P<value>[^,;]+)")
_RULES = ("answer", "count", "max_characters", "sections")


def definition_in(asked: Invocation) -> dict[str, Any]:
    """The definition, not yet checked; raises CommandError for a line that cannot be read."""
    texts = {name: " ".join(asked.text(name).split()) for name in ("name", "summary", "prompt")}
    rules = dict(
        _rule(found["name"], found["value"].strip()) for found in _RULE.finditer(asked.text("rules"))
    )
    return {**texts, **rules, "fields": [_field(line) for line in asked.words("fields")]}


def _field(line: str) -> dict[str, Any]:
    found = _FIELD.fullmatch(line)
    if found is None:
        raise CommandError(_("I can't read the field “{line}”. Write for example: product*", line=line[:60]))
    field: dict[str, Any] = {
        "name": re.sub(r"[ -]", "_", found["name"].lower()),
        "label": found["name"].capitalize(),
        "required": bool(found["star"]),
    }
    choices = [choice.strip() for choice in (found["choices"] or "").split(",") if choice.strip()]
    return field | {"kind": "choice", "choices": choices} if choices else field


def _rule(name: str, value: str) -> tuple[str, Any]:
    if name not in _RULES:
        raise CommandError(
            _("There is no rule {name}; there are: {names}.", name=name[:40], names=", ".join(_RULES))
        )
    if name == "sections":
        return name, [part.strip() for part in value.split("/")]
    return name, int(value) if value.isdigit() else value
