"""A piece of an answer that comes whole, and how another is written in its place. Knows nothing of moderation."""

from collections.abc import Awaitable, Callable

Again = Callable[[str], Awaitable[str]]
"""Another text without what a category of moderation names; "" where there is none."""


class WholeText(str):
    """A text that is shown whole or not at all, unlike one that is shown as it is written."""

    __slots__ = ("again",)

    again: Again | None
    """Writes another in its place; None where nobody can."""

    def __new__(cls, text: str, again: Again | None = None) -> "WholeText":
        made = super().__new__(cls, text)
        made.again = again
        return made
