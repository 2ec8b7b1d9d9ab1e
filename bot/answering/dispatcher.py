"""What a message means: a creative brief, a command's answer, an idea for a running brainstorm, or talk."""

from collections.abc import Mapping
from functools import partial
from types import MappingProxyType

from bot.answering.context import MessageContext
from bot.config import Settings
from bot.core import commands
from bot.core.domain import Brief, Task
from bot.core.errors import CommandError
from bot.core.repositories import Repositories
from bot.generation.applications.template_briefs import template_brief
from bot.generation.text_generation import TextGenerator
from bot.language import _
from bot.session.capture import Capture
from bot.session.thread_messages import hear
from genai.moderation import Moderator


class Dispatcher:
    """Reads messages that passed moderation; `texts` serves the commands that need the model."""

    def __init__(
        self, settings: Settings, repositories: Repositories, moderator: Moderator, texts: TextGenerator
    ) -> None:
        self._settings = settings
        self._repositories = repositories
        self._moderator = moderator
        self._texts = texts
        self._capture = Capture(repositories.boards, settings.quality, settings.session.ideas)

    async def understand(self, context: MessageContext, text: str) -> commands.Answer:
        """What `text` asks for, answered where a command can do that; raises CommandError."""
        if context.incoming.brief is not None:
            return context.incoming.brief
        place, limits = context.incoming.place, self._settings.limits
        if commands.needs_admin(text, direct=place.direct) and not context.incoming.by_admin:
            raise CommandError(_("Only those who manage this workspace can do that; ask one of them."))
        if (brief := await template_brief(self._repositories.templates, place, text, limits)) is not None:
            return brief
        parsed = commands.parse(text)
        if parsed is None:
            kept = context.verdict.redacted_text if context.verdict else ""
            heard = None if context.incoming.mentioned else await hear(self._call(context, kept), kept)
            return heard or Brief(Task.CHAT, text)
        command, words, options = parsed
        return await command.run(self._call(context, words, options))

    def _call(
        self, context: MessageContext, words: str, options: Mapping[str, str] = MappingProxyType({})
    ) -> commands.Call:
        return commands.Call(
            incoming=context.incoming,
            person_id=context.person_id,
            conversation_id=context.conversation_id,
            repositories=self._repositories,
            moderator=self._moderator,
            limits=self._settings.limits,
            sessions=self._settings.session,
            capture=self._capture,
            words=words,
            options=options,
            policy=context.policy,
            write=partial(self._texts.text, person=str(context.person_id)),
        )
