"""Keeps an answer to the form of a list: each line begins with given words, and there are as many lines as wanted.

A small model seldom counts right, and a line's first words decide what the rest is about. The words are fed like
tokens that were drawn, so what follows is written with all of the lines before in view.
"""

from collections import deque
from collections.abc import Sequence


class LineOpenings:
    """For one text: which tokens come next because the form wants them."""

    def __init__(self, openings: Sequence[tuple[int, ...]], newline: int) -> None:
        self._openings = deque(openings)
        self._newline = newline
        self._due: deque[int] = deque()
        self._begin_line()

    def next(self) -> int | None:
        """The token that must come next; None where the model is free."""
        return self._due[0] if self._due else None

    def instead_of_end(self) -> int | None:
        """The token to take instead of the model's end token; None where the text may end."""
        return self._newline if self._openings else None

    def add(self, text: str) -> bool:
        """Note that a token came, which adds `text`; whether the last line has ended with it."""
        if self._due:
            self._due.popleft()
            return False
        if "\n" not in text:
            return False
        if not self._openings:
            return True
        self._begin_line()
        return False

    def _begin_line(self) -> None:
        self._due.extend(self._openings.popleft())
