"""What the repositories of taste, memory and usage take and give: immutable values."""

from dataclasses import dataclass
from datetime import datetime

VOTE = "vote"
"""The kind of an opinion that was a vote on a board; the others are `FeedbackKind`s."""


@dataclass(frozen=True, slots=True)
class HeldOpinion:
    """What a person thought of an idea, and where that idea was shown.

    `asked_by` is who asked for it, None on a board; `is_private` that it was shown in somebody's direct channel.
    """

    idea: tuple[str, int]
    person_id: int
    kind: str
    title: str
    body: str
    topic: str
    asked_by: int | None
    platform: str
    workspace: str
    channel: str
    is_private: bool
    created_at: datetime
