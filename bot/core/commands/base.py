"""What a command is, and what it is given."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeAlias

from bot.config.settings import LimitSettings, SessionSettings
from bot.core.buttons import Panel
from bot.core.domain import Brief, Document, Incoming
from bot.core.forms import LONG, Field, Form
from bot.core.notices import Notice
from bot.core.repositories import Repositories
from bot.language import _
from genai.moderation import Moderator, Policy

if TYPE_CHECKING:
    from bot.session.capture import Capture


ASKS = "ask-"
"""What the name of a form begins with that asks for an answer: a command's name follows, or a template's."""
_TITLE = 24
"""Characters of a form's title in Slack; Discord takes 45."""


@dataclass(frozen=True, slots=True)
class Mark:
    """An emoji on the message, in place of an answer; "" is none at all, where people talk among themselves."""

    sign: str


@dataclass(frozen=True, slots=True)
class Building:
    """A brief that makes an idea of others on a board; what comes of it is put there too."""

    brief: Brief
    brainstorm_id: int
    origins: tuple[int, ...]


Drawing: TypeAlias = Callable[[], Awaitable[Document]]
"""A file that is made once what comes before it is shown."""

Part: TypeAlias = Notice | Document | Panel | Drawing
"""What can be shown as it is."""

Answer: TypeAlias = Brief | Building | Part | Mark | str | tuple[Part, ...]
"""A creative brief for the model, one of Riff's notices, a file, lines with buttons, a mark, text of Riff's that
moderation checks first, or several things in a row."""


@dataclass(frozen=True, slots=True)
class Call:
    """One use of a command: the words after its name, and its `--key value` options."""

    incoming: Incoming
    person_id: int
    conversation_id: int
    repositories: Repositories
    moderator: Moderator
    limits: LimitSettings
    sessions: SessionSettings
    capture: "Capture"
    words: str
    options: Mapping[str, str] = field(default_factory=dict)
    policy: Policy | None = None
    """What moderation goes by in the place."""
    write: Callable[[Brief], Awaitable[str]] | None = None
    """One text of the model for a brief, not yet moderated; "" where it has none."""


MakeBrief = Callable[[str, Mapping[str, str], LimitSettings], Brief]
"""A brief from words and options; raises CommandError."""


Fields = Callable[[LimitSettings], tuple[Field, ...]]
"""The fields of a command's form in the reader's language; the first, "topic", holds its words, others its options."""


@dataclass(frozen=True, slots=True)
class Command:
    """A command: `run` returns its answer or raises CommandError.

    A creative one also has `brief`, which needs no person or conversation, and `fields`. The answer of a `private`
    one is for the person who asked, where a platform can do that. With a first word out of `for_admins` it is
    refused to whom the platform does not let manage the workspace, if `direct_is_own` but in direct messages.
    """

    name: str
    summary: str
    usage: str
    example: str
    run: Callable[[Call], Awaitable[Answer]]
    brief: MakeBrief | None = None
    private: bool = False
    fields: Fields | None = None
    for_admins: frozenset[str] = frozenset()
    direct_is_own: bool = False

    def form(self, limits: LimitSettings, topic: str = "") -> Form | None:
        """The form that asks for what the command needs; None for a command that has none."""
        if self.fields is None:
            return None
        first, *others = self.fields(limits)
        fields = (replace(first, value=topic[:LONG]), *others)
        return Form(f"{ASKS}{self.name}", _(self.summary)[:_TITLE].capitalize(), _("Go"), fields)
