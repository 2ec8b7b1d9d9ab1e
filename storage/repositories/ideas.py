"""Ideas as they were shown, and what people think of them."""

from collections.abc import Collection
from dataclasses import replace

from sqlalchemy import Select, and_, delete, func, or_, select, update
from sqlalchemy.orm import aliased

from storage.database import Database
from storage.models import Channel, Conversation, Feedback, Idea, Message
from storage.repositories.rows import channel_key, find_or_add, hold_people, place_of_channel
from storage.values.records import FeedbackKind, GivenIdea, Place, Scope, StoredIdea

WHOLE = 0
"""The position of what was no list: a whole answer that somebody saved or thought something of."""
_CHAT = "chat"
"""The task of an answer that was asked for in people's own words."""


class Ideas:
    """Ideas are added with the answer they come in, by `Conversations.answer`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def last_list(
        self, conversation_id: int, person_id: int, events: tuple[str, ...] | None = None
    ) -> tuple[tuple[StoredIdea, ...], bool]:
        """The ideas of the thread's latest answer with ideas, and whether no answer came after it.

        Of what the person was shown since the thread was last cleared; where `events` are given, only of answers to
        these questions.
        """
        answers = _answers_since_cleared(conversation_id, person_id, events)
        latest = select(func.max(Message.id)).where(Message.id.in_(answers)).scalar_subquery()
        ideas = Idea.message_id.in_(answers), Idea.position > WHOLE
        listed = select(func.max(Idea.message_id)).where(*ideas).scalar_subquery()
        query = select(Idea, latest).where(Idea.message_id == listed).order_by(Idea.position)
        async with self._database.session() as session:
            rows = (await session.execute(query)).all()
        return tuple(_idea_value(row) for row, _last in rows), any(
            row.message_id == last for row, last in rows
        )

    async def last_list_in_channel(self, place: Place, person_id: int) -> tuple[StoredIdea, ...]:
        """The ideas of the latest answer with ideas in any thread of the channel, of what the person was shown.

        Not of what came before its thread was cleared, by the question's number.
        """
        latest = (
            select(func.max(Message.id))
            .join(Idea, Idea.message_id == Message.id)
            .join(Conversation, Conversation.id == Message.conversation_id)
            .join(Channel, Channel.id == Conversation.channel_id)
            .where(
                *(getattr(Channel, name) == value for name, value in channel_key(place).items()),
                Message.in_reply_to_id > Conversation.cleared_through_id,
                or_(Message.is_private.is_(False), Message.person_id == person_id),
                Idea.position > WHOLE,
            )
        )
        query = (
            select(Idea)
            .where(Idea.position > WHOLE, Idea.message_id == latest.scalar_subquery())
            .order_by(Idea.position)
        )
        async with self._database.session() as session:
            return tuple(_idea_value(row) for row in await session.scalars(query.order_by(Idea.position)))

    async def get(self, idea_id: int) -> StoredIdea | None:
        """The idea with that id; None when it was erased."""
        async with self._database.session() as session:
            row = await session.get(Idea, idea_id)
            return None if row is None else _idea_value(row)

    async def place_of(self, idea_id: int) -> Place | None:
        """The channel in which the idea was shown, direct where it is somebody's own; None when it was erased."""
        query = (
            select(Channel, Message.is_private)
            .join(Conversation, Conversation.channel_id == Channel.id)
            .join(Message, Message.conversation_id == Conversation.id)
            .join(Idea, Idea.message_id == Message.id)
            .where(Idea.id == idea_id)
        )
        async with self._database.session() as session:
            row = (await session.execute(query)).one_or_none()
            return None if row is None else place_of_channel(row[0], private=row[1])

    async def of_answer(self, message_id: int) -> tuple[StoredIdea, ...]:
        """The ideas of one answer, in order."""
        query = select(Idea).where(Idea.message_id == message_id, Idea.position > WHOLE)
        async with self._database.session() as session:
            return tuple(_idea_value(row) for row in await session.scalars(query.order_by(Idea.position)))

    async def whole_answer(self, message_id: int) -> StoredIdea | None:
        """An answer as one idea of its own, so that it can be saved; None when it was erased."""
        question = aliased(Message)
        query = (
            select(Message, question.content)
            .join(question, question.id == Message.in_reply_to_id)
            .where(Message.id == message_id, Message.role == "assistant")
        )
        async with self._database.transaction() as session:
            found = (await session.execute(query)).one_or_none()
            if found is None or not await hold_people(session, found[0].person_id):
                return None
            answer, asked = found
            rest = {"person_id": answer.person_id, "title": "", "body": answer.content, "topic": asked}
            key = {"message_id": message_id, "position": WHOLE}
            idea_id = await find_or_add(session, Idea, key, rest | {"task": answer.task or _CHAT})
            row = await session.get(Idea, idea_id)
            return None if row is None else _idea_value(row)

    async def threads(self, idea_ids: Collection[int]) -> dict[int, Place]:
        """The thread in which each of the ideas was shown, direct where it is somebody's own."""
        query = (
            select(Idea.id, Channel, Conversation.external_id, Message.is_private)
            .join(Message, Message.id == Idea.message_id)
            .join(Conversation, Conversation.id == Message.conversation_id)
            .join(Channel, Channel.id == Conversation.channel_id)
            .where(Idea.id.in_(idea_ids))
        )
        async with self._database.session() as session:
            rows = (await session.execute(query)).all()
        return {
            idea: replace(place_of_channel(channel, private=private), thread=thread)
            for idea, channel, thread, private in rows
        }

    async def recent_of_person(self, person_id: int, limit: int) -> tuple[StoredIdea, ...]:
        """The newest ideas that the person was given, newest first."""
        query = select(Idea).where(Idea.person_id == person_id, Idea.position > WHOLE)
        return await self._newest(query, limit)

    async def recent_in_channel(self, place: Place, limit: int) -> tuple[StoredIdea, ...]:
        """The newest ideas that were shown to all in the place's channel, in any thread, newest first."""
        channel = select(Channel.id).filter_by(**channel_key(place)).scalar_subquery()
        query = (
            select(Idea)
            .join(Message, Message.id == Idea.message_id)
            .join(Conversation, Conversation.id == Message.conversation_id)
            .where(Conversation.channel_id == channel, Message.is_private.is_(False), Idea.position > WHOLE)
        )
        return await self._newest(query, limit)

    async def given_to_others(
        self, person_id: int, workspace: Scope, tasks: Collection[str], limit: int
    ) -> tuple[GivenIdea, ...]:
        """The newest ideas of the tasks that anybody but the person was given in the workspace, newest first."""
        query = (
            select(Idea, Message.is_private, Channel)
            .join(Message, Message.id == Idea.message_id)
            .join(Conversation, Conversation.id == Message.conversation_id)
            .join(Channel, Channel.id == Conversation.channel_id)
            .where(
                Channel.platform == workspace.platform,
                Channel.workspace == workspace.workspace,
                Idea.person_id != person_id,
                Idea.task.in_(tasks),
            )
        )
        async with self._database.session() as session:
            rows = (await session.execute(query.order_by(Idea.id.desc()).limit(limit))).all()
        return tuple(_given_value(*row) for row in rows)

    async def save(self, person_id: int, idea_id: int, *, saved: bool = True) -> bool:
        """Marks one of the person's own ideas; False when the person has no such idea."""
        own = Idea.id == idea_id, Idea.person_id == person_id
        async with self._database.transaction() as session:
            marked = await session.scalar(update(Idea).where(*own).values(saved=saved).returning(Idea.id))
            return marked is not None

    async def unsave(self, person_id: int, idea_id: int) -> None:
        """The idea is no longer one that the person saved, whoever had asked for it."""
        noted = Feedback.person_id == person_id, Feedback.idea_id == idea_id
        own = Idea.id == idea_id, Idea.person_id == person_id
        async with self._database.transaction() as session:
            await session.execute(delete(Feedback).where(*noted, Feedback.kind == FeedbackKind.SAVE.value))
            await session.execute(update(Idea).where(*own).values(saved=False))

    async def saved(
        self, person_id: int, limit: int, *, place: Place | None = None, private: bool = False
    ) -> tuple[StoredIdea, ...]:
        """The newest ideas that the person saved, also those that others had asked for, newest first.

        With a `place` only those that were shown in its channel, to all unless it is for a `private` answer.
        """
        noted = select(Feedback.idea_id).where(
            Feedback.person_id == person_id, Feedback.kind == FeedbackKind.SAVE.value
        )
        query = select(Idea).where(or_(and_(Idea.person_id == person_id, Idea.saved), Idea.id.in_(noted)))
        if place is not None:
            query = query.where(Idea.message_id.in_(_messages_in_channel(place, private=private)))
        return await self._newest(query, limit)

    async def _newest(self, query: Select[Idea], limit: int) -> tuple[StoredIdea, ...]:
        async with self._database.session() as session:
            rows = await session.scalars(query.order_by(Idea.id.desc()).limit(limit))
            return tuple(_idea_value(row) for row in rows)


