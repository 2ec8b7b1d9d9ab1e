"""Reads one row of a Markdown table as an idea."""

import re
from itertools import zip_longest

from genai.answers.ideas.idea_text import IdeaText, clean_title
from genai.answers.wording import headings

_PIPE = re.compile(r"(?<!\\)\|")
_NUMBER = re.compile(r"[#*.)(]{0,4}\d{0,3}[*.)]{0,4}")
_NUMBERING = re.compile(r"(?:#|no\.?|nr\.?|n°|№|number|rank|编号|編號|序号|序號|序|)", re.IGNORECASE)
_TITLES = re.compile(
    r"(?:.*\b)?(?:idea|title|name|concept|slogan|tagline|option|suggestion|proposal|headline|book|item|what)s?\b.*"
    r"|.*(?:创意|創意|点子|點子|名称|名稱|名字|标题|標題|想法|方案|口号|口號|建议)|idee|titel|idée|nom|título|nombre",
    re.IGNORECASE,
)


def read_row(head: str, row: str) -> IdeaText:
    """The idea in a row: its title, its description, and what further columns say with their headings."""
    columns = [
        (clean_title(name), cell)
        for name, cell in zip_longest(cells(head), cells(row), fillvalue="")
        if cell and not (_NUMBERING.fullmatch(clean_title(name)) and _NUMBER.fullmatch(cell))
    ]
    if not columns:
        return IdeaText("", "")
    titled = [column for column in columns if _TITLES.fullmatch(column[0])]
    title = (titled or columns)[0]
    columns.remove(title)
    described = [column for column in columns if headings.is_description(column[0])] or columns
    body = described[0][1] if described else ""
    points = tuple(
        f"{name}: {cell}" if name else cell
        for name, cell in columns
        if not described or (name, cell) != described[0]
    )
    return IdeaText(clean_title(title[1]), body, points)


def cells(row: str) -> list[str]:
    """The cells of a row, as text."""
    parts = [part.strip().replace("\\|", "|") for part in _PIPE.split(row.strip())]
    if parts and not parts[0]:
        parts = parts[1:]
    if parts and not parts[-1]:
        parts = parts[:-1]
    return [re.sub(r"<br\s*/?>", " ", part) for part in parts]
