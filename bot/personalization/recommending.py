"""What a recommendation goes by: interests, what the person liked, and what people with a like taste liked.

Nobody is named; what others liked is told only from channels that the person asks in and is in now, and only what
of them liked.
"""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.domain import Account, Place, Profile
from bot.language import _
from bot.personalization.taste import _LIKED, _LIKED_BY_SIMILAR, _OWN, name_in, opinion_of
from bot.places.membership import Memberships
from genai.taste import Ground, Opinion, similar
from storage.repositories import Repositories
from storage.values.personal import HeldOpinion
from storage.values.records import Scope

_OF_SIMILAR = 600
_NEIGHBOURS = 10
_AGREE = 2
"""So many people with a like taste must have liked an idea before it is told of."""
_SHOWN = 5
_INTEREST = 0.8


@dataclass(frozen=True, slots=True)
class Evidence:
    """Opinions for the taste, and lines for the model's instruction."""

    opinions: tuple[Opinion, ...]
    notes: tuple[tuple[str, str], ...]

    def named(self) -> list[str]:
        """What kinds of grounds there are, in the reader's language."""
        labels, kinds = dict(self.notes), {opinion.ground for opinion in self.opinions}
        told = (
            (Ground.INTEREST in kinds, _("your interests")),
            (_LIKED in labels, _("what you liked")),
            (_LIKED_BY_SIMILAR in labels, _("what people with a taste like yours liked")),
        )
        return [text for applies, text in told if applies]


async def grounds(
    repositories: Repositories,
    memberships: Memberships,
    person_id: int,
    account: Account,
    place: Place,
    profile: Profile,
) -> Evidence:
    """All that speaks for one recommendation or another and may be told in the place."""
    own = await repositories.opinions.of_person(person_id, _OWN)
    liked = [name for held in own if opinion_of(held).value > 0 and (name := name_in(held, person_id, place))]
    others = await _liked_by_similar(repositories, memberships, person_id, account, place, own)
    interests = profile.interests if place.direct else ()
    opinions = (
        *(Opinion(held.text, 1.0, own=False, name=held.name, ground=Ground.OTHERS) for held in others),
        *(Opinion(interest, _INTEREST, name=interest, ground=Ground.INTEREST) for interest in interests),
    )
    lines = (
        (_LIKED, "; ".join(dict.fromkeys(liked[:_SHOWN]))),
        (_LIKED_BY_SIMILAR, "; ".join(held.name for held in others[:_SHOWN])),
    )
    return Evidence(opinions, tuple((label, text) for label, text in lines if text))


async def _liked_by_similar(
    repositories: Repositories,
    memberships: Memberships,
    person_id: int,
    account: Account,
    place: Place,
    own: Sequence[HeldOpinion],
) -> list[Opinion]:
    workspace = Scope(place.platform, place.workspace, "" if place.direct else place.channel)
    held = await repositories.opinions.of_others(person_id, workspace, _OF_SIMILAR)
    known = await repositories.threads.channels_of(person_id)
    by_person: defaultdict[int, list[HeldOpinion]] = defaultdict(list)
    asked_in = [one for one in held if (one.platform, one.workspace, one.channel) in known]
    for one in await memberships.readable(account, place, asked_in):
        by_person[one.person_id].append(one)
    tastes = {person: [opinion_of(one) for one in said] for person, said in by_person.items()}
    alike = await asyncio.to_thread(similar, [opinion_of(one) for one in own], tastes, _NEIGHBOURS)
    said_of = {one.idea for one in own}
    liked = [one for person in alike for one in _liked_once(by_person[person]) if one.idea not in said_of]
    times = Counter(one.idea for one in liked)
    ideas = {one.idea: one for one in liked if times[one.idea] >= _AGREE}
    ordered = sorted(ideas.values(), key=lambda one: -times[one.idea])
    return [Opinion(opinion_of(one).text, 1.0, own=False, name=one.title or one.body[:80]) for one in ordered]


def _liked_once(opinions: Sequence[HeldOpinion]) -> list[HeldOpinion]:
    """Of one person: each idea that they liked, saved or voted for once."""
    return list({one.idea: one for one in opinions if opinion_of(one).value > 0}.values())
