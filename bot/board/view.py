"""A board as people see it: what stands on it, and as text, table or file."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

from bot.board.themes import grown, placed
from bot.language import _
from storage.values.brainstorms import CardOnBoard, KeptTheme

SHORTLIST = 5
"""How many ideas lead."""
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


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
    """Ideas that say similar things, most votes first; what belongs nowhere else `is_other`, and has no letter."""

    name: str
    letter: str
    entries: tuple[Entry, ...]
    is_other: bool = False

    @property
    def heading(self) -> str:
        """Its letter, which stands in pictures too, and its name; both stay while the board grows."""
        return f"{self.letter} {self.name}".strip()


@dataclass(frozen=True, slots=True)
class Board:
    """All ideas of a brainstorm, in themes; what belongs to none comes last."""

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


def view(topic: str, cards: Sequence[CardOnBoard], kept: Sequence[KeptTheme] = ()) -> Board:
    """The board of `cards`, oldest first, in the `kept` themes; in those that a machine finds where none were kept.

    Takes up to a second for hundreds of ideas: call it off the loop.
    """
    themes = kept or grown(topic, cards, ())
    theme_of = placed(cards, themes)
    groups: dict[int, list[Entry]] = {}
    for card in cards:
        groups.setdefault(theme_of.get(card.id, len(themes)), []).append(Entry(card))
    rest = _("Other") if len(groups) > 1 else _("All ideas")
    named = [*((theme.name, _LETTERS[at]) for at, theme in enumerate(themes)), (rest, "")]
    found = [
        Theme(*named[at], tuple(sorted(groups[at], key=_by_votes)), is_other=at == len(themes))
        for at in sorted(groups)
    ]
    return Board(topic, tuple(found))


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
