"""How the handling of a message ends: what the person is told, what is stored, what goes on record."""

import asyncio
import logging
import secrets
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import replace

from bot.answering.message_state import MessageContext
from bot.core import notices
from bot.core.domain import Brief, Outcome, Reply, Verdict
from bot.core.errors import CommandError
from bot.core.notices import Notice
from bot.personalization.taste import with_grounds
from bot.places.moderation_policy import scope_of
from bot.watching.meters import VERDICTS
from genai.errors import Busy, GenerationError
from genai.moderation import Moderator
from genai.moderation.errors import ModerationError
from genai.moderation.verdict import redact
from genai.prompts import PROMPT_VERSIONS, REWRITING_VERSION
from genai.request import Generator
from storage.errors import ConflictError, ForgottenError, StorageError
from storage.repositories import Repositories
from storage.values.personal import Counts
from storage.values.records import Decision, NewIdea, StoredMessage

log = logging.getLogger("riff.pipeline")
_NOTHING = Counts()


class Outcomes:
    """Every way in which a message's handling can end; each gives the reply, finished in its channel."""

    def __init__(self, repositories: Repositories, moderator: Moderator, generator: Generator) -> None:
        self._repositories = repositories
        self._moderator = moderator
        self._generator = generator
        self._backoff = RefusalBackoff()

    async def finish(
        self, context: MessageContext, passed: bool, brief: Brief | None = None, used: Counts = _NOTHING
    ) -> Reply:
        """What was shown stands and is kept with the ideas in it and what it took; or moderation did not let it."""
        delivery = context.delivery
        context.verdict = delivery.verdict
        if not passed:
            await self._note(context, used)
            for part in delivery.blocked:
                context.verdict = part.verdict
            return await self.end(context, Outcome.WITHHELD, delivery.why_withheld())
        text = delivery.text.strip()
        ideas = await with_grounds(delivery.ideas, self._moderator, context.policy)
        reply = replace(
            context.reply(Outcome.ANSWERED, text, self._generator.info.model),
            ideas=ideas,
            task=brief.task if brief else None,
        )
        kept = await self._without_typed(context, reply)
        try:
            async with self._repositories.together():
                await self._note(context, used)
                answer = await self._keep(context, kept, brief)
        except ConflictError:  # this process was held up for so long that another took the event and answered
            return context.reply(None, "")
        except ForgottenError:  # what was decided stays on record, of nobody
            await self._note(context, used)
            raise
        reply = await self._numbered(reply, answer)
        await context.channel.finish(reply)
        return reply

    async def _note(self, context: MessageContext, used: Counts) -> None:
        """What the answer took, shown or withheld, and what was decided on it and on what was left out of it."""
        if used != _NOTHING:
            await self._repositories.usage.add(context.person_id, context.incoming.place.scopes[-1], used)
        await self.audit(context, "reply", context.delivery.judged)
        for part in context.delivery.blocked:
            await self.audit(context, "reply", part.text, part.verdict)

    async def _keep(self, context: MessageContext, kept: Reply, brief: Brief | None) -> StoredMessage:
        """The answer as it is kept, with its ideas."""
        new = [
            NewIdea(i.position, i.title, i.body, brief.subject, brief.task.value) for i in kept.ideas if brief
        ]
        return await self._repositories.conversations.answer(
            context.question_id,
            kept.text,
            ideas=new,
            model=kept.model,
            latency_ms=kept.latency_ms,
            private=context.is_for_author_only,
            prompt_version=self._prompt_version(context) if brief else None,
        )

    async def _numbered(self, reply: Reply, answer: StoredMessage) -> Reply:
        """The reply with the ids under which it and its ideas are kept."""
        stored = await self._repositories.ideas.of_answer(answer.id) if reply.ideas else ()
        ids = {idea.position: idea.id for idea in stored}
        ideas = tuple(replace(idea, id=ids.get(idea.position)) for idea in reply.ideas)
        return replace(reply, ideas=ideas, message_id=answer.id)

    def _prompt_version(self, context: MessageContext) -> str:
        """What the model was told with, a part that was written anew included."""
        version = PROMPT_VERSIONS[self._generator.info.prompt_style]
        return f"{version} {REWRITING_VERSION}" if context.delivery.blocked else version

    async def _without_typed(self, context: MessageContext, reply: Reply) -> Reply:
        """The reply as it is kept: where prompts are kept redacted, so is what the reply says again of them."""
        if not (context.typed and self._moderator.settings.redact_prompts):
            return reply
        texts = [reply.text, *(part for idea in reply.ideas for part in (idea.title, idea.body))]
        verdicts = await self._moderator.check_many(texts, policy=context.policy)
        # a title that passed in its line may be blocked by itself: redacted it is all the same
        text, *parts = (redact(text, v.redactions) for v, text in zip(verdicts, texts, strict=True))
        ideas = zip(reply.ideas, parts[::2], parts[1::2], strict=True)
        return replace(
            reply,
            text=text,
            ideas=tuple(replace(idea, title=title, body=body) for idea, title, body in ideas),
        )

    async def end(self, context: MessageContext, outcome: Outcome, notice: Notice | None) -> Reply:
        """Tell the person one of Riff's own sentences, or none, and note how the question ended."""
        if notice is not None:
            await context.channel.notice(notice)
        reply = context.reply(outcome, notice.text if notice else "")
        await self.note(context, outcome)
        await context.channel.finish(reply)
        return reply

    async def refuse(self, context: MessageContext, refusal: Notice) -> Reply:
        """Say why, and less and less to somebody who goes on and on."""
        return await self.end(context, Outcome.REFUSED, self._backoff.tell(context.person_id, refusal))

    async def apologise(self, context: MessageContext, error: Exception, *, seconds: float) -> Reply:
        """What went wrong becomes one sentence, where there is still somebody to tell."""
        outcome, notice = explain(error)
        try:
            async with asyncio.timeout(seconds):
                return await self.end(context, outcome, notice)
        except Exception:
            log.exception("the channel is gone: nobody is left to tell")
            return context.reply(outcome, notice.text)

    async def note(self, context: MessageContext, outcome: Outcome) -> None:
        """Keeps how the question ended."""
        if not context.question_id:
            return
        try:
            await self._repositories.conversations.conclude(
                context.question_id, outcome, latency_ms=context.elapsed_ms
            )
        except StorageError as error:
            log.error("outcome not noted: %s", error)

    async def audit(
        self, context: MessageContext, direction: str, text: str | None, verdict: Verdict | None = None
    ) -> None:
        """Puts a verdict on record, that of the context where no other is given."""
        verdict = verdict or context.verdict
        if verdict is not None:
            VERDICTS.labels(direction, verdict.category or "none", verdict.action.value).inc()
            await self._repositories.audit.record(
                decision_from(verdict, direction),
                person_id=context.person_id,
                message_id=context.question_id or None,
                text=text,
                context=context.incoming.text if direction == "reply" else None,
                scope=scope_of(context.incoming.place),
            )


