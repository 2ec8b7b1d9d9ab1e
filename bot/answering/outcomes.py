"""How the handling of a message ends: what the person is told, what is stored, what goes on record."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace

from bot.answering.context import Journey
from bot.answering.refusal_backoff import Patience
from bot.core import error_messages
from bot.core.audit import decision_from
from bot.core.domain import Brief, Outcome, Reason, Reply
from bot.core.ideas import explained, parse_ideas
from bot.core.notices import Notice
from bot.core.repositories import Memory
from bot.personalization.taste import with_grounds
from bot.places.policy import scope_of
from genai.moderation import Moderator
from genai.request import Generator
from storage.errors import ConflictError, StorageError
from storage.values.common import NewIdea

log = logging.getLogger("riff.pipeline")


class Endings:
    """Every way in which a message's handling can end; each gives the reply, finished in its channel."""

    def __init__(self, memory: Memory, moderator: Moderator, generator: Generator) -> None:
        self._memory = memory
        self._moderator = moderator
        self._generator = generator
        self._patience = Patience()

    async def finish(
        self,
        journey: Journey,
        question_id: int,
        passed: bool,
        brief: Brief | None,
        reasons: Sequence[Reason] = (),
    ) -> Reply:
        delivery = journey.delivery
        journey.verdict = delivery.verdict
        await self.audit(journey, "reply", delivery.judged)
        if not passed:
            return await self.end(journey, Outcome.WITHHELD, delivery.why_withheld())
        text = delivery.text.strip()
        ideas = explained(parse_ideas(text), reasons) if brief else ()
        ideas = await with_grounds(ideas, self._moderator, journey.policy)
        reply = replace(journey.reply(Outcome.ANSWERED, text, self._generator.info.model), ideas=ideas)
        try:
            answer = await self._memory.conversations.answer(
                question_id,
                text,
                ideas=[NewIdea(i.position, i.title, i.body, brief.subject, brief.task.value) for i in ideas]
                if brief
                else [],
                model=reply.model,
                latency_ms=reply.latency_ms,
            )
        except ConflictError:  # this process was held up for so long that another took the event and answered
            return journey.reply(None, "")
        if ideas:
            kept = {idea.position: idea.id for idea in await self._memory.ideas.of_answer(answer.id)}
            reply = replace(reply, ideas=tuple(replace(idea, id=kept.get(idea.position)) for idea in ideas))
        reply = replace(reply, message_id=answer.id)
        await journey.channel.finish(reply)
        return reply

    async def end(self, journey: Journey, outcome: Outcome, notice: Notice) -> Reply:
        """Tell the person one of Riff's own sentences, and note how the question ended."""
        await journey.channel.notice(notice)
        reply = journey.reply(outcome, notice.text)
        await self.note(journey, outcome)
        await journey.channel.finish(reply)
        return reply

    async def refuse(self, journey: Journey, refusal: Notice) -> Reply:
        """Say why, and less and less to somebody who goes on and on."""
        told = self._patience.tell(journey.person_id, refusal)
        if told is not None:
            return await self.end(journey, Outcome.REFUSED, told)
        reply = journey.reply(Outcome.REFUSED, "")
        await self.note(journey, Outcome.REFUSED)
        await journey.channel.finish(reply)
        return reply

    async def apologise(self, journey: Journey, error: Exception, *, seconds: float) -> Reply:
        outcome, notice = error_messages.explain(error)
        try:
            async with asyncio.timeout(seconds):
                return await self.end(journey, outcome, notice)
        except Exception:
            log.exception("the channel is gone: nobody is left to tell")
            return journey.reply(outcome, notice.text)

    async def note(self, journey: Journey, outcome: Outcome) -> None:
        if journey.question_id is None:
            return
        try:
            await self._memory.conversations.conclude(
                journey.question_id, outcome, latency_ms=journey.elapsed_ms
            )
        except StorageError as error:
            log.error("outcome not noted: %s", error)

    async def audit(self, journey: Journey, direction: str, text: str | None) -> None:
        if journey.verdict is not None:
            await self._memory.audit.record(
                decision_from(journey.verdict, direction),
                person_id=journey.person_id,
                message_id=journey.question_id,
                text=text,
                context=journey.incoming.text if direction == "reply" else None,
                scope=scope_of(journey.incoming.place),
            )
