"""`/help`: what Riff can do."""

from bot.commands.use import template_lines
from bot.core.commands.base import Answer, Call, Command
from bot.core.errors import CommandError
from bot.generation.applications.template_briefs import template_named
from bot.language import N_, _
from bot.language.terms import usage_text


async def _help(call: Call) -> Answer:
    from bot.core.commands.registry import all_commands  # the registry imports this file

    name = call.words.lstrip("/").lower()
    template = await template_named(call.repositories.templates, call.incoming.place, name) if name else None
    if template is not None:
        fields = (f'[--{field.name} "{field.shown}"]' for field in template.fields)
        usage = _("Usage: {usage}", usage=f"/use {template.name} {' '.join(fields)}")
        example = _("Example: {example}", example=template.shown_example)
        return "\n".join((f"/use {template.name}: {template.summary}", usage, example))
    if name and name not in all_commands():
        raise CommandError(_("There is no such command. Type /help to see them all."))
    if name:
        command = all_commands()[name]
        return "\n".join(
            (
                f"/{name}: {_(command.summary)}",
                _("Usage: {usage}", usage=usage_text(command.usage)),
                _("Example: {example}", example=_(command.example)),
            )
        )
    lines = [
        _(
            "/{command}: {summary}. Example: {example}",
            command=command.name,
            summary=_(command.summary),
            example=_(command.example),
        )
        for command in all_commands().values()
    ]
    more = await template_lines(call)
    own = [_("Templates of this workspace:"), *more] if more else []
    return "\n".join([_("Ask me anything in your own words, or use a command:"), *lines, *own])


COMMAND = Command("help", N_("what I can do"), "/help [COMMAND]", "/help brainstorm", _help, private=True)
