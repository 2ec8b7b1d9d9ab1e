"""`/template`: what a workspace's admins add to Riff's commands without code; everybody may look."""

import json
import re

from bot.commands.use import listed
from bot.core.commands.base import Answer, Call, Command
from bot.core.commands.registry import head
from bot.core.errors import CommandError
from bot.core.notices import Notice
from bot.generation.applications.moderated_saving import keep_template
from bot.generation.applications.template_briefs import definition_of, scope_in, template_named
from bot.generation.applications.templates import template_from_toml
from bot.language import N_, _

_FENCE = re.compile(r"`{3}(?:toml)?\s*+(.*?)`{3}", re.DOTALL)
_USAGE = "/template [list | show NAME | add TOML | remove NAME]"


async def _template(call: Call) -> Answer:
    verb, rest = head(call.words)
    match verb:
        case "" | "list":
            return await listed(call)
        case "show":
            template = await template_named(call.repositories.templates, call.incoming.place, rest)
            if template is None:
                raise CommandError(_("There is no template of that name here. Type /use to see them all."))
            return json.dumps(definition_of(template), indent=1, ensure_ascii=False)
        case "remove":
            name = rest.lower().lstrip("/")
            if not await call.repositories.templates.remove(scope_in(call.incoming.place), name):
                raise CommandError(_("There is no template of that name here. Type /use to see them all."))
            return Notice(_("The template is removed."))
        case "add":
            return await _add(call)
    raise CommandError(_("I didn't understand that. Usage: {usage}", usage=_USAGE))


async def _add(call: Call) -> Answer:
    toml = _fenced(head(call.incoming.text.split(None, 1)[1])[1])
    if not toml.strip():
        raise CommandError(_("What should it be? Usage: {usage}", usage=_USAGE))
    template = template_from_toml(toml)
    await keep_template(
        call.repositories.templates, call.moderator, scope_in(call.incoming.place), template, call.policy
    )
    return _(
        "Done: /use {name} is there for everybody in this workspace. Example: {example}",
        name=template.name,
        example=template.shown_example,
    )


def _fenced(text: str) -> str:
    """The inside of a code block, as people paste it into a chat; else the text."""
    found = _FENCE.fullmatch(text.strip())
    return found[1] if found else text


COMMAND = Command(
    "template",
    N_("commands that this workspace's admins added"),
    _USAGE,
    "/template list",
    _template,
    private=True,
    for_admins=frozenset({"add", "remove"}),
)
