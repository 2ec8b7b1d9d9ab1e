"""What the repositories take and give: immutable values, never rows bound to a session."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

from storage.errors import InvalidValueError

Role = Literal["user", "assistant"]

MAX_KEY_CHARACTERS = 255


class Outcome(StrEnum):
    """How a question ended; PENDING until it has."""

    PENDING = "pending"
    ANSWERED = "answered"
    REFUSED = "refused"
    WITHHELD = "withheld"
    FAILED = "failed"
    CANCELLED = "cancelled"


class FeedbackKind(StrEnum):
    """What a person thought of an idea; SHUFFLE asked for others in its place."""

    LIKE = "like"
    DISLIKE = "dislike"
    SAVE = "save"
    EDIT = "edit"
    SHUFFLE = "shuffle"


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody on a platform, by the platform's own id; `workspace` is "" where there is none.

    Raises InvalidValueError when the platform or the id is empty or any part is longer than 255 characters.
    """

    platform: str
    workspace: str
    external_id: str

    def __post_init__(self) -> None:
        _check_keys(self, required=("platform", "external_id"))


@dataclass(frozen=True, slots=True)
class Place:
    """Where something was said: a thread ("" for none) of a channel.

    `direct` marks a channel that holds one person's own messages with Riff. `workspace` is what ids are unique in:
    where that is a whole organisation, `team` is the workspace of it from which somebody spoke, whose settings hold.
    It is the same place from whichever they do. Raises InvalidValueError as Account does.
    """

    platform: str
    workspace: str
    channel: str
    thread: str = ""
    direct: bool = False
    team: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        _check_keys(self, required=("platform", "channel"))

    @property
    def scopes(self) -> "tuple[Scope, ...]":
        """Whose settings hold beside the channel's: an organisation's, if there is one, then the workspace's."""
        names = dict.fromkeys((self.workspace, self.team or self.workspace))
        return tuple(Scope(self.platform, name) for name in names)

    @property
    def home(self) -> "Scope":
        """The workspace whose admins set what holds here."""
        return self.scopes[-1]


@dataclass(frozen=True, slots=True)
class Scope:
    """Where settings hold: a workspace (`channel` is ""), or one channel of it.

    Raises InvalidValueError as Account does.
    """

    platform: str
    workspace: str
    channel: str = ""

    def __post_init__(self) -> None:
        _check_keys(self, required=("platform",))


@dataclass(frozen=True, slots=True)
class Profile:
    """What answers to a person should fit; blank where nothing was said."""

    display_name: str = ""
    role: str = ""
    tone: str = ""
    language: str = ""
    length: str = ""
    audience: str = ""
    interests: tuple[str, ...] = ()
    brand_voice: str = ""
    use_words: tuple[str, ...] = ()
    avoid_words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Voice:
    """What answers in a channel should fit; blank where nothing was said."""

    brand_voice: str = ""
    use_words: tuple[str, ...] = ()
    avoid_words: tuple[str, ...] = ()
    voice_examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StoredMessage:
    """A question or an answer; a question names the command that it used.

    An answer names its question in `in_reply_to_id`, and in `prompt_version` what the model was told for it.
    """

    id: int
    conversation_id: int
    person_id: int
    role: Role
    content: str
    created_at: datetime
    task: str = ""
    command: str = ""
    verb: str = ""
    event_id: str | None = None
    in_reply_to_id: int | None = None
    outcome: Outcome | None = None
    model: str | None = None
    latency_ms: int | None = None
    prompt_version: str | None = None


@dataclass(frozen=True, slots=True)
class NewIdea:
    """An idea to keep with the answer it came in; `position` counts from 1."""

    position: int
    title: str
    body: str = ""
    topic: str = ""
    task: str = ""


@dataclass(frozen=True, slots=True)
class StoredIdea:
    """An idea as it is kept; `message_id` is the answer it came in, `person_id` who asked."""

    id: int
    message_id: int
    person_id: int
    position: int
    title: str
    body: str
    topic: str
    task: str
    saved: bool
    created_at: datetime


@dataclass(frozen=True, slots=True)
class GivenIdea:
    """An idea that somebody was given in a workspace; `is_shared` where all in the channel were shown it."""

    title: str
    body: str
    topic: str
    platform: str
    workspace: str
    channel: str
    is_shared: bool


@dataclass(frozen=True, slots=True)
class RatedIdea:
    """What a person thought of an idea, with all that learning from it needs.

    `edited_text` is "" unless `kind` is EDIT; `names` are what the people concerned call themselves.
    """

    person_id: int
    kind: FeedbackKind
    task: str
    topic: str
    title: str
    body: str
    edited_text: str = ""
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event for the inbox; `event_id` is unique on its platform, `payload` is what JSON can hold.

    `thread` names what is answered in order, one at a time; `sent_at` is the platform's own time. Raises
    InvalidValueError when either name is empty or longer than 255 characters.
    """

    event_id: str
    author: Account
    thread: str
    sent_at: datetime
    payload: Mapping[str, Any]

    def __post_init__(self) -> None:
        _check_keys(self, required=("event_id", "thread"))


@dataclass(frozen=True, slots=True)
class ClaimedEvent:
    """An event that is leased to whoever got this; `attempt` counts from 1, earlier ones may have said something."""

    id: int
    platform: str
    event_id: str
    thread: str
    sent_at: datetime
    received_at: datetime
    attempt: int
    age_seconds: float
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Decision:
    """What moderation decided on a text, and by what; scores lie in [0, 1]."""

    direction: str
    action: str
    category: str = ""
    score: float | None = None
    threshold: float | None = None
    classifier: str = ""
    version: str = ""
    stages: tuple[Mapping[str, Any], ...] = ()


class Review(StrEnum):
    """What a moderator made of a decision; NONE where nobody needs to look, APPROVED where the text was fine."""

    NONE = ""
    OPEN = "open"
    APPROVED = "approved"
    UPHELD = "upheld"


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """A decision as it is kept; `text` and `context` are None unless the settings keep texts.

    Those of one `batch` were put before moderators in one message; `reviewed_by` is what others call who decided.
    """

    id: int
    created_at: datetime
    person_id: int | None
    message_id: int | None
    decision: Decision
    text: str | None
    scope: Scope | None = None
    context: str | None = None
    review: Review = Review.NONE
    reviewed_at: datetime | None = None
    reviewer_id: int | None = None
    reviewed_by: str = ""
    batch: int | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a scope's settings; None stands for "not set"."""

    id: int
    created_at: datetime
    scope: Scope
    person_id: int | None
    key: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Erasure:
    """What `forget` did: rows erased per table, and whether no trace is left in the database's files.

    `say` is the sentence for the person; when `complete` is false it says what remains and what to do.
    """

    rows: Mapping[str, int]
    complete: bool
    say: str


def _check_keys(value: Account | Place | Scope | NewEvent, required: tuple[str, ...]) -> None:
    for name in (each.name for each in fields(value)):
        key = getattr(value, name)
        if name in required and not key:
            raise InvalidValueError(f"The platform gave no {name.replace('_', ' ')}.")
        if isinstance(key, str) and len(key) > MAX_KEY_CHARACTERS:
            raise InvalidValueError(
                f"The {name.replace('_', ' ')} is longer than {MAX_KEY_CHARACTERS} characters."
            )
