"""A template as it is written into a form: brought into the TOML that `/template add` takes."""

import json
import re
from collections.abc import Mapping

from bot.core.errors import CommandError
from bot.language import _

_FIELD = re.compile(r"(?P<name>\w[\w -]*?)\s*(?P<star>\*?)\s*(?:[:：]\s*(?P<choices>.*))?")
_RULE = re.compile(r"(?P<name>\w+)\s*[=:]\s*(?P<value>[^,;]+)")
_RULES = ("answer", "count", "max_characters", "sections")


def toml_of(values: Mapping[str, str]) -> str:
    """The TOML document; raises CommandError for a line that cannot be read.

    A field is a line: its name, `*` where it is required, `: a, b` for one with choices. Rules are `name = value`
    with commas between; sections are divided by `/`.
    """
    lines = [f"{name} = {_text(values.get(name, ''))}" for name in ("name", "summary", "prompt")]
    lines += [_rule(found["name"], found["value"]) for found in _RULE.finditer(values.get("rules", ""))]
    for line in filter(None, map(str.strip, values.get("fields", "").splitlines())):
        lines += _field(line)
    return "\n".join(lines)


def _field(line: str) -> list[str]:
    found = _FIELD.fullmatch(line)
    if found is None:
        raise CommandError(_("I can't read the field “{line}”. Write for example: product*", line=line[:60]))
    name = re.sub(r"[ -]", "_", found["name"].lower())
    lines = ["[[fields]]", f"name = {_text(name)}", f"label = {_text(found['name'].capitalize())}"]
    choices = [choice.strip() for choice in (found["choices"] or "").split(",") if choice.strip()]
    if choices:
        lines += ['kind = "choice"', f"choices = [{', '.join(map(_text, choices))}]"]
    return [*lines, "required = true"] if found["star"] else lines


def _rule(name: str, value: str) -> str:
    if name not in _RULES:
        raise CommandError(
            _("There is no rule {name}; there are: {names}.", name=name[:40], names=", ".join(_RULES))
        )
    if name == "sections":
        return f"sections = [{', '.join(_text(part.strip()) for part in value.split('/'))}]"
    return f"{name} = {value.strip() if value.strip().isdigit() else _text(value.strip())}"


def _text(value: str) -> str:
    """A TOML basic string, which JSON's strings are."""
    return json.dumps(" ".join(value.split()), ensure_ascii=False)
