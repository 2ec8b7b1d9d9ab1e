"""What people thought of ideas, and their consent to a model learning from it."""

from collections.abc import AsyncIterator, Collection

from sqlalchemy import ColumnElement, Row, Select, and_, delete, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from storage.database import Database
from storage.errors import ConflictError, ForgottenError, InvalidValueError
from storage.models import Feedback as FeedbackRow
from storage.models import Idea, Identity, LinkedAccount, Person, Profile
from storage.models.base import clean_text, now
from storage.repositories.rows import hold_people, insert_into
from storage.values.records import FeedbackKind, RatedIdea

MAX_EDIT_CHARACTERS = 10_000
_GONE = "That idea was erased meanwhile; nothing is noted."
_OPINIONS = (FeedbackKind.LIKE, FeedbackKind.DISLIKE)
_PAGE = 500


class Feedback:
    """One opinion of each kind for each person and idea; like and dislike take each other back."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, person_id: int, idea_id: int, kind: FeedbackKind, edited_text: str = "") -> None:
        """Notes the opinion, or renews it; `edited_text` is for EDIT only, which needs it.

        Raises InvalidValueError for an edit that is blank or too long, and ForgottenError when the person or
        the idea was erased meanwhile.
        """
        text = _checked_edit(kind, edited_text)
        values = {"person_id": person_id, "idea_id": idea_id, "kind": kind.value}
        changes = {"edited_text": text, "created_at": now()}
        try:
            async with self._database.transaction() as session:
                await _hold_both(session, person_id, idea_id)
                if kind in _OPINIONS:
                    await session.execute(delete(FeedbackRow).where(_opinion_of(person_id, idea_id)))
                new = insert_into(session, FeedbackRow).values(**values, **changes)
                await session.execute(new.on_conflict_do_update(index_elements=list(values), set_=changes))
        except ConflictError as error:
            raise ForgottenError(_GONE) from error

    async def remove(self, person_id: int, idea_id: int, kind: FeedbackKind) -> None:
        """Takes an opinion back; one that is not held is no trouble."""
        held = FeedbackRow.person_id == person_id, FeedbackRow.idea_id == idea_id
        async with self._database.transaction() as session:
            await session.execute(delete(FeedbackRow).where(*held, FeedbackRow.kind == kind.value))

    async def held(self, person_id: int, idea_ids: Collection[int], kind: FeedbackKind) -> frozenset[int]:
        """Of which of the ideas the person has this opinion."""
        query = select(FeedbackRow.idea_id).where(
            FeedbackRow.person_id == person_id,
            FeedbackRow.idea_id.in_(idea_ids),
            FeedbackRow.kind == kind.value,
        )
        async with self._database.session() as session:
            return frozenset(await session.scalars(query))

    async def counts(self, message_id: int, kind: FeedbackKind) -> dict[int, int]:
        """How many people have this opinion of each idea of an answer, by its position, in order; of none no entry."""
        query = (
            select(Idea.position, func.count())
            .join(FeedbackRow, FeedbackRow.idea_id == Idea.id)
            .where(Idea.message_id == message_id, FeedbackRow.kind == kind.value)
            .group_by(Idea.position)
            .order_by(Idea.position)
        )
        async with self._database.session() as session:
            return {row[0]: row[1] for row in await session.execute(query)}

    async def set_consent(self, person_id: int, *, given: bool) -> None:
        """Notes from when on a model may learn from the person's feedback, or that none may.

        Raises ForgottenError when the person was erased meanwhile.
        """
        moment = now() if given else None
        change = update(Person).where(Person.id == person_id).values(training_consent_at=moment)
        async with self._database.transaction() as session:
            if await session.scalar(change.returning(Person.id)) is None:
                raise ForgottenError(_GONE)
            if not given:  # no account of theirs brings it back
                theirs = select(Identity.id).where(Identity.person_id == person_id)
                taken = update(LinkedAccount).where(LinkedAccount.identity_id.in_(theirs))
                await session.execute(taken.values(training_consent_at=None))

    async def has_consent(self, person_id: int) -> bool:
        """Whether a model may learn from the person's feedback; nobody has agreed before saying so."""
        query = select(Person.id).where(Person.id == person_id, Person.training_consent_at.is_not(None))
        async with self._database.session() as session:
            return await session.scalar(query) is not None

    async def with_consent(self) -> AsyncIterator[RatedIdea]:
        """All feedback that a model may learn from, oldest first.

        Both have agreed: who gave the feedback, and who asked for the idea, in whose words its topic is.
        """
        after = 0
        while True:
            async with self._database.session() as session:
                page = (await session.execute(_rated_after(after))).all()
            for row in page:
                yield _rated_value(row)
            if len(page) < _PAGE:
                return
            after = page[-1][0].id


