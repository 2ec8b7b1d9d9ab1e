"""Summaries of long threads, and the threads that a person has asked in: shown to them, and erased one by one."""

from collections.abc import Sequence

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.database import Database
from storage.models import (
    Audit,
    Channel,
    Conversation,
    CountedPrompt,
    Feedback,
    Idea,
    Message,
    Person,
    ThreadSummary,
)
from storage.models.base import now
from storage.repositories.conversations import exchanges_before
from storage.repositories.rows import channel_key, hold_people, insert_into, message_value
from storage.sqlite_vacuum import note_traces
from storage.values.personal import StoredSummary, ThreadOfPerson
from storage.values.records import Place, StoredMessage


class Threads:
    """A thread is a conversation."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def summary(self, conversation_id: int) -> StoredSummary | None:
        """What was said before in short; None where there is none since the thread was last cleared."""
        query = (
            select(ThreadSummary)
            .join(Conversation, Conversation.id == ThreadSummary.conversation_id)
            .where(
                ThreadSummary.conversation_id == conversation_id,
                ThreadSummary.through_id > Conversation.cleared_through_id,
            )
        )
        async with self._database.session() as session:
            row = await session.scalar(query)
            return None if row is None else StoredSummary(row.through_id, row.text)

    async def summarise(
        self,
        conversation_id: int,
        summary: StoredSummary,
        *,
        of: Sequence[int],
        before: StoredSummary | None = None,
    ) -> bool:
        """Keeps the summary in place of `before`; False where that is gone or any of the messages `of` was erased.

        Holds everybody who asked in the thread, so that no word of somebody who is being forgotten stays.
        """
        values = {"through_id": summary.through_id, "text": summary.text, "updated_at": now()}
        asked = select(Message.person_id).where(Message.conversation_id == conversation_id).distinct()
        there = select(func.count()).where(Message.conversation_id == conversation_id, Message.id.in_(of))
        async with self._database.transaction() as session:
            if not await hold_people(session, *await session.scalars(asked)):
                return False
            held = await session.get(ThreadSummary, conversation_id)
            is_same = before is None or (held is not None and held.through_id == before.through_id)
            if not is_same or await session.scalar(there) != len(of):
                return False
            new = insert_into(session, ThreadSummary).values(conversation_id=conversation_id, **values)
            await session.execute(new.on_conflict_do_update(index_elements=["conversation_id"], set_=values))
            return True

    async def exchanges(
        self,
        conversation_id: int,
        person_id: int,
        *,
        after_id: int,
        before_id: int,
        limit: int,
        private: bool = False,
    ) -> tuple[StoredMessage, ...]:
        """Answered questions between the two messages, each before its answer, the newest `limit`, oldest first.

        Since the thread was last cleared; in a direct channel only those of the person. What was shown to one person
        alone only where it is this one, and `private`.
        """
        asked = {
            "thread": conversation_id,
            "after": after_id,
            "before": before_id,
            "asker": person_id,
            "privately": person_id if private else 0,
            "most": limit,
        }
        async with self._database.session() as session:
            pairs = (await session.execute(exchanges_before(), asked)).all()
            return tuple(message_value(row) for pair in reversed(pairs) for row in pair)

    async def drop_summary(self, conversation_id: int) -> None:
        """Forgets what was said in short."""
        async with self._database.transaction() as session:
            await _delete(session, ThreadSummary, ThreadSummary.conversation_id == conversation_id)

    async def asked_lately(
        self, person_id: int, limit: int, *, place: Place | None = None
    ) -> tuple[StoredMessage, ...]:
        """The person's latest questions, the newest first, also repeated ones; with a `place` in its channel."""
        query = select(Message).where(Message.person_id == person_id, Message.role == "user")
        if place is not None:
            key = [getattr(Channel, name) == value for name, value in channel_key(place).items()]
            query = (
                query.join(Conversation, Conversation.id == Message.conversation_id)
                .join(Channel, Channel.id == Conversation.channel_id)
                .where(*key)
            )
        async with self._database.session() as session:
            rows = await session.scalars(query.order_by(Message.id.desc()).limit(limit))
            return tuple(map(message_value, rows))

    async def channels_of(self, person_id: int) -> frozenset[tuple[str, str, str]]:
        """Platform, workspace and id of the shared channels that the person asked in."""
        query = (
            select(Channel.platform, Channel.workspace, Channel.external_id)
            .join(Conversation, Conversation.channel_id == Channel.id)
            .join(Message, Message.conversation_id == Conversation.id)
            .where(Message.person_id == person_id, Channel.owner_id.is_(None))
            .distinct()
        )
        async with self._database.session() as session:
            return frozenset((row[0], row[1], row[2]) for row in (await session.execute(query)).all())

    async def of_person(self, person_id: int, limit: int) -> Sequence[ThreadOfPerson]:
        """The threads that the person asked in, the latest first."""
        mine = (
            select(
                Message.conversation_id, func.count().label("questions"), func.max(Message.id).label("last")
            )
            .where(Message.person_id == person_id, Message.role == "user")
            .group_by(Message.conversation_id)
            .order_by(func.max(Message.id).desc())
            .limit(limit)
            .subquery()
        )
        query = (
            select(
                mine.c.conversation_id,
                mine.c.questions,
                Message.content,
                ThreadSummary.text,
                Channel.owner_id,
            )
            .join(Message, Message.id == mine.c.last)
            .join(Conversation, Conversation.id == mine.c.conversation_id)
            .join(Channel, Channel.id == Conversation.channel_id)
            .outerjoin(ThreadSummary, ThreadSummary.conversation_id == Conversation.id)
            .order_by(mine.c.last.desc())
        )
        async with self._database.session() as session:
            rows = (await session.execute(query)).all()
        return [
            ThreadOfPerson(number, questions, last, summary or "", owner is not None)
            for number, questions, last, summary, owner in rows
        ]

    async def forget(self, person_id: int, conversation_id: int) -> None:
        """Erases what the person asked in the thread, the answers, their ideas and what anybody thought of them.

        The thread's summary goes too, for it may hold the person's words.
        """
        messages = select(Message.id).where(
            Message.person_id == person_id, Message.conversation_id == conversation_id
        )
        ideas = select(Idea.id).where(Idea.message_id.in_(messages))
        nobody = ~select(Message.id).where(Message.conversation_id == Conversation.id).exists()
        conditions = (
            (Feedback, Feedback.idea_id.in_(ideas)),
            (Idea, Idea.message_id.in_(messages)),
            (Audit, Audit.message_id.in_(messages)),
            (CountedPrompt, CountedPrompt.message_id.in_(messages)),
            (ThreadSummary, ThreadSummary.conversation_id == conversation_id),
        )
        own = Message.person_id == person_id, Message.conversation_id == conversation_id
        person = select(Person.id).where(Person.id == person_id).with_for_update()
        async with self._database.transaction() as session:
            await session.scalar(person)  # whatever adds rows of the person waits, or is waited for
            for model, condition in conditions:
                await _delete(session, model, condition)
            await _delete(session, Message, *own, Message.in_reply_to_id.is_not(None))
            await _delete(session, Message, *own)
            await _delete(session, Conversation, Conversation.id == conversation_id, nobody)
            await note_traces(session)
        await self._database.remove_traces()


async def _delete(session: AsyncSession, model: type, *conditions: object) -> None:
    statement = delete(model).where(*conditions)  # type: ignore[arg-type]
    await session.execute(statement, execution_options={"synchronize_session": False})
