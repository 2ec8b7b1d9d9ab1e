"""Two persons become one, and one becomes two again, each with what it brought.

Two accounts of one workspace are never one person's, so that the place of almost every row tells whose account it
came by. What has no place (the profile, what was asked, consent) is noted for each account when it is linked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ForeignKeyConstraint, Table, and_, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from storage.errors import SameWorkspaceError
from storage.models import (
    Audit,
    Base,
    BoardIdea,
    BoardVote,
    Brainstorm,
    Channel,
    Conversation,
    CountedPrompt,
    Feedback,
    Idea,
    Identity,
    LinkCode,
    LinkedAccount,
    Message,
    Participant,
    Person,
    PlannedSession,
    Profile,
    ScopeChange,
    Suggestion,
    Usage,
)
from storage.repositories.boards import merge_on_boards
from storage.repositories.feedback import merge_feedback
from storage.repositories.preferences import merge_suggestions
from storage.repositories.usage import merge_usage
from storage.values.records import Profile as ProfileValue

LINKED, UNLINKED = "linked", "unlinked"
"""What the record says that became of an account."""
_PROFILE = tuple(field.name for field in fields(ProfileValue))
_IN_BULK = {"synchronize_session": False}


async def join(session: AsyncSession, keep: int, merge: int) -> None:
    """`merge` becomes `keep`, both held; raises SameWorkspaceError. Where both said something, that of `keep` stays."""
    ours, theirs = await _identities(session, keep), await _identities(session, merge)
    if {_workspace(one) for one in ours} & {_workspace(one) for one in theirs}:
        raise SameWorkspaceError("Two accounts of one workspace cannot be linked.")
    await session.execute(delete(LinkCode).where(_code_of(keep) | _code_of(merge)))
    for person, accounts in ((keep, ours), (merge, theirs)):
        await _note_brought(session, person, accounts)
    await _merge_profiles(session, keep, merge)
    await merge_feedback(session, keep, merge)
    await merge_on_boards(session, keep, merge)
    await merge_usage(session, keep, merge)
    await merge_suggestions(session, keep, merge)
    await _move_all(session, keep, merge)
    await session.execute(delete(Person).where(Person.id == merge))
    session.add_all(_entry(LINKED, keep, one) for one in (*ours, *theirs))


async def part(session: AsyncSession, person_id: int, identity: Identity) -> int:
    """The account becomes somebody of its own with what it brought; the person, held, keeps the rest."""
    new = Person()
    session.add(new)
    await session.flush()
    left = [one for one in await _identities(session, person_id) if one.id != identity.id]
    for table, column, condition in by_place(identity):
        change = update(table).where(table.c[column] == person_id, condition).values({column: new.id})
        await session.execute(change, execution_options=_IN_BULK)
    identity.person_id = new.id
    await session.execute(delete(LinkCode).where(_code_of(person_id)))
    await _give_back(session, person_id, new, identity, left)
    session.add_all(_entry(UNLINKED, who, one) for who, one in ((new.id, identity), (person_id, left[0])))
    return new.id


async def forget_brought(session: AsyncSession, person_id: int, changes: Mapping[str, Any]) -> None:
    """What a person clears of their profile, no account of theirs brings back."""
    gone = {name for name, value in changes.items() if not value}
    for one in await _brought(session, await _identities(session, person_id)) if gone else ():
        one.profile = {name: value for name, value in one.profile.items() if name not in gone}


async def _identities(session: AsyncSession, person_id: int) -> Sequence[Identity]:
    query = select(Identity).where(Identity.person_id == person_id).order_by(Identity.id)
    return (await session.scalars(query)).all()


async def _brought(session: AsyncSession, accounts: Sequence[Identity]) -> Sequence[LinkedAccount]:
    query = select(LinkedAccount).where(LinkedAccount.identity_id.in_([one.id for one in accounts]))
    return (await session.scalars(query.order_by(LinkedAccount.identity_id))).all()


def _workspace(identity: Identity) -> tuple[str, str]:
    return identity.platform, identity.workspace


def _code_of(person_id: int) -> ColumnElement[bool]:
    """Open codes that the person asked for, or entered."""
    theirs = select(Identity.id).where(Identity.person_id == person_id)
    return or_(LinkCode.person_id == person_id, LinkCode.entered_by_id.in_(theirs))


def _entry(action: str, person_id: int, identity: Identity) -> Audit:
    return Audit(
        person_id=person_id,
        platform=identity.platform,
        workspace=identity.workspace,
        direction="account",
        action=action,
        category="",
        classifier="",
        version="",
    )


async def _note_brought(session: AsyncSession, person_id: int, accounts: Sequence[Identity]) -> None:
    """A single account brings all that its person said; of linked ones, each what they said together since, too."""
    row = await session.get(Profile, person_id)
    profile = {name: value for name in _PROFILE if row and (value := getattr(row, name))}
    asked = await _asked(session, person_id)
    noted = {one.identity_id: one for one in await _brought(session, accounts)}
    before = [one.profile for one in noted.values()]
    since = {name: value for name, value in profile.items() if all(one.get(name) != value for one in before)}
    consent = await session.scalar(select(Person.training_consent_at).where(Person.id == person_id))
    for account in accounts:
        if account.id in noted:
            noted[account.id].profile = {**noted[account.id].profile, **since}
            continue
        brought = LinkedAccount(
            identity_id=account.id, profile=profile, suggestions=asked, training_consent_at=consent
        )
        session.add(brought)
    await session.flush()


async def _asked(session: AsyncSession, person_id: int) -> list[list[str]]:
    rows = await session.scalars(
        select(Suggestion).where(Suggestion.person_id == person_id).order_by(Suggestion.id)
    )
    return [[row.field, row.value, row.answer] for row in rows]


async def _merge_profiles(session: AsyncSession, keep: int, merge: int) -> None:
    kept, merged = await session.get(Profile, keep), await session.get(Profile, merge)
    if merged is None:
        return
    if kept is None:
        kept = Profile(person_id=keep)
        session.add(kept)
    for name in _PROFILE:
        if not getattr(kept, name):
            setattr(kept, name, getattr(merged, name))
    await session.delete(merged)
    await session.flush()


async def _move_all(session: AsyncSession, keep: int, merge: int) -> None:
    """Every column of every table that points at a person, so that a new table needs nothing here."""
    for table in Base.metadata.sorted_tables:
        for column in person_columns(table):
            await session.execute(update(table).where(table.c[column] == merge).values({column: keep}))


def person_columns(table: Table) -> list[str]:
    """The columns of a table that name a person."""
    return [
        constraint.column_keys[0]
        for constraint in table.constraints
        if isinstance(constraint, ForeignKeyConstraint) and constraint.referred_table is Person.__table__
    ]


def by_place(identity: Identity) -> list[tuple[Table, str, ColumnElement[bool]]]:
    """Which rows came by way of the account: table, its column that names the person, and the rows' condition."""
    scope = _here(Channel, identity)
    channels = select(Channel.id).where(scope)
    threads = select(Conversation.id).where(Conversation.channel_id.in_(channels))
    messages = select(Message.id).where(Message.conversation_id.in_(threads))
    ideas = select(Idea.id).where(Idea.message_id.in_(messages))
    boards = select(Brainstorm.id).where(Brainstorm.channel_id.in_(channels))
    rows: list[tuple[type[Base], str, ColumnElement[bool]]] = [
        (Feedback, "person_id", Feedback.idea_id.in_(ideas)),
        (Idea, "person_id", Idea.message_id.in_(messages)),
        (Audit, "person_id", or_(_here(Audit, identity), Audit.message_id.in_(messages))),
        (Audit, "reviewer_id", _here(Audit, identity)),
        (CountedPrompt, "person_id", CountedPrompt.message_id.in_(messages)),
        (Message, "person_id", Message.conversation_id.in_(threads)),
        (Participant, "person_id", Participant.brainstorm_id.in_(boards)),
        (BoardVote, "person_id", BoardVote.brainstorm_id.in_(boards)),
        (BoardIdea, "person_id", BoardIdea.brainstorm_id.in_(boards)),
        (Brainstorm, "facilitator_id", Brainstorm.channel_id.in_(channels)),
        (PlannedSession, "person_id", _here(PlannedSession, identity)),
        (Channel, "owner_id", scope),
        (Usage, "person_id", _set_or_used(Usage.platform == identity.platform, Usage.workspace, identity)),
        (ScopeChange, "person_id", _changed_by(identity)),
    ]
    return [(Base.metadata.tables[model.__tablename__], column, where) for model, column, where in rows]


