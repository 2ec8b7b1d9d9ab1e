"""The path of one prompt: guard, remember, moderate, personalise, write, moderate and show, remember.

The only way from any adapter to a reply, and the one place where trouble becomes a sentence.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from opentelemetry import trace

from bot.answering.answerer import Answerer
from bot.answering.delivery import Delivery, show_parts
from bot.answering.dispatcher import Dispatcher
from bot.answering.message_state import MessageContext
from bot.answering.outcomes import Outcomes
from bot.config import Settings
from bot.core import commands, notices
from bot.core.channel import Channel
from bot.core.commands.declaration import is_private
from bot.core.domain import Brief, Document, Idea, Incoming, Outcome, Reply
from bot.core.notices import Notice
from bot.core.text_cleaning import check_prompt, clean
from bot.generation.text_generation import TextGenerator
from bot.language import LOCALE, speaking
from bot.personalization.profile import chosen_locale
from bot.places.membership import Memberships
from bot.places.moderation_policy import Policies
from bot.places.quotas import MessageRate
from bot.watching import meters
from genai.errors import Busy
from genai.moderation import Moderator
from genai.request import Generator
from storage.repositories import Repositories
from storage.values.records import StoredMessage

log = logging.getLogger("riff.pipeline")
_TRACER = trace.get_tracer("riff")

_UNFINISHED = frozenset({Outcome.PENDING, Outcome.CANCELLED})
_SECONDS_PER_PROMPT = 2.0


class ThreadLocks:
    """One answer at a time in each thread, in the order of arrival, and a bound on how many are worked on at once."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._waiting = 0
        self._locks: dict[int, tuple[asyncio.Lock, int]] = {}

    @asynccontextmanager
    async def of(self, conversation_id: int) -> AsyncIterator[None]:
        """A turn in the conversation; raises Busy at once when too many prompts are under way."""
        if self._waiting >= self._most:
            raise Busy(seconds=self._waiting * _SECONDS_PER_PROMPT)
        self._waiting += 1
        lock, users = self._locks.get(conversation_id, (asyncio.Lock(), 0))
        self._locks[conversation_id] = (lock, users + 1)
        try:
            async with lock:
                yield
        finally:
            self._waiting -= 1
            lock, users = self._locks.pop(conversation_id)
            if users > 1:
                self._locks[conversation_id] = (lock, users - 1)


