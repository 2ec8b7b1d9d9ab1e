"""One reply's way to its channel: the only code that shows text, and only text that moderation passed."""

import logging
import time
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace

from bot.core import notices
from bot.core.buttons import Panel
from bot.core.channel import Channel
from bot.core.commands.call import Mark, Part
from bot.core.domain import Document, Idea, Passed, Verdict
from bot.core.ideas import format_idea, spans, unindented
from bot.core.notices import Notice
from genai.errors import GenerationError
from genai.moderation import Gate, Moderator, Policy, Withdrawn

log = logging.getLogger("riff.pipeline")

Anew = Callable[[int], AsyncGenerator[Idea]]
"""So many further ideas, in place of ideas that moderation blocked."""


@dataclass(frozen=True, slots=True)
class Blocked:
    """A part of a reply that was left out, for the record of moderators only."""

    text: str
    verdict: Verdict


class Delivery:
    """Shows the pieces of one reply as they pass, and remembers what was shown.

    The only code that shows text, and only text that moderation passed. An idea passes or is left out by itself;
    of any other text, what is blocked takes all of it back.
    """

    def __init__(self, channel: Channel, moderator: Moderator) -> None:
        self._channel = channel
        self._moderator = moderator
        self._shown: list[str] = []
        self._listed: list[tuple[int, Idea]] = []
        self._was_withdrawn = False
        self.first_text_at: float | None = None
        self.ideas: tuple[Idea, ...] = ()
        """The ideas that were streamed as such, as they were shown."""
        self.blocked: list[Blocked] = []
        """The ideas that were left out, also where others were written in their place."""
        self.missing = 0
        """How many ideas were left out and not replaced."""
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
        anew: Anew | None = None,
    ) -> bool:
        """Show text and ideas piece by piece; False when moderation stopped or withdrew the reply.

        `allowed_personal` are texts whose personal data the reader knows, so that it needs no redaction,
        `policy` is what holds in the channel, `confidential` what must not be repeated. `anew` is asked once for as
        many ideas as were blocked. Raises ModerationUnavailable when there is no verdict; what was shown before
        has passed.
        """
        gate = Gate(
            self._moderator, allowed_personal=allowed_personal, policy=policy, confidential=confidential
        )
        try:
            passed = await self._all(gate, pieces)
            if passed and self.blocked and anew is not None:
                passed = await self._replace(gate, anew)
            if not passed or not await self._pass_on(await gate.close()):
                return False
        finally:
            self.verdict, self.judged = gate.verdict, gate.unchecked
        self.ideas = tuple(_as_shown(gate, start, idea) for start, idea in self._listed)
        return bool(self._shown) or not self.blocked

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
        return Delivery(self._channel, self._moderator)

    def why_withheld(self) -> Notice:
        """What to tell the person when `stream` or `say` gave False."""
        return notices.WITHDRAWN if self._was_withdrawn else notices.BLOCKED_ANSWER

    async def _all(self, gate: Gate, pieces: AsyncGenerator[str | Idea]) -> bool:
        has_text = False
        async with aclosing(pieces):
            async for piece in pieces:
                if isinstance(piece, str):
                    has_text = True
                    if not await self._pass_on(await gate.feed(piece)):
                        return False
                    continue
                if has_text and not await self._pass_on(await gate.flush()):
                    return False
                has_text = False
                await self._idea(gate, piece)
        return True

    async def _replace(self, gate: Gate, anew: Anew) -> bool:
        """Ask for other ideas, once; those that are blocked as well are missing."""
        wanted, before = len(self.blocked), len(self._listed)
        try:
            return await self._all(gate, anew(wanted))
        except GenerationError as error:
            log.warning("ideas that were blocked could not be written anew: %s", error)
            return True
        finally:
            self.missing = max(0, wanted - (len(self._listed) - before))

    async def _idea(self, gate: Gate, idea: Idea) -> None:
        """Show an idea under the next number, or leave it out."""
        idea = replace(idea, position=len(self._listed) + 1)
        start, line = len(gate.unchecked), f"{format_idea(idea)}\n"
        event = await gate.unit(line)
        if isinstance(event, Withdrawn):
            self.blocked.append(Blocked(line, event.verdict))
            return
        self._listed.append((start, idea))
        await self._show(event)

    async def _pass_on(self, events: Sequence[Passed | Withdrawn]) -> bool:
        """Show what passed; where the reply is withdrawn with it, nothing more of it is shown."""
        if any(isinstance(event, Withdrawn) for event in events):
            await self._withdraw()
            return False
        for event in events:
            if isinstance(event, Passed):
                await self._show(event)
        return True

    async def _withdraw(self) -> None:
        if self._shown:
            self._was_withdrawn = True
            self._shown.clear()
            await self._channel.withdraw()

    async def _show(self, piece: Passed) -> None:
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
