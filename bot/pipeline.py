"""The path of one prompt: guard, remember, moderate, personalise, write, moderate and show, remember.

The only way from any adapter to a reply, and the one place where trouble becomes a sentence.
"""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from contextlib import aclosing
from dataclasses import replace
from functools import partial
from types import MappingProxyType

from bot import commands, notices, trouble
from bot.applications.using import template_brief
from bot.audit import decision_from
from bot.channel import Channel
from bot.config import Settings
from bot.delivery import Delivery
from bot.domain import Brief, Document, Idea, Incoming, Outcome, Reason, Reply, Task
from bot.errors import CommandError
from bot.guard import check_prompt, clean
from bot.history import is_private
from bot.ideas import comparable, explained, parse_ideas
from bot.journey import Journey
from bot.language import LOCALE, _, speaking
from bot.locales import chosen_locale
from bot.memory import Memory
from bot.notices import Notice
from bot.patience import Patience
from bot.personal import Personal
from bot.personalise import as_history, in_chain, own_facts, personalise, voice_in
from bot.policy import Policies, scope_of
from bot.quality import Choosing
from bot.reply_language import ReplyLanguage
from bot.session.building import put_on_board
from bot.session.capture import Capture
from bot.session.hearing import hear
from bot.session.parts import show_parts
from bot.taste import with_grounds
from bot.turns import Turns
from bot.writer import Writer
from genai.generator import Generator
from genai.moderation import Moderator
from genai.prompts import LIST_TASKS, instructions
from genai.taste import Taste
from storage.errors import ConflictError, StorageError
from storage.values import NewIdea, StoredMessage

log = logging.getLogger("riff.pipeline")

_BRANCHES = 10
"""So many times the history is looked through for what belongs to a branch of it."""
_UNFINISHED = frozenset({Outcome.PENDING, Outcome.CANCELLED})


