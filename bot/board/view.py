"""A board as people see it: what stands on it, and as text, table or file."""

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

from bot.language import _, listed, ngettext
from genai.text import cluster
from storage.values.brainstorms import CardOnBoard

SHORTLIST = 5
"""How many ideas lead."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One idea on a board that is shown."""

    card: CardOnBoard

    @property
    def number(self) -> int:
        """What people call it by."""
        return self.card.number


@dataclass(frozen=True, slots=True)
class Theme:
    """Ideas that say similar things, most votes first."""

    name: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Board:
    """All ideas of a brainstorm, in themes, the largest first."""

    topic: str
    themes: tuple[Theme, ...]

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All ideas in the order of arrival."""
        return tuple(
            sorted(
                (entry for theme in self.themes for entry in theme.entries), key=lambda entry: entry.number
            )
        )

    def shortlist(self, count: int = SHORTLIST) -> tuple[Entry, ...]:
        """The ideas with the most votes, at least one each; the earlier one where two are level."""
        voted = [entry for entry in self.entries if entry.card.votes]
        return tuple(sorted(voted, key=lambda entry: (-entry.card.votes, entry.number))[:count])


def view(topic: str, cards: Sequence[CardOnBoard]) -> Board:
    """The board of `cards`, oldest first. Takes up to a second for hundreds of ideas: call it off the loop."""
    entries = [Entry(card) for card in cards]
    groups = cluster([f"{card.title}. {card.body}" for card in cards], apart_from=topic)
    themes = (
        Theme(
            group.theme or _("other ideas"),
            tuple(sorted((entries[at] for at in group.members), key=_by_votes)),
        )
        for group in groups
    )
    return Board(topic, tuple(themes))


def _by_votes(entry: Entry) -> tuple[int, int]:
    return -entry.card.votes, entry.number


# What came of a brainstorm in words, beside its board.


@dataclass(frozen=True, slots=True)
class Conclusion:
    """A paragraph, what to do next, and what is not known yet; all of it passed moderation."""

    summary: str
    next_steps: tuple[str, ...]
    questions: tuple[str, ...]

    def values(self) -> dict[str, Any]:
        """The outcome as JSON can hold it."""
        return asdict(self)

    @classmethod
    def read(cls, values: Mapping[str, Any] | None) -> Self | None:
        """The outcome in what `values` gave; None where there is none."""
        if values is None:
            return None
        return cls(values["summary"], tuple(values["next_steps"]), tuple(values["questions"]))


# A board as a file: Markdown to read, CSV for a spreadsheet, JSON for programs.


RIFF = "Riff"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_MARKDOWN = re.compile(r"([\\`*_\[\]<>|#])")
_COLUMNS = ("number", "theme", "title", "body", "authors", "votes", "made_of", "added_at")


def to_markdown(board: Board, names: Mapping[int, str], outcome: Conclusion | None = None) -> str:
    """What came of it, then themes as headings and ideas as list items.

    `names` are what people are called, by their ids.
    """
    parts = [f"# {_escaped(board.topic)}", *_told(board, names, outcome)]
    for theme in board.themes:
        lines = [f"- {_item(entry, names)}" for entry in theme.entries]
        parts += [f"## {_escaped(theme.name)}", "\n".join(lines)]
    return "\n\n".join(parts) + "\n"


def to_csv(board: Board, names: Mapping[int, str]) -> str:
    """One row an idea, in the order of arrival (RFC 4180).

    A cell that a spreadsheet would take for a formula begins with an apostrophe
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
    """One object: the topic, what came of it (null until it has ended), and the ideas in the order of arrival."""
    told = None if outcome is None else {"shortlist": list(_ranks(board)), **outcome.values()}
    whole = {"topic": board.topic, "outcome": told, "ideas": _rows(board, names)}
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
    return _MARKDOWN.sub(r"\\\1", " ".join(text.split()))


def _inert(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
