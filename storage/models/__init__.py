"""The tables, as SQLAlchemy declarative models; the queries are in `storage.repositories`."""

from storage.models.audit import Audit
from storage.models.base import Base
from storage.models.brainstorms import BoardIdea, BoardOrigin, BoardVote, Brainstorm, Participant
from storage.models.conversations import Channel, Conversation, Idea, Message
from storage.models.feedback import Feedback
from storage.models.inbox import InboxEvent
from storage.models.people import Identity, Person, Profile
from storage.models.personal import CountedPrompt, Suggestion, ThreadSummary, Usage
from storage.models.platform import LinkCode, PlatformState
from storage.models.scope import ScopeChange, ScopeSettings
from storage.models.template import PromptTemplate

__all__ = [
    "Audit",
    "Base",
    "BoardIdea",
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
    "Message",
    "Participant",
    "Person",
    "PlatformState",
    "Profile",
    "PromptTemplate",
    "ScopeChange",
    "ScopeSettings",
    "Suggestion",
    "ThreadSummary",
    "Usage",
]
