"""What a message means: a creative brief, a command's answer, an idea for a running brainstorm, or talk."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from types import MappingProxyType

from bot.answering.context import Journey
from bot.config import Settings
from bot.core import commands
from bot.core.domain import Brief, Task
from bot.core.errors import CommandError
from bot.core.repositories import Memory
from bot.generation.applications.template_briefs import template_brief
from bot.language import _
from bot.session.capture import Capture
from bot.session.thread_messages import hear
from genai.moderation import Moderator

Write = Callable[[Journey, Brief], Awaitable[str]]
"""One text of the model, not moderated, for a command that makes something of it."""


class Understanding:
    """Reads messages that passed moderation; `write` serves the commands that need the model."""

    def __init__(self, settings: Settings, memory: Memory, moderator: Moderator, write: Write) -> None:
        self._settings = settings
        self._memory = memory
        self._moderator = moderator
        self._write = write
        self._capture = Capture(memory.boards, settings.quality, settings.session.ideas)

    async def understand(self, journey: Journey, text: str) -> commands.Answer:
        """What `text` asks for, answered where a command can do that; raises CommandError."""
        if journey.incoming.brief is not None:
            return journey.incoming.brief
        place, limits = journey.incoming.place, self._settings.limits
        if commands.needs_admin(text, direct=place.direct) and not journey.incoming.by_admin:
            raise CommandError(_("Only those who manage this workspace can do that; ask one of them."))
        if (brief := await template_brief(self._memory.templates, place, text, limits)) is not None:
            return brief
        parsed = commands.parse(text)
        if parsed is None:
            kept = journey.verdict.redacted_text if journey.verdict else ""
            heard = None if journey.incoming.mentioned else await hear(self._call(journey, kept), kept)
            return heard or Brief(Task.CHAT, text)
        command, words, options = parsed
        return await command.run(self._call(journey, words, options))

    def _call(
        self, journey: Journey, words: str, options: Mapping[str, str] = MappingProxyType({})
    ) -> commands.Call:
        return commands.Call(
            incoming=journey.incoming,
            person_id=journey.person_id,
            conversation_id=journey.conversation_id,
            memory=self._memory,
            moderator=self._moderator,
            limits=self._settings.limits,
            sessions=self._settings.session,
            capture=self._capture,
            words=words,
            options=options,
            policy=journey.policy,
            write=partial(self._write, journey),
        )
