"""Ideas made of others on the board: combined or improved, with their lineage kept."""

from collections.abc import Sequence

from bot.core.commands.call import Building, Call
from bot.core.commands.option_values import numbers_in
from bot.core.domain import Brief, Idea, Incoming, Reply, Task
from bot.core.errors import CommandError
from bot.core.notices import Notice
from bot.language import _, listed
from genai.answers.ideas.idea_text import read_idea
from storage.repositories import Repositories
from storage.values.brainstorms import CardOnBoard, NewBoardIdea, StoredBrainstorm

_MOST = 5


async def combine(call: Call, brainstorm: StoredBrainstorm, numbers: Sequence[int]) -> Building:
    """One idea of several; raises CommandError that says how to type it."""
    cards = await _cards(call, brainstorm, numbers)
    if not 2 <= len(cards) <= _MOST:
        raise CommandError(_("Which ideas? Give two to five numbers, for example: combine 1 3"))
    return _building(brainstorm, Task.COMBINE, cards)


async def improve(call: Call, brainstorm: StoredBrainstorm, number: int) -> Building:
    """A better version of one idea; raises CommandError for one that is not there."""
    return _building(brainstorm, Task.IMPROVE, await _cards(call, brainstorm, [number]))


async def board_ideas_meant(call: Call) -> tuple[StoredBrainstorm, list[CardOnBoard]] | None:
    """The ideas that numbers as a topic mean where a brainstorm runs; None elsewhere, and for other words.

    Raises CommandError for a number that the board has not.
    """
    numbers = numbers_in(call.text("topic"))
    if not numbers:
        return None
    brainstorm = await call.repositories.brainstorms.running_in(call.incoming.place)
    return None if brainstorm is None else (brainstorm, await _cards(call, brainstorm, numbers))


def subject_of(cards: Sequence[CardOnBoard]) -> str:
    """The ideas as the subject of a brief."""
    return " and ".join(f"{card.title}: {card.body}".strip(": ") for card in cards)


async def put_on_board(
    repositories: Repositories, asked: Building, reply: Reply, incoming: Incoming
) -> Notice:
    """What came of it joins the board; says under which number."""
    idea = built_idea(reply.text)
    new = NewBoardIdea(
        idea.title or idea.body, idea.body if idea.title else "", None, incoming.event_id, asked.origins
    )
    placed = await repositories.boards.add(asked.brainstorm_id, new)
    if placed is None:
        return Notice(_("The brainstorm has ended, so this is not on its board."), private=False)
    origins = [str(await repositories.boards.number_of(origin)) for origin in asked.origins]
    return Notice(
        _("On the board as {number}, made of {origins}.", number=placed.number, origins=listed(origins)),
        private=False,
    )


def built_idea(text: str) -> Idea:
    """The idea in what the model wrote for COMBINE or IMPROVE: its first line."""
    line = next((line.strip() for line in text.splitlines() if line.strip()), "")
    read = read_idea(line)
    return Idea(1, read.title if read.body else "", read.body or read.title)


async def _cards(call: Call, brainstorm: StoredBrainstorm, numbers: Sequence[int]) -> list[CardOnBoard]:
    ids = await call.repositories.boards.numbered(brainstorm.id, numbers)
    missing = [str(number) for number in numbers if number not in ids]
    if missing:
        raise CommandError(_("The board has no idea number {number}.", number=listed(missing)))
    wanted = set(ids.values())
    return [card for card in await call.repositories.boards.cards(brainstorm.id) if card.id in wanted]


def _building(brainstorm: StoredBrainstorm, task: Task, cards: list[CardOnBoard]) -> Building:
    return Building(Brief(task, subject_of(cards)), brainstorm.id, tuple(card.id for card in cards))
