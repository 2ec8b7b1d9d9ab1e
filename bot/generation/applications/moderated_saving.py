"""Keeps a template or a voice once moderation passed all that was written in it."""

from collections.abc import Mapping
from dataclasses import fields

from bot.core.domain import Place, Scope, Voice
from bot.core.errors import CommandError
from bot.generation.applications.template_commands import definition_of
from bot.generation.applications.templates import Template
from bot.language import _
from genai.moderation import Moderator, Policy
from storage.errors import InvalidValueError
from storage.repositories.workspaces import Channels, Templates


async def keep_template(
    templates: Templates, moderator: Moderator, scope: Scope, template: Template, policy: Policy | None = None
) -> None:
    """Add it to the workspace's, or put it in the place of the one of that name; raises CommandError."""
    await check_texts(moderator, template.texts(), policy)
    try:
        await templates.save(scope, template.name, definition_of(template))
    except InvalidValueError as error:
        raise CommandError(error.say) from error


async def keep_voice(
    channels: Channels,
    moderator: Moderator,
    place: Place,
    changes: Mapping[str, str | tuple[str, ...]],
    *,
    policy: Policy | None = None,
    person_id: int | None = None,
) -> Voice:
    """Set parts of a place's voice and give the whole; raises CommandError."""
    await check_texts(moderator, [text for value in changes.values() for text in _texts(value)], policy)
    try:
        return await channels.update_voice(place, changes, person_id=person_id)
    except InvalidValueError as error:
        raise CommandError(error.say) from error


async def propose_voice(
    channels: Channels,
    moderator: Moderator,
    place: Place,
    voice: Voice,
    *,
    policy: Policy | None = None,
    person_id: int | None = None,
) -> None:
    """Keep a learned voice until somebody approves it; raises CommandError."""
    learned = {field.name: getattr(voice, field.name) for field in fields(voice)}
    proposal = {name: value for name, value in learned.items() if value}
    await check_texts(moderator, [text for value in proposal.values() for text in _texts(value)], policy)
    await channels.propose_voice(place, proposal, person_id=person_id)


async def check_texts(
    moderator: Moderator, texts: list[str] | tuple[str, ...], policy: Policy | None = None
) -> None:
    """Raises CommandError for a text that may not be shown."""
    for verdict in await moderator.check_many(texts, policy=policy):
        if verdict.blocked:
            raise CommandError(_("I can't keep that: it does not pass the content check. Please change it."))


def _texts(value: str | tuple[str, ...]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else value
