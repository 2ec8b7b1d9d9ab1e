"""The path of one prompt: guard, remember, moderate, personalise, write, moderate and show, remember.

The only way from any adapter to a reply, and the one place where trouble becomes a sentence.
"""

import asyncio
import logging
from dataclasses import replace

from bot.answering.answerer import Answerer
from bot.answering.context import MessageContext
from bot.answering.delivery import Delivery, show_parts
from bot.answering.dispatcher import Dispatcher
from bot.answering.outcomes import Outcomes
from bot.answering.personalizer import Personalizer
from bot.answering.thread_locks import ThreadLocks
from bot.config import Settings
from bot.core import commands, notices
from bot.core.channel import Channel
from bot.core.commands.registry import is_private
from bot.core.domain import Brief, Document, Idea, Incoming, Outcome, Reply
from bot.core.input_guard import check_prompt, clean
from bot.core.locales import chosen_locale
from bot.core.notices import Notice
from bot.core.repositories import Repositories
from bot.language import LOCALE, speaking
from bot.places.policy import Policies
from genai.moderation import Moderator
from genai.request import Generator
from storage.values.common import StoredMessage

log = logging.getLogger("riff.pipeline")

_UNFINISHED = frozenset({Outcome.PENDING, Outcome.CANCELLED})


class Pipeline:
    """Answers incoming messages: many at once, one at a time in each thread."""

    def __init__(
        self, settings: Settings, generator: Generator, moderator: Moderator, repositories: Repositories
    ) -> None:
        self._settings = settings
        self._moderator = moderator
        self._repositories = repositories
        self._turns = ThreadLocks(settings.limits.concurrent_prompts)
        self._policies = Policies(settings.moderation, repositories.scopes)
        self._personal = Personalizer(settings, repositories, moderator)
        self._outcomes = Outcomes(repositories, moderator, generator)
        self._answerer = Answerer(settings, generator, repositories, self._personal, self._outcomes)
        self._dispatcher = Dispatcher(settings, repositories, moderator, self._answerer.write)

    async def handle(self, incoming: Incoming, channel: Channel, *, resume: bool = False) -> Reply:
        """Take one message from arrival to a reply that is shown and stored.

        An event that was handled before is not answered again, unless `resume` says that its earlier handling
        may have died: then it goes on from what is stored, and `channel` from what it had shown. Trouble
        becomes one sentence in the channel; only CancelledError is raised, the outcome noted.
        """
        with speaking(incoming.locale):
            return await self._handle(
                MessageContext(incoming, channel, Delivery(channel, self._moderator)), resume
            )

    async def _handle(self, context: MessageContext, resume: bool) -> Reply:
        try:
            async with asyncio.timeout(self._settings.limits.reply_seconds):
                reply = await self._receive(context, resume)
        except asyncio.CancelledError:
            await asyncio.shield(self._outcomes.note(context, Outcome.CANCELLED))
            raise
        except Exception as error:  # the one error boundary
            reply = await self._outcomes.apologise(
                context, error, seconds=self._settings.limits.reply_seconds
            )
        log.info(
            "done platform=%s outcome=%s first_text_ms=%s total_ms=%d",
            context.incoming.author.platform,
            reply.outcome,
            reply.first_text_ms,
            reply.latency_ms,
        )
        return reply

    async def _receive(self, context: MessageContext, resume: bool) -> Reply:
        incoming = context.incoming
        text = clean(incoming.text)
        await self._meet(context)
        refusal = check_prompt(text, self._settings.limits.prompt_characters)
        if not refusal:
            await self._dispatcher.resolve(context, text)
        question = await self._repositories.conversations.remember(
            context.person_id,
            incoming.place,
            "" if refusal else text,
            event_id=incoming.event_id,
            command=context.command,
            verb=context.verb,
        )
        if question is None:  # the platform delivered it twice
            found = await self._repositories.conversations.find(incoming.author.platform, incoming.event_id)
            if not resume or found is None:
                return context.reply(None, "")
            question, answer = found
            if question.outcome not in _UNFINISHED:
                return await self._show_again(context, question, answer)
        context.remembered(question)
        if refusal:
            return await self._outcomes.end(context, Outcome.REFUSED, refusal)
        async with self._turns.of(question.conversation_id):
            if refusal := await self._judge_prompt(context, text):
                return await self._outcomes.refuse(context, refusal)
            return await self._respond(context, question.id, text)

    async def _meet(self, context: MessageContext) -> None:
        """Who it is, and in which language they are spoken to from here on."""
        incoming = context.incoming
        context.person_id = await self._repositories.people.find_or_create(incoming.author)
        profile = await self._repositories.people.profile(context.person_id)
        LOCALE.set(chosen_locale(profile, incoming.locale) or LOCALE.get())

    async def _show_again(
        self, context: MessageContext, question: StoredMessage, answer: StoredMessage | None
    ) -> Reply:
        """The answer as it is stored: how much of it had been shown is the channel's to know."""
        outcome = question.outcome
        if answer is None:  # a notice, which is told before the outcome is noted
            return context.reply(outcome, "")
        await context.channel.begin(private=is_private(question.command, question.verb))
        context.policy = await self._policies.of(context.incoming.place)
        if not await context.delivery.say(answer.content, policy=context.policy):
            context.verdict = context.delivery.verdict
            await self._outcomes.audit(context, "reply", context.delivery.judged)
            return await self._outcomes.end(context, Outcome.WITHHELD, context.delivery.why_withheld())
        context.verdict = context.delivery.verdict
        stored = await self._repositories.ideas.of_answer(answer.id)
        ideas = tuple(Idea(idea.position, idea.title, idea.body, idea.id) for idea in stored)
        reply = replace(
            context.reply(outcome, answer.content, question.model or ""), ideas=ideas, message_id=answer.id
        )
        await context.channel.finish(reply)
        return reply

    async def _judge_prompt(self, context: MessageContext, text: str) -> Notice | None:
        """Moderate the prompt; of a blocked one nothing is kept, of others what the settings say."""
        context.policy = await self._policies.of(context.incoming.place)
        if context.resolved is not None and context.incoming.request is not None:
            text = context.resolved.all_said(text)
        verdict = context.verdict = await self._moderator.check(text, policy=context.policy)
        await self._outcomes.audit(context, "prompt", text)
        kept = verdict.redacted_text if self._settings.moderation.redact_prompts or verdict.blocked else text
        if context.question_id is not None and kept != text:
            await self._repositories.conversations.rewrite(context.question_id, kept)
        return notices.refused(verdict.category) if verdict.blocked else None

    async def _respond(self, context: MessageContext, question_id: int, text: str) -> Reply:
        answer = await self._dispatcher.answer(context, text)
        if isinstance(answer, Document):
            await context.channel.document(answer)
            return await self._outcomes.end(context, Outcome.ANSWERED, notices.DOCUMENT)
        if isinstance(answer, Notice):
            return await self._outcomes.end(context, Outcome.ANSWERED, answer)
        if isinstance(answer, Brief | commands.Building):
            refusal = await self._personal.refusal(context, question_id)
            if refusal is not None:
                return await self._outcomes.end(context, Outcome.REFUSED, refusal)
        if isinstance(answer, Brief):
            await context.channel.begin(private=False)
            return await self._answerer.create(context, question_id, answer)
        if isinstance(answer, commands.Building):
            return await self._answerer.build(context, question_id, answer)
        if not isinstance(answer, str):
            return await self._show_parts(context, answer)
        await context.channel.begin(private=context.is_private)
        passed = await context.delivery.say(answer, policy=context.policy)
        return await self._outcomes.finish(context, question_id, passed, None)

    async def _show_parts(
        self, context: MessageContext, answer: commands.Part | commands.Mark | tuple[commands.Part, ...]
    ) -> Reply:
        """Several things in a row, or no more than a mark."""
        told = await show_parts(context.channel, answer)
        await self._outcomes.note(context, Outcome.ANSWERED)
        reply = context.reply(Outcome.ANSWERED, told)
        await context.channel.finish(reply)
        return reply
