"""What a workspace wants of its brainstorms: whether reactions count as votes, and who took part is called at the end."""

from dataclasses import dataclass

from bot.core.domain import Place
from storage.repositories.workspaces import Scopes
from storage.values.records import Scope

VOTES, MENTIONS = "votes", "mentions"


@dataclass(frozen=True, slots=True)
class SessionWishes:
    """Both are off where nobody said anything: a reaction is seen by all, and a call is heard by all."""

    reactions_vote: bool = False
    mentions: bool = False


async def session_wishes(scopes: Scopes, place: Place) -> SessionWishes:
    """What holds in the place's workspace."""
    stored = await scopes.settings(_scope(place))
    return SessionWishes(bool(stored.get(VOTES)), bool(stored.get(MENTIONS)))


async def wish(scopes: Scopes, place: Place, name: str, *, on: bool, person_id: int) -> SessionWishes:
    """Sets one of VOTES and MENTIONS; the change is recorded."""
    await scopes.set(_scope(place), name, on or None, person_id=person_id)
    return await session_wishes(scopes, place)


def _scope(place: Place) -> Scope:
    """Beside what moderation keeps of the same workspace."""
    return Scope(f"{place.platform}-sessions", place.workspace or place.channel)
