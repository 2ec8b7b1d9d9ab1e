"""What a message means: a creative brief, a command's answer, an idea for a running brainstorm, or talk."""

from functools import partial

from bot.answering.message_state import MessageContext
from bot.config import Settings
from bot.core import commands
from bot.core.commands.option_values import refuse_missing
from bot.core.domain import Brief, Invocation, Task
from bot.core.errors import CommandError
from bot.generation.text_generation import TextGenerator
from bot.interactions.first_contact import FirstContact
from bot.interactions.own_words import Meant, OwnWords, about_others
from bot.interactions.resolver import Resolved, resolve
from bot.language import _
from bot.places.membership import Memberships
from bot.session.capture import Capture
from bot.session.thread_messages import asked_here, hear
from genai.moderation import Moderator
from storage.repositories import Repositories

_NONE = Invocation("")
"""What a message asks for that is no command."""


class Dispatcher:
    """Reads each message once, and answers it when it has passed moderation.

    `texts` serves the commands that need the model.
    """

    def __init__(
        self,
        settings: Settings,
        repositories: Repositories,
        moderator: Moderator,
        texts: TextGenerator,
        memberships: Memberships,
    ) -> None:
        self._settings = settings
        self._repositories = repositories
        self._moderator = moderator
        self._texts = texts
        self._memberships = memberships
        self._own_words = OwnWords(repositories, settings.limits)
        self._first_contact = FirstContact(repositories)
        self._capture = Capture(repositories, settings.reranking, settings.session.ideas)

    async def resolve(self, context: MessageContext, text: str) -> None:
        """Reads which command is meant, if any, into the context: the one time that this is done."""
        request, place = context.incoming.request, context.incoming.place
        if isinstance(request, Brief):
            return
        try:
            asked = request or (None if text.startswith("/") else about_others(text)) or text
            context.resolved = await resolve(asked, self._repositories.templates, place)
        except CommandError as error:
            context.trouble, typed = error, commands.typed_command(text)
            context.command = typed.name if typed and typed.name in commands.all_commands() else ""
        if context.invocation is not None:
            context.command, context.verb = context.invocation.command, context.invocation.verb

    async def answer(self, context: MessageContext, text: str) -> commands.Answer:
        """What the resolved message asks for, answered where a command can do that; raises CommandError."""
        if isinstance(context.incoming.request, Brief):
            return context.incoming.request
        if context.trouble is not None:
            raise context.trouble
        if context.resolved is not None:
            return await self._run(context, context.resolved)
        kept = context.verdict.redacted_text if context.verdict else ""
        if asked := await asked_here(self._call(context), kept):
            context.resolved = await resolve(asked, self._repositories.templates, context.incoming.place)
            assert context.resolved is not None  # noqa: S101 - of an invocation
            return await self._run(context, context.resolved)
        heard = None if context.incoming.mentioned else await hear(self._call(context), kept)
        return heard or await self._greeted(context, text) or await self._own_words_of(context, text)

    async def _greeted(self, context: MessageContext, text: str) -> commands.Answer | None:
        """What a greeting of Riff comes to; one among people, in a thread that it is in, is none of these."""
        incoming = context.incoming
        if not (incoming.mentioned or incoming.place.direct):
            return None
        return await self._first_contact.answer(text, incoming, context.person_id)

    async def _own_words_of(self, context: MessageContext, text: str) -> commands.Answer:
        """What is asked for without a command: as that command, as a brief about the list before, or as talk."""
        here, person_id = context.conversation_id, context.person_id
        meant = await self._own_words.read(text, context.incoming, here, person_id)
        if not isinstance(meant, Meant):
            return meant or Brief(Task.CHAT, text)
        context.resolved = await resolve(
            meant.invocation, self._repositories.templates, context.incoming.place
        )
        assert context.resolved is not None  # noqa: S101 - of an invocation
        answer = await self._run(context, context.resolved)
        return meant.fit(answer) if isinstance(answer, Brief) else answer

    async def _run(self, context: MessageContext, asked: Resolved) -> commands.Answer:
        if asked.is_for_admins(context.incoming.place) and not context.incoming.by_admin:
            raise CommandError(_("Only those who manage this workspace can do that; ask one of them."))
        refuse_missing(asked.command, asked.verb, asked.invocation.values)
        if asked.verb.run is not None:
            return await asked.verb.run(self._call(context, asked.invocation))
        assert asked.verb.brief is not None  # noqa: S101 - a verb has the one or the other
        return asked.verb.brief(asked.invocation, self._settings.limits)

    def _call(self, context: MessageContext, invocation: Invocation = _NONE) -> commands.Call:
        return commands.Call(
            incoming=context.incoming,
            person_id=context.person_id,
            conversation_id=context.conversation_id,
            repositories=self._repositories,
            moderator=self._moderator,
            memberships=self._memberships,
            limits=self._settings.limits,
            sessions=self._settings.session,
            web=self._settings.web,
            capture=self._capture,
            invocation=invocation,
            policy=context.policy,
            write=partial(self._texts.text, person=str(context.person_id)),
        )
