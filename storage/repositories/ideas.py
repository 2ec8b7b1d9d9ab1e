"""Ideas as they were shown, and what people think of them."""

from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, delete, func, literal, or_, select, union_all, update
from sqlalchemy.orm import aliased

from storage.database import Database
from storage.models import BoardIdea, BoardVote, Brainstorm, Channel, Conversation, Feedback, Idea, Message
from storage.repositories.rows import channel_key
from storage.values.personal import VOTE, HeldOpinion
from storage.values.records import FeedbackKind, Place, Scope, StoredIdea


class Ideas:
    """Ideas are added with the answer they come in, by `Conversations.answer`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def at(self, conversation_id: int, position: int) -> StoredIdea | None:
        """The idea with that number in the thread's latest answer with ideas, since it was last cleared."""
        latest = _with_ideas_since_cleared(conversation_id).scalar_subquery()
        query = select(Idea).where(Idea.message_id == latest, Idea.position == position)
        async with self._database.session() as session:
            row = await session.scalar(query)
            return None if row is None else _idea_value(row)

    async def get(self, idea_id: int) -> StoredIdea | None:
        """The idea with that id; None when it was erased."""
        async with self._database.session() as session:
            row = await session.get(Idea, idea_id)
            return None if row is None else _idea_value(row)

    async def of_answer(self, message_id: int) -> tuple[StoredIdea, ...]:
        """The ideas of one answer, in order."""
        query = select(Idea).where(Idea.message_id == message_id).order_by(Idea.position)
        async with self._database.session() as session:
            return tuple(_idea_value(row) for row in await session.scalars(query))

    async def recent_of_person(self, person_id: int, limit: int) -> tuple[StoredIdea, ...]:
        """The newest ideas that the person was given, newest first."""
        return await self._newest(select(Idea).where(Idea.person_id == person_id), limit)

    async def recent_in_channel(self, place: Place, limit: int) -> tuple[StoredIdea, ...]:
        """The newest ideas that were shown in the place's channel, in any thread, newest first."""
        channel = select(Channel.id).filter_by(**channel_key(place)).scalar_subquery()
        query = (
            select(Idea)
            .join(Message, Message.id == Idea.message_id)
            .join(Conversation, Conversation.id == Message.conversation_id)
            .where(Conversation.channel_id == channel)
        )
        return await self._newest(query, limit)

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
        self, person_id: int, limit: int, *, place: Place | None = None
    ) -> tuple[StoredIdea, ...]:
        """The newest ideas that the person saved, also those that others had asked for, newest first.

        With a `place` only those that were shown in its channel.
        """
        noted = select(Feedback.idea_id).where(
            Feedback.person_id == person_id, Feedback.kind == FeedbackKind.SAVE.value
        )
        query = select(Idea).where(or_(and_(Idea.person_id == person_id, Idea.saved), Idea.id.in_(noted)))
        if place is not None:
            query = query.where(Idea.message_id.in_(_messages_in_channel(place)))
        return await self._newest(query, limit)

    async def _newest(self, query: Select[Idea], limit: int) -> tuple[StoredIdea, ...]:
        async with self._database.session() as session:
            rows = await session.scalars(query.order_by(Idea.id.desc()).limit(limit))
            return tuple(_idea_value(row) for row in rows)


def _with_ideas_since_cleared(conversation_id: int) -> Select[int | None]:
    """By the question's number: a late answer to a question from before the clearing counts as before."""
    answer = aliased(Message)
    cleared = select(Conversation.cleared_through_id).where(Conversation.id == conversation_id)
    return (
        select(func.max(answer.id))
        .join(Idea, Idea.message_id == answer.id)
        .where(
            answer.conversation_id == conversation_id,
            answer.in_reply_to_id > cleared.scalar_subquery(),
        )
    )