def _here(model: Any, identity: Identity) -> ColumnElement[bool]:
    """Rows of the account's workspace; of its platform, where an account is the same in every workspace."""
    where: ColumnElement[bool] = model.platform == identity.platform
    return and_(where, model.workspace == identity.workspace) if identity.workspace else where


def _changed_by(identity: Identity) -> ColumnElement[bool]:
    """Rules that the account changed: of places, and limits, which are kept under the names of their platforms."""
    platforms = identity.platform, f"{identity.platform}-admin"
    limits = (ScopeChange.platform == "quota") & (ScopeChange.workspace == identity.platform)
    return or_(
        _set_or_used(ScopeChange.platform.in_(platforms), ScopeChange.workspace, identity),
        _set_or_used(limits, ScopeChange.channel, identity),
    )


def _set_or_used(
    platform: ColumnElement[bool], workspace: InstrumentedAttribute[str], identity: Identity
) -> ColumnElement[bool]:
    """Rows of the account's workspace, or of one within it where that is an organisation: of no other account's."""
    if not identity.workspace:
        return platform
    others = select(Identity.workspace).where(
        Identity.person_id == identity.person_id,
        Identity.platform == identity.platform,
        Identity.id != identity.id,
    )
    return platform & or_(workspace == identity.workspace, workspace.not_in(others))


