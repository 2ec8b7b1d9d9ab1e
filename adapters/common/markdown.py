"""What a model wrote, read once as Markdown for every platform: the parser, and what renderers ask of its tree."""

from collections.abc import Iterable, Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

from adapters.common.latex import formulas

_DEEPEST = 60
"""Blocks within blocks; what is deeper the parser would leave out."""

_parser = MarkdownIt("commonmark", {"html": False, "maxNesting": _DEEPEST}).use(formulas)
_parser.enable(["table", "strikethrough"])
_parser.disable(["reference", "lheading", "text_join"])
"""A definition would be shown nowhere, a paragraph above a rule all in bold, and an escaped sign be a sign again."""
_plain = MarkdownIt("zero")


def parsed(text: str) -> SyntaxTreeNode:
    """The blocks of a text; `meta` of one says whether there is a `gap` above it and whether it is still `open`."""
    source = text.replace("\r\n", "\n").replace("\r", "\n")
    tokens = _parser.parse(source)
    if any(token.level >= _DEEPEST - 1 for token in tokens):
        tokens = _plain.parse(source)
    lines = source.split("\n")
    for token in tokens:
        if token.map and token.nesting >= 0:
            token.meta = {"gap": _has_gap(token, lines), "open": _is_open(token, lines)}
    return SyntaxTreeNode(tokens)


def plain(nodes: Sequence[SyntaxTreeNode]) -> str:
    """The words alone."""
    parts = []
    for node in nodes:
        parts.append(" " if node.type.endswith("break") else node.content if not node.children else "")
        parts.append(plain(node.children))
    return "".join(parts)


def words(node: SyntaxTreeNode) -> Sequence[SyntaxTreeNode]:
    """What stands in a paragraph, a heading or a cell of a table."""
    return node.children[0].children if node.children else ()


def without_strong(nodes: Iterable[SyntaxTreeNode]) -> Iterator[SyntaxTreeNode]:
    """The same words, in no bold."""
    for node in nodes:
        if node.type == "strong":
            yield from without_strong(node.children)
        else:
            yield node


def _has_gap(token: Token, lines: list[str]) -> bool:
    start = token.map[0] if token.map else 0
    return token.type == "hr" or (start > 0 and not lines[start - 1].strip(" \t>"))


def _is_open(token: Token, lines: list[str]) -> bool:
    """Whether code may go on in what is still to come."""
    start, end = token.map or (0, 0)
    if token.type == "code_block":
        return not any(line.strip() for line in lines[end:])
    last = lines[end - 1].strip(" \t>")
    is_closed = end - start > 1 and set(last) == {token.markup[:1]} and len(last) >= len(token.markup)
    return token.type == "fence" and not is_closed
