"""The streaming gate: text deltas in, passed pieces out. Knows nothing of models or channels.

It cuts where nothing that personal data is made of is torn apart. A token is a run without white space;
numbers, addresses and keys are made of tokens with a digit or an `@` and of short capital groups between
them.
"""

import asyncio
import contextlib
import re
from collections.abc import AsyncGenerator, Iterable
from typing import Literal

from genai.moderation.moderator import NOBODY, Moderator
from genai.moderation.policy import Item, Policy
from genai.moderation.verdict import Passed, Redaction, Verdict, Withdrawn, pass_text, redact, worse

Unit = Literal["sentence", "line"]

_TOKEN = re.compile(r"[^\s。！？]+[。！？]*|[。！？]+")
_PERSONAL = re.compile(r"[\d@]")
_BETWEEN = re.compile(r"[A-Z]{1,4}|[-+()/.#:]+")
_CLOSED = re.compile(r"[.!?;,…。！？][\"')\]*_]*$")
_ENDS = {
    "sentence": re.compile(
        r"(?:(?<=[^\d\s.!?…])|(?<=[\d\s][.!?…])|(?<=^[.!?…]))[.!?…]+[\"')\]*_”’»]*\s+"
        r"|[。！？]+\s*|(?:(?<!\s)[^\S\n]+)?\n\s*"
    ),
    "line": re.compile(r"(?:(?<!\s)[^\S\n]+)?\n\s*"),
}


def settled(text: str) -> int:
    """How many characters of `text` no later text can turn into a part of personal data."""
    tokens = [(match.start(), match.group()) for match in _TOKEN.finditer(text)]
    end = len(text)
    if tokens and not text[-1].isspace() and text[-1] not in "。！？":
        end = tokens.pop()[0]
    for position, token in reversed(tokens):
        if not _may_continue(token):
            break
        end = position
    return end


def release_point(text: str, shown: int, unit: Unit, longest: int) -> int:
    """The end of what may be shown next, after the `shown` characters that are; `shown` where nothing may.

    Cuts after the last finished `unit`, or between words where one is longer than `longest` characters.
    """
    limit = settled(text)
    for end in reversed([match.end() for match in _ENDS[unit].finditer(text, shown, limit)]):
        if not _tears(text, end):
            return end
    if limit - shown <= longest:
        return shown
    spaces = (match.end() for match in re.finditer(r"\s+", text[: shown + longest]) if match.end() > shown)
    return max((end for end in spaces if not _tears(text, end)), default=shown)


def context_start(text: str, shown: int, characters: int) -> int:
    """Where the context of the next piece starts: at most `characters` back, at the start of a word."""
    start = max(0, shown - characters)
    if start == 0 or text[start - 1].isspace():
        return start
    space = re.search(r"\s", text[start:shown])
    return start + space.end() if space else shown


def _may_continue(token: str) -> bool:
    return not _CLOSED.search(token) and bool(_PERSONAL.search(token) or _BETWEEN.fullmatch(token))


def _tears(text: str, end: int) -> bool:
    """Whether a number or an address could reach over `end`."""
    before = _TOKEN.findall(text, max(0, end - 200), end)
    after = _TOKEN.match(text, end)
    if not before or after is None or not _may_continue(before[-1]):
        return False
    return bool(_PERSONAL.search(after.group()) or _BETWEEN.fullmatch(after.group()))


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
        self._redactions: list[Redaction] = []
        self.verdict: Verdict | None = None
        """The most severe verdict so far."""

    @property
    def unchecked(self) -> str:
        """All that came so far, passed or not: for the record of moderators, never for a channel."""
        return self._text

    async def pieces(self, deltas: AsyncGenerator[str]) -> AsyncGenerator[Passed | Withdrawn]:
        """What may be shown, in order; `Withdrawn` is the last event where the reply may not stand.

        Takes one reply. Closes `deltas` when it ends early. Raises ModerationUnavailable when there is no
        verdict, and whatever `deltas` raises; text that has not passed is never part of either.
        """
        async with contextlib.aclosing(deltas):
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

    def shown(self, start: int, end: int) -> str:
        """What is shown of that part of the reply, which has passed."""
        inside = [part for part in self._redactions if part.start < end and part.end > start]
        cut = [Redaction(max(p.start, start) - start, min(p.end, end) - start, p.entity) for p in inside]
        return redact(self._text[start:end], cut)

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
        self._redactions += _moved(verdict.redactions, start, from_=self._seen)
        piece = self.shown(self._seen, end)
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


def _moved(redactions: Iterable[Redaction], by: int, *, from_: int) -> list[Redaction]:
    """The redactions of a text that begins at `by`, as those of the whole, without those before `from_`."""
    moved = (Redaction(part.start + by, part.end + by, part.entity) for part in redactions)
    return [part for part in moved if part.start >= from_]


async def _nothing() -> None:
    return None
