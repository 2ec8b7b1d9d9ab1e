"""What a heading or a label says of the text below it: an idea's details, other matter, or ideas in all."""

import re

from genai.answers.wording import pattern

_LONGEST = 120
_EDGES = " \t\u3000*_#`:：.!！~—–-"
_BOLD_LABEL = re.compile(
    r"(?P<mark>\*{1,3}|__|_)(?P<label>[^*_\n]{1,60}?)(?P=mark)\s*(?P<after>[:：]|[–—-](?=\s)|$)?\s*",
    re.MULTILINE,
)
_PLAIN_LABEL = re.compile(r"(?P<label>[^*_`:：.!?。\n]{1,60}?)\s*[:：](?!//)\s*")


def bare(text: str) -> str:
    """A heading or label without its marks, in one case."""
    return text.strip(_EDGES).replace("’", "'").casefold()


def clean(heading: str) -> str:
    """A heading as people read it."""
    return heading.strip().strip(_EDGES)


def labelled(text: str) -> tuple[str, str]:
    """The label that `text` begins with and what follows it; ('', text) where it begins with none."""
    bold = _BOLD_LABEL.match(text[:200])
    if bold and (bold["after"] is not None or bold["label"].rstrip()[-1:] in {":", "："}):
        return bold["label"].strip(_EDGES), text[bold.end() :]
    plain = _PLAIN_LABEL.match(text[:200])
    return (plain["label"].strip(_EDGES), text[plain.end() :]) if plain else ("", text)


def is_description(label: str) -> bool:
    """Whether the text behind the label says what the idea is."""
    return _is("descriptions", label)


def is_title(label: str) -> bool:
    """Whether the text behind the label is an idea's title."""
    return _is("titles", label)


def is_detail(label: str) -> bool:
    """Whether the label stands before one side of an idea rather than being an idea's title."""
    return _is("details", label) or is_description(label)


def is_other(heading: str) -> bool:
    """Whether what stands below the heading is no idea: tips, a conclusion, considerations."""
    return _is("others", heading)


def is_about_all(heading: str) -> bool:
    """Whether the heading speaks of the ideas together, as in "Five ideas for the lobby"."""
    return bool(pattern("headings", "together").search(heading[:_LONGEST]))


def _is(kind: str, heading: str) -> bool:
    return len(heading) <= _LONGEST and bool(pattern("headings", kind).fullmatch(bare(heading)))
