"""Asks the language model for a brief, under a deadline and quality control, in a language that it can write.

Shows nothing.
"""

import asyncio
import math
import time
from collections import OrderedDict
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import replace
from functools import partial
from random import Random

from bot.core import notices
from bot.core.domain import Brief, Idea
from bot.core.ideas import format_idea, is_same
from bot.core.notices import Notice
from bot.core.text_cleaning import strip_controls
from bot.generation.applications.composer import Composer
from bot.generation.applications.formats import layout_of
from bot.generation.applications.layout import Layout
from bot.generation.continuation import rest_of
from bot.generation.idea_lists import CUT, breaks_rules
from bot.generation.reranking import REQUESTS, Choosing, Reranker, within_rules
from bot.generation.side_by_side import merged
from bot.generation.whole_text import WholeText
from bot.language import LOCALE, SOURCE, _, code, language_name, listed, tag_of
from genai.errors import Busy, GenerationFailed
from genai.methods import Line, Starts, deck
from genai.prompts import (
    LIST_TASKS,
    Task,
    build_turns,
    instructions,
    leaving_out,
    line_openings,
    unasked_turns,
)
from genai.request import (
    Delta,
    FinishReason,
    GenerationRequest,
    Generator,
    Rating,
    Sampling,
    Turn,
)
from genai.settings import GeneratorSettings

_SEEDS_APART = 1000
_PEOPLE = 10_000
_END_CHARACTERS = 40
_STARTED = frozenset({Task.BRAINSTORM, Task.NAME, Task.SLOGAN})
_SHARE_OF_STARTS = 0.5
_PLAIN_LISTS = 3
"""Lists that a small model writes side by side at least: it repeats itself, and they cost little more than one."""


class TextGenerator:
    """The language model with its settings: shared by whatever wants a text of it."""

    def __init__(self, generator: Generator, settings: GeneratorSettings) -> None:
        self._generator = generator
        self._settings = settings
        self._seconds = settings.deadline_seconds
        self._starts = Starts(generator, generator) if isinstance(generator, Rating) else None

    def begin(
        self,
        person: str,
        *,
        history: tuple[Turn, ...] = (),
        choosing: Choosing = Choosing(),  # noqa: B008 - immutable
        attempt: int = 0,
    ) -> "TextGeneration":
        """One text for the person. Another `attempt` is another text, where a seed repeats texts."""
        sampling = self._settings.default_sampling(self._generator.info.suited)
        if sampling.seed is not None:
            sampling = replace(sampling, seed=sampling.seed + _SEEDS_APART * attempt)
        return TextGeneration(
            self._generator,
            sampling,
            person=person,
            history=history,
            seconds=self._seconds,
            choosing=choosing,
            starts=self._starts,
        )

    def confidential(self, brief: Brief) -> tuple[str, ...]:
        """What the model is told for a brief that no answer may repeat."""
        told = instructions(brief, self._generator.info.prompt_style)
        return (told,) if told else ()

    async def text(self, brief: Brief, person: str, *, attempt: int = 0) -> str:
        """What the model makes of the brief, whole and not moderated. Raises GenerationError."""
        return await self.begin(person, attempt=attempt).text(brief)


