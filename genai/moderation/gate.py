"""The streaming gate: text deltas in, passed pieces out. Knows nothing of models or channels.

What is judged and shown depends on the text alone, never on how it came: pieces end where `borders` says.
"""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Sequence
from itertools import pairwise

from genai.moderation.borders import Unit, borders, window_spans
from genai.moderation.moderator import NOBODY, Moderator
from genai.moderation.policy import Item, Policy
from genai.moderation.verdict import Passed, Redaction, Verdict, Withdrawn, pass_text, redact, worse

Event = Passed | Withdrawn


class Gate:
    """Passes one reply on piece by piece, each checked by itself and together with what was shown before it.

    By itself, because a classifier that weighs all words of a text hears a short insult less after many kind
    words; together, from the beginning of a window that the whole reply is judged in, so that the whole is found
    to be no worse than its pieces were. What might be the beginning of personal data is held back until its end is
    known. The whole reply is checked once more before its last piece.
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
        terms = (*moderator.settings.blocklist, *(policy.blocklist if policy else ()))
        with_spaces = 2 * max(
            map(len, terms), default=0
        )  # as long as a listed term with a space after each letter
        self._context = max(moderator.settings.context_characters, with_spaces)
        self._text = ""
        self._seen = 0
        self._has_pieces = False
        self._redactions: list[Redaction] = []
        self._passed: Verdict | None = None
        self._refused: Verdict | None = None
        self._is_whole_refused = False

    @property
    def verdict(self) -> Verdict | None:
        """The most severe verdict so far; not those on what was left out or rolled back."""
        return worse(self._passed, self._refused) if self._refused else self._passed

    @property
    def unchecked(self) -> str:
        """All that came so far, passed or not: for the record of moderators, never for a channel."""
        return self._text

    async def pieces(self, deltas: AsyncGenerator[str]) -> AsyncGenerator[Event]:
        """What may be shown, in order; `Withdrawn` is the last event where the reply may not stand.

        Takes one reply. Closes `deltas` when it ends early. Raises ModerationUnavailable when there is no
        verdict, and whatever `deltas` raises; text that has not passed is never part of either.
        """
        async with contextlib.aclosing(deltas):
            async for delta in deltas:
                for event in await self.feed(delta):
                    yield event
                    if isinstance(event, Withdrawn):
                        return
        for event in await self.close():
            yield event

    async def feed(self, text: str) -> list[Event]:
        """What may be shown now that `text` has come; a `Withdrawn` is the last of a reply."""
        self._text += text
        self._has_pieces = True
        return await self._check(self._ends())

    async def flush(self) -> list[Event]:
        """The rest of what came, where something else follows it."""
        return await self._check(self._ends(is_last=True))

    async def close(self) -> list[Event]:
        """The rest of the reply, once the whole of it has passed too; units need no more than they had."""
        if not self._has_pieces or not self._text:
            return []
        ends = self._ends(is_last=True)
        if self._seen == 0 and len(ends) == 1:
            return await self._check(ends)
        events, (whole,) = await asyncio.gather(self._check(ends), self._verdicts(self._text))
        if self._refused:
            return events
        if whole.blocked or self._shows_personal(whole):
            self._refused, self._is_whole_refused = whole, True
            return [Withdrawn(whole)]
        self._passed = worse(self._passed, whole)
        return events

    async def unit(self, text: str) -> Event:
        """Judge `text` after what was shown, all of which was flushed: it passes whole, or is as if it never came."""
        self._text += text
        (event,) = await self._check([len(self._text)])
        if isinstance(event, Withdrawn):
            self.roll_back()
        return event

    def roll_back(self) -> str:
        """After a `Withdrawn`: all that has not passed is as if it never came; gives it, for the record of moderators.

        Where the whole is refused, and not a piece of it, nothing of it is left.
        """
        kept = 0 if self._is_whole_refused else self._seen
        rest, self._text = self._text[kept:], self._text[:kept]
        if self._is_whole_refused:
            self._seen, self._passed, self._redactions = 0, None, []
        self._refused, self._is_whole_refused = None, False
        return rest

    def shown(self, start: int, end: int) -> str:
        """What is shown of that part of the reply, which has passed."""
        inside = [part for part in self._redactions if part.start < end and part.end > start]
        cut = [Redaction(max(p.start, start) - start, min(p.end, end) - start, p.entity) for p in inside]
        return redact(self._text[start:end], cut)

    def _ends(self, *, is_last: bool = False) -> list[int]:
        """Where the pieces end that can be judged now; with `is_last` all that came is in them."""
        longest = self._settings.piece_characters
        ends = list(borders(self._text, self._seen, self._unit, longest, is_last=is_last))
        has_rest = is_last and len(self._text) > max([self._seen, *ends])
        return [*ends, len(self._text)] if has_rest else ends

    async def _check(self, ends: Sequence[int]) -> list[Event]:
        """Judge the pieces that end there, all at once, and count them as shown up to one that must not be."""
        pieces = list(pairwise([self._seen, *ends]))
        starts = [self._context_start(start) for start, _ in pieces]
        verdicts = await self._verdicts(
            *(self._text[begin:end] for begin, (_, end) in zip(starts, pieces, strict=True)),
            *(self._text[start:end] for start, end in pieces),
        )
        text, passed = "", None
        events: list[Event] = []
        for begin, (start, end), together, alone in zip(
            starts, pieces, verdicts, verdicts[len(pieces) :], strict=False
        ):
            if together.blocked or alone.blocked:
                self._refused = together if together.blocked else alone
                events = [Withdrawn(self._refused)]
                break
            self._passed = worse(worse(self._passed, together), alone)
            self._redactions += [  # of what began before the piece, the rest
                Redaction(max(part.start + begin, start), part.end + begin, part.entity)
                for part in together.redactions
                if part.end + begin > start
            ]
            self._seen = end
            text, passed = text + self.shown(start, end), worse(passed, together)
        return [pass_text(text, passed), *events] if passed else events

    def _context_start(self, shown: int) -> int:
        """Where the context of the next piece starts: with the last window that begins far enough before it."""
        latest = shown - self._context
        if latest <= 0:
            return 0
        size, overlap = self._settings.window_characters, self._settings.window_overlap
        starts = (start for start, _end in window_spans(self._text[:shown], size, overlap))
        return max((start for start in starts if start <= latest), default=0)

    def _shows_personal(self, whole: Verdict) -> bool:
        """Whether something personal was shown; of what reached over a border the rest is not."""
        known = self._redactions
        return any(
            not any(part.start < other.end and other.start < part.end for other in known)
            for part in whole.redactions
        )

    async def _verdicts(self, *texts: str) -> list[Verdict]:
        """The verdicts on the texts, each text judged once."""
        rules, different = self._rules, list(dict.fromkeys(texts))
        verdicts = await self._moderator.judge(
            [Item(text, rules.allowed_personal, rules.policy, rules.confidential) for text in different]
        )
        found = dict(zip(different, verdicts, strict=True))
        return [found[text] for text in texts]
