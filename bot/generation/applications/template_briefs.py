"""Using a workspace's templates: what a person fills in becomes a brief."""

from collections.abc import Mapping

from rapidfuzz import process

from bot.config.settings import LimitSettings
from bot.core.commands.registry import all_commands, read
from bot.core.domain import Brief, Place, Scope
from bot.core.errors import CommandError
from bot.core.forms import Form
from bot.generation.applications.templates import Kind, Template, TemplateField, Wanted, template_from
from bot.language import _
from storage.repositories.workspaces import Templates

ASKS_TEMPLATE = "ask-template"
"""The name of a template's form; its target is the template's name."""


def scope_in(place: Place) -> Scope:
    """The workspace whose templates hold in a place."""
    return Scope(place.platform, place.workspace)


async def template_named(templates: Templates, place: Place, name: str) -> Template | None:
    """The workspace's template of that name."""
    found = await templates.get(scope_in(place), name.lower().lstrip("/"))
    return None if found is None else template_from(found)


async def template_brief(
    templates: Templates, place: Place, text: str, limits: LimitSettings
) -> Brief | None:
    """The brief of a line that uses a template as `/NAME words --field value`; None for any other line.

    Raises CommandError for what is missing or does not fit.
    """
    typed = read(text)
    if typed is None or typed.name in all_commands():
        return None
    template = await template_named(templates, place, typed.name)
    return None if template is None else brief_of(template, typed.words, typed.options, limits)


def brief_of(template: Template, words: str, options: Mapping[str, str], limits: LimitSettings) -> Brief:
    """The brief of a filled template; `words` go into its first field that no option fills."""
    fields = {field.name: field for field in template.fields}
    for name in options:
        if name.replace("-", "_") not in fields:
            names = ", ".join(f"--{field}" for field in fields)
            raise CommandError(
                _("That option is not one of this command's; there are: {names}.", names=names)
            )
    given = {name.replace("-", "_"): value for name, value in options.items()}
    free = next((name for name in fields if not given.get(name)), None)
    if words and free:
        given[free] = words
    values = {name: _checked(field, given.get(name, "").strip(), template) for name, field in fields.items()}
    return Brief(
        template.answer.task,
        template.fill(values),
        min(template.count, limits.ideas),
        max_characters=template.max_characters,
        layout="website" if template.answer is Wanted.COPY else "template",
        variants=min(template.count, limits.ideas) if template.answer is Wanted.COPY else 1,
        sections=template.sections,
    )


def form_of(template: Template) -> Form:
    """The form that asks for what the template needs."""
    fields = tuple(field.as_form_field() for field in template.fields)
    return Form(ASKS_TEMPLATE, template.summary[:24].capitalize(), _("Go"), fields, template.name)


def line_of(template: Template, values: Mapping[str, str]) -> str:
    """The command line that says the same as a filled form."""
    options = (f'--{name} "{value}"' for name, value in values.items() if value)
    return " ".join([f"/{template.name}", *options])


def definition_of(template: Template) -> dict[str, object]:
    """The template as it is kept."""
    return template.model_dump(mode="json", exclude_defaults=True)


def _checked(field: TemplateField, value: str, template: Template) -> str:
    if not value:
        if field.required:
            example = template.shown_example
            raise CommandError(
                _("{field} is missing. For example: {example}", field=field.shown, example=example)
            )
        return ""
    if len(value) > field.max_characters:
        raise CommandError(
            _("{field} takes at most {most} characters.", field=field.shown, most=field.max_characters)
        )
    if field.kind is Kind.NUMBER and not (value.isascii() and value.isdigit()):
        raise CommandError(_("{field} takes a whole number.", field=field.shown))
    if field.kind is Kind.CHOICE:
        nearest = process.extractOne(value.lower(), [one.lower() for one in field.choices], score_cutoff=75)
        if nearest is None:
            raise CommandError(
                _("{field} can be: {choices}.", field=field.shown, choices=", ".join(field.choices))
            )
        return field.choices[nearest[2]]
    return value
