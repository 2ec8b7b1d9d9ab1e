"""The path of one prompt: guard, remember, moderate, personalise, write, moderate and show, remember.

The only way from any adapter to a reply, and the one place where trouble becomes a sentence.
"""

import asyncio
import logging
from dataclasses import replace

from bot.answering.answerer import Creator
from bot.answering.context import Journey
from bot.answering.dispatcher import Understanding
from bot.answering.outcomes import Endings
from bot.answering.personalizer import Personal
from bot.answering.thread_locks import Turns
from bot.config import Settings
from bot.core import commands, notices
from bot.core.channel import Channel
from bot.core.domain import Brief, Document, Idea, Incoming, Outcome, Reply
from bot.core.history import is_private
from bot.core.input_guard import check_prompt, clean
from bot.core.locales import chosen_locale
from bot.core.notices import Notice
from bot.core.repositories import Memory
from bot.delivery import Delivery
from bot.language import LOCALE, speaking
from bot.places.policy import Policies
from bot.session.parts import show_parts
from genai.moderation import Moderator
from genai.request import Generator
from storage.values.common import StoredMessage

log = logging.getLogger("riff.pipeline")

_UNFINISHED = frozenset({Outcome.PENDING, Outcome.CANCELLED})


class Pipeline:
    """Answers incoming messages: many at once, one at a time in each thread."""

    def __init__(
        self, settings: Settings, generator: Generator, moderator: Moderator, memory: Memory
    ) -> None:
        self._settings = settings
        self._moderator = moderator
        self._memory = memory
        self._turns = Turns(settings.limits.concurrent_prompts)
        self._policies = Policies(settings.moderation, memory.scopes)
        self._personal = Personal(settings, memory, moderator)
        self._endings = Endings(memory, moderator, generator)
        self._creator = Creator(settings, generator, memory, self._personal, self._endings)
        self._understanding = Understanding(settings, memory, moderator, self._creator.write)

    async def handle(self, incoming: Incoming, channel: Channel, *, resume: bool = False) -> Reply:
        """Take one message from arrival to a reply that is shown and stored.

        An event that was handled before is not answered again, unless `resume` says that its earlier handling
        may have died: then it goes on from what is stored, and `channel` from what it had shown. Trouble
        becomes one sentence in the channel; only CancelledError is raised, the outcome noted.
        """
        with speaking(incoming.locale):
            return await self._handle(Journey(incoming, channel, Delivery(channel, self._moderator)), resume)

    async def _handle(self, journey: Journey, resume: bool) -> Reply:
        try:
            async with asyncio.timeout(self._settings.limits.reply_seconds):
                reply = await self._receive(journey, resume)
        except asyncio.CancelledError:
            await asyncio.shield(self._endings.note(journey, Outcome.CANCELLED))
            raise
        except Exception as error:  # the one error boundary
            reply = await self._endings.apologise(journey, error, seconds=self._settings.limits.reply_seconds)
        log.info(
            "done platform=%s outcome=%s first_text_ms=%s total_ms=%d",
            journey.incoming.author.platform,
            reply.outcome,
            reply.first_text_ms,
            reply.latency_ms,
        )
        return reply

    async def _receive(self, journey: Journey, resume: bool) -> Reply:
        incoming = journey.incoming
        text = clean(incoming.text)
        await self._meet(journey)
        refusal = check_prompt(text, self._settings.limits.prompt_characters)
        question = await self._memory.conversations.remember(
            journey.person_id, incoming.place, "" if refusal else text, event_id=incoming.event_id
        )
        if question is None:  # the platform delivered it twice
            found = await self._memory.conversations.find(incoming.author.platform, incoming.event_id)
            if not resume or found is None:
                return journey.reply(None, "")
            question, answer = found
            if question.outcome not in _UNFINISHED:
                return await self._show_again(journey, question, answer)
        journey.remembered(question)
        if refusal:
            return await self._endings.end(journey, Outcome.REFUSED, refusal)
        async with self._turns.of(question.conversation_id):
            if refusal := await self._judge_prompt(journey, text):
                return await self._endings.refuse(journey, refusal)
            return await self._respond(journey, question.id, text)

    async def _meet(self, journey: Journey) -> None:
        """Who it is, and in which language they are spoken to from here on."""
        incoming = journey.incoming
        journey.person_id = await self._memory.people.find_or_create(incoming.author)
        profile = await self._memory.people.profile(journey.person_id)
        LOCALE.set(chosen_locale(profile, incoming.locale) or LOCALE.get())

    async def _show_again(
        self, journey: Journey, question: StoredMessage, answer: StoredMessage | None
    ) -> Reply:
        """The answer as it is stored: how much of it had been shown is the channel's to know."""
        outcome = question.outcome
        if answer is None:  # a notice, which is told before the outcome is noted
            return journey.reply(outcome, "")
        await journey.channel.begin(private=is_private(question.content))
        journey.policy = await self._policies.of(journey.incoming.place)
        if not await journey.delivery.say(answer.content, policy=journey.policy):
            journey.verdict = journey.delivery.verdict
            await self._endings.audit(journey, "reply", journey.delivery.judged)
            return await self._endings.end(journey, Outcome.WITHHELD, journey.delivery.why_withheld())
        journey.verdict = journey.delivery.verdict
        stored = await self._memory.ideas.of_answer(answer.id)
        ideas = tuple(Idea(idea.position, idea.title, idea.body, idea.id) for idea in stored)
        reply = replace(
            journey.reply(outcome, answer.content, question.model or ""), ideas=ideas, message_id=answer.id
        )
        await journey.channel.finish(reply)
        return reply

    async def _judge_prompt(self, journey: Journey, text: str) -> Notice | None:
        """Moderate the prompt; of a blocked one nothing is kept, of others what the settings say."""
        journey.policy = await self._policies.of(journey.incoming.place)
        verdict = journey.verdict = await self._moderator.check(text, policy=journey.policy)
        await self._endings.audit(journey, "prompt", text)
        kept = verdict.redacted_text if self._settings.moderation.redact_prompts or verdict.blocked else text
        if journey.question_id is not None and kept != text:
            await self._memory.conversations.rewrite(journey.question_id, kept)
        return notices.refused(verdict.category) if verdict.blocked else None

    async def _respond(self, journey: Journey, question_id: int, text: str) -> Reply:
        answer = await self._understanding.understand(journey, text)
        if isinstance(answer, Document):
            await journey.channel.document(answer)
            return await self._endings.end(journey, Outcome.ANSWERED, notices.DOCUMENT)
        if isinstance(answer, Notice):
            return await self._endings.end(journey, Outcome.ANSWERED, answer)
        if isinstance(answer, Brief | commands.Building):
            refusal = await self._personal.refusal(journey, question_id)
            if refusal is not None:
                return await self._endings.end(journey, Outcome.REFUSED, refusal)
        if isinstance(answer, Brief):
            await journey.channel.begin(private=False)
            return await self._creator.create(journey, question_id, answer)
        if isinstance(answer, commands.Building):
            return await self._creator.build(journey, question_id, answer)
        if not isinstance(answer, str):
            return await self._show_parts(journey, answer)
        await journey.channel.begin(private=is_private(text))
        passed = await journey.delivery.say(answer, policy=journey.policy)
        return await self._endings.finish(journey, question_id, passed, None)

    async def _show_parts(
        self, journey: Journey, answer: commands.Part | commands.Mark | tuple[commands.Part, ...]
    ) -> Reply:
        """Several things in a row, or no more than a mark."""
        told = await show_parts(journey.channel, answer)
        await self._endings.note(journey, Outcome.ANSWERED)
        reply = journey.reply(Outcome.ANSWERED, told)
        await journey.channel.finish(reply)
        return reply
