"""All that is held on one person, to hand over or to erase."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    Table,
    and_,
    delete,
    exists,
    false,
    func,
    null,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession

from storage.database import Database
from storage.errors import ForgottenError
from storage.models import (
    Allotment,
    Audit,
    Base,
    BoardIdea,
    BoardLink,
    BoardOrigin,
    BoardVote,
    Brainstorm,
    Channel,
    Conversation,
    CountedPrompt,
    Feedback,
    Idea,
    Identity,
    InboxEvent,
    LinkCode,
    LinkedAccount,
    LinkTry,
    Message,
    Participant,
    Person,
    PlannedSession,
    PlatformState,
    Profile,
    PromptTemplate,
    ScopeChange,
    ScopeSettings,
    Suggestion,
    ThreadSummary,
    Usage,
)
from storage.models.base import now
from storage.repositories.rows import LOCKED
from storage.sqlite_vacuum import note_traces
from storage.values.personal import Held
from storage.values.records import Erasure

_NOTHING = "Riff holds nothing on this person."


def held_on(person_id: int) -> dict[Table, ColumnElement[bool]]:
    """Which rows of each table are held on the person; every table of the models is named.

    Answers and ideas belong to who asked for them, a direct channel to whose it is, a thread to all who asked in it.
    """
    messages = select(Message.id).where(Message.person_id == person_id)
    threads = select(Message.conversation_id).where(Message.person_id == person_id)
    own_channels = select(Channel.id).where(Channel.owner_id == person_id)
    sent_by_them = exists().where(
        Identity.person_id == person_id,
        Identity.platform == InboxEvent.platform,
        Identity.workspace == InboxEvent.workspace,
        Identity.external_id == InboxEvent.author,
    )
    accounts = select(Identity.id).where(Identity.person_id == person_id)
    asked_by_others = exists().where(
        Message.conversation_id == ThreadSummary.conversation_id, Message.person_id != person_id
    )
    rows: dict[type[Base], ColumnElement[bool]] = {
        Allotment: false(),
        Participant: Participant.person_id == person_id,
        BoardVote: BoardVote.person_id == person_id,
        BoardOrigin: BoardOrigin.idea_id.in_(select(BoardIdea.id).where(BoardIdea.person_id == person_id)),
        BoardIdea: BoardIdea.person_id == person_id,
        BoardLink: BoardLink.brainstorm_id.in_(_own_boards(person_id)),
        Brainstorm: or_(Brainstorm.facilitator_id == person_id, Brainstorm.channel_id.in_(own_channels)),
        PlannedSession: PlannedSession.person_id == person_id,
        Audit: or_(Audit.person_id == person_id, Audit.message_id.in_(messages)),
        Feedback: Feedback.person_id == person_id,
        Idea: Idea.person_id == person_id,
        CountedPrompt: CountedPrompt.person_id == person_id,
        Usage: Usage.person_id == person_id,
        Suggestion: Suggestion.person_id == person_id,
        ThreadSummary: and_(ThreadSummary.conversation_id.in_(threads), ~asked_by_others),
        Message: Message.person_id == person_id,
        Conversation: or_(Conversation.id.in_(threads), Conversation.channel_id.in_(own_channels)),
        Channel: Channel.owner_id == person_id,
        Profile: Profile.person_id == person_id,
        LinkCode: LinkCode.person_id == person_id,
        LinkTry: LinkTry.person_id == person_id,
        LinkedAccount: LinkedAccount.identity_id.in_(accounts),
        PlatformState: false(),
        PromptTemplate: false(),
        ScopeSettings: false(),
        ScopeChange: false(),
        InboxEvent: sent_by_them,
        Identity: Identity.person_id == person_id,
        Person: Person.id == person_id,
    }
    return {Base.metadata.tables[model.__tablename__]: condition for model, condition in rows.items()}


class Privacy:
    """The rights to a copy and to erasure (GDPR, articles 15 and 17)."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def export(self, person_id: int) -> dict[str, Any]:
        """All that is held on the person: for each table a list of its rows, as JSON can hold them.

        Raises ForgottenError when nothing is held.
        """
        tables: dict[str, list[dict[str, Any]]] = {}
        async with self._database.session() as session:
            for table, condition in reversed(held_on(person_id).items()):
                rows = await session.execute(select(table).where(condition).order_by(*table.primary_key))
                tables[table.name] = [_exported(row) for row in rows]
        if not tables[Person.__tablename__]:
            raise ForgottenError(_NOTHING)
        return {"exported_at": now().isoformat(), **tables}

    async def held(self, person_id: int) -> Held:
        """How much `forget` would erase."""
        conditions = held_on(person_id)
        tables = [
            Base.metadata.tables[model.__tablename__]
            for model in (Profile, Message, Idea, Feedback, BoardIdea, BoardVote, Identity)
        ]
        counts = [
            select(func.count()).select_from(one).where(conditions[one]).scalar_subquery() for one in tables
        ]
        async with self._database.session() as session:
            profile, *others = (await session.execute(select(*counts))).one()
        return Held(bool(profile), *others)

    async def forget(self, person_id: int) -> Erasure:
        """Erases all that is held on the person; on SQLite also what the files still hold of erased rows.

        A thread in which others asked too stays, with what they asked. Once it returns nothing comes back:
        work under way on the person's questions ends in ForgottenError. Raises ForgottenError when nothing
        is held.
        """
        async with self._database.transaction() as session:
            rows = await _erase(session, person_id)
            await note_traces(session)
        remains = await self._database.remove_traces()
        say = f"Everything that Riff held on you is erased ({sum(rows.values())} records)."
        return Erasure(rows, complete=remains is None, say=say if remains is None else f"{say} {remains}")


