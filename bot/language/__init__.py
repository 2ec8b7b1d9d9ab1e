"""Riff's own words in the language of whoever reads them: gettext, with the locale in a context variable.

`_` translates now, `ngettext` chooses by number, `N_` only marks a text that is translated where it is shown.
"""

from contextvars import ContextVar

__all__ = ["LOCALE", "N_", "_", "ngettext"]

LOCALE: ContextVar[str] = ContextVar("locale", default="en")
"""The locale that what is said now is said in, a BCP 47 tag such as "zh-CN"."""


def _(message: str, **values: object) -> str:
    """`message` in the current locale, `{name}` fields filled with `values`."""
    return message.format(**values) if values else message


def ngettext(singular: str, plural: str, count: int, **values: object) -> str:
    """`singular` or `plural` by `count`, which fills the field `{count}`."""
    return (singular if count == 1 else plural).format(count=count, **values)


def N_(message: str) -> str:  # noqa: N802  (gettext's own name)
    """Marks `message` for translation and gives it back as it is."""
    return message
