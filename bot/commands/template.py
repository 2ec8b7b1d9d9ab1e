"""`/template`: what a workspace's admins add to Riff's commands without code; everybody may look."""

import json
import re

from bot.commands.use import listed
from bot.core.buttons import Action, ActionKind, Button, Panel, Row
from bot.core.commands.call import Answer, Call
from bot.core.commands.declaration import Command, Kind, Option, Verb
from bot.core.errors import CommandError
from bot.core.notices import Notice
from bot.generation.applications.gallery import NAMES, gallery, ready_template
from bot.generation.applications.moderated_saving import keep_template
from bot.generation.applications.template_commands import (
    definition_in,
    definition_of,
    template_named,
    templates_in,
)
from bot.generation.applications.templates import Template, template_from, template_from_toml
from bot.language import N_, _

_FENCE = re.compile(r"`{3}(?:toml)?\s*+(.*?)`{3}", re.DOTALL)
_NO_SUCH = N_("There is no template of that name here. Type /use to see them all.")
_OF_ALL = N_(
    "That template holds in all of your organisation, so it cannot be removed from here. One of the same name that you"
    " add takes its place in this workspace."
)


async def _show(call: Call) -> Answer:
    template = await template_named(call.repositories.templates, call.incoming.place, call.text("name"))
    if template is None:
        raise CommandError(_(_NO_SUCH))
    return json.dumps(definition_of(template), indent=1, ensure_ascii=False)


async def _add(call: Call) -> Answer:
    pasted = _fenced(call.text("definition"))
    template = template_from_toml(pasted) if pasted else template_from(definition_in(call.invocation))
    return await _kept(call, template)


async def _kept(call: Call, template: Template) -> str:
    await keep_template(
        call.repositories.templates, call.moderator, call.incoming.place.home, template, call.policy
    )
    return _(
        "Done: /use {name} is there for everybody in this workspace. Example: {example}",
        name=template.name,
        example=template.shown_example,
    )


async def _gallery(call: Call) -> Answer:
    """The ready templates, each with a button that adds it, where it is not there yet."""
    held = {one.name for one in await templates_in(call.repositories.templates, call.incoming.place)}
    rows = tuple(_ready_row(number, one, held) for number, one in enumerate(gallery(), start=1))
    return Panel(
        Notice(
            _(
                "Ready templates. Those who manage this workspace add one with a press, or with /template take NAME."
            )
        ),
        rows,
    )


def _ready_row(number: int, ready: Template, held: set[str]) -> Row:
    told = _(
        "**{name}**: {summary}. {example}",
        name=ready.name,
        summary=ready.summary,
        example=ready.shown_example,
    )
    if ready.name in held:
        return Row(Notice(f"{told} {_('It is there already.')}"))
    return Row(Notice(told), (Button(Action(ActionKind.TAKE, str(number)), _("Add")),))


async def _take(call: Call) -> Answer:
    """A ready template is added once: what admins made of it since then stays."""
    ready = ready_template(call.text("name"))
    if await template_named(call.repositories.templates, call.incoming.place, ready.name):
        raise CommandError(_("There is a template {name} here already; it stays as it is.", name=ready.name))
    return await _kept(call, ready)


async def _remove(call: Call) -> Answer:
    name = call.text("name").lower().lstrip("/")
    templates, place = call.repositories.templates, call.incoming.place
    if await templates.remove(place.home, name):
        return Notice(_("The template is removed."))
    wider = await template_named(templates, place, name)
    raise CommandError(_(_NO_SUCH if wider is None else _OF_ALL))


def _fenced(text: str) -> str:
    """The inside of a code block, as people paste it into a chat; else the text."""
    found = _FENCE.fullmatch(text.strip())
    return found[1] if found else text


_NAME = Option(
    "name",
    N_("Which template?"),
    placeholder=N_("NAME"),
    positional=True,
    required=True,
    asks=_NO_SUCH,
    completes="templates",
)
_READY = Option(
    "name",
    N_("Which ready template?"),
    Kind.CHOICE,
    N_("NAME"),
    positional=True,
    required=True,
    asks=N_("The ready templates are: {names}."),
    choices=NAMES,
    labels=NAMES,
)
_DEFINITION = (
    Option("definition", N_("All of it, as TOML"), Kind.PASTE, "TOML", positional=True, suffices=True),
    Option(
        "name",
        N_("Name"),
        required=True,
        hint=N_("People type it: /name"),
        asks=N_("What should it be? Usage: {usage}"),
        most_characters=32,
    ),
    Option("summary", N_("What comes of it"), required=True, most_characters=100),
    Option(
        "prompt",
        N_("Prompt"),
        Kind.LINES,
        required=True,
        hint=N_("With fields in braces: a pitch for {product}[ to {listener}]"),
        most_characters=2000,
    ),
    Option(
        "fields",
        N_("Fields, a line each"),
        Kind.ROWS,
        required=True,
        hint=N_("product* or listener: investors, customers"),
    ),
    Option("rules", N_("Answer and limits"), hint=N_("answer = ideas, count = 3, max_characters = 200")),
)

COMMAND = Command(
    "template",
    N_("commands that this workspace's admins added"),
    "/template list",
    (
        Verb("list", N_("The templates of this workspace"), run=listed, private=True),
        Verb("show", N_("How a template is made"), (_NAME,), _show, private=True),
        Verb("gallery", N_("Ready templates to add"), run=_gallery, private=True),
        Verb("take", N_("Add a ready template"), (_READY,), _take, for_admins=True, private=True),
        Verb(
            "add",
            N_("Add a template, or change one"),
            _DEFINITION,
            _add,
            for_admins=True,
            private=True,
            form=("name", "summary", "prompt", "fields", "rules"),
            title=N_("A new template"),
            submit=N_("Add"),
        ),
        Verb(
            "remove", N_("Remove a template"), (_NAME,), _remove, for_admins=True, private=True, destroys=True
        ),
    ),
    default="list",
)