def _exported(row: Row[Any]) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in row._mapping.items()
    }


async def _erase(session: AsyncSession, person_id: int) -> dict[str, int]:
    """Deletes what points before what is pointed at; threads go when nobody's question is left in them,
    and with an idea what others thought of it.

    Rows are locked first: whoever is adding to one is waited for, and the DELETE, which looks anew, sees it.
    """
    person = select(Person.id).where(Person.id == person_id).with_for_update()
    if await session.scalar(person) is None:
        raise ForgottenError(_NOTHING)
    await _share_channels_with_others(session, person_id)
    await _leave_boards_to_others(session, person_id)
    await _leave_work_of_moderators(session, person_id)
    nobody_asked = ~exists().where(Message.conversation_id == Conversation.id)
    ideas = select(Idea.id).where(Idea.person_id == person_id)
    threads = select(Message.conversation_id).where(Message.person_id == person_id)
    cards = select(BoardIdea.id).where(_erased_cards(person_id))
    accounts = select(Identity.id).where(Identity.person_id == person_id)
    asked_there = exists().where(
        Message.person_id == person_id,
        Message.conversation_id == Conversation.id,
        Conversation.channel_id == Channel.id,
        Channel.platform == Allotment.platform,
        Channel.workspace == Allotment.workspace,
    )
    wider = {
        Allotment: asked_there,
        LinkCode: or_(LinkCode.person_id == person_id, LinkCode.entered_by_id.in_(accounts)),
        Participant: or_(
            Participant.person_id == person_id, Participant.brainstorm_id.in_(_own_boards(person_id))
        ),
        BoardVote: or_(BoardVote.person_id == person_id, BoardVote.idea_id.in_(cards)),
        BoardOrigin: or_(BoardOrigin.idea_id.in_(cards), BoardOrigin.origin_id.in_(cards)),
        BoardIdea: _erased_cards(person_id),
        Conversation: nobody_asked,
        ThreadSummary: ThreadSummary.conversation_id.in_(threads),
        Feedback: or_(Feedback.person_id == person_id, Feedback.idea_id.in_(ideas)),
    }
    tables = Base.metadata.tables
    conditions = held_on(person_id) | {tables[model.__tablename__]: rows for model, rows in wider.items()}
    rows: dict[str, int] = {}
    for table, condition in conditions.items():
        key = tuple(table.primary_key)
        await session.execute(select(*key).where(condition).order_by(*key).with_for_update())
        deleted = await session.execute(delete(table).where(condition).returning(*key))
        rows[table.name] = len(deleted.all())
    return rows


def _erased_cards(person_id: int) -> ColumnElement[bool]:
    """The person's ideas on boards, and all ideas of brainstorms in their own channels."""
    return or_(BoardIdea.person_id == person_id, BoardIdea.brainstorm_id.in_(_own_boards(person_id)))


def _own_boards(person_id: int) -> Select[int]:
    own_channels = select(Channel.id).where(Channel.owner_id == person_id)
    return select(Brainstorm.id).where(Brainstorm.channel_id.in_(own_channels))


async def _leave_boards_to_others(session: AsyncSession, person_id: int) -> None:
    """A brainstorm in a shared channel goes on without its facilitator; what was merged stands alone again.

    What came of a brainstorm and its themes' names may tell the person's ideas in other words, so they go as well.
    """
    own_channels = select(Channel.id).where(Channel.owner_id == person_id)
    shared = Brainstorm.facilitator_id == person_id, Brainstorm.channel_id.not_in(own_channels)
    cards = select(BoardIdea.id).where(_erased_cards(person_id))
    with_theirs = select(BoardIdea.brainstorm_id).where(BoardIdea.person_id == person_id)
    ideas = select(BoardIdea.id).where(or_(_erased_cards(person_id), BoardIdea.merged_into_id.in_(cards)))
    await session.execute(
        ideas.order_by(BoardIdea.id).with_for_update(**LOCKED)
    )  # before boards, as a vote does
    for change in (
        update(Brainstorm).where(*shared).values(facilitator_id=None),
        update(Brainstorm).where(Brainstorm.id.in_(with_theirs)).values(outcome=null(), themes=null()),
        update(BoardIdea).where(BoardIdea.merged_into_id.in_(cards)).values(merged_into_id=None),
    ):
        await session.execute(change, execution_options={"synchronize_session": False})


async def _leave_work_of_moderators(session: AsyncSession, person_id: int) -> None:
    """Settings that the person changed and decisions that they reviewed stay, without their name."""
    for change in (
        update(ScopeChange).where(ScopeChange.person_id == person_id).values(person_id=None),
        update(Audit).where(Audit.reviewer_id == person_id).values(reviewer_id=None, reviewed_by=""),
    ):
        await session.execute(change, execution_options={"synchronize_session": False})


async def _share_channels_with_others(session: AsyncSession, person_id: int) -> None:
    """A direct channel in which somebody else asked too is no longer the person's, and stays."""
    somebody_else_asked = exists().where(
        Message.conversation_id == Conversation.id,
        Conversation.channel_id == Channel.id,
        Message.person_id != person_id,
    )
    shared = update(Channel).where(Channel.owner_id == person_id, somebody_else_asked)
    await session.execute(shared.values(owner_id=None), execution_options={"synchronize_session": False})
