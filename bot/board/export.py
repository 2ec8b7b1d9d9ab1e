"""A board as a file: Markdown to read, CSV for a spreadsheet, JSON for programs."""

import csv
import io
import itertools
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from bot.board.origins import origin_of, origins_as_json, origins_told
from bot.board.view import Board, Conclusion, Entry
from bot.language import _, listed, ngettext

RIFF = "Riff"
_FORMULA = frozenset("=+-@")
_CELL_START = re.compile(r"^|[;\t\r\n|\v\f\x1c-\x1e\x85\u2028\u2029]")
"""Where a cell begins, by whatever a spreadsheet parts cells with: some expect another sign than commas."""
_MARKDOWN = re.compile(r"([\\`*_\[\]<>|#&~$!^@])")
_BLOCK = re.compile(r"^(\d*)([-+=.):])")
_LINK = re.compile(r"(:(?=//)|(?<=www)\.)", re.IGNORECASE)
"""Where some readers of Markdown begin a link that nobody marked as one."""
_COLUMNS = ("number", "theme", "title", "body", "authors", "votes", "made_of", "added_at", "from")


def to_markdown(board: Board, names: Mapping[int, str], outcome: Conclusion | None = None) -> str:
    """What came of it, then themes as headings and ideas as list items.

    `names` are what people are called, by their ids.
    """
    parts = [f"# {_escaped(board.topic)}", *_told(board, names, outcome)]
    if origins := origins_told(board):
        parts += [f"## {_escaped(_('Who it came from'))}", "\n".join(f"- {line}" for line in origins)]
    for theme in board.themes:
        lines = [f"- {_item(entry, names)}" for entry in theme.entries]
        parts += [f"## {_escaped(theme.name)}", "\n".join(lines)]
    return "\n\n".join(parts) + "\n"


def to_csv(board: Board, names: Mapping[int, str]) -> str:
    """One row an idea, in the order of arrival (RFC 4180).

    What a spreadsheet would take for a formula begins with an apostrophe
    (https://owasp.org/www-community/attacks/CSV_Injection).
    """
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(_COLUMNS)
    for row in _rows(board, names):
        joined = {**row, "authors": ", ".join(row["authors"]), "made_of": " ".join(map(str, row["made_of"]))}
        writer.writerow([_inert(str(joined[column])) for column in _COLUMNS])
    return file.getvalue()


def to_json(board: Board, names: Mapping[int, str], outcome: Conclusion | None = None) -> str:
    """One object: the topic, what came of it (null until it has ended), how much came from people and from Riff, and
    the ideas in the order of arrival."""
    told = None if outcome is None else {"shortlist": list(_ranks(board)), **outcome.values()}
    origins = origins_as_json(board)
    whole = {"topic": board.topic, "outcome": told, "origins": origins, "ideas": _rows(board, names)}
    return json.dumps(whole, ensure_ascii=False, indent=2)


def author_names(entry: Entry, names: Mapping[int, str]) -> list[str]:
    """What the authors of an idea are called; Riff is one like the others."""
    return [RIFF if author is None else names.get(author) or _("somebody") for author in entry.card.authors]


def _rows(board: Board, names: Mapping[int, str]) -> list[dict[str, Any]]:
    theme_of = {entry.number: theme.name for theme in board.themes for entry in theme.entries}
    number_of = {entry.card.id: entry.number for entry in board.entries}
    return [
        {
            "number": entry.number,
            "theme": theme_of[entry.number],
            "title": entry.card.title,
            "body": entry.card.body,
            "authors": author_names(entry, names),
            "votes": entry.card.votes,
            "made_of": [number_of[origin] for origin in entry.card.origins if origin in number_of],
            "added_at": entry.card.created_at.isoformat(),
            "from": origin_of(entry),
        }
        for entry in board.entries
    ]


def _told(board: Board, names: Mapping[int, str], outcome: Conclusion | None) -> list[str]:
    if outcome is None:
        return []
    parts = [_escaped(outcome.summary)]
    ranked = [f"{rank}. {_item(entry, names)}" for rank, entry in enumerate(board.shortlist(), start=1)]
    for heading, lines in (
        (_("Shortlist"), ranked),
        (_("Next steps"), [f"- {_escaped(step)}" for step in outcome.next_steps]),
        (_("Open questions"), [f"- {_escaped(question)}" for question in outcome.questions]),
    ):
        parts += [f"## {heading}", "\n".join(lines)] if lines else []
    return parts


def _ranks(board: Board) -> Iterable[int]:
    return (entry.number for entry in board.shortlist())


def _item(entry: Entry, names: Mapping[int, str]) -> str:
    votes = ngettext("{count} vote", "{count} votes", entry.card.votes)
    credit = f" ({_escaped(listed(author_names(entry, names)))}, {votes})"
    body = f": {_escaped(entry.card.body)}" if entry.card.body else ""
    return f"**{entry.number}. {_escaped(entry.card.title)}**{body}{credit}"


def _escaped(text: str) -> str:
    """`text` as Markdown that says just that: nothing in it is a link, an entity, a heading or the start of a list."""
    line = _MARKDOWN.sub(r"\\\1", " ".join(text.split()))
    return _LINK.sub(r"\\\1", _BLOCK.sub(r"\1\\\2", line))


def _inert(cell: str) -> str:
    """`cell` with an apostrophe before each place where a spreadsheet could find a formula."""
    starts = [start.end() for start in _CELL_START.finditer(cell) if _is_formula(cell, start.end())]
    pieces = [cell[begin:end] for begin, end in itertools.pairwise([0, *starts, len(cell)])]
    return "'".join(pieces) if starts else cell


def _is_formula(cell: str, start: int) -> bool:
    """Whether what begins at `start` is read as a formula, in any width, also behind what cannot be seen."""
    if start == 0 and cell.startswith(("\t", "\r")):
        return True  # whatever follows: some spreadsheets drop these, and read on
    seen = next((char for char in cell[start:] if not _is_unseen(char)), "")
    return unicodedata.normalize("NFKC", seen)[:1] in _FORMULA


def _is_unseen(char: str) -> bool:
    return char == '"' or char.isspace() or unicodedata.category(char) in {"Cc", "Cf", "Mn"}
