"""Asks the language model for a brief, under a deadline and quality control. Shows nothing."""

import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace

from bot.core import notices
from bot.core.domain import Brief, Reason
from bot.core.input_guard import strip_controls
from bot.core.notices import Notice
from bot.generation.applications.composer import Composer
from bot.generation.applications.formats import layout_of
from bot.generation.applications.layout import Layout
from bot.generation.reranking import Choosing, Reranker, within_rules
from genai.prompts import LIST_TASKS, build_turns
from genai.request import Delta, GenerationRequest, Generator, Sampling, Turn


class TextGenerator:
    """Writes one reply; afterwards `remarks` and `why_empty` say what the person should know of it."""

    def __init__(
        self,
        generator: Generator,
        sampling: Sampling,
        *,
        person: str,
        history: tuple[Turn, ...],
        seconds: float,
        choosing: Choosing = Choosing(),  # noqa: B008 - immutable
    ) -> None:
        self._generator = generator
        self._sampling = sampling
        self._person = person
        self._history = history
        self._choosing = choosing
        self._ends_at = time.monotonic() + seconds
        self._was_cut = False
        self._was_shortened = False
        self._broke_rules = False
        self._asked = 0
        self.reasons: list[Reason] = []
        """Why each idea of a list was chosen, in their order."""
        self.tokens = 0
        """How many tokens the model chose, shown or not; 0 where a server does not say."""

    async def write(self, brief: Brief) -> AsyncGenerator[str]:
        """Text deltas of the reply; ideas arrive a line at a time."""
        if brief.task in LIST_TASKS:
            chooser = Reranker(brief, self._candidates, self._choosing)
            self.reasons = chooser.reasons
            source = chooser.lines()
        elif layout := layout_of(brief):
            source = self._composed(brief, layout)
        elif brief.max_characters is not None or brief.preferences.avoid_words:
            source = self._fitting(brief)
        else:
            source = self._generate(brief, 0)
        async with aclosing(source):
            async for delta in source:
                yield delta

    def remarks(self) -> list[Notice]:
        """What the person should know of a reply that was shown."""
        told = ((self._was_shortened, notices.SHORTENED), (self._was_cut, notices.CUT_SHORT))
        return [notice for applies, notice in told if applies]

    def why_empty(self) -> Notice:
        """What to tell the person when nothing came of `write`."""
        if self._was_cut:
            return notices.TIMED_OUT
        return notices.CONFLICTING_WORDS if self._broke_rules else notices.NOTHING

    async def _fitting(self, brief: Brief) -> AsyncGenerator[str]:
        text = await within_rules(brief, self._generate)
        self._broke_rules = text is None
        if text is not None:
            yield text

    async def _composed(self, brief: Brief, layout: Layout) -> AsyncGenerator[str]:
        """The answer in its form, a variant at a time."""
        self._broke_rules = bool(brief.preferences.avoid_words or brief.max_characters)
        async with aclosing(Composer(brief, layout, self._texts).pieces()) as pieces:
            async for piece in pieces:
                self._broke_rules = False
                yield piece

    async def _texts(self, brief: Brief, count: int) -> list[str]:
        """Up to `count` whole texts, side by side; of one that was cut off, its whole sentences."""
        self._asked += 1
        words = [""] * count
        cut: set[int] = set()
        async with aclosing(self._candidates(brief, self._asked - 1, count)) as deltas:
            async for delta in deltas:
                words[delta.candidate] += delta.text
                if delta.finish and delta.finish != "stop":
                    cut.add(delta.candidate)
        whole = (
            text.rsplit(".", 1)[0] + "." if at in cut and "." in text else text
            for at, text in enumerate(words)
        )
        return [text for text in map(str.strip, whole) if text]

    async def _generate(self, brief: Brief, attempt: int) -> AsyncGenerator[str]:
        async with aclosing(self._candidates(brief, attempt)) as deltas:
            async for delta in deltas:
                if delta.text:
                    yield delta.text
                if delta.finish == "stop":
                    yield "\n"

    async def _candidates(
        self, brief: Brief, attempt: int, count: int = 1, stop: tuple[str, ...] = ()
    ) -> AsyncGenerator[Delta]:
        seconds = self._ends_at - time.monotonic()
        if seconds <= 0:
            self._was_cut = True
            return
        seed = None if self._sampling.seed is None else self._sampling.seed + attempt
        request = GenerationRequest(
            turns=build_turns(brief, self._history),
            sampling=replace(self._sampling, seed=seed, stop=(*self._sampling.stop, *stop)),
            candidates=count,
            deadline_seconds=seconds,
            person=self._person,
        )
        async with aclosing(self._generator.stream(request)) as deltas:
            async for delta in deltas:
                self.tokens += delta.tokens
                self._was_shortened |= bool(delta.notice)
                self._was_cut |= delta.finish == "deadline"
                yield replace(delta, text=strip_controls(delta.text))
