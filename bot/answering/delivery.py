"""One reply's way to its channel: the only code that shows text, and only text that moderation passed."""

import logging
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Protocol

from bot.core import notices
from bot.core.buttons import Panel
from bot.core.channel import Channel
from bot.core.commands.call import Mark, Part
from bot.core.domain import Document, Idea, Passed, Verdict
from bot.core.ideas import format_idea, spans, unindented
from bot.core.notices import Notice
from bot.generation.whole_text import WholeText
from bot.watching.meters import REWRITTEN
from genai.errors import GenerationError, ThoughtsShown
from genai.moderation import Gate, Moderator, Policy, Withdrawn

log = logging.getLogger("riff.pipeline")

REWRITES = 2
"""So often what was blocked is written anew before it is left out, or before the reply is withheld."""


class Rewriter(Protocol):
    """Writes anew what moderation blocked, without what the `category` of its verdict names."""

    def ideas_anew(self, count: int, kept: Sequence[Idea], category: str) -> AsyncGenerator[Idea]:
        """So many ideas beside those that were `kept`."""

    def text_anew(self, kept: str, category: str) -> AsyncGenerator[str]:
        """The rest of a text, from where the `kept` part of it ends."""


@dataclass(frozen=True, slots=True)
class Blocked:
    """A part of a reply that was left out, for the record of moderators only."""

    text: str
    verdict: Verdict