def _messages_in_channel(place: Place) -> Select[int]:
    key = [getattr(Channel, name) == value for name, value in channel_key(place).items()]
    return (
        select(Message.id)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .join(Channel, Channel.id == Conversation.channel_id)
        .where(*key)
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


# What people thought of ideas, by feedback and by votes, to learn their taste from; newest first, bounded.


_KINDS = tuple(kind.value for kind in FeedbackKind if kind is not FeedbackKind.EDIT)
_PLACE = (Channel.platform, Channel.workspace, Channel.external_id, Channel.owner_id)


class Opinions:
    """Read only: they come in through `Feedback` and `Boards`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of_person(self, person_id: int, limit: int) -> tuple[HeldOpinion, ...]:
        """The person's own, wherever the ideas were shown."""
        return await self._newest(Feedback.person_id == person_id, BoardVote.person_id == person_id, limit)

    async def of_others(self, person_id: int, scope: Scope, limit: int) -> tuple[HeldOpinion, ...]:
        """What others think of ideas that were shown in the channel, or in any shared channel of the workspace.

        Nothing of what was shown in a direct channel.
        """
        here = [
            Channel.platform == scope.platform,
            Channel.workspace == scope.workspace,
            Channel.owner_id.is_(None),
        ]
        if scope.channel:
            here.append(Channel.external_id == scope.channel)
        return await self._newest(
            (Feedback.person_id != person_id) & and_(*here),
            (BoardVote.person_id != person_id) & and_(*here),
            limit,
        )

    async def erase(self, person_id: int) -> None:
        """Forgets the person's feedback, apart from what they saved, and takes their votes of ended brainstorms.

        In a running one votes stay, for they are the vote of a team.
        """
        said = Feedback.person_id == person_id, Feedback.kind != FeedbackKind.SAVE.value
        ended = select(Brainstorm.id).where(Brainstorm.ended_at.is_not(None))
        votes = BoardVote.person_id == person_id, BoardVote.brainstorm_id.in_(ended)
        async with self._database.transaction() as session:
            for statement in (delete(Feedback).where(*said), delete(BoardVote).where(*votes)):
                await session.execute(statement, execution_options={"synchronize_session": False})

    async def _newest(
        self, feedback: ColumnElement[bool], votes: ColumnElement[bool], limit: int
    ) -> tuple[HeldOpinion, ...]:
        both = union_all(_feedback().where(feedback), _votes().where(votes)).subquery()
        query = (
            select(both).order_by(both.c.created_at.desc(), both.c.source, both.c.idea_id.desc()).limit(limit)
        )
        async with self._database.session() as session:
            return tuple(_value(row) for row in (await session.execute(query)).all())


def _feedback() -> Select[*tuple[Any, ...]]:
    return (
        select(
            literal("idea").label("source"),
            Idea.id.label("idea_id"),
            Feedback.person_id,
            Feedback.kind,
            Idea.title,
            Idea.body,
            Idea.topic,
            Idea.person_id.label("asked_by"),
            *_PLACE,
            Feedback.created_at,
        )
        .join(Idea, Idea.id == Feedback.idea_id)
        .join(Message, Message.id == Idea.message_id)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .join(Channel, Channel.id == Conversation.channel_id)
        .where(Feedback.kind.in_(_KINDS))
    )


def _votes() -> Select[*tuple[Any, ...]]:
    return (
        select(
            literal("board").label("source"),
            BoardIdea.id.label("idea_id"),
            BoardVote.person_id,
            literal(VOTE).label("kind"),
            BoardIdea.title,
            BoardIdea.body,
            Brainstorm.topic,
            BoardIdea.person_id.label("asked_by"),
            *_PLACE,
            BoardVote.created_at,
        )
        .join(BoardIdea, BoardIdea.id == BoardVote.idea_id)
        .join(Brainstorm, Brainstorm.id == BoardVote.brainstorm_id)
        .join(Channel, Channel.id == Brainstorm.channel_id)
    )


def _value(row: Row[Any]) -> HeldOpinion:
    return HeldOpinion(
        idea=(row.source, row.idea_id),
        person_id=row.person_id,
        kind=row.kind,
        title=row.title,
        body=row.body,
        topic=row.topic,
        asked_by=row.asked_by,
        platform=row.platform,
        workspace=row.workspace,
        channel=row.external_id,
        is_private=row.owner_id is not None,
        created_at=row.created_at,
    )
