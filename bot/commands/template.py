"""`/template`: what a workspace's admins add to Riff's commands without code; everybody may look."""

import json
import re

from bot.applications.templates import Template, template_from_toml
from bot.applications.using import definition_of, scope_in, template_named
from bot.commands.base import Answer, Call, Command
from bot.commands.registry import head
from bot.commands.use import listed
from bot.errors import CommandError
from bot.language import N_, _
from bot.notices import Notice
from storage.errors import InvalidValueError

_FENCE = re.compile(r"`{3}(?:toml)?\s*\n?(.*?)`{3}", re.DOTALL)
_USAGE = "/template [list | show NAME | add TOML | remove NAME]"


async def _template(call: Call) -> Answer:
    verb, rest = head(call.words)
    match verb:
        case "" | "list":
            return await listed(call)
        case "show":
            template = await template_named(call.memory.templates, call.incoming.place, rest)
            if template is None:
                raise CommandError(_("There is no template of that name here. Type /use to see them all."))
            return json.dumps(definition_of(template), indent=1, ensure_ascii=False)
        case "remove":
            name = rest.lower().lstrip("/")
            if not await call.memory.templates.remove(scope_in(call.incoming.place), name):
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
    await check_words(call, template)
    try:
        await call.memory.templates.save(
            scope_in(call.incoming.place), template.name, definition_of(template)
        )
    except InvalidValueError as error:
        raise CommandError(error.say) from error
    return _(
        "Done: /{name} is there for everybody in this workspace. Example: {example}",
        name=template.name,
        example=template.shown_example,
    )


def _fenced(text: str) -> str:
    """The inside of a code block, as people paste it into a chat; else the text."""
    found = _FENCE.fullmatch(text.strip())
    return found[1] if found else text


async def check_words(call: Call, template: Template) -> None:
    """Raises CommandError for a template that says what may not be shown."""
    for verdict in await call.moderator.check_many(template.texts(), policy=call.policy):
        if verdict.blocked:
            raise CommandError(_("I can't keep that: it does not pass the content check. Please change it."))


COMMAND = Command(
    "template",
    N_("commands that this workspace's admins added"),
    _USAGE,
    "/template list",
    _template,
    private=True,
    for_admins=frozenset({"add", "remove"}),
)
