"""Model Markdown as Discord may show it: nothing that pings, hides or disguises, and only signs that it knows.

https://support.discord.com/hc/en-us/articles/210298617 describes its Markdown.
"""

import re
from collections.abc import Sequence

from markdown_it.tree import SyntaxTreeNode

from adapters.common import splitting
from adapters.common.markdown import words
from adapters.common.markdown_renderer import Renderer, broken

MESSAGE_CHARACTERS = 2000

_HEADINGS = 3
"""Levels that Discord draws; it shows the signs of deeper ones."""
_MARKS = (
    re.compile(r"@(?=everyone|here)", re.IGNORECASE),
    re.compile(r"<(?=[@#:/]|(?:a|t|id|sound):)", re.IGNORECASE),  # people, channels, commands, emoji, moments
    re.compile(r"\](?=\s*\()"),  # [shown](elsewhere)
    re.compile(r"\|(?=\|)"),  # spoilers
)
_SMALL_PRINT = re.compile(r"^([ \t]*)-#", re.MULTILINE)
_NUMBER = re.compile(r"^([ \t]*\d{1,9})\.(?= )", re.MULTILINE)
"""What begins a line of prose, where Markdown sees no list and Discord would: it counts such items anew."""


class DiscordMarkdown(Renderer):
    """Discord's own Markdown."""

    strong = "**"
    loose_point = "\\."
    escapable = frozenset("\\`*_{}[]()#+-.!~|>")

    def inert(self, prose: str) -> str:
        """Prose without mentions, spoilers, links under other words, or small print, which is for Riff's remarks."""
        return broken(_NUMBER.sub(r"\1\\.", _SMALL_PRINT.sub(r"\1\\-#", prose)), _MARKS)

    def heading(self, level: int, title: Sequence[SyntaxTreeNode]) -> str:
        """One of Discord's three levels, else in bold."""
        shown = self.inline(title)
        return f"{'#' * level} {shown}" if shown and level <= _HEADINGS else self.bold(title)

    def table(self, rows: list[list[SyntaxTreeNode]]) -> list[str]:
        """A list; Discord draws no tables."""
        headings, *others = rows
        if others:
            return [self.item(headings, row) for row in others]
        return [" · ".join(filter(None, (self.bold(words(node)) for node in headings)))]


_discord = DiscordMarkdown()


def readable(text: str) -> str:
    """What a model or a person wrote, as Discord may show it."""
    return _discord.render(text)


def split(text: str, limit: int = MESSAGE_CHARACTERS) -> list[str]:
    """Rendered text in messages, none of them blank."""
    return splitting.split(text, limit)
