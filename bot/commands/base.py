"""What a command is, and what it is given."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from bot.config.settings import LimitSettings
from bot.domain import Brief, Document, Incoming
from bot.memory import Memory
from bot.notices import Notice
from genai.moderation import Moderator

Answer = Brief | Notice | Document | str
"""A creative brief for the model, one of Riff's notices, a file, or text of Riff's that moderation checks
first."""


@dataclass(frozen=True, slots=True)
class Call:
    """One use of a command: the words after its name, and its `--key value` options."""

    incoming: Incoming
    person_id: int
    conversation_id: int
    memory: Memory
    moderator: Moderator
    limits: LimitSettings
    words: str
    options: Mapping[str, str] = field(default_factory=dict)


MakeBrief = Callable[[str, Mapping[str, str], LimitSettings], Brief]
"""A brief from words and options; raises CommandError."""


@dataclass(frozen=True, slots=True)
class Command:
    """A command: `run` returns its answer or raises CommandError.

    A creative one also has `brief`, which needs no person or conversation. The answer of a `private` one is
    for the person who asked, where a platform can do that.
    """

    name: str
    summary: str
    usage: str
    example: str
    run: Callable[[Call], Awaitable[Answer]]
    brief: MakeBrief | None = None
    private: bool = False
