"""Answers a creative brief: fitted to its person, written, moderated, shown piece by piece and kept."""

import asyncio
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bot.answering.message_state import MessageContext
from bot.answering.outcomes import Outcomes
from bot.config import Settings
from bot.core import notices
from bot.core.buttons import go_on_panel
from bot.core.commands.call import Building
from bot.core.domain import Brief, Idea, Outcome, Reply, Task
from bot.core.ideas import comparable
from bot.core.notices import Notice
from bot.generation.different_people import DifferentPeople
from bot.generation.reranking import Choosing
from bot.generation.text_generation import ReplyLanguage, TextGeneration, TextGenerator
from bot.language import N_, _
from bot.personalization.preference_prompts import ask_once, wishes_in
from bot.personalization.profile import as_history, in_chain, own_facts, personalise, voice_in
from bot.personalization.recall import Here, Recall
from bot.personalization.recommending import Evidence, grounds
from bot.personalization.taste import Tastes
from bot.places.membership import Memberships
from bot.places.quotas import Quotas
from bot.session.combining import put_on_board
from genai.errors import GenerationError, ThoughtsShown
from genai.moderation import Moderator
from genai.moderation.errors import ModerationError
from genai.prompts import LIST_TASKS
from storage.errors import StorageError
from storage.repositories import Repositories
from storage.values.personal import Counts
from storage.values.records import StoredMessage

log = logging.getLogger("riff.personal")

_BRANCHES = 10
"""So many times the history is looked through for what belongs to a branch of it."""
_AFTERWARDS_SECONDS = 20.0
_UNKNOWN = N_(
    "I don't know your taste yet: press Like or Not for me under ideas, save some, or tell me your interests with"
    " /profile set interests chess, jazz. Then I can say why something fits you."
)


@dataclass(frozen=True, slots=True)
class Fitted:
    """A brief fitted to its person and place: what was `wished`, the `brief` that the model is given, what was
    said before, how ideas are chosen, and what a recommendation goes by."""

    wished: Brief
    brief: Brief
    earlier: tuple[StoredMessage, ...] = ()
    choosing: Choosing | None = None
    evidence: Evidence | None = None