class TextGeneration:
    """Writes one reply; afterwards `remarks` and `why_empty` say what the person should know of it."""

    def __init__(
        self,
        generator: Generator,
        sampling: Sampling,
        *,
        person: str,
        history: tuple[Turn, ...] = (),
        seconds: float,
        choosing: Choosing = Choosing(),  # noqa: B008 - immutable
        starts: Starts | None = None,
    ) -> None:
        self._generator = generator
        self._sampling = sampling
        self._person = person
        self._history = history
        self._choosing = choosing
        self._starts = starts
        self._ends_at = time.monotonic() + seconds
        self._was_shortened = False
        self._broke_rules = False
        self._missing: tuple[str, ...] = ()
        self._asked = 0
        self._written: list[Idea] = []
        self._lines: dict[str, Line] = {}
        self._brief: Brief | None = None
        self._is_list, self._wanted = False, 0
        self._rewritten = 0
        self._further: list[Idea] = []
        self._finish: FinishReason = "stop"
        self._end = ""
        self._has_thought = False
        self.tokens = 0
        """How many tokens the model chose, shown or not; 0 where a server does not say."""

    async def write(self, brief: Brief) -> AsyncGenerator[str | Idea]:
        """The reply as it comes: ideas where it is a list of them, a `WholeText` in a form, else text deltas."""
        self._brief, self._is_list, self._wanted = brief, brief.task in LIST_TASKS, brief.count
        if brief.task in LIST_TASKS:
            source: AsyncGenerator[str | Idea] = self._listed(brief)
        elif layout := layout_of(brief):
            source = self._composed(brief, layout)
        elif brief.max_characters is not None or brief.preferences.avoid_words:
            source = self._fitting(brief)
        else:
            source = self._generate(brief, 0)
        async with aclosing(source):
            async for piece in source:
                if isinstance(piece, Idea):
                    self._written.append(piece)
                yield piece

    async def ideas_anew(self, count: int, kept: Sequence[Idea], category: str) -> AsyncGenerator[Idea]:
        """So many ideas in place of others that `write` gave, without what `category` names.

        The model is told which were `kept`; of the others none is taken again.
        """
        if self._brief is None:
            return
        brief = leaving_out(self._brief, category)
        async with aclosing(self._others(brief, count, kept)) as ideas:
            async for idea in ideas:
                if not any(is_same(idea, other) for other in self._written + self._further):
                    self._further.append(idea)
                    yield idea

    async def _others(self, brief: Brief, count: int, kept: Sequence[Idea]) -> AsyncGenerator[Idea]:
        layout = layout_of(brief)
        if self._is_list:
            titles = (*brief.already, *(idea.title or idea.body for idea in kept))
            async with aclosing(self.ideas(replace(brief, count=count, already=titles))) as ideas:
                async for idea in ideas:
                    yield idea
        elif layout:
            versions = Composer(replace(brief, variants=count), layout, self._texts)
            async with aclosing(versions.pieces()) as pieces:
                async for piece in pieces:
                    yield piece if isinstance(piece, Idea) else Idea(0, "", piece)

    async def text_anew(self, kept: str, category: str) -> AsyncGenerator[str]:
        """What follows the `kept` text of a reply whose rest `write` gave in vain, without what `category` names."""
        if self._brief is None:
            return
        self._rewritten += 1
        self._finish, self._end = "stop", ""
        rest = self._generate(leaving_out(self._brief, category), self._rewritten, kept)
        async with aclosing(rest_of(kept, rest)) as deltas:
            async for delta in deltas:
                yield delta

    def ideas(self, brief: Brief) -> AsyncGenerator[Idea]:
        """The ideas of a list, each with the reason that it was chosen for."""
        return self._reranker(brief).ideas()

    def _reranker(self, brief: Brief) -> Reranker:
        """A model inside Riff writes several lists side by side, where the settings want more to choose from."""
        info, wanted = self._generator.info, math.ceil(self._choosing.settings.candidates)
        methods = self._choosing.settings.methods
        if info.prompt_style == "plain" and methods and self._starts is not None and brief.task in _STARTED:
            started = partial(self._started, self._starts)
            return Reranker(
                brief,
                started,
                self._choosing,
                rated=lambda idea: self._lines.get(_letters(f"{idea.title}{idea.body}")),
            )
        if info.prompt_style == "plain":
            return Reranker(brief, self._candidates, self._choosing, max(wanted, _PLAIN_LISTS))
        count = min(wanted, REQUESTS) if info.backend == "local" else 1
        return Reranker(brief, self._under_angles, self._choosing, count, requests=count)

    async def _listed(self, brief: Brief) -> AsyncGenerator[str | Idea]:
        """The ideas; or what the model says where it gives none."""
        reranker = self._reranker(brief)
        async with aclosing(reranker.ideas()) as ideas:
            async for idea in ideas:
                yield idea
        if reranker.prose and not breaks_rules(reranker.prose, brief):
            yield WholeText(reranker.prose)

    async def _started(self, starts: Starts, brief: Brief, attempt: int, count: int) -> AsyncGenerator[Delta]:
        """One list of lines that a small model began and chose among by its own likelihoods, the best first.

        It takes many short texts; where many people ask and there is no time for them, a plain list does.
        """
        part = self._choosing.apart.part
        request = self._request(brief, attempt, 1)
        unasked = unasked_turns(brief)
        try:
            async with asyncio.timeout(request.deadline_seconds * _SHARE_OF_STARTS):
                if brief.task is Task.BRAINSTORM:
                    known = (*brief.already, *(idea.title for idea in self._choosing.apart.given))
                    lines = await starts.ideas(request, unasked, brief.count, known, part)
                else:
                    request = replace(request, sampling=self._shared(request.sampling, attempt))
                    lines = await starts.titles(request, unasked, line_openings(brief)[0])
        except (TimeoutError, Busy):
            async with aclosing(self._candidates(brief, attempt)) as deltas:
                async for delta in deltas:
                    yield delta
            return
        self.tokens += sum(line.tokens for line in lines)
        self._lines |= {_letters(line.text): line for line in lines}
        listed = "".join(
            f"{number}. {strip_controls(line.text)}\n" for number, line in enumerate(lines, start=1)
        )
        yield Delta(0, listed, "stop")

    async def _under_angles(self, brief: Brief, attempt: int, count: int) -> AsyncGenerator[Delta]:
        """Lists from several sides, each a request of its own; the first side is free."""
        sides = self._sides()[attempt : attempt + count]
        briefs = [brief if brief.technique else replace(brief, angle=side) for side in sides]
        streams = [self._candidates(one, attempt + number) for number, one in enumerate(briefs)]
        if len(streams) == 1:
            async with aclosing(streams[0]) as alone:
                async for delta in alone:
                    yield delta
            return
        async with aclosing(merged(streams)) as deltas:
            async for number, delta in deltas:
                yield replace(delta, candidate=number)

    def _sides(self) -> tuple[str, ...]:
        """From where lists are written, each from two methods of the deck, but for the first freely.

        Not where others have asked about the same before: who comes after them has a part of the deck of their own.
        """
        if not self._choosing.settings.methods:
            return ("",) * REQUESTS
        part, methods = self._choosing.apart.part, deck(LOCALE.get())
        drawn = part.of(methods) if part else Random(self._sampling.seed).sample(methods, 2 * REQUESTS)
        pairs = zip(drawn[0 : 2 * REQUESTS : 2], drawn[1 : 2 * REQUESTS : 2], strict=True)
        sides = tuple(f"{one.angle} {other.angle}" for one, other in pairs)
        return sides if part and part.number else ("", *sides[1:])

    def _shared(self, sampling: Sampling, attempt: int) -> Sampling:
        """With points of the Sobol sequence that nobody else has who asks about the same."""
        part = self._choosing.apart.part
        return sampling if part is None else replace(sampling, seed=part.seed + attempt, share=part.share)

    async def text(self, brief: Brief) -> str:
        """The whole reply; ideas are lines of it."""
        async with aclosing(self.write(brief)) as pieces:
            return "".join(
                [piece if isinstance(piece, str) else f"{format_idea(piece)}\n" async for piece in pieces]
            )

    def remarks(self) -> list[Notice]:
        """What the person should know of a reply that was shown."""
        lacks_ideas = self._is_list and len(self._written) < self._wanted
        cut = notices.cut(self._finish, self._end) if lacks_ideas else None
        told = (notices.SHORTENED if self._was_shortened else None, cut)
        remarks = [notice for notice in told if notice]
        return [*remarks, _left_out(self._missing)] if self._missing else remarks

    def cut(self) -> Notice | None:
        """How a text was cut that can be gone on with; None of a whole one, and of a list."""
        return None if self._is_list else notices.cut(self._finish, self._end)

    @property
    def finish(self) -> FinishReason:
        """How what the model wrote ended, where that was not by itself."""
        return self._finish

    def why_empty(self) -> Notice:
        """What to tell the person when nothing came of `write`."""
        why = notices.without_answer(self._finish, has_thought=self._has_thought)
        return why or (notices.CONFLICTING_WORDS if self._broke_rules else notices.NOTHING)

    async def _fitting(self, brief: Brief) -> AsyncGenerator[str]:
        text = await within_rules(brief, self._generate)
        self._broke_rules = text is None
        if text is not None:
            yield WholeText(text, partial(self._fitting_anew, brief))

    async def _fitting_anew(self, brief: Brief, category: str) -> str:
        self._rewritten += 1
        first = REQUESTS * self._rewritten

        def generate(asked: Brief, attempt: int) -> AsyncGenerator[str]:
            return self._generate(asked, first + attempt)

        return await within_rules(leaving_out(brief, category), generate) or ""

    async def _composed(self, brief: Brief, layout: Layout) -> AsyncGenerator[str | Idea]:
        """The answer in its form, a variant at a time."""
        composer = Composer(brief, layout, self._texts)
        self._broke_rules = bool(brief.preferences.avoid_words or brief.max_characters)
        async with aclosing(composer.pieces()) as pieces:
            async for piece in pieces:
                self._broke_rules = False
                yield piece
        self._missing = composer.missing

    async def _texts(self, brief: Brief, count: int) -> list[str]:
        """Up to `count` whole texts, side by side; of one that was cut off, its whole sentences."""
        self._asked += 1
        words = [""] * count
        cut: set[int] = set()
        async with aclosing(self._candidates(brief, self._asked - 1, count)) as deltas:
            async for delta in deltas:
                words[delta.candidate] += delta.text
                if delta.finish in CUT:
                    cut.add(delta.candidate)
        whole = (
            text.rsplit(".", 1)[0] + "." if at in cut and "." in text else text
            for at, text in enumerate(words)
        )
        return [text for text in map(str.strip, whole) if text]

    async def _generate(self, brief: Brief, attempt: int, begun: str = "") -> AsyncGenerator[str]:
        """The text as it comes. What the model broke off stands as it is, and `cut` says so."""
        has_text = False
        try:
            async with aclosing(self._candidates(brief, attempt, begun=begun)) as deltas:
                async for delta in deltas:
                    if delta.text:
                        has_text = True
                        yield delta.text
                    if delta.finish == "stop":
                        yield "\n"
        except GenerationFailed:
            if not has_text:
                raise

    def _request(self, brief: Brief, attempt: int, count: int, begun: str = "") -> GenerationRequest:
        style = self._generator.info.prompt_style
        seed = None if self._sampling.seed is None else self._sampling.seed + attempt
        return GenerationRequest(
            turns=build_turns(brief, self._history, style),
            sampling=replace(self._sampling, seed=seed),
            candidates=count,
            deadline_seconds=max(0.01, self._ends_at - time.monotonic()),
            person=self._person,
            openings=line_openings(brief) if style == "plain" and brief.task in LIST_TASKS else (),
            begun=begun,
        )

    async def _candidates(
        self, brief: Brief, attempt: int, count: int = 1, *, begun: str = ""
    ) -> AsyncGenerator[Delta]:
        if time.monotonic() >= self._ends_at:
            self._finish = "deadline"
            return
        request = self._request(brief, attempt, count, begun)
        async with aclosing(self._generator.stream(request)) as deltas:
            async for delta in deltas:
                self.tokens += delta.tokens
                self._was_shortened |= bool(delta.notice)
                delta = replace(delta, text=strip_controls(delta.text))
                self._end = (self._end + delta.text)[-_END_CHARACTERS:]
                self._has_thought |= bool(delta.thought_tokens)
                if delta.finish and delta.finish != "stop":
                    self._finish = delta.finish
                yield delta


