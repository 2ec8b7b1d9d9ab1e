"""People change their ideas on a board: another wording, taken off, put back. Numbers stay what they are."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, or_, select, true, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.database import Database
from storage.models import BoardIdea, BoardOrigin, BoardVote, Brainstorm
from storage.models.base import now
from storage.repositories.rows import LOCKED
from storage.values.brainstorms import Phase, Placed, Rewritten

UNDO = timedelta(minutes=2)
"""So long what was taken off can be put back; its words go with the next purge after that."""
_UNSYNCHRONISED = {"synchronize_session": False}


class OwnIdeas:
    """Each method changes ideas of one person, while their brainstorm runs."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def rewrite(
        self, brainstorm_id: int, person_id: int, event_id: str, texts: Sequence[tuple[str, str]]
    ) -> Rewritten | None:
        """Gives the ideas of a message their new (title, body); those that it no longer has are erased.

        What was taken off stays off. To be compared anew is what was changed, and what had been merged into it,
        which stands for itself again. None where the message has no idea that stands.
        """
        async with self._database.transaction() as session:
            ideas = await _held(session, brainstorm_id, person_id, _of_event(event_id))
            if not ideas:
                return None
            off = BoardIdea.brainstorm_id == brainstorm_id, BoardIdea.withdrawn_at.is_not(None)
            taken_off = (await session.scalars(select(BoardIdea).where(*off, _of_event(event_id)))).all()
            pairs, gone, more = _matched([*ideas, *taken_off], texts)
            changed = []
            for idea, text in pairs:
                changed += await _reworded(session, idea, text)
            for idea in gone:
                await _take_off(session, idea, keeps_words=False)
            return Rewritten(tuple(changed), tuple(more), len(ideas) + len(taken_off))

    async def reword(
        self, brainstorm_id: int, person_id: int | None, number: int, text: tuple[str, str]
    ) -> Sequence[Placed] | None:
        """Gives one idea another (title, body); what to compare anew, None where the person has none of that number.

        With None as the person it may be anybody's.
        """
        async with self._database.transaction() as session:
            ideas = await _held(session, brainstorm_id, person_id, BoardIdea.number == number)
            return await _reworded(session, ideas[0], text) if ideas else None

    async def erase(self, brainstorm_id: int, event_id: str) -> int:
        """Takes the ideas of a message off for good, as the message is gone; how many these were."""
        async with self._database.transaction() as session:
            ideas = await _held(session, brainstorm_id, None, _of_event(event_id))
            for idea in ideas:
                await _take_off(session, idea, keeps_words=False)
            return len(ideas)

    async def withdraw(self, brainstorm_id: int, person_id: int | None, number: int) -> bool:
        """Takes an idea off, for two minutes so that it can be put back; False where there is none of the person's.

        With None as the person it may be anybody's.
        """
        return await self._withdraw(brainstorm_id, person_id, BoardIdea.number == number)

    async def withdraw_message(self, brainstorm_id: int, person_id: int, event_id: str) -> bool:
        """As `withdraw`, all ideas of the person's message."""
        return await self._withdraw(brainstorm_id, person_id, _of_event(event_id))

    async def _withdraw(self, brainstorm_id: int, person_id: int | None, which: ColumnElement[bool]) -> bool:
        async with self._database.transaction() as session:
            ideas = await _held(session, brainstorm_id, person_id, which)
            for idea in ideas:
                await _take_off(session, idea, keeps_words=True)
            return bool(ideas)

    async def put_back(
        self, brainstorm_id: int, person_id: int | None, *, idea_id: int | None = None
    ) -> int | None:
        """Puts back what was taken off last of the person's, or the idea with that id, for two minutes.

        Its number; None where nothing can be put back any more. With None as the person it may be anybody's.
        """
        which = true() if idea_id is None else BoardIdea.id == idea_id
        return next(iter(await self._put_back(brainstorm_id, person_id, which, 1)), None)

    async def put_message_back(self, brainstorm_id: int, person_id: int, event_id: str) -> Sequence[int]:
        """As `put_back`, all ideas of the person's message."""
        return await self._put_back(brainstorm_id, person_id, _of_event(event_id), None)

    async def _put_back(
        self, brainstorm_id: int, person_id: int | None, which: ColumnElement[bool], most: int | None
    ) -> Sequence[int]:
        has_words = BoardIdea.title != ""  # else it went with its message, for good
        here = BoardIdea.brainstorm_id == brainstorm_id, _of_person(person_id), has_words, which
        query = select(BoardIdea).where(*here, BoardIdea.withdrawn_at > now() - UNDO)
        last = query.order_by(BoardIdea.withdrawn_at.desc()).limit(most).with_for_update(**LOCKED)
        async with self._database.transaction() as session:
            ideas = (await session.scalars(last)).all()
            if not ideas or not await _runs(session, brainstorm_id):
                return ()
            for idea in ideas:
                idea.withdrawn_at = None
            return [idea.number for idea in ideas]

    async def purge(self, before: datetime | None = None) -> int:
        """Erases the words of what was taken off before that moment, two minutes ago by default; how many."""
        old = BoardIdea.withdrawn_at < (before or now() - UNDO), BoardIdea.title != ""
        async with self._database.transaction() as session:
            erased = update(BoardIdea).where(*old).values(title="", body="", person_id=None)
            rows = await session.execute(erased.returning(BoardIdea.id), execution_options=_UNSYNCHRONISED)
            return len(rows.all())


