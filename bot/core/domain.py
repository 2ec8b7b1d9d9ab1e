"""The words of the domain, typed and immutable, in one place: what is asked, what is answered, ideas.

Values that are born in a lower layer are re-exported here, so that all import from one module.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, TypeAlias

from genai.moderation import Action, Passed, Verdict
from genai.prompts import Brief, Preferences, Task
from genai.reranking.reasons import Reason
from genai.speech import CannotListen, Listener, TooLong
from storage.repositories import Repositories
from storage.values.records import Account, Outcome, Place, Profile, Scope, StoredIdea, Voice

Value: TypeAlias = str | int | bool | tuple[str, ...] | tuple[int, ...]
"""What a person can give for an option."""

Values: TypeAlias = Mapping[str, Value]
"""Values by the names of the options; what was not given is not in it."""


@dataclass(frozen=True, slots=True)
class Invocation:
    """One use of a command. `verb` is "" for a command without verbs; of "use" it is the template's name.

    Its values were checked by the command's declaration (`bot.core.commands.option_values`).
    """

    command: str
    verb: str = ""
    values: Values = field(default_factory=dict)

    def text(self, name: str) -> str:
        """The text or choice given for an option; "" for none."""
        value = self.values.get(name, "")
        return value if isinstance(value, str) else ""

    def number(self, name: str) -> int | None:
        """The number given for an option; None for none."""
        value = self.values.get(name)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def flag(self, name: str) -> bool:
        """Whether the option was given."""
        return self.values.get(name) is True

    def words(self, name: str) -> tuple[str, ...]:
        """The words, lines or choices given for an option."""
        value = self.values.get(name)
        return tuple(part for part in value if isinstance(part, str)) if isinstance(value, tuple) else ()

    def numbers(self, name: str) -> tuple[int, ...]:
        """The numbers of ideas given for an option."""
        value = self.values.get(name)
        return tuple(part for part in value if isinstance(part, int)) if isinstance(value, tuple) else ()


Request: TypeAlias = Invocation | Brief
"""What is meant, where a platform knows it by more than a text."""


def request_as_json(request: Request | None) -> dict[str, Any] | None:
    """What JSON can hold of it, for the inbox."""
    if request is None:
        return None
    if isinstance(request, Brief):
        return asdict(request)
    return {"command": request.command, "verb": request.verb, "values": dict(request.values)}


def request_from_json(kept: Mapping[str, Any] | None) -> Request | None:
    """What `request_as_json` wrote, also before an upgrade; raises KeyError for anything else."""
    if kept is None:
        return None
    if "command" in kept:
        return Invocation(kept["command"], kept["verb"], _frozen(kept["values"]))
    preferences: dict[str, Any] = _frozen(kept["preferences"])
    return Brief(**{**_frozen(kept), "task": Task(kept["task"]), "preferences": Preferences(**preferences)})


def _frozen(kept: Mapping[str, Any]) -> dict[str, Any]:
    """JSON's lists as the tuples that they were."""
    return {name: _tuple(value) if isinstance(value, list) else value for name, value in kept.items()}


def _tuple(kept: list[Any]) -> tuple[Any, ...]:
    return tuple(_tuple(part) if isinstance(part, list) else part for part in kept)


@dataclass(frozen=True, slots=True)
class Spelling:
    """How commands are written where a message comes from (`bot.core.commands.spelling`).

    `prefix` is typed before a command's name. `registered` has the commands and sub-commands that the platform
    registered ("session start"), each with the id by which it is linked; None where all of Riff's are typed. `own` are
    those that only this platform has, each with what it is for.
    """

    prefix: str = "/"
    registered: Mapping[str, str] | None = None
    own: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Incoming:
    """One message as a platform delivered it; `event_id` is unique on that platform, `text` is untrusted.

    `request` is what is meant, where the platform knows it by more than the text: a command with typed values from a
    form or a native option, or the brief of a button, made of text that was shown before. The `text` then says the
    same in words, for moderation and history.
    `locale` is the tag of the author's language as the platform knows it, "" where it does not.
    `mentioned` says that it was said to Riff by name, `by_admin` that the platform lets its author manage the
    workspace; `author_name` is what the platform calls the author where others can read it, `workspace_name` their
    workspace, "" where unknown.
    `time_zone` is the author's where the platform knows it. What is `threadless` was said in a channel itself: the
    thread of its place is but a name for a chain of replies. `spelling` is how commands are written there.
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
    workspace_name: str = ""
    spelling: Spelling = Spelling()
    time_zone: str = ""
    threadless: bool = False
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
    answer as it is kept, and `task` what the model was asked for; None for Riff's own words.
    """

    outcome: Outcome | None
    text: str
    ideas: tuple[Idea, ...] = ()
    verdict: Verdict | None = None
    latency_ms: int = 0
    first_text_ms: int | None = None
    model: str = ""
    message_id: int | None = None
    task: Task | None = None


__all__ = [
    "Account",
    "Action",
    "Brief",
    "CannotListen",
    "Document",
    "Idea",
    "Incoming",
    "Invocation",
    "Listener",
    "Outcome",
    "Passed",
    "Place",
    "Preferences",
    "Profile",
    "Reason",
    "Reply",
    "Repositories",
    "Request",
    "Scope",
    "Spelling",
    "StoredIdea",
    "Task",
    "TooLong",
    "Verdict",
    "Voice",
]
