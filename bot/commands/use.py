"""`/use`: a template of the workspace, for platforms where each cannot be a command of its own.

What a template is used for is an invocation of "use" whose verb is the template (`bot.interactions.resolver`): here
is only what is said without one.
"""

from bot.core.commands.call import Answer, Call
from bot.core.commands.declaration import Kind, Option, command_of_one
from bot.core.notices import Notice
from bot.generation.applications.template_commands import USE, templates_in
from bot.language import N_, _


async def listed(call: Call) -> Answer:
    """The workspace's templates, each with an example."""
    lines = await template_lines(call)
    if not lines:
        return Notice(_("This workspace has no templates yet; its admins add them with /template add."))
    return "\n".join([_("Templates of this workspace:"), *lines])


async def template_lines(call: Call) -> list[str]:
    """A line for each template of the workspace."""
    return [
        _(
            "/{command}: {summary}. Example: {example}",
            command=f"use {one.name}",
            summary=one.summary,
            example=one.shown_example,
        )
        for one in await templates_in(call.repositories.templates, call.incoming.place)
    ]


COMMAND = command_of_one(
    USE,
    N_("use one of this workspace's templates"),
    "/use",
    (
        Option(
            "template",
            N_("Which template?"),
            placeholder=N_("TEMPLATE"),
            positional=True,
            completes="templates",
        ),
        Option(
            "words",
            N_("What it is about; without, a form"),
            Kind.LINES,
            N_('WORDS --FIELD "VALUE"'),
            positional=True,
        ),
    ),
    listed,
)