def _of_event(event_id: str) -> ColumnElement[bool]:
    """Ideas under the event's id, or under that and "#" and a number."""
    return or_(BoardIdea.event_id == event_id, BoardIdea.event_id.startswith(f"{event_id}#", autoescape=True))


def _of_person(person_id: int | None) -> ColumnElement[bool]:
    """The person's; with None anybody's, Riff's too."""
    return true() if person_id is None else BoardIdea.person_id == person_id


def _matched(
    ideas: Sequence[BoardIdea], texts: Sequence[tuple[str, str]]
) -> tuple[list[tuple[BoardIdea, tuple[str, str]]], list[BoardIdea], list[tuple[str, str]]]:
    """Which idea of a message says what now: (idea, its other text), ideas that are gone, and texts that are new.

    A line that says what it said is the same idea, wherever it stands now. The others are taken in order, among them
    those that were taken off, whose words are not kept for long: their lines stay without an idea.
    """
    free, lines = sorted(ideas, key=lambda idea: idea.id), list(texts)
    for idea in sorted(free, key=lambda idea: idea.withdrawn_at is not None):
        if (idea.title, idea.body) in lines:
            lines.remove((idea.title, idea.body))
            free.remove(idea)
    while len(free) > len(lines) and (off := next((idea for idea in free if idea.withdrawn_at), None)):
        free.remove(off)
    pairs = [(idea, text) for idea, text in zip(free, lines, strict=False) if idea.withdrawn_at is None]
    return pairs, free[len(lines) :], lines[len(free) :]


async def _reworded(session: AsyncSession, idea: BoardIdea, text: tuple[str, str]) -> list[Placed]:
    """It stands for itself again, and so do others that had said the same as it did, with the votes for that.

    Whether they still say the same is found out anew.
    """
    heir = await _hand_over(session, idea.id)
    idea.title, idea.body = text
    idea.merged_into_id = None
    return [Placed(idea.id, idea.number), *([heir] if heir else [])]


async def _held(
    session: AsyncSession, brainstorm_id: int, person_id: int | None, which: ColumnElement[bool]
) -> Sequence[BoardIdea]:
    """The ideas that stand on a running board, in the order of their numbers.

    Locked as a vote does, ideas first, with those that were merged into them; then the brainstorm.
    """
    standing = BoardIdea.brainstorm_id == brainstorm_id, BoardIdea.withdrawn_at.is_(None)
    query = select(BoardIdea).where(*standing, _of_person(person_id), which)
    ideas = (await session.scalars(query.order_by(BoardIdea.number).with_for_update(**LOCKED))).all()
    merged = select(BoardIdea.id).where(*standing, BoardIdea.merged_into_id.in_(idea.id for idea in ideas))
    await session.execute(merged.order_by(BoardIdea.number).with_for_update(**LOCKED))
    return ideas if ideas and await _runs(session, brainstorm_id) else ()


async def _runs(session: AsyncSession, brainstorm_id: int) -> bool:
    """Whether the brainstorm runs; it stays as it is until the transaction ends."""
    query = select(Brainstorm.phase).where(Brainstorm.id == brainstorm_id).with_for_update()
    return await session.scalar(query) not in (None, Phase.ENDED)


async def _take_off(session: AsyncSession, idea: BoardIdea, *, keeps_words: bool) -> None:
    """The row stays, so that its number and event are not used again.

    What others had said alike stands in its place, with its votes; else the votes go back to whose they are.
    """
    if await _hand_over(session, idea.id) is None:
        votes = delete(BoardVote).where(BoardVote.idea_id == idea.id)
        await session.execute(votes, execution_options=_UNSYNCHRONISED)
    origins = or_(BoardOrigin.idea_id == idea.id, BoardOrigin.origin_id == idea.id)
    if not keeps_words:
        await session.execute(delete(BoardOrigin).where(origins), execution_options=_UNSYNCHRONISED)
        idea.title, idea.body, idea.person_id = "", "", None
    idea.merged_into_id = None
    idea.withdrawn_at = now()
    await session.flush()


async def _hand_over(session: AsyncSession, idea_id: int) -> Placed | None:
    """Gives the votes to the first of what was merged into the idea, which the others are merged into now."""
    merged = BoardIdea.merged_into_id == idea_id, BoardIdea.withdrawn_at.is_(None)
    followers = (await session.scalars(select(BoardIdea).where(*merged).order_by(BoardIdea.id))).all()
    if not followers:
        return None
    heir, *others = followers
    heir.merged_into_id = None
    await session.flush()
    for other in others:
        other.merged_into_id = heir.id
    moved = update(BoardVote).where(BoardVote.idea_id == idea_id).values(idea_id=heir.id)
    await session.execute(moved, execution_options=_UNSYNCHRONISED)
    return Placed(heir.id, heir.number)