def _answers_since_cleared(
    conversation_id: int, person_id: int, events: tuple[str, ...] | None
) -> Select[int]:
    question = aliased(Message)
    cleared = select(Conversation.cleared_through_id).where(Conversation.id == conversation_id)
    query = (
        select(Message.id)
        .join(question, question.id == Message.in_reply_to_id)
        .where(
            Message.conversation_id == conversation_id,
            question.id > cleared.scalar_subquery(),
            or_(Message.is_private.is_(False), Message.person_id == person_id),
        )
    )
    return query if events is None else query.where(question.event_id.in_(events))


def _messages_in_channel(place: Place, *, private: bool) -> Select[int]:
    key = [getattr(Channel, name) == value for name, value in channel_key(place).items()]
    return (
        select(Message.id)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .join(Channel, Channel.id == Conversation.channel_id)
        .where(*key, *(() if private else (Message.is_private.is_(False),)))
    )


def _given_value(idea: Idea, is_private: bool, channel: Channel) -> GivenIdea:
    return GivenIdea(
        title=idea.title,
        body=idea.body,
        topic=idea.topic,
        platform=channel.platform,
        workspace=channel.workspace,
        channel=channel.external_id,
        is_shared=not is_private and channel.owner_id is None,
    )


def _idea_value(row: Idea) -> StoredIdea:
    return StoredIdea(
        id=row.id,
        message_id=row.message_id,
        person_id=row.person_id,
        position=row.position,
        title=row.title,
        body=row.body,
        topic=row.topic,
        task=row.task,
        saved=row.saved,
        created_at=row.created_at,
    )
