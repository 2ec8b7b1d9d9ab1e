"""A workspace's templates as commands, read out of the lines of their form.

The same parser, forms and completion serve them as serve Riff's own.
"""

import re
from functools import partial
from typing import Any

from bot.config.settings import LimitSettings
from bot.core.commands.declaration import Command, Kind, Option, Verb
from bot.core.domain import Brief, Invocation, Place
from bot.core.errors import CommandError
from bot.generation.applications.templates import Template, TemplateField, Wanted, template_from
from bot.language import _
from storage.repositories.workspaces import Templates

USE = "use"
"""The command that a template is a verb of, for platforms where each cannot be a command of its own."""
_MOST = 9_999_999


async def template_named(templates: Templates, place: Place, name: str) -> Template | None:
    """The template of that name that holds in a place: the workspace's own, else that of its organisation."""
    for scope in reversed(place.scopes):
        if found := await templates.get(scope, name.lower().lstrip("/")):
            return template_from(found)
    return None


async def templates_in(templates: Templates, place: Place) -> list[Template]:
    """All that hold in a place, by name."""
    kept = [template_from(one) for scope in place.scopes for one in await templates.of(scope)]
    by_name = {one.name: one for one in kept}
    return [by_name[name] for name in sorted(by_name)]


def command_of(template: Template) -> Command:
    """The command that a template is: `/use NAME words --field value`."""
    options = tuple(map(_option, template.fields))
    verb = Verb(
        template.name,
        template.summary,
        options,
        brief=partial(brief_of, template),
        form=tuple(option.name for option in options),
        fills_first=True,
    )
    return Command(USE, template.summary, template.shown_example, (verb,), default=template.name)


def brief_of(template: Template, asked: Invocation, limits: LimitSettings) -> Brief:
    """The brief of a filled template."""
    values = {field.name: str(asked.values.get(field.name, "")) for field in template.fields}
    return Brief(
        template.answer.task,
        template.fill(values),
        min(template.count, limits.ideas),
        max_characters=template.max_characters,
        layout="website" if template.answer is Wanted.COPY else "template",
        variants=min(template.count, limits.ideas) if template.answer is Wanted.COPY else 1,
        sections=template.sections,
    )


def definition_of(template: Template) -> dict[str, object]:
    """The template as it is kept."""
    return template.model_dump(mode="json", exclude_defaults=True)


def _option(field: TemplateField) -> Option:
    return Option(
        field.name,
        field.shown,
        Kind(field.kind.value),
        positional=True,
        required=field.required,
        least=0,
        most=_MOST,
        most_characters=field.max_characters,
        choices=field.choices,
        labels=field.choices,
    )


# Reads a template out of the lines that people fill into its form.
#
# A field is a line: its name, `*` where it is required, `: a, b` for one with choices. Rules are `name = value` with
# commas between; sections are divided by `/`.


_FIELD = re.compile(r"(?P<name>\w+(?:[ -]+\w+)*)\s*+(?P<star>\*?)\s*+(?:[:：]\s*(?P<choices>.*))?")
_RULE = re.compile(r"\b(?P<name>\w+)\s*[=:]\s*(?P<value>[^,;]+)")
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
