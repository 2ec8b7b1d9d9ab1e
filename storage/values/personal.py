"""What the repositories of taste, memory and usage take and give: immutable values."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from storage.values.records import Account

VOTE = "vote"
"""The kind of an opinion that was a vote on a board; the others are `FeedbackKind`s."""


@dataclass(frozen=True, slots=True)
class HeldOpinion:
    """What a person thought of an idea, and where that idea was shown.

    `asked_by` is who asked for it, None on a board; `is_private` that it was shown to somebody alone.
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


@dataclass(frozen=True, slots=True)
class Quota:
    """How many prompts may be asked; 0 is any number. `in_workspace` is a workspace's of all its people together."""

    in_minute: int = 0
    in_day: int = 0
    in_workspace: int = 0


@dataclass(frozen=True, slots=True)
class Exceeded:
    """Which of a quota's limits is used up, and in how many seconds there is room again."""

    limit: Literal["in_minute", "in_day", "in_workspace"]
    most: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Counts:
    """What was used; `tokens` are 0 where a model's server does not say."""

    prompts: int = 0
    ideas: int = 0
    characters: int = 0
    tokens: int = 0


@dataclass(frozen=True, slots=True)
class StoredSuggestion:
    """What a person was asked whether to remember it; `answer` is "yes", "no", or "" while there is none."""

    id: int
    field: str
    value: str
    answer: str


@dataclass(frozen=True, slots=True)
class StoredSummary:
    """What was said in a thread up to the message `through_id`, in short."""

    through_id: int
    text: str


@dataclass(frozen=True, slots=True)
class ThreadOfPerson:
    """A thread in which a person asked: how often, what last, and its summary, "" where there is none."""

    conversation_id: int
    questions: int
    last: str
    summary: str
    is_private: bool


@dataclass(frozen=True, slots=True)
class Held:
    """How much is held on a person, of what somebody would miss."""

    has_profile: bool
    messages: int
    ideas: int
    opinions: int
    board_ideas: int
    votes: int
    accounts: int


@dataclass(frozen=True, slots=True)
class OpenLink:
    """Whose account a code to link is of, as others see it; `locale` is the language that it was asked for in."""

    id: int
    person_id: int
    account: Account
    name: str
    workspace_name: str
    locale: str