class Pipeline:
    """Answers incoming messages: many at once, one at a time in each thread."""

    def __init__(
        self,
        settings: Settings,
        generator: Generator,
        moderator: Moderator,
        repositories: Repositories,
        memberships: Memberships,
    ) -> None:
        self._settings = settings
        self._moderator = moderator
        self._repositories = repositories
        self._turns = ThreadLocks(settings.limits.concurrent_prompts)
        self._rate = MessageRate(settings.limits.messages_per_minute)
        self._policies = Policies(settings.moderation, repositories.scopes)
        self._outcomes = Outcomes(repositories, moderator, generator)
        texts = TextGenerator(generator, settings.generator)
        self._dispatcher = Dispatcher(settings, repositories, moderator, texts, memberships)
        self._answerer = Answerer(settings, texts, repositories, moderator, self._outcomes, memberships)

    async def handle(self, incoming: Incoming, channel: Channel, *, resume: bool = False) -> Reply:
        """Take one message from arrival to a reply that is shown and stored.

        An event that was handled before is not answered again, unless `resume` says that its earlier handling
        may have died: then it goes on from what is stored, and `channel` from what it had shown. Trouble
        becomes one sentence in the channel; only CancelledError is raised, the outcome noted.
        """
        context = MessageContext(incoming, channel, Delivery(channel, self._moderator))
        with (
            speaking(incoming.locale),
            _TRACER.start_as_current_span("answer", record_exception=False, set_status_on_exception=False),
        ):
            try:
                async with asyncio.timeout(self._settings.limits.reply_timeout_seconds):
                    reply = await self._receive(context, resume)
            except asyncio.CancelledError:
                await asyncio.shield(self._outcomes.note(context, Outcome.CANCELLED))
                raise
            except Exception as error:  # the one error boundary
                reply = await self._outcomes.apologise(
                    context, error, seconds=self._settings.limits.reply_timeout_seconds
                )
        _count(incoming.author.platform, reply)
        log.info(
            "done platform=%s outcome=%s first_text_ms=%s total_ms=%d",
            incoming.author.platform,
            reply.outcome,
            reply.first_text_ms,
            reply.latency_ms,
        )
        return reply

    async def _receive(self, context: MessageContext, resume: bool) -> Reply:
        incoming, conversations = context.incoming, self._repositories.conversations
        text = clean(incoming.text)
        await self._meet(context)
        if not resume and (over := self._rate.take(context.person_id)):
            return await self._outcomes.end(context, Outcome.REFUSED, over.notice)
        limits = self._settings.limits
        refusal = check_prompt(text, limits.prompt_characters, limits.word_characters)
        if not refusal:
            await self._dispatcher.resolve(context, text)
        question = await conversations.remember(
            context.person_id,
            incoming.place,
            "" if refusal else text,
            event_id=incoming.event_id,
            command=context.command,
            verb=context.verb,
        )
        if question is None:  # the platform delivered it twice
            found = await conversations.find(incoming.author.platform, incoming.event_id)
            if not resume or found is None:
                return context.reply(None, "")
            question, answer = found
            if question.outcome not in _UNFINISHED:
                return await self._show_again(context, question, answer)
        context.remembered(question)
        if refusal:
            return await self._outcomes.end(context, Outcome.REFUSED, refusal)
        async with self._turns.of(question.conversation_id):
            with _TRACER.start_as_current_span(
                "judge the prompt", record_exception=False, set_status_on_exception=False
            ):
                refusal = await self._judge_prompt(context, text)
            if refusal:
                return await self._outcomes.refuse(context, refusal)
            with _TRACER.start_as_current_span(
                "respond", record_exception=False, set_status_on_exception=False
            ):
                return await self._respond(context, text)

    async def _meet(self, context: MessageContext) -> None:
        """Who it is, and in which language they are spoken to from here on."""
        incoming, people = context.incoming, self._repositories.people
        if known := await people.known(incoming.author):
            context.person_id, context.profile = known
        else:
            context.person_id = await people.find_or_create(incoming.author)
        LOCALE.set(chosen_locale(context.profile, incoming.locale) or LOCALE.get())

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
            return await self._outcomes.finish(context, passed=False)
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
        context.typed = frozenset(text[part.start : part.end] for part in verdict.redactions)
        await self._outcomes.audit(context, "prompt", text)
        kept = verdict.redacted_text if self._settings.moderation.redact_prompts or verdict.blocked else text
        if kept != text:
            await self._repositories.conversations.rewrite(context.question_id, kept)
        return notices.refused(verdict.category) if verdict.blocked else None

    async def _respond(self, context: MessageContext, text: str) -> Reply:
        answer = await self._dispatcher.answer(context, text)
        match answer:
            case Brief() | commands.Building():
                return await self._answerer.answer(context, answer)
            case str():
                await context.channel.begin(private=context.is_private)
                passed = await context.delivery.say(answer, policy=context.policy)
                return await self._outcomes.finish(context, passed)
            case Document():
                await context.channel.document(answer)
                return await self._outcomes.end(context, Outcome.ANSWERED, notices.DOCUMENT)
            case Notice():
                return await self._outcomes.end(context, Outcome.ANSWERED, answer)
        told = await show_parts(context.channel, answer)
        await self._outcomes.note(context, Outcome.ANSWERED)
        reply = context.reply(Outcome.ANSWERED, told)
        await context.channel.finish(reply)
        return reply


def _count(platform: str, reply: Reply) -> None:
    """How it ended, and how long that took; what was delivered twice is not counted."""
    if reply.outcome is None:
        return
    meters.ANSWERS.labels(platform, reply.outcome.value).inc()
    meters.ANSWERED.labels(platform).observe(reply.latency_ms / 1000)
    if reply.first_text_ms is not None:
        meters.FIRST_TEXT.labels(platform).observe(reply.first_text_ms / 1000)
