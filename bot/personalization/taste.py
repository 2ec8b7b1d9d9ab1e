"""The taste of a person in a place, and what a recommendation goes by.

A taste is made of their own feedback, and of what others there think where they have said little. Opinions are read
anew for each list, so that what was said in another process counts at once; it is fitted off the loop. Nobody is
named; what others liked is told only from channels that the person asks in too, and only what several of them liked.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.core.domain import Account, Idea, Place
from bot.core.ideas import comparable
from bot.language import _
from bot.places.membership import Memberships
from genai.moderation import Moderator, Policy
from genai.reranking.settings import RerankingSettings
from genai.taste import Because, Ground, Opinion, Taste
from storage.repositories.opinions import Opinions
from storage.values.personal import VOTE, HeldOpinion
from storage.values.records import FeedbackKind, Scope

_OWN = 150
_OTHERS = 50
_ENOUGH_OTHERS = 10
"""With fewer opinions in a channel, those of its workspace join them: of channels that the person is in now."""
_KEPT = 32
"""Fitted tastes in memory, each at most 5 MB."""
_NAME_CHARACTERS = 80
_VALUES = {
    FeedbackKind.LIKE: 1.0,
    FeedbackKind.SAVE: 1.0,
    VOTE: 0.7,
    FeedbackKind.DISLIKE: -1.0,
    FeedbackKind.SHUFFLE: -0.3,
}
_SHOWN_TO_OTHERS = frozenset({FeedbackKind.LIKE, FeedbackKind.SAVE})
"""Votes are anonymous: they are never named where others read."""


class Tastes:
    """Fits tastes and keeps the latest; a person's is fitted anew when there is new feedback."""

    def __init__(self, opinions: Opinions, memberships: Memberships, settings: RerankingSettings) -> None:
        self._opinions = opinions
        self._memberships = memberships
        self._settings = settings
        self._fitted: OrderedDict[tuple[int, Scope], tuple[tuple[Opinion, ...], Taste]] = OrderedDict()

    async def of(
        self, person_id: int, account: Account, place: Place, further: Sequence[Opinion] = ()
    ) -> Taste | None:
        """What is known of the person's taste, with `further` opinions; None where that is nothing, or taste is off.

        `account` is the one that they ask from.
        """
        if not self._settings.taste_weight:
            return None
        own = _telling(await self._opinions.of_person(person_id, _OWN))
        others = await self._of_others(person_id, account, place)
        opinions = (
            *(opinion_of(held, own=False) for held in reversed(others)),
            *further,
            *(opinion_of(held, own=True, name=name_in(held, person_id, place)) for held in reversed(own)),
        )
        if not opinions:
            return None
        key = (person_id, Scope(place.platform, place.workspace, place.channel))
        kept = self._fitted.get(key)
        taste = kept[1] if kept and kept[0] == opinions else await asyncio.to_thread(Taste, opinions)
        self._fitted[key] = (opinions, taste)
        self._fitted.move_to_end(key)
        if len(self._fitted) > _KEPT:
            self._fitted.popitem(last=False)
        return taste

    async def _of_others(self, person_id: int, account: Account, place: Place) -> Sequence[HeldOpinion]:
        channel = Scope(place.platform, place.workspace, place.channel)
        workspace = Scope(place.platform, place.workspace)
        here = () if place.direct else await self._opinions.of_others(person_id, channel, _OTHERS)
        if len(here) >= _ENOUGH_OTHERS:
            return _telling(here)
        anywhere = await self._opinions.of_others(person_id, workspace, _OTHERS)
        return _telling(await self._memberships.readable(account, place, anywhere))


def name_in(held: HeldOpinion, person_id: int, place: Place) -> str:
    """The idea's name where the person may be reminded of it in the place, else "".

    Where others read, only ideas that were shown to all in that very channel; in private also one's own from anywhere,
    and those of other shared channels. Never what another person asked for in private.
    """
    if place.direct:
        may_name = not held.is_private or held.asked_by == person_id
    else:
        is_here = (held.platform, held.workspace, held.channel) == (
            place.platform,
            place.workspace,
            place.channel,
        )
        may_name = is_here and not held.is_private and held.kind in _SHOWN_TO_OTHERS
    return (held.title or held.body)[:_NAME_CHARACTERS] if may_name else ""


def because_line(because: Because) -> str:
    """Why an idea should please, in the reader's language; for moderation to pass."""
    match because.ground:
        case Ground.INTEREST:
            return _("because you are interested in {name}", name=because.name)
        case Ground.OTHERS:
            return _("because people with a taste like yours liked “{name}”", name=because.name)
        case _:
            return _("because you liked “{name}”", name=because.name)


async def with_grounds(
    ideas: Iterable[Idea], moderator: Moderator, policy: Policy | None
) -> tuple[Idea, ...]:
    """The ideas, each with what speaks for it in words, where that passes moderation in the place."""
    told: list[Idea] = []
    for idea in ideas:
        because = idea.why.because if idea.why else None
        if idea.why is None or because is None:
            told.append(idea)
            continue
        passed, _verdict = await moderator.passed(because_line(because), policy=policy)
        why = replace(idea.why, because=None)  # the words alone are told, and only once they passed
        told.append(replace(idea, why=why, because=passed.text if passed else ""))
    return tuple(told)


def opinion_of(held: HeldOpinion, *, own: bool = True, name: str = "") -> Opinion:
    """What was thought of the idea, its subject left out."""
    text = comparable(Idea(0, held.title, held.body), held.topic)
    return Opinion(text, _VALUES[held.kind], own, name)


def _telling(opinions: Iterable[HeldOpinion]) -> list[HeldOpinion]:
    """Without the shuffles of ideas that the same person liked, disliked or saved."""
    held = list(opinions)
    said = {(one.person_id, one.idea) for one in held if one.kind != FeedbackKind.SHUFFLE}
    return [one for one in held if one.kind != FeedbackKind.SHUFFLE or (one.person_id, one.idea) not in said]


_LIKED, _LIKED_BY_SIMILAR = "Liked before", "Liked by people with a similar taste"
