"""The walk over a text's Markdown that each platform's renderer fills in.

A renderer writes what was read in the signs that its platform knows. What a platform might obey (mentions,
links that hide their target) is broken in prose, where people only read; code is left as it is, byte for byte,
and nothing else in what is written looks like code, so that a platform sees the same code that was read here.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import groupby, pairwise
from urllib.parse import unquote

from markdown_it.tree import SyntaxTreeNode

from adapters.common.markdown import parsed, plain, without_strong, words

BREAK = "\u200b"
"""ZERO WIDTH SPACE: what is parted by it is no longer read as one mark."""
FENCE = "```"
_REORDERS = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
"""Characters that make people read a text in another order than it has."""
_LANGUAGE = re.compile(r"[A-Za-z0-9_+\-.#]{1,30}")
_SCHEME = re.compile(r"^(?:https?://|mailto:)", re.IGNORECASE)

Pieces = list[tuple[bool, str]]
"""Parts of a line; True for those that stay as they are."""


class Verbatim(str):
    """A line that stands at the margin, wherever its block is: platforms would add to code what is before it."""

    __slots__ = ()


def broken(text: str, marks: Iterable[re.Pattern[str]]) -> str:
    """`text` with every mark broken after its first character."""
    places = sorted({match.start() + 1 for mark in marks for match in mark.finditer(text)})
    edges = [0, *places, len(text)]
    return BREAK.join(text[start:end] for start, end in pairwise(edges))


class Renderer:
    """Writes Markdown for one platform; the attributes are its signs, "" for those of the text itself."""

    strong = em = strike = ""
    bullet = "- "
    point = loose_point = "."
    """After an item's number; the loose one where numbers are left out between items, for platforms that count anew."""
    indent = 0
    """Spaces before what belongs to an item; 0 for as many as its bullet is wide."""
    escapable: frozenset[str] = frozenset()
    """Characters that a backslash keeps from being signs."""

    def render(self, text: str, *, growing: bool = False) -> str:
        """`text` as the platform should get it; code at the end of a `growing` one is not closed yet."""
        root = parsed(text)
        return "\n".join(self.blocks(root.children, growing=growing)).strip("\n")

    def inert(self, prose: str) -> str:
        """Prose that the platform only shows."""
        raise NotImplementedError

    def heading(self, level: int, title: Sequence[SyntaxTreeNode]) -> str:
        """One line."""
        raise NotImplementedError

    def table(self, rows: list[list[SyntaxTreeNode]]) -> list[str]:
        """Lines for a table whose first row are headings."""
        raise NotImplementedError

    def rule(self) -> str:
        """A line across."""
        return "———"

    def target(self, href: str) -> tuple[bool, str]:
        """Where a link leads, and whether that is to stay as it is."""
        return False, href

    def blocks(self, nodes: Sequence[SyntaxTreeNode], *, growing: bool = False) -> list[str]:
        """The lines of blocks that follow each other, with the blank ones that were between them."""
        lines: list[str] = []
        for node in nodes:
            made = self._block(node, growing=growing)
            if lines and made and node.meta.get("gap"):
                lines.append("")
            lines += made
        return lines

    def inline(self, nodes: Sequence[SyntaxTreeNode]) -> str:
        """Words with their signs."""
        runs = groupby(self._pieces(nodes), key=lambda piece: piece[0])
        texts = ((stays, "".join(text for _, text in run)) for stays, run in runs)
        shown = "".join(text if stays else self.inert(text) for stays, text in texts)
        return shown.replace("\\``", f"\\`{BREAK}`")  # a backtick that is none, and one that begins code

    def bold(self, nodes: Sequence[SyntaxTreeNode]) -> str:
        """Words in bold, once, on one line."""
        shown = " ".join(self.inline(list(without_strong(nodes))).split())
        return f"{self.strong}{shown}{self.strong}" if shown else ""

    def item(self, headings: Sequence[SyntaxTreeNode], row: Sequence[SyntaxTreeNode]) -> str:
        """A row of a table as an item, which a phone has room for: its first cell in bold, the others named."""
        names, cells = ([self.inline(words(node)) for node in nodes] for nodes in (headings, row))
        told = [
            f"{name}: {shown}" if name else shown
            for name, shown in zip(names[1:], cells[1:], strict=True)
            if shown
        ]
        return self.bullet + " · ".join(filter(None, (self.bold(words(row[0])), *told)))

    def code(self, content: str, info: str = "", *, is_open: bool = False) -> list[str]:
        """Lines of code between fences, and between those the lines that the platform cannot take as code."""
        if not content.strip():
            return []
        word = info.split()[0] if info.strip() else ""
        fence = FENCE + (word if _LANGUAGE.fullmatch(word) else "")
        lines: list[str] = []
        for is_code, found in groupby(content.removesuffix("\n").split("\n"), self.can_be_code):
            group = list(found)
            if not is_code:
                lines += map(self.line_as_prose, group)
            elif any(line.strip() for line in group):
                lines += [fence, *group, FENCE]
        if is_open and lines[-1] == FENCE:
            lines.pop()
        return [Verbatim(line) for line in lines]

    def can_be_code(self, line: str) -> bool:
        """Whether a line can stand in code as it is: nothing is ever put into code."""
        return FENCE not in line

    def line_as_prose(self, line: str) -> str:
        """A line of code that cannot stand in code, as prose that reads the same."""
        return self.inert(self._special(line))

    def text(self, content: str) -> str:
        """Words of prose; a backtick among them begins no code."""
        return content.replace("`", "\\`")

    def _block(self, node: SyntaxTreeNode, *, growing: bool) -> list[str]:
        match node.type:
            case "heading":
                line = self.heading(int(node.tag[1:]), words(node))
                return [line] if line.strip() else []
            case "bullet_list" | "ordered_list":
                return self._list(node, growing=growing)
            case "blockquote":
                inside = self.blocks(node.children, growing=growing)
                return [_quoted(line) for line in inside]
            case "fence" | "code_block":
                lines = self.code(node.content, node.info, is_open=growing and bool(node.meta.get("open")))
                return [*self._told(node.info), *lines]
            case "math_block":
                return self.code(node.content)
            case "hr":
                return [self.rule()]
            case "table":
                return self.table([row.children for part in node.children for row in part.children])
        return self.inline(words(node)).split("\n")

    def _told(self, info: str) -> list[str]:
        """What stands beside the language of code, as a line above: no platform shows it."""
        return [self.inert(self._special(info.strip()))] if len(info.split()) > 1 else []

    def _list(self, node: SyntaxTreeNode, *, growing: bool) -> list[str]:
        lines: list[str] = []
        counts = [int(item.info) for item in node.children] if node.type == "ordered_list" else []
        is_gapless = counts == list(range(counts[0], counts[0] + len(counts))) if counts else True
        for item in node.children:
            if lines and item.meta.get("gap"):
                lines.append("")
            sign = f"{item.info}{self.point if is_gapless else self.loose_point} " if counts else self.bullet
            inside = self.blocks(item.children, growing=growing)
            lines += _hung(sign, " " * (self.indent or len(sign)), inside)
        return lines

    def _pieces(self, nodes: Sequence[SyntaxTreeNode]) -> Pieces:
        pieces: Pieces = []
        for node in nodes:
            match node.type:
                case "code_inline" | "math_inline":
                    pieces.append(self.code_span(node.content))
                case "softbreak" | "hardbreak":
                    pieces.append((False, "\n"))
                case "strong" | "em" | "s":
                    sign = {"strong": self.strong, "em": self.em, "s": self.strike}[node.type] or node.markup
                    pieces += [(False, sign), *self._pieces(node.children), (False, sign)]
                case "link" | "image":
                    pieces += self._link(node)
                case "text_special":
                    pieces.append((False, self._special(node.content)))
                case _:
                    pieces.append((False, self.text(node.content.translate(_REORDERS))))
        return pieces

    def _special(self, content: str) -> str:
        """What was escaped or an entity: a character that is no sign."""
        return "".join(
            f"\\{char}" if char in self.escapable else char for char in content.translate(_REORDERS)
        )

    def _link(self, node: SyntaxTreeNode) -> Pieces:
        """The words of a link and, once, where it leads, so that nobody is led astray."""
        href = str(node.attrs.get("href") or node.attrs.get("src") or "")
        shown = plain(node.children)
        if _bare(shown) == _bare(href):
            is_address = href.lower().startswith("mailto:")
            return [(False, self.text(shown))] if is_address else [self.target(href)]
        label = self._pieces(node.children)
        if not href or not shown.strip():
            return [*label, self.target(href)] if href else label
        return [*label, (False, " ("), self.target(href), (False, ")")]

    def code_span(self, content: str) -> tuple[bool, str]:
        """Code within a line, between more backticks than it has; prose where those would begin a block."""
        longest = max(map(len, re.findall("`+", content)), default=0)
        if longest > 2 or not self.can_be_code(content):
            return False, self._special(content)
        is_padded = content.startswith(" ") and content.endswith(" ") and bool(content.strip())
        space = " " if is_padded or content.startswith("`") or content.endswith("`") else ""
        ticks = "`" * (longest + 1)
        return True, f"{ticks}{space}{content}{space}{ticks}"


def _hung(sign: str, indent: str, lines: list[str]) -> list[str]:
    """An item: its sign before the first line, the others below the words of that."""
    starts_here = bool(lines) and not isinstance(lines[0], Verbatim)
    first, below = (sign + lines[0], lines[1:]) if starts_here else (sign.rstrip(), lines)
    return [first, *(line if not line or isinstance(line, Verbatim) else indent + line for line in below)]


def _quoted(line: str) -> str:
    return line if isinstance(line, Verbatim) or line.startswith("> ") else f"> {line}"


def _bare(address: str) -> str:
    """An address as people type it."""
    return unquote(_SCHEME.sub("", address.strip())).rstrip("/").casefold().removeprefix("www.")
