"""The streaming gate: text deltas in, passed pieces out. Knows nothing of models or channels."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from genai.moderation.boundaries import Unit, context_start, release_point
from genai.moderation.moderator import NOBODY, Moderator
from genai.moderation.verdict import Passed, Redaction, Verdict, Withdrawn, pass_text, redact


class Gate:
    """Passes one reply on piece by piece, each checked together with what was shown before it.

    What might be the beginning of personal data is held back until its end is known. The whole reply is
    checked once more before its last piece, so that trouble spread over many pieces still withdraws it.
    """

    def __init__(
        self, moderator: Moderator, *, allowed_personal: frozenset[str] = NOBODY, unit: Unit = "sentence"
    ) -> None:
        self._moderator = moderator
        self._allowed_personal = allowed_personal
        self._unit: Unit = unit
        self._settings = moderator.settings
        self._text = ""
        self._seen = 0
        self._shown: list[str] = []

    async def pieces(self, deltas: AsyncIterator[str]) -> AsyncIterator[Passed | Withdrawn]:
        """What may be shown, in order; `Withdrawn` is the last event where the reply may not stand.

        Takes one reply. Closes `deltas` when it ends early. Raises ModerationUnavailable when there is no
        verdict, and whatever `deltas` raises; text that has not passed is never part of either.
        """
        async with _closing(deltas):
            async for delta in deltas:
                self._text += delta
                end = release_point(self._text, self._seen, self._unit, self._settings.piece_characters)
                if end > self._seen:
                    event = await self._check_piece(end)
                    yield event
                    if isinstance(event, Withdrawn):
                        return
        if last := await self._check_last():
            yield last

    async def _check_last(self) -> Passed | Withdrawn | None:
        """The rest of the reply, once the whole of it has passed too."""
        if self._seen == 0:
            return await self._check_piece(len(self._text)) if self._text else None
        rest = self._check_piece(len(self._text)) if len(self._text) > self._seen else _nothing()
        event, whole = await asyncio.gather(rest, self._verdict(self._text))
        if isinstance(event, Withdrawn):
            return event
        if whole.blocked or whole.redacted_text != "".join(self._shown):
            return Withdrawn(whole)
        return event

    async def _check_piece(self, end: int) -> Passed | Withdrawn:
        """Check `text[seen:end]` after its context and count it as shown, unless it must not be."""
        start = context_start(self._text, self._seen, self._settings.context_characters)
        verdict = await self._verdict(self._text[start:end])
        context = self._seen - start
        if verdict.blocked or any(part.start < context < part.end for part in verdict.redactions):
            return Withdrawn(verdict)
        piece = redact(self._text[self._seen : end], _after(verdict.redactions, context))
        self._seen = end
        self._shown.append(piece)
        return pass_text(piece, verdict)

    async def _verdict(self, text: str) -> Verdict:
        return await self._moderator.check(text, allowed_personal=self._allowed_personal)


def _after(redactions: tuple[Redaction, ...], offset: int) -> list[Redaction]:
    return [
        Redaction(part.start - offset, part.end - offset, part.entity)
        for part in redactions
        if part.start >= offset
    ]


async def _nothing() -> None:
    return None


@contextlib.asynccontextmanager
async def _closing(deltas: AsyncIterator[str]) -> AsyncIterator[None]:
    """Close `deltas` at the end, where it can be closed."""
    try:
        yield
    finally:
        close = getattr(deltas, "aclose", None)
        if close is not None:
            await close()