async def merge_feedback(session: AsyncSession, keep: int, merge: int) -> None:
    """Before `merge` becomes `keep`: opinions `keep` has or opposes go; consent stays if both gave it."""
    kept = aliased(FeedbackRow)
    same = or_(kept.kind == FeedbackRow.kind, and_(kept.kind.in_(_OPINIONS), FeedbackRow.kind.in_(_OPINIONS)))
    double = exists().where(kept.person_id == keep, kept.idea_id == FeedbackRow.idea_id, same)
    await session.execute(
        delete(FeedbackRow).where(FeedbackRow.person_id == merge, double),
        execution_options={"synchronize_session": False},
    )
    refused = select(Person.id).where(Person.id == merge, Person.training_consent_at.is_(None))
    await session.execute(
        update(Person).where(Person.id == keep, refused.exists()).values(training_consent_at=None),
        execution_options={"synchronize_session": False},
    )


def _checked_edit(kind: FeedbackKind, edited_text: str) -> str | None:
    text = clean_text(edited_text).strip()
    if bool(text) != (kind is FeedbackKind.EDIT):
        raise InvalidValueError("An edit needs the edited text, and nothing else takes one.")
    if len(text) > MAX_EDIT_CHARACTERS:
        raise InvalidValueError(f"An edited idea has at most {MAX_EDIT_CHARACTERS} characters.")
    return text or None


async def _hold_both(session: AsyncSession, person_id: int, idea_id: int) -> None:
    """Keeps who has the opinion and the idea's owner until the transaction ends; raises ForgottenError."""
    owner = await session.scalar(select(Idea.person_id).where(Idea.id == idea_id))
    if owner is None or not await hold_people(session, person_id, owner):
        raise ForgottenError(_GONE)


def _opinion_of(person_id: int, idea_id: int) -> ColumnElement[bool]:
    return and_(
        FeedbackRow.person_id == person_id, FeedbackRow.idea_id == idea_id, FeedbackRow.kind.in_(_OPINIONS)
    )


def _rated_after(feedback_id: int) -> Select[FeedbackRow, Idea, str | None, str | None]:
    rater, owner = aliased(Person), aliased(Person)
    rater_profile, owner_profile = aliased(Profile), aliased(Profile)
    return (
        select(FeedbackRow, Idea, rater_profile.display_name, owner_profile.display_name)
        .join(Idea, Idea.id == FeedbackRow.idea_id)
        .join(rater, rater.id == FeedbackRow.person_id)
        .join(owner, owner.id == Idea.person_id)
        .outerjoin(rater_profile, rater_profile.person_id == rater.id)
        .outerjoin(owner_profile, owner_profile.person_id == owner.id)
        .where(rater.training_consent_at.is_not(None), owner.training_consent_at.is_not(None))
        .where(FeedbackRow.id > feedback_id)
        .order_by(FeedbackRow.id)
        .limit(_PAGE)
    )


def _rated_value(row: Row[FeedbackRow, Idea, str | None, str | None]) -> RatedIdea:
    feedback, idea, *names = row
    return RatedIdea(
        person_id=feedback.person_id,
        kind=FeedbackKind(feedback.kind),
        task=idea.task,
        topic=idea.topic,
        title=idea.title,
        body=idea.body,
        edited_text=feedback.edited_text or "",
        names=tuple(dict.fromkeys(filter(None, names))),
    )
