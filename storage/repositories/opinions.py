"""What people thought of ideas, by feedback and by votes, to learn their taste from; newest first, bounded."""

from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, delete, false, literal, select, union_all

from storage.database import Database
from storage.models import BoardIdea, BoardVote, Brainstorm, Channel, Conversation, Feedback, Idea, Message
from storage.values.personal import VOTE, HeldOpinion
from storage.values.records import FeedbackKind, Scope

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

        Nothing of what was shown in a direct channel, or to one person alone.
        """
        here = [
            Channel.platform == scope.platform,
            Channel.workspace == scope.workspace,
            Channel.owner_id.is_(None),
        ]
        if scope.channel:
            here.append(Channel.external_id == scope.channel)
        return await self._newest(
            (Feedback.person_id != person_id) & and_(*here, Message.is_private.is_(False)),
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
            Message.is_private,
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
            false().label("is_private"),
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
        is_private=row.is_private or row.owner_id is not None,
        created_at=row.created_at,
    )
