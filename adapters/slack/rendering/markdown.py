"""Model Markdown as Slack may show it, in both ways that Slack reads text: markdown blocks, and mrkdwn.

https://docs.slack.dev/reference/block-kit/blocks/markdown-block and
https://docs.slack.dev/messaging/formatting-message-text. Either way `<` begins what Slack obeys.
"""

import re
from collections.abc import Sequence

from markdown_it.tree import SyntaxTreeNode

from adapters.common import splitting
from adapters.common.markdown import plain, words
from adapters.common.markdown_renderer import Renderer, Verbatim, broken

PART = 9_000
"""Characters of one message: Slack takes 12,000 in a markdown block, but refused 11,300 in all (bolt-js 2867)."""
_TABLE_CHARACTERS = 38
"""As wide as a phone shows code without breaking its lines."""
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_NAMES = re.compile(r"@(?=everyone|here|channel)", re.IGNORECASE)  # read where link_names is on
_MARKS = (
    _NAMES,
    re.compile(r"<(?=[^\s\u200b])"),  # <@U1>, <!here>, <https://elsewhere|shown>
    re.compile(r"\](?=\s*[(\[:])"),  # [shown](elsewhere), [shown][1], [1]: elsewhere
)
_PINGS = re.compile(
    r"<(?:!(?:here|channel|everyone|subteam\^\w+)|@[UW]\w+)(?:\|[^<>]*)?(?:>|$)", re.IGNORECASE
)
"""What calls people in a markdown block; nobody knows for sure that it does not in code, where it does not stand."""
_FENCES = re.compile(r"`(?=``)")
_SAFE_LINK = re.compile(r"^(?:https?://|mailto:)", re.IGNORECASE)


class SlackMarkdown(Renderer):
    """A markdown block, or the text of a stream."""

    escapable = frozenset("\\`*_{}[]()#+-.!~|>")

    def inert(self, prose: str) -> str:
        """Prose that calls nobody, and whose links show where they lead."""
        return broken(prose, _MARKS)

    def can_be_code(self, line: str) -> bool:
        """Whether nothing in it would call people."""
        return super().can_be_code(line) and not _PINGS.search(line)

    def heading(self, level: int, title: Sequence[SyntaxTreeNode]) -> str:
        """Of any level; Slack draws all alike."""
        shown = self.inline(title)
        return f"{'#' * level} {shown}" if shown else ""

    def rule(self) -> str:
        """Slack draws a line."""
        return "---"

    def table(self, rows: list[list[SyntaxTreeNode]]) -> list[str]:
        """Slack draws tables."""
        lines = [" | ".join(["", *(self._cell(node) for node in row), ""]).strip() for row in rows]
        return [lines[0], " | ".join(["", *("---" for _ in rows[0]), ""]).strip(), *lines[1:]]

    def _cell(self, node: SyntaxTreeNode) -> str:
        return re.sub(r"(?<!\\)\|", r"\\|", self.inline(words(node)))


class Mrkdwn(Renderer):
    """The text of sections: signs of Slack's own, and none that could be escaped."""

    strong, em, strike = "*", "_", "~"
    bullet = "• "
    indent = 4

    def inert(self, prose: str) -> str:
        """Prose in which nothing is read but its formatting."""
        return escape(prose)

    def text(self, content: str) -> str:
        """Three backticks would begin code."""
        return broken(content, (_FENCES,))

    def target(self, href: str) -> tuple[bool, str]:
        """A link to the web or to mail."""
        shown = escape(href)
        return (True, f"<{shown}>") if _SAFE_LINK.match(href) and "|" not in href else (True, shown)

    def code(self, content: str, info: str = "", *, is_open: bool = False) -> list[str]:
        """Slack shows no language, and the fence's own line as code."""
        return [Verbatim(line.translate(_ENTITIES)) for line in super().code(content, is_open=is_open)]

    def line_as_prose(self, line: str) -> str:
        """The one thing that mrkdwn cannot hold."""
        return broken(line, (_FENCES, _NAMES))

    def code_span(self, content: str) -> tuple[bool, str]:
        """Single backticks are the only ones that mrkdwn knows within a line."""
        if not self.can_be_code(content):
            return True, self.line_as_prose(content).translate(_ENTITIES)
        return True, f"`{content}`".translate(_ENTITIES)

    def heading(self, level: int, title: Sequence[SyntaxTreeNode]) -> str:
        """In bold."""
        return self.bold(title)

    def table(self, rows: list[list[SyntaxTreeNode]]) -> list[str]:
        """Aligned columns in code, which has a fixed width; a list where a phone would break its lines."""
        cells = [[" ".join(plain(words(node)).split()) for node in row] for row in rows]
        widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
        if sum(widths) + 2 * len(widths) > _TABLE_CHARACTERS:
            return [self.item(rows[0], row) for row in rows[1:] or rows]
        lines = [_aligned(row, widths) for row in cells]
        lines.insert(1, _aligned(["-" * width for width in widths], widths))
        return self.code("\n".join(lines))


_markdown = SlackMarkdown()
_mrkdwn = Mrkdwn()


def inert(text: str, *, growing: bool = False) -> str:
    """Markdown for a markdown block or, while it is `growing`, for a stream."""
    return _markdown.render(text, growing=growing)


def to_mrkdwn(text: str) -> str:
    """Markdown as mrkdwn."""
    return _mrkdwn.render(text)


def escape(text: str) -> str:
    """Plain text for a mrkdwn field. Not to be applied twice: `&` would be escaped again."""
    return broken(text, (_NAMES,)).translate(_ENTITIES)


def split(text: str, limit: int = PART, *, growing: bool = False) -> list[str]:
    """Rendered text in messages."""
    return splitting.split(text, limit, growing=growing) or [""]


def _aligned(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(text.ljust(width) for text, width in zip(cells, widths, strict=True)).rstrip()
