"""Which share of a board came from people and which from Riff: of its ideas, its votes, its shortlist.

An idea that Riff made of people's counts as Riff's; what it was made of stands beside it. Where people and Riff had the
same idea, it is of both.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from bot.board.view import Board, Entry
from bot.language import _, listed


@dataclass(frozen=True, slots=True)
class Origins:
    """How many came from whom."""

    people: int = 0
    both: int = 0
    riff: int = 0

    def shares(self) -> str:
        """The shares in words, in whole per cent that make a hundred; "" of nothing."""
        whole = self.people + self.both + self.riff
        if not whole:
            return ""
        riff, both = round(100 * self.riff / whole), round(100 * self.both / whole)
        parts = [_("people {percent} %", percent=100 - riff - both)]
        parts += [_("both {percent} %", percent=both)] if both else []
        return listed([*parts, _("Riff {percent} %", percent=riff)])


def origin_of(entry: Entry) -> str:
    """Whose idea it is: "people", "both" or "riff"."""
    has_riff = None in entry.card.authors
    if not has_riff:
        return "people"
    return "both" if any(author is not None for author in entry.card.authors) else "riff"


def origins_of(board: Board) -> dict[str, Origins]:
    """Of the "ideas", the "votes" and the "shortlist"."""
    return {
        "ideas": _counted((entry, 1) for entry in board.entries),
        "votes": _counted((entry, entry.card.votes) for entry in board.entries),
        "shortlist": _counted((entry, 1) for entry in board.shortlist()),
    }


def origins_told(board: Board) -> list[str]:
    """A line for each of them that there is any of."""
    names = {"ideas": _("Ideas"), "votes": _("Votes"), "shortlist": _("Shortlist")}
    told = {name: one.shares() for name, one in origins_of(board).items()}
    return [f"{names[name]}: {shares}" for name, shares in told.items() if shares]


def origins_as_json(board: Board) -> dict[str, dict[str, int]]:
    """The numbers, as JSON can hold them."""
    return {name: asdict(one) for name, one in origins_of(board).items()}


def _counted(weighted: Iterable[tuple[Entry, int]]) -> Origins:
    counts = {"people": 0, "both": 0, "riff": 0}
    for entry, weight in weighted:
        counts[origin_of(entry)] += weight
    return Origins(**counts)
