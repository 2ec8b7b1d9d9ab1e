"""What the repository of planned brainstorms takes and gives: immutable values."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from storage.values.brainstorms import Plan
from storage.values.records import Place


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
