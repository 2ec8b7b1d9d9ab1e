"""Checks what people say of themselves and their channels; keeps what they were asked to let Riff remember."""

from collections.abc import Mapping, Sequence
from dataclasses import fields

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.database import Database
from storage.errors import ForgottenError, InvalidValueError
from storage.models import Identity, LinkedAccount, Suggestion
from storage.models.base import clean_text
from storage.repositories.rows import add_unless_there, hold_people
from storage.values.personal import StoredSuggestion
from storage.values.records import Profile, Voice

MAX_TEXT_CHARACTERS = 2_000
MAX_ITEMS = 100
MAX_ITEM_CHARACTERS = 200

Preference = str | Sequence[str]


def checked(
    kind: type[Profile] | type[Voice], changes: Mapping[str, Preference]
) -> dict[str, str | list[str]]:
    """The changes as they are stored: trimmed texts, lists without blanks and repeats.

    Raises InvalidValueError for a field that `kind` has not and a value of the wrong kind or too long.
    """
    blanks = {field.name: field.default for field in fields(kind)}
    for name in changes:
        if name not in blanks:
            raise InvalidValueError(f"There is no field {name!r}; there are: {', '.join(blanks)}.")
    return {
        name: _text(name, value) if isinstance(blanks[name], str) else _items(name, value)
        for name, value in changes.items()
    }


def cleared(kind: type[Profile] | type[Voice], name: str) -> dict[str, str | list[str]]:
    """The change that makes the field blank; raises InvalidValueError when there is no such field."""
    is_list = name in {field.name for field in fields(kind) if field.default == ()}
    return checked(kind, {name: [] if is_list else ""})


def _text(name: str, value: Preference) -> str:
    if not isinstance(value, str):
        raise InvalidValueError(f"The field {name!r} takes one text.")
    text = clean_text(value).strip()
    if len(text) > MAX_TEXT_CHARACTERS:
        raise InvalidValueError(f"The field {name!r} takes at most {MAX_TEXT_CHARACTERS} characters.")
    return text


def _items(name: str, value: Preference) -> list[str]:
    if isinstance(value, str):
        raise InvalidValueError(f"The field {name!r} takes a list of texts.")
    items = list(dict.fromkeys(filter(None, (clean_text(item).strip() for item in value))))
    if len(items) > MAX_ITEMS or any(len(item) > MAX_ITEM_CHARACTERS for item in items):
        raise InvalidValueError(
            f"The field {name!r} takes at most {MAX_ITEMS} items of {MAX_ITEM_CHARACTERS} characters."
        )
    return items


# What people were asked whether Riff shall remember it: each field at most once, whatever they answer.


class Suggestions:
    """A suggestion stays after its answer, so that the person is not asked again."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def ask(self, person_id: int, field: str, value: str) -> StoredSuggestion | None:
        """Notes that the person is asked now; None when they were asked of this field before, also just now."""
        values = {"person_id": person_id, "field": field, "value": value}
        async with self._database.transaction() as session:
            if not await hold_people(session, person_id):
                raise ForgottenError("What Riff knew of you was erased meanwhile; ask again.")
            added = await add_unless_there(session, Suggestion, values)
            return None if added is None else StoredSuggestion(added, field, value, "")

    async def answer(
        self, person_id: int, *, yes: bool, suggestion_id: int | None = None
    ) -> StoredSuggestion | None:
        """Notes the answer to one, else to the latest open one, and gives it; None where none of theirs is open."""
        is_open = [Suggestion.person_id == person_id, Suggestion.answer == ""]
        if suggestion_id is not None:
            is_open.append(Suggestion.id == suggestion_id)
        latest = select(Suggestion.id).where(*is_open).order_by(Suggestion.id.desc()).limit(1)
        change = (
            update(Suggestion)
            .where(Suggestion.id == latest.scalar_subquery(), Suggestion.answer == "")
            .values(answer="yes" if yes else "no")
            .returning(Suggestion)
        )
        async with self._database.transaction() as session:
            row = await session.scalar(change)
            return None if row is None else _value(row)

    async def of_person(self, person_id: int) -> Sequence[StoredSuggestion]:
        """All that the person was asked, the oldest first."""
        query = select(Suggestion).where(Suggestion.person_id == person_id).order_by(Suggestion.id)
        async with self._database.session() as session:
            return [_value(row) for row in await session.scalars(query)]

    async def erase(self, person_id: int, suggestion_id: int) -> None:
        """Forgets that the person was asked; no account of theirs brings it back."""
        mine = Suggestion.person_id == person_id, Suggestion.id == suggestion_id
        accounts = select(Identity.id).where(Identity.person_id == person_id)
        async with self._database.transaction() as session:
            field = await session.scalar(delete(Suggestion).where(*mine).returning(Suggestion.field))
            for one in await session.scalars(
                select(LinkedAccount).where(LinkedAccount.identity_id.in_(accounts))
            ):
                one.suggestions = [asked for asked in one.suggestions if asked[0] != field]


async def merge_suggestions(session: AsyncSession, keep: int, merge: int) -> None:
    """Before `merge` becomes `keep`: what both were asked counts once, as a no where either said no."""
    theirs = (await session.scalars(select(Suggestion).where(Suggestion.person_id == merge))).all()
    for row in theirs:
        kept = await session.scalar(select(Suggestion).filter_by(person_id=keep, field=row.field))
        if kept is None:
            continue
        if row.answer == "no":
            kept.answer = "no"
        await session.delete(row)
    await session.flush()


def _value(row: Suggestion) -> StoredSuggestion:
    return StoredSuggestion(row.id, row.field, row.value, row.answer)
