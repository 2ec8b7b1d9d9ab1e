"""The tables, as SQLAlchemy declarative models; the queries are in `storage.repositories`."""

from storage.models.account_links import LinkCode, LinkedAccount, LinkTry
from storage.models.base import Base
from storage.models.brainstorms import (
    BoardIdea,
    BoardLink,
    BoardOrigin,
    BoardVote,
    Brainstorm,
    Participant,
    PlannedSession,
)
from storage.models.conversations import Channel, Conversation, Feedback, Idea, Message
from storage.models.people import CountedPrompt, Identity, Person, Profile, Suggestion, ThreadSummary, Usage
from storage.models.workspaces import (
    Allotment,
    Audit,
    InboxEvent,
    PlatformState,
    PromptTemplate,
    ScopeChange,
    ScopeSettings,
)

__all__ = [
    "Allotment",
    "Audit",
    "Base",
    "BoardIdea",
    "BoardLink",
    "BoardOrigin",
    "BoardVote",
    "Brainstorm",
    "Channel",
    "Conversation",
    "CountedPrompt",
    "Feedback",
    "Idea",
    "Identity",
    "InboxEvent",
    "LinkCode",
    "LinkTry",
    "LinkedAccount",
    "Message",
    "Participant",
    "Person",
    "PlannedSession",
    "PlatformState",
    "Profile",
    "PromptTemplate",
    "ScopeChange",
    "ScopeSettings",
    "Suggestion",
    "ThreadSummary",
    "Usage",
]
