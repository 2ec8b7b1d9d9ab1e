"""One reply's way to its channel: the only code that shows text, and only text that moderation passed."""

import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace

from bot.core import notices
from bot.core.buttons import Panel
from bot.core.channel import Channel
from bot.core.commands.call import Mark, Part
from bot.core.domain import Document, Idea, Passed, Verdict
from bot.core.ideas import format_idea, spans, unindented
from bot.core.notices import Notice
from genai.moderation import Gate, Moderator, Policy, Withdrawn


class Delivery:
    """Shows the pieces of one reply as they pass, and remembers what was shown.

    The only code that shows text, and only text that moderation passed.
    """

    def __init__(self, channel: Channel, moderator: Moderator) -> None:
        self._channel = channel
        self._moderator = moderator
        self._shown: list[str] = []
        self._was_withdrawn = False
        self.first_text_at: float | None = None
        self.ideas: tuple[Idea, ...] = ()
        """The ideas that were streamed as such, as they were shown."""
        self.verdict: Verdict | None = None
        """The most severe verdict on the reply."""
        self.judged = ""
        """All that moderation was given, passed or not: for the record of moderators only."""

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
    ) -> bool:
        """Show text and ideas piece by piece; False when moderation stopped or withdrew the reply.

        `allowed_personal` are the person's own facts, which need no redaction where only they can read,
        `policy` is what holds in the channel, `confidential` what must not be repeated.
        Raises ModerationUnavailable when there is no verdict; what was shown before has passed.
        """
        gate = Gate(
            self._moderator, allowed_personal=allowed_personal, policy=policy, confidential=confidential
        )
        ideas: list[tuple[int, Idea]] = []
        try:
            async with aclosing(gate.pieces(_as_text(pieces, ideas))) as passed:
                async for event in passed:
                    if isinstance(event, Withdrawn):
                        await self._withdraw()
                        return False
                    await self._show(event)
        finally:
            self.verdict, self.judged = gate.verdict, gate.unchecked
        self.ideas = tuple(_as_shown(gate, start, idea) for start, idea in ideas)
        return True

    async def say(self, text: str, *, policy: Policy | None = None) -> bool:
        """Show one whole text; False when moderation blocked it."""
        self.judged = text
        passed, self.verdict = await self._moderator.passed(text, policy=policy)
        if passed is not None:
            await self._show(passed)
        return passed is not None

    def why_withheld(self) -> Notice:
        """What to tell the person when `stream` or `say` gave False."""
        return notices.WITHDRAWN if self._was_withdrawn else notices.BLOCKED_ANSWER

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


async def _as_text(pieces: AsyncGenerator[str | Idea], ideas: list[tuple[int, Idea]]) -> AsyncGenerator[str]:
    """The pieces for moderation, which reads text; notes of each idea where its line begins."""
    length = 0
    async with aclosing(pieces):
        async for piece in pieces:
            text = piece if isinstance(piece, str) else f"{format_idea(piece)}\n"
            if isinstance(piece, Idea):
                ideas.append((length, piece))
            length += len(text)
            yield text


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