class Answerer:
    """Writes what was asked for, in the words of the model. Shared by all prompts; remembers only fitted tastes."""

    def __init__(
        self,
        settings: Settings,
        texts: TextGenerator,
        repositories: Repositories,
        moderator: Moderator,
        outcomes: Outcomes,
        memberships: Memberships,
    ) -> None:
        self._settings = settings
        self._texts = texts
        self._repositories = repositories
        self._outcomes = outcomes
        self._memberships = memberships
        self._reply_language = ReplyLanguage(settings.generator)
        self._tastes = Tastes(repositories.opinions, memberships, settings.reranking)
        self._recall = Recall(repositories, moderator, settings.limits.history_turns)
        self._people = DifferentPeople(repositories, settings.reranking, settings.generator.seed)
        self._quotas = Quotas(repositories.usage, repositories.scopes, settings.limits)

    async def answer(self, context: MessageContext, asked: Brief | Building) -> Reply:
        """The answer to a brief, if the person may ask for one more; one made of a board's ideas joins it."""
        place = context.incoming.place
        if refusal := await self._quotas.refusal(context.person_id, context.question_id, place):
            return await self._outcomes.end(context, Outcome.REFUSED, refusal)
        await context.channel.begin(private=False)
        if isinstance(asked, Brief):
            return await self._write(context, asked)
        reply = await self._write(context, asked.brief)
        if reply.outcome is Outcome.ANSWERED:
            told = await put_on_board(self._repositories, asked, reply, context.incoming)
            await context.channel.notice(told)
        return reply

    async def _write(self, context: MessageContext, asked: Brief) -> Reply:
        """Shown as it passes moderation, and kept."""
        fitted = await self._fit(context, asked)
        text = self._texts.begin(
            str(context.person_id),
            history=as_history(fitted.earlier),
            choosing=fitted.choosing or Choosing(self._settings.reranking),
        )
        try:
            passed = await self._shown(context, text, fitted)
        except ThoughtsShown:
            context.delivery = await context.delivery.started_over()
            passed = await self._shown(context, text, fitted)
        used = _used(context, text.tokens)
        if passed and not context.delivery.text.strip():
            await self._quotas.note(context.person_id, context.incoming.place, used)
            return await self._outcomes.end(context, Outcome.FAILED, text.why_empty())
        reply = await self._outcomes.finish(context, passed, fitted.brief, used)
        if passed:
            foreign = self._reply_language.remark(fitted.wished, context.person_id)
            missing, parts = context.delivery.missing, context.delivery.missing_parts
            left_out = notices.left_out(missing, parts) if missing or parts else []
            for notice in (*text.remarks(), *left_out, foreign, _remark(fitted.evidence, reply.ideas)):
                if notice is not None:
                    await context.channel.notice(notice)
            if (cut := text.cut()) and reply.message_id is not None:
                await context.channel.panel(go_on_panel(cut, reply.message_id))
            await self._afterwards(context, fitted.brief)
        return reply

    async def _shown(self, context: MessageContext, text: TextGeneration, fitted: Fitted) -> bool:
        """Writes the text and shows it as it passes moderation; whether it did."""
        return await context.delivery.stream(
            text.write(fitted.brief),
            allowed_personal=known_to_asker(context, fitted.earlier),
            policy=context.policy,
            confidential=self._texts.confidential(fitted.brief),
            rewriter=text,
        )

    async def _fit(self, context: MessageContext, asked: Brief) -> Fitted:
        """What was asked for, with what is known of the person, the place and the thread."""
        place = context.incoming.place
        voice = await voice_in(self._repositories.channels, place)
        wished = personalise(asked, context.profile, voice, is_private=place.direct)
        brief = self._reply_language.fit(wished)
        if _is_talk(brief):
            earlier = await self._earlier(context)
            if context.incoming.chain is None:
                brief = await self._recall.remind(brief, _here(context), earlier)
            return Fitted(wished, brief, earlier)
        if brief.task not in LIST_TASKS:
            return Fitted(wished, brief)
        evidence = None
        if brief.task is Task.RECOMMEND:
            evidence = await self._evidence(context)
            brief = replace(brief, notes=(*brief.notes, *evidence.notes))
        return Fitted(wished, brief, (), await self._choosing(context, brief, evidence), evidence)

    async def _evidence(self, context: MessageContext) -> Evidence:
        asker, incoming = context.person_id, context.incoming
        place, author = incoming.place, incoming.author
        return await grounds(self._repositories, self._memberships, asker, author, place, context.profile)

    async def _earlier(self, context: MessageContext) -> tuple[StoredMessage, ...]:
        """What was said before in the thread, or in the branch of it that the message goes on with."""
        turns, chain = self._settings.limits.history_turns, context.incoming.chain
        if not turns or (chain is not None and not chain):
            return ()
        looked_at = turns if chain is None else _BRANCHES * turns
        found = await self._repositories.conversations.history(
            context.question_id, looked_at, private=context.is_for_author_only
        )
        return found if chain is None else in_chain(found, chain, turns)

    async def _choosing(self, context: MessageContext, brief: Brief, evidence: Evidence | None) -> Choosing:
        """What the channel was shown lately, what the person likes, and what others were given."""
        settings, place = self._settings.reranking, context.incoming.place
        further = evidence.opinions if evidence else ()
        taste = await self._tastes.of(context.person_id, context.incoming.author, place, further)
        ideas = await self._repositories.ideas.recent_in_channel(place, settings.novelty_window)
        seen = tuple(comparable(Idea(0, idea.title, idea.body), brief.subject) for idea in ideas)
        apart = await self._people.apart(context.person_id, place, brief)
        return Choosing(settings, seen, taste, self._settings.generator.seed, apart)

    async def _afterwards(self, context: MessageContext, brief: Brief) -> None:
        """Asks whether to remember a wish, and shortens a long thread; trouble is logged, for the answer stands."""
        try:
            async with asyncio.timeout(_AFTERWARDS_SECONDS):
                await ask_once(
                    self._repositories,
                    context.channel,
                    person_id=context.person_id,
                    place=context.incoming.place,
                    profile=context.profile,
                    wishes=wishes_in(context.incoming.text, context.invocation),
                )
                if _is_talk(brief):
                    await self._recall.shorten(_here(context), self._texts)
        except (StorageError, ModerationError, GenerationError, TimeoutError) as error:
            log.warning("nothing was asked or summarised after an answer: %s", type(error).__name__)


def known_to_asker(context: MessageContext, earlier: Iterable[StoredMessage]) -> frozenset[str]:
    """What needs no redaction for whoever asked: what they typed in this thread and, in private, told of themselves.

    What came by a form or a native command was not seen by the others in a channel, so it counts in private only.
    """
    is_private = context.incoming.place.direct or context.is_for_author_only
    told = own_facts(context.profile) if context.incoming.place.direct else frozenset()
    typed = context.typed if is_private or context.incoming.request is None else frozenset()
    before = (
        message.content
        for message in earlier
        if message.role == "user" and message.person_id == context.person_id
    )
    return told | typed | frozenset(before)


def _used(context: MessageContext, tokens: int) -> Counts:
    """What the answer took, shown or withheld."""
    delivery = context.delivery
    return Counts(ideas=len(delivery.ideas), characters=len(delivery.text), tokens=tokens)


def _is_talk(brief: Brief) -> bool:
    """Whether what was said before matters: not for a template, whose prompt says all."""
    return brief.task is Task.CHAT and not brief.layout


def _remark(evidence: Evidence | None, ideas: Sequence[Idea]) -> Notice | None:
    """Why it was recommended, where no single idea says so."""
    if evidence is None or any(idea.because for idea in ideas):
        return None
    if not evidence.named():
        return Notice(_(_UNKNOWN))
    return Notice(
        _(
            "I went by {grounds}; none of these is very close to it. Like and Not for me teach me more.",
            grounds=", ".join(evidence.named()),
        )
    )


def _here(context: MessageContext) -> Here:
    return Here(
        context.person_id,
        context.conversation_id,
        context.question_id,
        context.incoming.place,
        context.policy,
        context.is_for_author_only,
    )