async def _give_back(
    session: AsyncSession, person_id: int, new: Person, identity: Identity, left: Sequence[Identity]
) -> None:
    """What an account brought goes with it; the others keep what one of them brought, or all said since."""
    brought = await session.get(LinkedAccount, identity.id)
    if brought is None:  # linked before this was noted
        return
    others = await _brought(session, left)
    session.add(Profile(person_id=new.id, **brought.profile))
    session.add_all(
        Suggestion(person_id=new.id, field=field, value=value, answer=answer)
        for field, value, answer in brought.suggestions
    )
    await _take_from_profile(session, person_id, brought, others)
    await _take_from_asked(session, person_id, brought, others)
    new.training_consent_at = brought.training_consent_at
    if len(left) == 1 and others:
        await _set_consent(session, person_id, others[0].training_consent_at)
        await session.delete(others[0])
    await session.delete(brought)


async def _set_consent(session: AsyncSession, person_id: int, moment: datetime | None) -> None:
    """What the remaining account had agreed to, unless it agreed since."""
    unsaid = Person.id == person_id, Person.training_consent_at.is_(None)
    change = update(Person).where(*unsaid).values(training_consent_at=moment)
    await session.execute(change, execution_options=_IN_BULK)


async def _take_from_profile(
    session: AsyncSession, person_id: int, gone: LinkedAccount, others: Sequence[LinkedAccount]
) -> None:
    row = await session.get(Profile, person_id)
    for name, value in gone.profile.items() if row else ():
        if getattr(row, name) == value:
            blank: Any = [] if isinstance(value, list) else ""
            setattr(row, name, next((one.profile[name] for one in others if name in one.profile), blank))


async def _take_from_asked(
    session: AsyncSession, person_id: int, gone: LinkedAccount, others: Sequence[LinkedAccount]
) -> None:
    kept = {field: (value, answer) for one in others for field, value, answer in one.suggestions}
    for field, _value, _answer in gone.suggestions:
        mine = Suggestion.person_id == person_id, Suggestion.field == field
        if field in kept:
            value, answer = kept[field]
            change = update(Suggestion).where(*mine).values(value=value, answer=answer)
            await session.execute(change, execution_options=_IN_BULK)
        else:
            await session.execute(delete(Suggestion).where(*mine), execution_options=_IN_BULK)
