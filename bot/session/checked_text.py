"""Texts on their way to a channel: only what moderation passed, and no quotation of what nobody said."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace

from rapidfuzz import utils

from bot.answering.outcomes import decision_from
from bot.core.domain import Brief, Passed, Place, Verdict
from bot.language import _
from bot.places.moderation_policy import scope_of
from genai.moderation import ModerationUnavailable, Moderator, Policy
from storage.repositories import Repositories
from storage.values.brainstorms import CardOnBoard, KeptTheme

Record = Callable[[Verdict, str], Awaitable[object]]
"""Keeps what was decided on a text."""
Write = Callable[[Brief], Awaitable[str]]
"""What the model makes of a brief, not moderated yet. Raises GenerationError."""


class Speech:
    """Moderates under the policy that holds in a place; `record` is told of what the model wrote."""

    def __init__(self, moderator: Moderator, policy: Policy | None, record: Record | None = None) -> None:
        self._moderator = moderator
        self._policy = policy
        self._record = record

    async def passed(self, texts: Sequence[str]) -> list[Passed | None]:
        """What of each text may be shown; None for one that is blocked. Raises ModerationUnavailable."""
        found = await asyncio.gather(*(self._moderator.passed(text, policy=self._policy) for text in texts))
        return [passed for passed, _verdict in found]

    async def written(self, texts: Sequence[str]) -> list[Passed | None]:
        """As `passed`, of texts that the model wrote; the decisions go on record, for moderators."""
        passed: list[Passed | None] = []
        for text in texts:
            one, verdict = await self._moderator.passed(text, policy=self._policy)
            passed.append(one)
            if self._record is not None:
                await self._record(verdict, text)
        return passed

    async def shown(self, texts: Sequence[str]) -> list[Passed]:
        """As `passed`, with one of Riff's own sentences where something is blocked."""
        withheld = _("(withheld: it does not pass the content check here)")
        *passed, instead = await self.passed([*texts, withheld])
        shown = [one or instead for one in passed]
        if any(one is None for one in shown):
            raise ModerationUnavailable("not even Riff's own sentence passes")
        return [one for one in shown if one]

    async def readable(self, cards: Sequence[CardOnBoard]) -> list[CardOnBoard]:
        """The cards with what may be shown of each, for pictures and files."""
        texts = [one.text for one in await self.shown([f"{card.title}\n{card.body}" for card in cards])]
        split = [text.partition("\n") for text in texts]
        return [
            replace(card, title=title.strip(), body=body.strip())
            for card, (title, _line, body) in zip(cards, split, strict=True)
        ]

    async def themes(self, kept: Sequence[KeptTheme]) -> list[KeptTheme]:
        """The themes under names that may be shown; one whose name may not has none."""
        passed = await self.passed([theme.name for theme in kept])
        return [replace(theme, name=one.text if one else "") for theme, one in zip(kept, passed, strict=True)]

    async def names(self, participants: Mapping[int, str]) -> dict[int, str]:
        """What the participants may be called: by their names, or by their numbers where they have none."""
        passed = await self.passed(list(participants.values()))
        return {
            person: one.text if name and one else _("member {number}", number=number)
            for number, ((person, name), one) in enumerate(
                zip(participants.items(), passed, strict=True), start=1
            )
        }


def recorded(repositories: Repositories, moderator: Moderator, policy: Policy | None, place: Place) -> Speech:
    """Speech at a place, where moderators can look up what was decided."""

    async def record(verdict: Verdict, text: str) -> None:
        await repositories.audit.record(decision_from(verdict, "reply"), text=text, scope=scope_of(place))

    return Speech(moderator, policy, record)


# Whether what a small model wrote can be put before people: it may not quote what nobody said.


_QUOTED = re.compile(r"\"([^\"]+)\"|“([^“”]+)”")


def quotes_truly(text: str, source: str) -> bool:
    """Whether all that `text` has in quotation marks stands in `source`."""
    said = utils.default_process(source)
    quoted = (one or other for one, other in _QUOTED.findall(text))
    return all(utils.default_process(part).strip() in said for part in quoted)


def neatly(text: str) -> str:
    """`text` without spaces inside its quotation marks."""
    return _QUOTED.sub(lambda match: f"“{(match[1] or match[2]).strip()}”", text)
