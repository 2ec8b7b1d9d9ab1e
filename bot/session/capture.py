"""Puts what people write on the board: several ideas of one message apart, near-duplicates together."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.errors import CommandError
from bot.core.ideas import parse_idea, parse_ideas
from bot.language import _
from bot.session.duplicates import Likeness
from genai.reranking.settings import QualitySettings
from storage.repositories.boards import Boards
from storage.values.brainstorms import NewBoardIdea, StoredBrainstorm

_AT_ONCE = 20
_TITLE_CHARACTERS = 100
_LEADS_IN = re.compile(r"^[^\n]{1,80}:\s*$")


@dataclass(frozen=True, slots=True)
class Author:
    """Whose ideas they are, in which event they came, and what all call the person."""

    person_id: int
    event_id: str
    name: str


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a message: the numbers of its new ideas, and of those that its others were merged into."""

    new: tuple[int, ...]
    merged: tuple[int, ...]


class Capture:
    """Takes ideas; `most` is how many a board holds."""

    def __init__(self, boards: Boards, quality: QualitySettings, most: int) -> None:
        self._boards = boards
        self._likeness = Likeness(quality)
        self._most = most

    async def take(self, brainstorm: StoredBrainstorm, text: str, author: Author) -> Taken:
        """Puts the ideas in `text`, which has passed moderation, on the board.

        An event that came before is not taken again. Raises CommandError when the board is full.
        """
        known = await self._boards.texts(brainstorm.id)
        if len(known) >= self._most:
            raise CommandError(_("The board is full: it holds {most} ideas.", most=self._most))
        ideas = [
            NewBoardIdea(title, body, author.person_id, event_id, name=author.name)
            for (title, body), event_id in zip(split_ideas(text), _event_ids(author.event_id), strict=False)
        ]
        placed = await self._boards.add_all(brainstorm.id, ideas)
        return await self._merge(brainstorm, {one.id: one.number for one in placed})

    async def tidy(self, brainstorm: StoredBrainstorm) -> None:
        """Merges what was written at the same moment and says the same."""
        board = await self._boards.texts(brainstorm.id)
        await self._merge(brainstorm, {idea: 0 for idea, _title, _body in board})

    async def _merge(self, brainstorm: StoredBrainstorm, numbers: dict[int, int]) -> Taken:
        if not numbers:
            return Taken((), ())
        board = await self._boards.texts(brainstorm.id)
        twins = await self._likeness.twins(brainstorm.plan.topic, board, frozenset(numbers))
        merged = {idea: into for idea, into in twins.items() if await self._boards.merge(idea, into)}
        into = [await self._boards.number_of(idea) for idea in dict.fromkeys(merged.values())]
        new = (number for idea, number in numbers.items() if idea not in merged)
        return Taken(tuple(new), tuple(number for number in into if number is not None))


def split_ideas(text: str) -> list[tuple[str, str]]:
    """The ideas in a message, as (title, body): each line of a list is one, any other text is one."""
    listed = parse_ideas(text)
    lines = [line for line in text.splitlines() if line.strip()]
    others = len(lines) - len(listed)
    leads_in = bool(lines) and others == 1 and bool(_LEADS_IN.match(lines[0])) and not parse_idea(lines[0], 1)
    if listed and (others == 0 or leads_in):
        return [_titled(idea.title, idea.body) for idea in listed[:_AT_ONCE]]
    joined = " ".join(text.split())
    idea = parse_idea(f"1. {joined}", 1)
    return [_titled(idea.title, idea.body)] if idea else []


def _titled(title: str, body: str) -> tuple[str, str]:
    """An idea without a title is its own one, the beginning of it where it is long."""
    if title:
        return title, body
    if len(body) <= _TITLE_CHARACTERS:
        return body, ""
    return body[:_TITLE_CHARACTERS].rsplit(" ", 1)[0].rstrip(",.;:") + "…", body


def _event_ids(event_id: str) -> Sequence[str]:
    return [event_id, *(f"{event_id}#{number}" for number in range(2, _AT_ONCE + 1))]
