"""The words of the domain, typed and immutable, in one place.

Values that are born in a lower layer are re-exported here, so that all import from one module.
"""

from dataclasses import dataclass
from datetime import datetime

from bot.core.requests import Invocation, Request
from genai.moderation import Action, Passed, Verdict
from genai.prompts import Brief, Preferences, Task
from genai.reranking.ranking import Reason
from storage.values.common import Account, Outcome, Place, Profile, Scope, StoredIdea, Voice

__all__ = [
    "Account",
    "Action",
    "Brief",
    "Document",
    "Idea",
    "Incoming",
    "Invocation",
    "Outcome",
    "Passed",
    "Place",
    "Preferences",
    "Profile",
    "Reason",
    "Reply",
    "Request",
    "Scope",
    "StoredIdea",
    "Task",
    "Verdict",
    "Voice",
]


@dataclass(frozen=True, slots=True)
class Incoming:
    """One message as a platform delivered it; `event_id` is unique on that platform, `text` is untrusted.

    `request` is what is meant, where the platform knows it by more than the text: a command with typed values from a
    form or a native option, or the brief of a button, made of text that was shown before. The `text` then says the
    same in words, for moderation and history.
    `locale` is the tag of the author's language as the platform knows it, "" where it does not.
    `mentioned` says that it was said to Riff by name, `by_admin` that the platform lets its author manage the
    workspace; `author_name` is what the platform calls the author where others can read it, "" where unknown.
    `chain` limits its history to what these events asked, where a thread has branches.
    """

    event_id: str
    author: Account
    place: Place
    text: str
    received_at: datetime
    request: Request | None = None
    locale: str = ""
    mentioned: bool = False
    by_admin: bool = False
    author_name: str = ""
    chain: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Idea:
    """One idea as it was shown; `position` counts from 1 within its reply, `id` is set once it is kept.

    `why` is the reason that it was chosen for, among others; `because` says in words that passed moderation what
    speaks for it, "" where nothing may be told.
    """

    position: int
    title: str
    body: str
    id: int | None = None
    why: Reason | None = None
    because: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A file made by Riff, of text that has passed moderation or is the person's own; a picture says `alt_text`."""

    name: str
    media_type: str
    content: bytes
    title: str = ""
    alt_text: str = ""
    private: bool = False


@dataclass(frozen=True, slots=True)
class Reply:
    """What a person was shown; `text` has passed moderation or is one of Riff's own notices.

    `outcome` is None for an event that was delivered before and is not answered again; `message_id` names the
    answer as it is kept.
    """

    outcome: Outcome | None
    text: str
    ideas: tuple[Idea, ...] = ()
    verdict: Verdict | None = None
    latency_ms: int = 0
    first_text_ms: int | None = None
    model: str = ""
    message_id: int | None = None
