"""How the handling of a message ends: what the person is told, what is stored, what goes on record."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace

from bot.answering.context import MessageContext
from bot.answering.refusal_backoff import RefusalBackoff
from bot.core import error_messages
from bot.core.audit import decision_from
from bot.core.domain import Brief, Outcome, Reason, Reply
from bot.core.ideas import explained, parse_ideas
from bot.core.notices import Notice
from bot.core.repositories import Repositories
from bot.personalization.taste import with_grounds
from bot.places.policy import scope_of
from genai.moderation import Moderator
from genai.request import Generator
from storage.errors import ConflictError, StorageError
from storage.values.common import NewIdea

log = logging.getLogger("riff.pipeline")


class Outcomes:
    """Every way in which a message's handling can end; each gives the reply, finished in its channel."""

    def __init__(self, repositories: Repositories, moderator: Moderator, generator: Generator) -> None:
        self._repositories = repositories
        self._moderator = moderator
        self._generator = generator
        self._backoff = RefusalBackoff()

    async def finish(
        self,
        context: MessageContext,
        question_id: int,
        passed: bool,
        brief: Brief | None,
        reasons: Sequence[Reason] = (),
    ) -> Reply:
        delivery = context.delivery
        context.verdict = delivery.verdict
        await self.audit(context, "reply", delivery.judged)
        if not passed:
            return await self.end(context, Outcome.WITHHELD, delivery.why_withheld())
        text = delivery.text.strip()
        ideas = explained(parse_ideas(text), reasons) if brief else ()
        ideas = await with_grounds(ideas, self._moderator, context.policy)
        reply = replace(context.reply(Outcome.ANSWERED, text, self._generator.info.model), ideas=ideas)
        try:
            answer = await self._repositories.conversations.answer(
                question_id,
                text,
                ideas=[NewIdea(i.position, i.title, i.body, brief.subject, brief.task.value) for i in ideas]
                if brief
                else [],
                model=reply.model,
                latency_ms=reply.latency_ms,
            )
        except ConflictError:  # this process was held up for so long that another took the event and answered
            return context.reply(None, "")
        if ideas:
            kept = {idea.position: idea.id for idea in await self._repositories.ideas.of_answer(answer.id)}
            reply = replace(reply, ideas=tuple(replace(idea, id=kept.get(idea.position)) for idea in ideas))
        reply = replace(reply, message_id=answer.id)
        await context.channel.finish(reply)
        return reply

    async def end(self, context: MessageContext, outcome: Outcome, notice: Notice) -> Reply:
        """Tell the person one of Riff's own sentences, and note how the question ended."""
        await context.channel.notice(notice)
        reply = context.reply(outcome, notice.text)
        await self.note(context, outcome)
        await context.channel.finish(reply)
        return reply

    async def refuse(self, context: MessageContext, refusal: Notice) -> Reply:
        """Say why, and less and less to somebody who goes on and on."""
        return await self.turn_away(context, self._backoff.tell(context.person_id, refusal))

    async def turn_away(self, context: MessageContext, notice: Notice | None) -> Reply:
        """Do not work on the message; None where the person has been told why already."""
        if notice is not None:
            return await self.end(context, Outcome.REFUSED, notice)
        reply = context.reply(Outcome.REFUSED, "")
        await self.note(context, Outcome.REFUSED)
        await context.channel.finish(reply)
        return reply

    async def apologise(self, context: MessageContext, error: Exception, *, seconds: float) -> Reply:
        outcome, notice = error_messages.explain(error)
        try:
            async with asyncio.timeout(seconds):
                return await self.end(context, outcome, notice)
        except Exception:
            log.exception("the channel is gone: nobody is left to tell")
            return context.reply(outcome, notice.text)

    async def note(self, context: MessageContext, outcome: Outcome) -> None:
        if context.question_id is None:
            return
        try:
            await self._repositories.conversations.conclude(
                context.question_id, outcome, latency_ms=context.elapsed_ms
            )
        except StorageError as error:
            log.error("outcome not noted: %s", error)

    async def audit(self, context: MessageContext, direction: str, text: str | None) -> None:
        if context.verdict is not None:
            await self._repositories.audit.record(
                decision_from(context.verdict, direction),
                person_id=context.person_id,
                message_id=context.question_id,
                text=text,
                context=context.incoming.text if direction == "reply" else None,
                scope=scope_of(context.incoming.place),
            )
