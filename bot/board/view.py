"""A board as people see it: what stands on it, and as text, table or file."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

from bot.language import _
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
