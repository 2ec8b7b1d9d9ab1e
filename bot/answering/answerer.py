"""Answers a creative brief: fitted to its person, written, moderated and shown piece by piece."""

from contextlib import aclosing
from functools import partial

from bot.answering.context import MessageContext
from bot.answering.outcomes import Outcomes
from bot.answering.personalizer import Personalizer
from bot.config import Settings
from bot.core import commands
from bot.core.domain import Brief, Idea, Outcome, Reply, Task
from bot.core.ideas import comparable
from bot.core.repositories import Repositories
from bot.generation.reply_language import ReplyLanguage
from bot.generation.reranking import Choosing
from bot.generation.text_generation import TextGenerator
from bot.personalization.profile import as_history, in_chain, own_facts, personalise, voice_in
from bot.session.combining import put_on_board
from genai.prompts import LIST_TASKS, instructions
from genai.request import Generator
from genai.taste import Taste
from storage.values.common import StoredMessage

_BRANCHES = 10
"""So many times the history is looked through for what belongs to a branch of it."""


class Answerer:
    """Writes what was asked for, in the words of the model."""

    def __init__(
        self,
        settings: Settings,
        generator: Generator,
        repositories: Repositories,
        personal: Personalizer,
        outcomes: Outcomes,
    ) -> None:
        self._settings = settings
        self._generator = generator
        self._repositories = repositories
        self._personal = personal
        self._outcomes = outcomes
        self._reply_language = ReplyLanguage(settings.generator)

    async def build(self, context: MessageContext, question_id: int, asked: commands.Building) -> Reply:
        """An idea made of others on a board, which it joins."""
        await context.channel.begin(private=False)
        reply = await self.create(context, question_id, asked.brief)
        if reply.outcome is Outcome.ANSWERED:
            await context.channel.notice(
                await put_on_board(self._repositories, asked, reply, context.incoming)
            )
        return reply

    async def write(self, context: MessageContext, brief: Brief) -> str:
        """One text of the model, not moderated, for a command that makes something of it."""
        writer = TextGenerator(
            self._generator,
            self._settings.generator.default_sampling(),
            person=str(context.person_id),
            history=(),
            seconds=self._settings.generator.deadline_seconds,
        )
        async with aclosing(writer.write(brief)) as deltas:
            return "".join([delta async for delta in deltas])

    async def _earlier(self, context: MessageContext, question_id: int) -> tuple[StoredMessage, ...]:
        """What was said before in the thread, or in the branch of it that the message goes on with."""
        turns, chain = self._settings.limits.history_turns, context.incoming.chain
        if chain is None:
            return await self._repositories.conversations.history(question_id, turns) if turns else ()
        found = (
            await self._repositories.conversations.history(question_id, _BRANCHES * turns) if chain else ()
        )
        return in_chain(found, chain, turns)

    async def create(self, context: MessageContext, question_id: int, asked: Brief) -> Reply:
        """The answer to a brief, shown as it passes moderation and kept."""
        profile = await self._repositories.people.profile(context.person_id)
        voice = await voice_in(self._repositories.channels, context.incoming.place)
        wished = personalise(asked, profile, voice, is_private=context.incoming.place.direct)
        earlier = await self._earlier(context, question_id) if _is_talk(wished) else ()
        window = earlier if context.incoming.chain is None else None
        brief, taste, grounds = await self._personal.fit(
            context, self._reply_language.fit(wished), profile, window
        )
        writer = TextGenerator(
            self._generator,
            self._settings.generator.default_sampling(),
            person=str(context.person_id),
            history=as_history(earlier),
            seconds=self._settings.generator.deadline_seconds,
            choosing=await self._choosing(context, brief, taste),
        )
        facts = own_facts(profile) if context.incoming.place.direct else frozenset[str]()
        async with aclosing(writer.write(brief)) as deltas:
            passed = await context.delivery.stream(
                deltas,
                allowed_personal=facts,
                policy=context.policy,
                confidential=(instructions(brief),),
            )
        await self._personal.note_use(context, writer.tokens)
        if passed and not context.delivery.text.strip():
            return await self._outcomes.end(context, Outcome.FAILED, writer.why_empty())
        reply = await self._outcomes.finish(context, question_id, passed, brief, writer.reasons)
        foreign = self._reply_language.remark(wished, context.person_id) if passed else None
        why = self._personal.remark(grounds, reply.ideas)
        for notice in (*writer.remarks(), foreign, why) if passed else ():
            if notice is not None:
                await context.channel.notice(notice)
        if passed:
            await self._personal.afterwards(context, brief, profile, partial(self.write, context))
        return reply

    async def _choosing(self, context: MessageContext, brief: Brief, taste: Taste | None) -> Choosing:
        """What the channel was shown lately, and what the person likes, where that matters."""
        settings, place = self._settings.quality, context.incoming.place
        if brief.task not in LIST_TASKS:
            return Choosing(settings)
        ideas = await self._repositories.ideas.recent_in_channel(place, settings.remembered)
        seen = tuple(comparable(Idea(0, idea.title, idea.body), brief.subject) for idea in ideas)
        return Choosing(settings, seen, taste, self._settings.generator.seed)


def _is_talk(brief: Brief) -> bool:
    """Whether what was said before matters: not for a template, whose prompt says all."""
    return brief.task is Task.CHAT and not brief.layout
