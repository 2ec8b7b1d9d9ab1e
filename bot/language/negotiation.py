"""Which of Riff's languages a person is spoken to in. Tags come from outside: whatever they hold is answered."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, lru_cache

from babel import Locale, UnknownLocaleError, negotiate_locale

from bot.language.translations import SOURCE, available

LOCALE: ContextVar[str] = ContextVar("locale", default=SOURCE)
"""The locale that what is said now is said in: a tag as a platform sends it, such as "zh-CN"."""

_TAG = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3}")


@contextmanager
def speaking(tag: str) -> Iterator[None]:
    """What is said inside is said in the language of `tag`; an empty one leaves the language as it is.

    Tasks that are started inside speak it too, for a task copies the context that makes it.
    """
    token = LOCALE.set(tag or LOCALE.get())
    try:
        yield
    finally:
        LOCALE.reset(token)


@lru_cache(maxsize=1024)
def negotiate(tag: str) -> str:
    """The available locale that is nearest to a BCP 47 tag or a POSIX locale; English where none is near.

    "zh-CN" and "zh" are zh_Hans; so is "zh-TW" as long as there is no zh_Hant, for another script of one's
    own language is nearer than English.
    """
    locale = _parsed(tag)
    if locale is None:
        return SOURCE
    language, script, territory = locale.language, locale.script, locale.territory
    parts = ((language, script, territory), (language, territory), (language, script), (language,))
    wanted = ["_".join(filter(None, some)) for some in parts]
    family = [known for known in available() if known.split("_")[0] == language]
    return negotiate_locale(wanted, available()) or next(iter(family), SOURCE)


def tag_named(language: str) -> str:
    """The available locale that a person means by "Chinese", "中文" or "zh-CN"; "" where Riff has none."""
    name = language.strip()
    for known in available():
        if name.casefold() in _names(known):
            return known
    locale, found = _parsed(name), negotiate(name)
    return found if locale and locale.language == found.split("_")[0] else ""


def language_name(tag: str) -> str:
    """What the language of a tag is called in English, for models and the log: "Chinese"; "" if unknown."""
    locale = _parsed(tag)
    return (Locale(locale.language).get_language_name(SOURCE) or "") if locale else ""


@cache
def _names(known: str) -> frozenset[str]:
    """What one of Riff's languages is called, in English, in itself and in Riff's other languages."""
    family = {known, known.split("_")[0]}
    names = {Locale.parse(speaker).languages.get(code, "") for speaker in available() for code in family}
    names |= {Locale.parse(known).get_display_name(speaker) or "" for speaker in available()}
    return frozenset(name.casefold() for name in names if name)


def _parsed(tag: str) -> Locale | None:
    """The locale of a tag, without the character set of a POSIX one; None where it names no language."""
    plain = tag.split(".")[0].split("@")[0]
    if not _TAG.fullmatch(plain):
        return None
    try:
        return Locale.parse(plain.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return _language_only(plain)


def _language_only(tag: str) -> Locale | None:
    try:
        return Locale(re.split("[-_]", tag)[0].lower())
    except (UnknownLocaleError, ValueError):
        return None