class Pipeline:
    """Answers incoming messages: many at once, one at a time in each thread."""

    def __init__(
        self, settings: Settings, generator: Generator, moderator: Moderator, memory: Memory
    ) -> None:
        self._settings = settings
        self._generator = generator
        self._moderator = moderator
        self._memory = memory
        self._turns = Turns(settings.limits.concurrent_prompts)
        self._policies = Policies(settings.moderation, memory.scopes)
        self._patience = Patience()
        self._personal = Personal(settings, memory, moderator)
        self._capture = Capture(memory.boards, settings.quality, settings.session.ideas)
        self._reply_language = ReplyLanguage(settings.generator)

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
            await asyncio.shield(self._note(journey, Outcome.CANCELLED))
            raise
        except Exception as error:  # the one error boundary
            reply = await self._apologise(journey, error)
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
            return await self._end(journey, Outcome.REFUSED, refusal)
        async with self._turns.of(question.conversation_id):
            if refusal := await self._judge_prompt(journey, text):
                return await self._refuse(journey, refusal)
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
            await self._audit(journey, "reply", journey.delivery.judged)
            return await self._end(journey, Outcome.WITHHELD, journey.delivery.why_withheld())
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
        await self._audit(journey, "prompt", text)
        kept = verdict.redacted_text if self._settings.moderation.redact_prompts or verdict.blocked else text
        if journey.question_id is not None and kept != text:
            await self._memory.conversations.rewrite(journey.question_id, kept)
        return notices.refused(verdict.category) if verdict.blocked else None

    async def _respond(self, journey: Journey, question_id: int, text: str) -> Reply:
        answer = await self._understand(journey, text)
        if isinstance(answer, Document):
            await journey.channel.document(answer)
            return await self._end(journey, Outcome.ANSWERED, notices.DOCUMENT)
        if isinstance(answer, Notice):
            return await self._end(journey, Outcome.ANSWERED, answer)
        if isinstance(answer, Brief | commands.Building):
            refusal = await self._personal.refusal(journey, question_id)
            if refusal is not None:
                return await self._end(journey, Outcome.REFUSED, refusal)
        if isinstance(answer, Brief):
            await journey.channel.begin(private=False)
            return await self._create(journey, question_id, answer)
        if isinstance(answer, commands.Building):
            return await self._build(journey, question_id, answer)
        if not isinstance(answer, str):
            return await self._show_parts(journey, answer)
        await journey.channel.begin(private=is_private(text))
        passed = await journey.delivery.say(answer, policy=journey.policy)
        return await self._finish(journey, question_id, passed, None)

    async def _show_parts(
        self, journey: Journey, answer: commands.Part | commands.Mark | tuple[commands.Part, ...]
    ) -> Reply:
        """Several things in a row, or no more than a mark."""
        told = await show_parts(journey.channel, answer)
        await self._note(journey, Outcome.ANSWERED)
        reply = journey.reply(Outcome.ANSWERED, told)
        await journey.channel.finish(reply)
        return reply

    async def _build(self, journey: Journey, question_id: int, asked: commands.Building) -> Reply:
        """An idea made of others on a board, which it joins."""
        await journey.channel.begin(private=False)
        reply = await self._create(journey, question_id, asked.brief)
        if reply.outcome is Outcome.ANSWERED:
            await journey.channel.notice(await put_on_board(self._memory, asked, reply, journey.incoming))
        return reply

    async def _understand(self, journey: Journey, text: str) -> commands.Answer:
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

    async def _write(self, journey: Journey, brief: Brief) -> str:
        """One text of the model, not moderated, for a command that makes something of it."""
        writer = Writer(
            self._generator,
            self._settings.generator.default_sampling(),
            person=str(journey.person_id),
            history=(),
            seconds=self._settings.generator.deadline_seconds,
        )
        async with aclosing(writer.write(brief)) as deltas:
            return "".join([delta async for delta in deltas])

    async def _earlier(self, journey: Journey, question_id: int) -> tuple[StoredMessage, ...]:
        """What was said before in the thread, or in the branch of it that the message goes on with."""
        turns, chain = self._settings.limits.history_turns, journey.incoming.chain
        if chain is None:
            return await self._memory.conversations.history(question_id, turns) if turns else ()
        found = await self._memory.conversations.history(question_id, _BRANCHES * turns) if chain else ()
        return in_chain(found, chain, turns)

    async def _create(self, journey: Journey, question_id: int, asked: Brief) -> Reply:
        profile = await self._memory.people.profile(journey.person_id)
        voice = await voice_in(self._memory.channels, journey.incoming.place)
        wished = personalise(asked, profile, voice, is_private=journey.incoming.place.direct)
        earlier = await self._earlier(journey, question_id) if _is_talk(wished) else ()
        window = earlier if journey.incoming.chain is None else None
        brief, taste, grounds = await self._personal.fit(
            journey, self._reply_language.fit(wished), profile, window
        )
        writer = Writer(
            self._generator,
            self._settings.generator.default_sampling(),
            person=str(journey.person_id),
            history=as_history(earlier),
            seconds=self._settings.generator.deadline_seconds,
            choosing=await self._choosing(journey, brief, taste),
        )
        facts = own_facts(profile) if journey.incoming.place.direct else frozenset[str]()
        async with aclosing(writer.write(brief)) as deltas:
            passed = await journey.delivery.stream(
                deltas,
                allowed_personal=facts,
                policy=journey.policy,
                confidential=(instructions(brief),),
            )
        await self._personal.note_use(journey, writer.tokens)
        if passed and not journey.delivery.text.strip():
            return await self._end(journey, Outcome.FAILED, writer.why_empty())
        reply = await self._finish(journey, question_id, passed, brief, writer.reasons)
        foreign = self._reply_language.remark(wished, journey.person_id) if passed else None
        why = self._personal.remark(grounds, reply.ideas)
        for notice in (*writer.remarks(), foreign, why) if passed else ():
            if notice is not None:
                await journey.channel.notice(notice)
        if passed:
            await self._personal.afterwards(journey, brief, profile, partial(self._write, journey))
        return reply

    async def _choosing(self, journey: Journey, brief: Brief, taste: Taste | None) -> Choosing:
        """What the channel was shown lately, and what the person likes, where that matters."""
        settings, place = self._settings.quality, journey.incoming.place
        if brief.task not in LIST_TASKS:
            return Choosing(settings)
        ideas = await self._memory.ideas.recent_in_channel(place, settings.remembered)
        seen = tuple(comparable(Idea(0, idea.title, idea.body), brief.subject) for idea in ideas)
        return Choosing(settings, seen, taste, self._settings.generator.seed)

    async def _finish(
        self,
        journey: Journey,
        question_id: int,
        passed: bool,
        brief: Brief | None,
        reasons: Sequence[Reason] = (),
    ) -> Reply:
        delivery = journey.delivery
        journey.verdict = delivery.verdict
        await self._audit(journey, "reply", delivery.judged)
        if not passed:
            return await self._end(journey, Outcome.WITHHELD, delivery.why_withheld())
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

    async def _end(self, journey: Journey, outcome: Outcome, notice: Notice) -> Reply:
        """Tell the person one of Riff's own sentences, and note how the question ended."""
        await journey.channel.notice(notice)
        reply = journey.reply(outcome, notice.text)
        await self._note(journey, outcome)
        await journey.channel.finish(reply)
        return reply

    async def _refuse(self, journey: Journey, refusal: Notice) -> Reply:
        """Say why, and less and less to somebody who goes on and on."""
        told = self._patience.tell(journey.person_id, refusal)
        if told is not None:
            return await self._end(journey, Outcome.REFUSED, told)
        reply = journey.reply(Outcome.REFUSED, "")
        await self._note(journey, Outcome.REFUSED)
        await journey.channel.finish(reply)
        return reply

    async def _apologise(self, journey: Journey, error: Exception) -> Reply:
        outcome, notice = trouble.explain(error)
        try:
            async with asyncio.timeout(self._settings.limits.reply_seconds):
                return await self._end(journey, outcome, notice)
        except Exception:
            log.exception("the channel is gone: nobody is left to tell")
            return journey.reply(outcome, notice.text)

    async def _note(self, journey: Journey, outcome: Outcome) -> None:
        if journey.question_id is None:
            return
        try:
            await self._memory.conversations.conclude(
                journey.question_id, outcome, latency_ms=journey.elapsed_ms
            )
        except StorageError as error:
            log.error("outcome not noted: %s", error)

    async def _audit(self, journey: Journey, direction: str, text: str | None) -> None:
        if journey.verdict is not None:
            await self._memory.audit.record(
                decision_from(journey.verdict, direction),
                person_id=journey.person_id,
                message_id=journey.question_id,
                text=text,
                context=journey.incoming.text if direction == "reply" else None,
                scope=scope_of(journey.incoming.place),
            )


def _is_talk(brief: Brief) -> bool:
    """Whether what was said before matters: not for a template, whose prompt says all."""
    return brief.task is Task.CHAT and not brief.layout
