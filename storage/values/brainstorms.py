"""What the brainstorm repository takes and gives: immutable values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from storage.values.records import Place


class Phase(StrEnum):
    """Where a brainstorm stands; the phases follow one another in this order."""

    WARM_UP = "warm_up"
    DIVERGE = "diverge"
    VOTE = "vote"
    CONVERGE = "converge"
    ENDED = "ended"

    @property
    def following(self) -> "Phase":
        """The next phase; the last one follows itself."""
        phases = list(Phase)
        return phases[min(phases.index(self) + 1, len(phases) - 1)]


@dataclass(frozen=True, slots=True)
class Plan:
    """How a brainstorm is to run, `minutes` in all. `nudge_hour` (0 to 23, in `time_zone`) makes it one over days.

    `locale` is the language that Riff speaks in it by itself, as a BCP 47 tag; "" for the default one. Riff adds no
    idea of its own before people have posted `people_first`.
    """

    topic: str
    technique: str = ""
    minutes: int = 20
    votes_each: int = 3
    is_anonymous: bool = True
    nudge_hour: int | None = None
    time_zone: str = "UTC"
    locale: str = ""
    people_first: int = 0


@dataclass(frozen=True, slots=True)
class KeptTheme:
    """A theme of a board that keeps its name: the ids of the ideas in it."""

    name: str
    ideas: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class StoredBrainstorm:
    """A brainstorm as it is kept; while it is paused, `paused_seconds` of its phase are left."""

    id: int
    place: Place
    facilitator_id: int | None
    plan: Plan
    phase: Phase
    phase_ends_at: datetime | None
    paused_seconds: int | None
    nudged_on: str
    created_at: datetime
    ended_at: datetime | None
    step: int = 0
    contributions: int = 0
    contributed_at: datetime | None = None
    outcome: Mapping[str, Any] | None = None
    themes: tuple[KeptTheme, ...] = ()

    @property
    def is_daily(self) -> bool:
        """Whether it goes on over days."""
        return self.plan.nudge_hour is not None

    @property
    def is_paused(self) -> bool:
        """Whether its clock stands still."""
        return self.paused_seconds is not None


@dataclass(frozen=True, slots=True)
class Heard:
    """What people have put on a board: how many ideas, and when the last."""

    ideas: int = 0
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class NewBoardIdea:
    """An idea to put on a board: of `person_id`, or of Riff where that is None; `origins` are ideas' ids.

    `name` is what the platform calls the person where all can read it.
    """

    title: str
    body: str = ""
    person_id: int | None = None
    event_id: str | None = None
    origins: tuple[int, ...] = ()
    name: str = ""


@dataclass(frozen=True, slots=True)
class Placed:
    """An idea that is on the board now."""

    id: int
    number: int


@dataclass(frozen=True, slots=True)
class CardOnBoard:
    """One idea of a board. `authors` are all whose ideas were merged into it, the first one first; None is Riff.

    `number` is what people call it by, and never changes.
    """

    id: int
    number: int
    title: str
    body: str
    authors: tuple[int | None, ...]
    created_at: datetime
    origins: tuple[int, ...] = ()
    voters: frozenset[int] = field(default_factory=frozenset)

    @property
    def votes(self) -> int:
        """How many people voted for it."""
        return len(self.voters)


class Ballot(StrEnum):
    """What became of a vote."""

    CAST = "cast"
    TAKEN_BACK = "taken back"
    NONE_LEFT = "none left"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Vote:
    """What became of a vote, for the idea with that number, and how many more the person has."""

    ballot: Ballot
    number: int
    left: int


@dataclass(frozen=True, slots=True)
class ChosenVotes:
    """The ideas that a person votes for, by their ids, and how many votes are left."""

    ideas: frozenset[int]
    left: int


@dataclass(frozen=True, slots=True)
class Rewritten:
    """What a message that was edited did to the board.

    `changed` are ideas to compare anew, `more` the (title, body) of what it says beyond those that it had, which was
    `held` ideas, those that were taken off among them.
    """

    changed: tuple[Placed, ...]
    more: tuple[tuple[str, str], ...]
    held: int


class PlannedState(StrEnum):
    """How it stands with a planned brainstorm; MISSED where Riff was away for too long when it was due."""

    PLANNED = "planned"
    STARTED = "started"
    CALLED_OFF = "called off"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class NewPlannedSession:
    """A brainstorm to begin at `starts_at`, planned by a person whose `name` others can read."""

    place: Place
    person_id: int
    name: str
    event_id: str
    plan: Plan
    starts_at: datetime
    time_zone: str


@dataclass(frozen=True, slots=True)
class PlannedSession:
    """One as it is kept; `calendar_id` names the platform's own event, "" for none."""

    id: int
    place: Place
    person_id: int
    name: str
    plan: Plan
    starts_at: datetime
    time_zone: str
    state: PlannedState
    created_at: datetime
    reminded_at: datetime | None = None
    calendar_id: str = ""