def _letters(text: str) -> str:
    """What a line is known by, however it is marked."""
    return "".join(filter(str.isalnum, text))


def _left_out(labels: Sequence[str]) -> Notice:
    """What the model left out of a form, even when it was asked for it once more."""
    names = listed(_(label) for label in labels)
    return Notice(_("My language model left out: {parts}.", parts=names), private=False)


class ReplyLanguage:
    """Fits briefs to the person's language and to what the model can write, and says once where they differ."""

    def __init__(self, settings: GeneratorSettings) -> None:
        self._known = settings.writes
        self._told: OrderedDict[int, None] = OrderedDict()

    def fit(self, brief: Brief) -> Brief:
        """The brief in the language asked for, else that of the person's locale; in none that the model lacks."""
        asked = brief.preferences.language
        if not asked and code(LOCALE.get()) != SOURCE:
            asked = language_name(LOCALE.get())
        language = asked if self._can_write(asked) else ""
        return replace(brief, preferences=replace(brief.preferences, language=language))

    def remark(self, brief: Brief, person_id: int) -> Notice | None:
        """What the person is told, once while Riff runs, when the model cannot write the brief's language."""
        asked = brief.preferences.language or language_name(LOCALE.get())
        if self._can_write(asked) or person_id in self._told:
            return None
        self._told[person_id] = None
        if len(self._told) > _PEOPLE:
            self._told.popitem(last=False)
        return notices.writes_only(listed(language_name(tag, LOCALE.get()) or tag for tag in self._known))

    def _can_write(self, language: str) -> bool:
        known = {code(tag) for tag in self._known}
        return not known or not language or code(tag_of(language)) in known
