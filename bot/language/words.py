"""Translating Riff's sentences, and filling their fields."""

from collections.abc import Mapping
from string import Formatter
from typing import Any

from bot.language.negotiation import LOCALE, negotiate
from bot.language.translations import translations


def _(message: str, **values: object) -> str:
    """`message` in the current locale, `{name}` fields filled with `values`."""
    if not message:  # gettext answers "" with the catalogue's header
        return message
    return _filled(translations(negotiate(LOCALE.get())).gettext(message), message, values)


def ngettext(singular: str, plural: str, count: int, **values: object) -> str:
    """`singular` or `plural` by `count`, which fills the field `{count}`."""
    chosen = translations(negotiate(LOCALE.get())).ngettext(singular, plural, count)
    return _filled(chosen, singular if count == 1 else plural, {"count": count, **values})


def N_(message: str) -> str:  # noqa: N802  (gettext's own name)
    """Marks `message` for translation and gives it back as it is."""
    return message


def _filled(translated: str, english: str, values: Mapping[str, object]) -> str:
    """The translation with its fields filled; the English where the translation's fields are not those given."""
    if not values:
        return translated
    try:
        return _BY_NAME.vformat(translated, (), values)
    except (LookupError, ValueError):
        return _BY_NAME.vformat(english, (), values)


class _ByName(Formatter):
    """Fills `{name}` and nothing else: no attributes, no items, so a value shows itself and not its insides."""

    def get_field(self, field_name: str, args: Any, kwargs: Any) -> tuple[object, str]:
        if not field_name.isidentifier():
            raise ValueError(f"{{{field_name}}} is not a field by name")
        return kwargs[field_name], field_name


_BY_NAME = _ByName()
