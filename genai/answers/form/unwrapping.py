"""Small steps in reading the text of a form: its paragraphs, the items of a list, what wraps a whole text."""

import re

from markdown_it.tree import SyntaxTreeNode

from genai.answers.ideas.idea_text import list_items
from genai.answers.markdown.block_tokens import tokens_of
from genai.answers.markdown.fences import first_fenced

_BLANK = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")
_RULE = re.compile(r"|(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,}")
_PAIRS = {'"': '"', "“": "”", "‘": "’", "「": "」", "『": "』", "«": "»", "„": "“"}


def paragraphs(text: str) -> list[str]:
    """The stretches between blank lines; a fence is one, whatever stands in it."""
    parts: list[str] = []
    is_open = False
    for part in filter(str.strip, _BLANK.split(text.replace("\r\n", "\n").strip())):
        if is_open:
            parts[-1] += f"\n\n{part}"
        else:
            parts.append(part)
        is_open ^= len(re.findall(r"(?m)^[ \t]*(?:`{3}|~{3})", part)) % 2 == 1
    return parts


def items_of(text: str) -> tuple[str, ...]:
    """The items of a text that is a list and nothing else; () for any other."""
    nodes = SyntaxTreeNode(tokens_of(text)).children
    if not nodes or not all(node.type.endswith("_list") for node in nodes):
        return ()
    return tuple(item for node in nodes for item in list_items(node, text))


def unwrapped(text: str) -> str:
    """What stands in a fence or a quotation that is all of the text but for a few words around it."""
    found = first_fenced(text)
    around = text[: found.start] + text[found.end :] if found else ""
    if found and len(around) < len(found.inside):
        return found.inside
    quoted = sum(len(line) for line in text.splitlines() if line.lstrip().startswith(">"))
    return re.sub(r"(?m)^[ \t]{0,3}>[ \t]?", "", text) if 2 * quoted > len(text) else text


def unquoted(text: str) -> str:
    """The text without quotation marks or bold that wrap all of it."""
    text = text.strip()
    for mark in ("***", "**", "__", "*", "_"):
        inside = text[len(mark) : -len(mark)]
        if (
            len(text) > 2 * len(mark)
            and text.startswith(mark)
            and text.endswith(mark)
            and mark[0] not in inside
        ):
            text = inside.strip()
    if (
        len(text) > 2
        and _PAIRS.get(text[0]) == text[-1]
        and text[0] not in text[1:-1]
        and text[-1] not in text[1:-1]
    ):
        return text[1:-1].strip()
    return text


def without_rules(text: str) -> str:
    """The text without the rules at its beginning and its end."""
    lines = text.strip().split("\n")
    while lines and _RULE.fullmatch(lines[0].strip()):
        lines.pop(0)
    while lines and _RULE.fullmatch(lines[-1].strip()):
        lines.pop()
    return "\n".join(lines).strip()


def without_odd_bold(text: str) -> str:
    """The text without the end of bold that began in the label before it."""
    line, newline, below = text.strip().partition("\n")
    for mark in ("**", "__"):
        if line.rstrip().endswith(mark) and line.count(mark) % 2:
            line = line.rstrip()[: -len(mark)].rstrip()
    return f"{line}{newline}{below}".strip()
