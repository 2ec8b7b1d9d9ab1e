"""Checks what people say about themselves and their channels before it is kept; pure functions."""

from collections.abc import Mapping, Sequence
from dataclasses import fields

from storage.column_types import clean_text
from storage.errors import InvalidValueError
from storage.values.common import Profile, Voice

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