class Delivery:
    """Shows the pieces of one reply as they pass, and remembers what was shown.

    The only code that shows text, and only text that moderation passed. What is blocked is written anew from where
    it stood. Where that does not help, an idea or a text that came whole is left out by itself; of any other text,
    what is blocked takes all of it back.
    """

    def __init__(self, channel: Channel, moderator: Moderator) -> None:
        self._channel = channel
        self._moderator = moderator
        self._shown: list[str] = []
        self._listed: list[tuple[int, Idea]] = []
        self._held: list[Passed] | None = None
        self._was_withdrawn = False
        self.first_text_at: float | None = None
        self.ideas: tuple[Idea, ...] = ()
        """The ideas that were streamed as such, as they were shown."""
        self.blocked: list[Blocked] = []
        """What was left out, also where something else was written in its place."""
        self.missing = 0
        """How many ideas were left out and not replaced."""
        self.missing_parts = 0
        """How many texts that came whole were left out and not replaced."""
        self.verdict: Verdict | None = None
        """The most severe verdict on the reply, of which what is `blocked` is no part."""
        self.judged = ""
        """All else that moderation was given, passed or not: for the record of moderators only."""

    @property
    def text(self) -> str:
        """All that was shown and not withdrawn."""
        return "".join(self._shown)

    async def stream(
        self,
        pieces: AsyncGenerator[str | Idea],
        *,
        allowed_personal: frozenset[str],
        policy: Policy | None = None,
        confidential: tuple[str, ...] = (),
        rewriter: Rewriter | None = None,
    ) -> bool:
        """Show text and ideas piece by piece; False when moderation stopped or withdrew the reply.

        `allowed_personal` are texts whose personal data the reader knows, so that it needs no redaction,
        `policy` is what holds in the channel, `confidential` what must not be repeated. The `rewriter` is asked for
        what was blocked, up to REWRITES times. Raises ModerationUnavailable when there is no verdict; what was shown
        before has passed.
        """
        gate = Gate(
            self._moderator, allowed_personal=allowed_personal, policy=policy, confidential=confidential
        )
        try:
            if not await self._written(gate, pieces, rewriter):
                return False
        finally:
            self.verdict, self.judged = gate.verdict, gate.unchecked
        self.ideas = tuple(_as_shown(gate, start, idea) for start, idea in self._listed)
        return bool(self.text.strip()) or not self.blocked

    async def say(self, text: str, *, policy: Policy | None = None) -> bool:
        """Show one whole text; False when moderation blocked it."""
        self.judged = text
        passed, self.verdict = await self._moderator.passed(text, policy=policy)
        if passed is not None:
            await self._show(passed)
        return passed is not None

    async def started_over(self) -> "Delivery":
        """Another delivery in the place of this one, whose text is taken back: it was not the answer."""
        if self._shown:
            await self._channel.withdraw()
        other = Delivery(self._channel, self._moderator)
        other.blocked = self.blocked
        return other

    def why_withheld(self) -> Notice:
        """What to tell the person when `stream` or `say` gave False."""
        return notices.WITHDRAWN if self._was_withdrawn else notices.BLOCKED_ANSWER

    async def _written(
        self, gate: Gate, pieces: AsyncGenerator[str | Idea], rewriter: Rewriter | None
    ) -> bool:
        """Show the whole reply; of text that is blocked, the rest is written anew, as often as that is done."""
        refused = await self._through(gate, pieces, rewriter)
        for _attempt in range(REWRITES):
            if refused is None or rewriter is None or self._listed:
                break
            self._blocked(gate.roll_back(), refused)
            if not gate.unchecked:
                await self._take_back()
            rest = rewriter.text_anew(gate.unchecked, refused.verdict.category)
            try:
                refused = await self._through(gate, rest, rewriter)
            except ThoughtsShown:
                raise
            except GenerationError as error:
                log.warning("what was blocked could not be written anew: %s", error)
                break
        if refused is not None:
            await self._take_back()
            return False
        held, self._held = self._held or [], None
        for piece in held:
            await self._show(piece)
        return True

    async def _through(
        self, gate: Gate, pieces: AsyncGenerator[str | Idea] | AsyncGenerator[str], rewriter: Rewriter | None
    ) -> Withdrawn | None:
        """Show the pieces to the end of the reply; what ended it before, where something did."""
        if refused := await self._all(gate, pieces):
            return refused
        if rewriter is not None:
            await self._replace_ideas(gate, rewriter)
        return await self._pass_on(await gate.close())

    async def _all(
        self, gate: Gate, pieces: AsyncGenerator[str | Idea] | AsyncGenerator[str] | AsyncGenerator[Idea]
    ) -> Withdrawn | None:
        """Show the pieces; what ended that, where something did."""
        has_text = False
        async with aclosing(pieces):
            async for piece in pieces:
                is_delta = isinstance(piece, str) and not isinstance(piece, WholeText)
                if not is_delta and has_text and (refused := await self._pass_on(await gate.flush())):
                    return refused
                has_text = is_delta
                match piece:
                    case Idea():
                        await self._idea(gate, piece)
                    case WholeText():
                        await self._whole(gate, piece)
                    case _:
                        if refused := await self._pass_on(await gate.feed(piece)):
                            return refused
        return None

    async def _replace_ideas(self, gate: Gate, rewriter: Rewriter) -> None:
        """Ask for other ideas; those that are blocked time after time are missing."""
        for _attempt in range(REWRITES):
            if not self.missing:
                return
            kept = [idea for _start, idea in self._listed]
            category = self.blocked[-1].verdict.category
            wanted, self.missing = self.missing, 0
            try:
                await self._all(gate, rewriter.ideas_anew(wanted, kept, category))
            except GenerationError as error:
                log.warning("ideas that were blocked could not be written anew: %s", error)
                return
            finally:
                self.missing = max(0, wanted - (len(self._listed) - len(kept)))

    async def _idea(self, gate: Gate, idea: Idea) -> None:
        """Show an idea under the next number, or leave it out."""
        idea = replace(idea, position=len(self._listed) + 1)
        start, line = len(gate.unchecked), f"{format_idea(idea)}\n"
        event = await gate.unit(line)
        if isinstance(event, Withdrawn):
            self.missing += 1
            self._blocked(line, event)
            return
        self._listed.append((start, idea))
        await self._show(event)

    async def _whole(self, gate: Gate, text: WholeText) -> None:
        """Show a text whole, or another in its place; where none passes, leave it out."""
        said: str = text
        for further in range(REWRITES, -1, -1):
            event = await gate.unit(said)
            if not isinstance(event, Withdrawn):
                await self._show(event)
                return
            self._blocked(said, event)
            if not further or text.again is None:
                break
            try:
                said = await text.again(event.verdict.category)
            except GenerationError as error:
                log.warning("a text that was blocked could not be written anew: %s", error)
                break
            if not said:
                break
        self.missing_parts += 1

    def _blocked(self, text: str, refused: Withdrawn) -> None:
        self.blocked.append(Blocked(text, refused.verdict))
        REWRITTEN.labels(refused.verdict.category).inc()

    async def _pass_on(self, events: Sequence[Passed | Withdrawn]) -> Withdrawn | None:
        """Show what passed; what ends the reply, where something does.

        Where nothing was shown before, nothing is until all of the reply has passed: it need not be taken back then.
        """
        refused = next((event for event in events if isinstance(event, Withdrawn)), None)
        if refused and not self._shown and self._held is None:
            self._held = []
        for event in events:
            if isinstance(event, Passed):
                await self._show(event)
        return refused

    async def _take_back(self) -> None:
        """Nothing of the reply stands, and none is shown until all of it has passed."""
        self._held = []
        if self._shown:
            self._was_withdrawn = True
            self._shown.clear()
            await self._channel.withdraw()

    async def _show(self, piece: Passed) -> None:
        if self._held is not None:
            self._held.append(piece)
            return
        if self.first_text_at is None:
            self.first_text_at = time.monotonic()
        self._shown.append(piece.text)
        await self._channel.show(piece)


def _as_shown(gate: Gate, start: int, idea: Idea) -> Idea:
    """The idea with what moderation left of its title and its body."""
    title, body = spans(idea)
    said = gate.shown(start + body.start, start + body.stop)
    return replace(
        idea,
        title=gate.shown(start + title.start, start + title.stop),
        body=unindented(said, idea) if "\n" in said else said,
    )


async def show_parts(channel: Channel, answer: Part | Mark | tuple[Part, ...]) -> str:
    """Shows each part of an answer; gives Riff's own sentences in them, as what was told."""
    told: list[str] = []
    for part in answer if isinstance(answer, tuple) else (answer,):
        match part:
            case Mark(sign):
                if sign:
                    await channel.mark(sign)
            case Panel():
                told.append(part.heading.text)
                await channel.panel(part)
            case Document():
                await channel.document(part)
            case Notice():
                told.append(part.text)
                await channel.notice(part)
            case _:
                await channel.document(await part())
    return "\n".join(told)
