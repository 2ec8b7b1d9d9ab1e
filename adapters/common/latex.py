r"""Formulas in Markdown: `$x^2$`, `\(x^2\)`, `$$ … $$` and `\[ … \]`, as rules for markdown-it-py.

Chat platforms show no formulas; renderers show them as code, without the signs around them. Prices, shell variables
and escaped brackets are none: within a line only what looks like a formula is one.
"""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline

_CLOSERS = {"\\(": "\\)", "\\[": "\\]", "$$": "$$"}
_DISPLAYED = {"\\[": "\\]", "$$": "$$"}
_MOST_LINES = 40
_FORMULA = re.compile(r"[\\^{}=<>+]|[A-Za-z]_[A-Za-z0-9{]|^\s*-?\w{1,3}\s*$|^\s*\w\(\w{1,3}\)\s*$")


def formulas(parser: MarkdownIt) -> None:
    """Teaches the parser tokens `math_inline` and `math_block`; their content has no signs around it."""
    parser.inline.ruler.before("escape", "math_inline", _inline)
    parser.block.ruler.before("fence", "math_block", _block, {"alt": ["paragraph", "blockquote", "list"]})


def _inline(state: StateInline, silent: bool) -> bool:
    found = _in_brackets(state) or _in_dollars(state)
    if found is None:
        return False
    content, end = found
    if not _FORMULA.search(content):
        return False
    if not silent:
        token = state.push("math_inline", "", 0)
        token.content = " ".join(content.split())
    state.pos = end
    return True


def _in_brackets(state: StateInline) -> tuple[str, int] | None:
    """What stands between signs of two characters, and where they end."""
    closer = _CLOSERS.get(state.src[state.pos : state.pos + 2])
    if closer is None:
        return None
    end = state.src.find(closer, state.pos + 2, state.posMax)
    content = state.src[state.pos + 2 : end]
    return (content, end + 2) if end > 0 and content.strip() else None


def _in_dollars(state: StateInline) -> tuple[str, int] | None:
    """What stands between single dollars that touch it, on one line, with no word or number around them."""
    source, start = state.src, state.pos
    before = source[start - 1] if start else " "
    end = source.find("$", start + 1, state.posMax)
    if source[start] != "$" or end < 0 or before.isalnum():
        return None
    content, after = source[start + 1 : end], source[end + 1 : end + 2]
    is_tight = content == content.strip() and "\n" not in content
    return (content, end + 1) if content and is_tight and not after.isalnum() else None


def _block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A formula that has its lines to itself, up to a blank one."""
    first = _line(state, start)
    closer = _DISPLAYED.get(first[:2])
    if closer is None or state.is_code_block(start):
        return False
    lines = [first[2:]]
    last = start
    while not lines[-1].endswith(closer):
        last += 1
        if (
            last >= min(end, start + _MOST_LINES)
            or state.isEmpty(last)
            or state.sCount[last] < state.blkIndent
        ):
            return False
        lines.append(_line(state, last))
    content = "\n".join(lines).removesuffix(closer).strip()
    if not content or closer in content:
        return False
    if not silent:
        token = state.push("math_block", "", 0)
        token.content, token.map = content + "\n", [start, last + 1]
        state.line = last + 1
    return True


def _line(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]].rstrip()