def explain(error: Exception) -> tuple[Outcome, Notice]:
    """How the message ends because of `error`, and what its author is told; the cause goes to the log only."""
    match error:
        case CommandError():
            return Outcome.ANSWERED, Notice(error.say)
        case Busy():
            return Outcome.FAILED, notices.busy(round(error.seconds))
        case ModerationError():
            log.error("nothing is shown, moderation is away: %s", error)
            return Outcome.WITHHELD, notices.WITHHELD
        case GenerationError():
            log.error("generation failed: %s", error)
            return Outcome.FAILED, notices.MODEL_AWAY
        case StorageError():
            log.error("storage failed: %s", error)
            return Outcome.FAILED, notices.STORAGE_AWAY
        case TimeoutError():
            return Outcome.FAILED, notices.TIMED_OUT
        case _other:
            reference = secrets.token_hex(4)
            log.error("unexpected trouble %s", reference, exc_info=error)
            return Outcome.FAILED, notices.failed(reference)


def decision_from(verdict: Verdict, direction: str) -> Decision:
    """The decision on a text going in a `direction`: "prompt" or "reply". What decided, never the text."""
    return Decision(
        direction=direction,
        action=verdict.action.value,
        category=verdict.category,
        score=verdict.score,
        threshold=verdict.threshold,
        classifier=verdict.classifier,
        version=verdict.version,
        stages=tuple(
            {
                "stage": stage.stage,
                "action": stage.action.value,
                "category": stage.category,
                "score": stage.score,
                "threshold": stage.threshold,
                "classifier": stage.classifier,
                "version": stage.version,
            }
            for stage in verdict.stages
        ),
    )


WINDOW_SECONDS = 600.0
FULL, SHORT = 2, 2
_PEOPLE = 10_000


class RefusalBackoff:
    """How refusals sound to somebody who goes on: full at first, then short, then not at all for a while.

    Counts each person's refused prompts; ordinary prompts are answered as ever.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._refused: OrderedDict[int, deque[float]] = OrderedDict()

    def tell(self, person_id: int, refusal: Notice) -> Notice | None:
        """What to say for one more refused prompt; None where the person was told that nothing more follows."""
        times = self._refused.setdefault(person_id, deque(maxlen=FULL + SHORT + 2))
        self._refused.move_to_end(person_id)
        if len(self._refused) > _PEOPLE:
            self._refused.popitem(last=False)
        now = self._clock()
        while times and now - times[0] > WINDOW_SECONDS:
            times.popleft()
        times.append(now)
        if len(times) <= FULL:
            return refusal
        if len(times) <= FULL + SHORT:
            return notices.REFUSED_AGAIN
        return notices.NO_MORE_REFUSALS if len(times) == FULL + SHORT + 1 else None
