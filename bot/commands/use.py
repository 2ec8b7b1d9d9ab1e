"""`/use`: a template of the workspace, for platforms where each cannot be a command of its own."""

from bot.core.commands.base import Answer, Call, Command
from bot.core.commands.registry import head
from bot.core.errors import CommandError
from bot.core.notices import Notice
from bot.generation.applications.template_briefs import brief_of, scope_in, template_named
from bot.generation.applications.templates import template_from
from bot.language import N_, _


async def _use(call: Call) -> Answer:
    name, words = head(call.words)
    place = call.incoming.place
    if not name:
        return await listed(call)
    template = await template_named(call.repositories.templates, place, name)
    if template is None:
        raise CommandError(_("There is no template of that name here. Type /use to see them all."))
    return brief_of(template, words, call.options, call.limits)


async def listed(call: Call) -> Answer:
    """The workspace's templates, each with an example."""
    lines = await template_lines(call)
    if not lines:
        return Notice(_("This workspace has no templates yet; its admins add them with /template add."))
    return "\n".join([_("Templates of this workspace:"), *lines])


async def template_lines(call: Call) -> list[str]:
    """A line for each template of the workspace."""
    found = [
        template_from(one) for one in await call.repositories.templates.of(scope_in(call.incoming.place))
    ]
    return [
        _(
            "/{command}: {summary}. Example: {example}",
            command=f"use {one.name}",
            summary=one.summary,
            example=one.shown_example,
        )
        for one in found
    ]


COMMAND = Command(
    "use",
    N_("use one of this workspace's templates"),
    '/use [TEMPLATE WORDS [--FIELD "VALUE"]]',
    "/use",
    _use,
)
