"""What a block of an answer could be in a list: at which level it stands, a title alone, words that lead to others."""

import re

from genai.answers.markdown.block_tokens import Block, Kind, has_bold_title
from genai.answers.wording import courtesies, headings

Level = tuple[str, ...]
"""What the blocks that begin ideas have in common; its first word says what they are."""

_SENTENCE_END = re.compile(r"[.!?。！？…][\"”’*_)]*\s*$")
_TITLE_CHARACTERS = 70


def level_of(block: Block) -> Level | None:
    """The level of a block that could begin an idea."""
    mark = block.mark
    if block.kind is Kind.ROW:
        return ("row",)
    if block.kind not in {Kind.ITEM, Kind.HEADING, Kind.PARAGRAPH}:
        return None
    if mark.style:
        wrapper = f"h{mark.level}" if mark.level else "strong" if mark.strong else "plain"
        return ("number", mark.style, wrapper)
    if mark.level:
        return ("heading", str(mark.level))
    label, text = headings.labelled(mark.rest)
    if label and text and headings.is_title(label):
        return ("label", headings.bare(label))
    if mark.bullet:
        return ("bullet", mark.bullet)
    if mark.strong and has_bold_title(mark.rest):
        return ("strong",)
    return ("symbol",) if mark.symbol else None


def is_alone(block: Block) -> bool:
    """Whether a block's first line is a title with no text behind it."""
    if block.mark.level:
        return True
    text = block.mark.rest.strip()
    if len(text) > _TITLE_CHARACTERS * 2:
        return False
    if re.fullmatch(r"(\*\*|__).+?\1\s*[:：]?", text):
        return not re.search(r"(?:\*\*|__)\s*[:：–—-]\s*\S", text[2:])
    return (
        len(text) <= _TITLE_CHARACTERS
        and not re.search(r"[:：]\s*\S|\s[–—-]\s", text)
        and not _SENTENCE_END.search(text)
    )


def is_title_line(block: Block) -> bool:
    """Whether a paragraph's first line could be the title of something: short, and no sentence."""
    text = block.line.strip()
    return (
        block.kind is Kind.PARAGRAPH
        and 0 < len(text) <= _TITLE_CHARACTERS
        and not re.search(r"[:：.!?。！？,，;；]\s*$", text)
        and not courtesies.opens(text)
    )


def is_lead(block: Block) -> bool:
    """Whether a paragraph only announces what follows."""
    text = block.line.strip().strip("*_ ")
    return block.kind is Kind.PARAGRAPH and (text.endswith((":", "：")) or courtesies.opens(text))


def is_detail(block: Block) -> bool:
    """Whether a heading or a label says that its text is one side of an idea."""
    return headings.is_detail(headings.labelled(block.mark.rest)[0] or block.mark.rest)


def is_titled(block: Block) -> bool:
    """Whether a line begins with a title that stands out, or that a colon sets apart."""
    return block.mark.rest[:1] in "*_" or bool(headings.labelled(block.mark.rest)[0])
