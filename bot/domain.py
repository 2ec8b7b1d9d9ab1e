"""The words of the domain, typed and immutable, in one place.

Values that are born in a lower layer are re-exported here, so that adapters and commands import from one module.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from genai.moderation.verdict import Action, Passed, Verdict
from genai.prompts import Brief, Preferences, Task
from storage.values import Profile

__all__ = [
    "Action",
    "Author",
    "Brief",
    "Idea",
    "Incoming",
    "Outcome",
    "Passed",
    "Place",
    "Preferences",
    "Profile",
    "Reply",
    "Task",
    "Verdict",
]


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote: unique by platform, workspace and the platform's own id."""

    platform: str
    workspace: str
    external_id: str

    @property
    def key(self) -> str:
        """The author as operators type it: `platform:workspace:id`."""
        return f"{self.platform}:{self.workspace}:{self.external_id}"


@dataclass(frozen=True, slots=True)
class Place:
    """Where it was written; `is_private` when only the author and Riff can read it."""

    channel: str
    thread: str
    is_private: bool


@dataclass(frozen=True, slots=True)
class Incoming:
    """One message as a platform delivered it; `event_id` is unique on that platform, `text` is untrusted."""

    event_id: str
    author: Author
    place: Place
    text: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Idea:
    """One idea as it was shown; `position` counts from 1 within its reply."""

    position: int
    title: str
    body: str


class Outcome(StrEnum):
    """How one incoming message ended."""

    ANSWERED = "answered"
    REFUSED = "refused"
    WITHHELD = "withheld"
    FAILED = "failed"
    CANCELLED = "cancelled"
    REPEATED = "repeated"


@dataclass(frozen=True, slots=True)
class Reply:
    """What a person was shown; `text` has passed moderation or is one of Riff's own notices."""

    outcome: Outcome
    text: str
    ideas: tuple[Idea, ...] = ()
    verdict: Verdict | None = None
    latency_ms: int = 0
    first_text_ms: int | None = None
    model: str = ""
