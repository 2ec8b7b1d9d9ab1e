"""What somebody may act on by its id: ids come from outside, and say nothing of whose they are or where.

An idea, an answer or a board belongs to the channel that it was shown in: whoever acts there may act on it. What
was shown in somebody's direct messages, and what is theirs, is for that person alone.
"""

from dataclasses import dataclass

from bot.core.domain import Account, Place, StoredIdea
from storage.repositories import Repositories


@dataclass(frozen=True, slots=True)
class Reach:
    """Somebody who acts in a place. Nothing that is beyond reach is told from what is gone."""

    repositories: Repositories
    author: Account
    place: Place

    async def idea(self, idea_id: int) -> StoredIdea | None:
        """The idea, where they may act on it."""
        idea = await self.repositories.ideas.get(idea_id)
        if idea is None or not await self._may(
            await self.repositories.ideas.place_of(idea_id), idea.person_id
        ):
            return None
        return idea

    async def ideas_of(self, answer_id: int) -> tuple[StoredIdea, ...]:
        """The ideas of an answer, where they may act on them."""
        ideas = await self.repositories.ideas.of_answer(answer_id)
        return ideas if ideas and await self.idea(ideas[0].id) else ()

    async def answer(self, answer_id: int) -> str | None:
        """What an answer says, where they may act on it."""
        answer = await self.repositories.conversations.message(answer_id)
        there = await self.repositories.conversations.place_of(answer_id)
        return answer.content if answer and await self._may(there, answer.person_id) else None

    async def card(self, idea_id: int) -> bool:
        """Whether they may act on the idea of a board."""
        return await self._may(await self.repositories.boards.place_of(idea_id), None)

    async def own_answer(self, answer_id: int) -> str | None:
        """What they themselves were answered in this channel; None for anything else."""
        answer = await self.repositories.conversations.message(answer_id)
        there = await self.repositories.conversations.place_of(answer_id)
        if answer is None or there is None or not self._is_here(there):
            return None
        return answer.content if answer.person_id == await self._person() else None

    async def _may(self, there: Place | None, asked_by: int | None) -> bool:
        if there is None or there.platform != self.author.platform:
            return False
        if self._is_here(there) and not (there.direct and asked_by):
            return True
        return asked_by is not None and asked_by == await self._person() and self._is_in_workspace(there)

    def _is_here(self, there: Place) -> bool:
        return self._is_in_workspace(there) and there.channel == self.place.channel

    def _is_in_workspace(self, there: Place) -> bool:
        """What is one's own in a direct message has no workspace on some platforms."""
        return there.workspace == self.place.workspace or there.direct

    async def _person(self) -> int | None:
        return await self.repositories.people.find(self.author)
