"""The streaming gate: text deltas in, passed pieces out. Knows nothing of models or channels."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterable

from genai.moderation.boundaries import Unit, context_start, release_point
from genai.moderation.moderator import NOBODY, Moderator
from genai.moderation.policy import Policy
from genai.moderation.stage import Item
from genai.moderation.verdict import Passed, Redaction, Verdict, Withdrawn, pass_text, redact, worse


class Gate:
    """Passes one reply on piece by piece, each checked by itself and together with what was shown before it.

    By itself, because a classifier that weighs all words of a text hears a short insult less after many kind
    words. What might be the beginning of personal data is held back until its end is known. The whole reply
    is checked once more before its last piece, so that trouble spread over many pieces still withdraws it.
    """

    def __init__(
        self,
        moderator: Moderator,
        *,
        allowed_personal: frozenset[str] = NOBODY,
        policy: Policy | None = None,
        confidential: tuple[str, ...] = (),
        unit: Unit = "sentence",
    ) -> None:
        self._moderator = moderator
        self._rules = Item("", allowed_personal, policy, confidential)
        self._unit: Unit = unit
        self._settings = moderator.settings
        self._context = _context_characters(moderator, policy)
        self._text = ""
        self._seen = 0
        self._shown: list[str] = []
        self.verdict: Verdict | None = None
        """The most severe verdict so far."""

    @property
    def unchecked(self) -> str:
        """All that came so far, passed or not: for the record of moderators, never for a channel."""
        return self._text

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
        event, (whole,) = await asyncio.gather(rest, self._verdicts(self._text))
        if isinstance(event, Withdrawn):
            return event
        if whole.blocked or whole.redacted_text != "".join(self._shown):
            return Withdrawn(whole)
        return event

    async def _check_piece(self, end: int) -> Passed | Withdrawn:
        """Check `text[seen:end]` alone and after its context and count it as shown, unless it must not be."""
        start = context_start(self._text, self._seen, self._context)
        alone = [self._text[self._seen : end]] if start < self._seen else []
        verdict, *others = await self._verdicts(self._text[start:end], *alone)
        context = self._seen - start
        if blocked := next((one for one in (verdict, *others) if one.blocked), None):
            return Withdrawn(blocked)
        if any(part.start < context < part.end for part in verdict.redactions):
            return Withdrawn(verdict)
        piece = redact(self._text[self._seen : end], _after(verdict.redactions, context))
        self._seen = end
        self._shown.append(piece)
        return pass_text(piece, verdict)

    async def _verdicts(self, *texts: str) -> list[Verdict]:
        rules = self._rules
        verdicts = await self._moderator.judge(
            [Item(text, rules.allowed_personal, rules.policy, rules.confidential) for text in texts]
        )
        for verdict in verdicts:
            self.verdict = worse(self.verdict, verdict)
        return verdicts


def _context_characters(moderator: Moderator, policy: Policy | None) -> int:
    """As long as the settings say, and long enough for a listed term with a space after each letter."""
    terms: Iterable[str] = (*moderator.settings.blocklist, *(policy.blocklist if policy else ()))
    return max(moderator.settings.context_characters, 2 * max(map(len, terms), default=0))


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
