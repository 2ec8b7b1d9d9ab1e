"""Reactions to messages of a brainstorm: ❌ of its author takes an idea off, 👍 votes where the workspace wants that.

An adapter plans what a reaction means as a job in the line of its thread; the same reaction planned twice is one job,
and doing it twice changes nothing.
"""

import logging

from bot.core.channel import Channel
from bot.core.domain import Account, Place
from bot.jobs.scheduled import ScheduledJob
from bot.session.workspace_wishes import session_wishes
from storage.repositories import Repositories
from storage.values.brainstorms import Phase, StoredBrainstorm

log = logging.getLogger("riff.session")

KIND = "message-reaction"
TAKES_OFF = frozenset({"❌", "✖", "❎"})
VOTES = frozenset({"👍", "⭐", "🗳"})
_VARIATION = "\N{VARIATION SELECTOR-16}"


def means_something(sign: str) -> bool:
    """Whether a reaction with this emoji may be for a brainstorm."""
    return _plain(sign) in TAKES_OFF | VOTES


def reacted(
    change_id: str, place: Place, author: Account, event_id: str, sign: str, *, added: bool
) -> ScheduledJob:
    """The job for a reaction that somebody added to, or took from, the message whose event was `event_id`."""
    who = [author.platform, author.workspace, author.external_id]
    values = {"event": event_id, "author": who, "sign": _plain(sign), "added": added}
    return ScheduledJob(change_id, place, KIND, values)


class Reactions:
    """Follows reactions in silence: the reaction itself shows what is meant."""

    def __init__(self, repositories: Repositories) -> None:
        self._repositories = repositories

    async def do(self, job: ScheduledJob, _channel: Channel, _resume: bool) -> None:
        """Take the message's ideas off or put them back, vote for its first idea or take that back.

        Raises StorageError.
        """
        values, author = job.values, Account(*job.values["author"])
        brainstorm = await self._repositories.brainstorms.running_in(job.place)
        if brainstorm is None:
            return
        if values["sign"] in TAKES_OFF:
            await self._take_off(brainstorm, author, str(values["event"]), added=bool(values["added"]))
        elif brainstorm.phase is Phase.VOTE:
            wishes = await session_wishes(self._repositories.scopes, job.place)
            if wishes.reactions_vote:
                await self._vote(brainstorm, author, str(values["event"]), added=bool(values["added"]))

    async def _take_off(
        self, brainstorm: StoredBrainstorm, author: Account, event_id: str, *, added: bool
    ) -> None:
        """Only what is the person's own."""
        person = await self._repositories.people.find(author)
        if person is None:
            return
        own = self._repositories.own_ideas
        if added:
            await own.withdraw_message(brainstorm.id, person, event_id)
        else:
            await own.put_message_back(brainstorm.id, person, event_id)

    async def _vote(
        self, brainstorm: StoredBrainstorm, author: Account, event_id: str, *, added: bool
    ) -> None:
        placed = await self._repositories.boards.of_event(brainstorm.id, event_id)
        if not placed:
            return
        number = placed[0].number
        idea = (await self._repositories.boards.numbered(brainstorm.id, [number]))[number]
        person = await self._repositories.people.find_or_create(author)
        chosen = {idea} if added else set()
        await self._repositories.ballots.choose(brainstorm.id, person, chosen, {idea})


def _plain(sign: str) -> str:
    return sign.removesuffix(_VARIATION)
