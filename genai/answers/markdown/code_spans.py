"""Follows whether the end of a growing Markdown text stands in code; keeps no text."""

import re

_FENCE = re.compile(r" {0,3}(?P<mark>`{3,}|~{3,})(?P<info>.*)")
_TICKS = re.compile("`+")
_HEAD = 80


class CodeSpans:
    """Is fed a text piece by piece. `last` is its last character, `is_blank` whether its last line is only space."""

    def __init__(self) -> None:
        self.last = ""
        self.is_blank = True
        self._head = ""
        self._spans = 0
        self._fence = ""

    def feed(self, text: str) -> None:
        """Read on."""
        first, *others = text.split("\n")
        self._go_on(first)
        for line in others:
            self._end_line()
            self._go_on(line)
            self.last = self.last if line else "\n"

    @property
    def is_open(self) -> bool:
        """Whether what comes next stands in a fence, or between backticks in the same line."""
        return bool(self._fence or _FENCE.match(self._head)) or self._spans % 2 == 1

    def _go_on(self, text: str) -> None:
        if not text:
            return
        self._spans += len(_TICKS.findall(text)) - (self.last == "`" and text[0] == "`")
        self._head += text[: _HEAD - len(self._head)]
        self.is_blank = self.is_blank and text.isspace()
        self.last = text[-1]

    def _end_line(self) -> None:
        found = _FENCE.match(self._head)
        if found and not self._fence:
            self._fence = found["mark"]
        elif found and found["mark"].startswith(self._fence) and not found["info"].strip():
            self._fence = ""
        self._head, self._spans, self.is_blank = "", 0, True
