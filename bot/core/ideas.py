"""Writes ideas as numbered Markdown, and tells whether two say the same. Knows nothing of models or channels."""

import re

from rapidfuzz import fuzz, utils

from bot.core.domain import Idea

_SAME = 90.0


def format_idea(idea: Idea) -> str:
    """The idea as one item of a numbered list; further lines of its text stand below its first."""
    title = f"**{idea.title}**" if idea.title else ""
    separator = ": " if idea.title and idea.body else ""
    return f"{idea.position}. {title}{separator}{_indented(idea)}"


def spans(idea: Idea) -> tuple[slice, slice]:
    """Where in its item the idea's title stands, and where its body."""
    item = format_idea(idea)
    title = item.find("**") + 2 if idea.title else 0
    return slice(title, title + len(idea.title)), slice(len(item) - len(_indented(idea)), len(item))


def unindented(body: str, idea: Idea) -> str:
    """A body as it stood in the idea's item, without the indent of its further lines."""
    return body.replace(f"\n{' ' * len(f'{idea.position}. ')}", "\n")


def _indented(idea: Idea) -> str:
    return re.sub(r"\n(?=[^\n])", f"\n{' ' * len(f'{idea.position}. ')}", idea.body)


def comparable(idea: Idea, subject: str) -> str:
    """The idea's words without its subject, which all ideas of a list share and which would make them alike."""
    text = f"{idea.title}. {idea.body}"
    named = subject.strip(" .!?")
    return re.sub(rf"(?<!\w){re.escape(named)}", "", text, flags=re.IGNORECASE) if named else text


def is_same(one: Idea, other: Idea) -> bool:
    """Whether two ideas say nearly the same, or go by the same title."""
    if one.title and utils.default_process(one.title) == utils.default_process(other.title):
        return True
    said = (one.body, other.body) if one.body and other.body else (one.title, other.title)
    return all(said) and fuzz.token_sort_ratio(*said, processor=utils.default_process) >= _SAME
