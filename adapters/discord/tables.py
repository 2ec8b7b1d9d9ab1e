"""Tables for Discord, which draws none: each row becomes a list item that reads well on a phone."""

from itertools import zip_longest

from markdown_it import MarkdownIt
from markdown_it.token import Token

_parser = MarkdownIt("commonmark").enable("table")


def tables_as_lists(text: str) -> str:
    """`text` with every Markdown table as a list: its first cell in bold, the others after their heading."""
    lines = text.split("\n")
    tokens = _parser.parse(text)
    for start in reversed([at for at, token in enumerate(tokens) if token.type == "table_open"]):
        place = tokens[start].map
        if place is not None and tokens[start].level == 0:
            lines[place[0] : place[1]] = _list(_rows(tokens[start:]))
    return "\n".join(lines)


def _rows(tokens: list[Token]) -> list[list[str]]:
    """The cells of the table that `tokens` begin with, its headings first."""
    rows: list[list[str]] = []
    for token in tokens:
        match token.type:
            case "table_close":
                break
            case "tr_open":
                rows.append([])
            case "inline":
                rows[-1].append(" ".join(token.content.split()))
    return rows


def _list(rows: list[list[str]]) -> list[str]:
    headings, *others = rows
    if not others:
        return [" · ".join(f"**{heading}**" for heading in headings if heading)]
    return [_item(headings, row) for row in others]


def _item(headings: list[str], row: list[str]) -> str:
    first, *rest = zip_longest(headings, row, fillvalue="")
    told = [f"{heading}: {cell}" if heading else cell for heading, cell in rest if cell]
    name = f"**{first[1].replace('**', '')}**" if first[1] else ""
    return "- " + " · ".join(filter(None, (name, *told)))
