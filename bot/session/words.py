"""Reads the words of `/session`: quoted topics, and options that may have no value."""

import re
from dataclasses import dataclass

from rapidfuzz import process

from bot.core.errors import CommandError
from bot.language import _

_TOKEN = re.compile(r'"(?P<straight>[^"]*)"|“(?P<curly>[^”]*)”|(?P<word>\S+)')
_FLAGS = frozenset({"named", "dark"})
_VALUES = frozenset({"votes", "daily", "zone", "days", "minutes", "technique", "topic"})


@dataclass(frozen=True, slots=True)
class Words:
    """What follows a verb: the text in quotes ("" for none), the other words, the options."""

    quoted: str
    plain: tuple[str, ...]
    options: dict[str, str]


def read_words(text: str) -> Words:
    """The words of `text`; raises CommandError for an option that there is not, or that lacks its value."""
    quoted, plain, options = "", list[str](), dict[str, str]()
    waiting = ""
    for match in _TOKEN.finditer(text):
        word = match["word"]
        value = word if word is not None else match["straight"] or match["curly"] or ""
        if waiting:
            options[waiting], waiting = value, ""
        elif word is not None and word.startswith(("--", "—")):
            key, given, rest = word.lstrip("-—").partition("=")
            name = _option(key.lower())
            if given or name in _FLAGS:
                options[name] = rest.strip('"“”')
            else:
                waiting = name
        elif word is None and not quoted:
            quoted = value.strip()
        else:
            plain.append(value)
    if waiting:
        raise CommandError(_("--{option} needs a value after it.", option=waiting))
    return Words(quoted, tuple(plain), options)


def _option(key: str) -> str:
    known = sorted(_FLAGS | _VALUES)
    if key in known:
        return key
    nearest = process.extractOne(key, known, score_cutoff=60)
    if nearest:
        raise CommandError(
            _("That option is not one of this command's; did you mean --{option}?", option=nearest[0])
        )
    names = ", ".join(f"--{option}" for option in known)
    raise CommandError(_("That option is not one of this command's; there are: {names}.", names=names))
