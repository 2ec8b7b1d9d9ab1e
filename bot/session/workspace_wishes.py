"""What a workspace wants of its brainstorms: reactions that count as votes, calling who took part at the end."""

from dataclasses import dataclass

from bot.core.commands.call import Call
from bot.core.commands.declaration import Kind, Option
from bot.core.domain import Place
from bot.core.notices import Notice
from bot.language import N_, _
from storage.repositories.workspaces import Scopes
from storage.values.records import Scope

VOTES, MENTIONS = "reaction-votes", "mentions"
ON, OFF = "on", "off"


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


async def settings(call: Call) -> Notice:
    """Sets what is given, and reads back what holds; for admins."""
    scopes, place = call.repositories.scopes, call.incoming.place
    for name in (VOTES, MENTIONS):
        if chosen := call.text(name):
            await wish(scopes, place, name, on=chosen == ON, person_id=call.person_id)
    wishes = await session_wishes(scopes, place)
    votes = (
        _("A reaction with 👍 to an idea's message counts as a vote.")
        if wishes.reactions_vote
        else _("Reactions do not count as votes.")
    )
    calls = (
        _("Who took part is mentioned once, at the end.")
        if wishes.mentions
        else _("Nobody is mentioned at the end.")
    )
    return Notice(f"{votes} {calls}")


OPTIONS = tuple(
    Option(name, label, Kind.CHOICE, choices=(ON, OFF), labels=(N_("yes"), N_("no")))
    for name, label in (
        (VOTES, N_("Do reactions count as votes?")),
        (MENTIONS, N_("Mention who took part at the end?")),
    )
)
"""What `settings` takes."""
