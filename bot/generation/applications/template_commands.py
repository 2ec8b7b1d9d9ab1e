"""A workspace's templates as commands: the same parser, forms and completion serve them as serve Riff's own."""

from functools import partial

from bot.config.settings import LimitSettings
from bot.core.commands.declaration import Command, Kind, Option, Verb
from bot.core.domain import Brief, Place, Scope
from bot.core.requests import Invocation
from bot.generation.applications.templates import Template, TemplateField, Wanted, template_from
from storage.repositories.workspaces import Templates

USE = "use"
"""The command that a template is a verb of, for platforms where each cannot be a command of its own."""
_MOST = 9_999_999


def scope_in(place: Place) -> Scope:
    """The workspace whose templates hold in a place."""
    return Scope(place.platform, place.workspace)


async def template_named(templates: Templates, place: Place, name: str) -> Template | None:
    """The workspace's template of that name."""
    found = await templates.get(scope_in(place), name.lower().lstrip("/"))
    return None if found is None else template_from(found)


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
