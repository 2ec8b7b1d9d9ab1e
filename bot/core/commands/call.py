"""What a command is given when it runs, and what it can answer."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from bot.config.settings import LimitSettings, SessionSettings
from bot.config.web_settings import WebSettings
from bot.core.buttons import Panel
from bot.core.domain import Brief, Document, Incoming, Invocation
from bot.core.notices import Notice
from genai.moderation import Moderator, Policy
from storage.repositories import Repositories

if TYPE_CHECKING:
    from bot.places.membership import Memberships
    from bot.session.capture import Capture


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
    """One use of a command: what was asked for, by whom and where, and what a command works with.

    Of a message that is no command the `invocation` is empty.
    """

    incoming: Incoming
    person_id: int
    conversation_id: int
    repositories: Repositories
    moderator: Moderator
    memberships: "Memberships"
    limits: LimitSettings
    sessions: SessionSettings
    web: WebSettings
    capture: "Capture"
    invocation: Invocation
    policy: Policy | None = None
    """What moderation goes by in the place."""
    write: Callable[[Brief], Awaitable[str]] | None = None
    """One text of the model for a brief, not yet moderated; "" where it has none."""

    def text(self, name: str) -> str:
        """The text or choice given for an option; "" for none."""
        return self.invocation.text(name)


Run: TypeAlias = Callable[[Call], Awaitable[Answer]]
"""Does what a verb says: gives its answer, or raises CommandError."""

MakeBrief: TypeAlias = Callable[[Invocation, LimitSettings], Brief]
"""A creative brief out of what was asked for; needs no person and no conversation. Raises CommandError."""
