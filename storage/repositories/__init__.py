"""The queries, one file per subject. Each method is one transaction and raises StorageError."""

from storage.repositories.audit import Audit
from storage.repositories.boards import Boards
from storage.repositories.brainstorms import Brainstorms
from storage.repositories.channels import Channels
from storage.repositories.conversations import Conversations
from storage.repositories.feedback import Feedback
from storage.repositories.ideas import Ideas
from storage.repositories.inbox import Inbox
from storage.repositories.people import Links, People
from storage.repositories.platform_state import PlatformState
from storage.repositories.privacy import Privacy
from storage.repositories.workspaces import Scopes, Templates

__all__ = [
    "Audit",
    "Boards",
    "Brainstorms",
    "Channels",
    "Conversations",
    "Feedback",
    "Ideas",
    "Inbox",
    "Links",
    "People",
    "PlatformState",
    "Privacy",
    "Scopes",
    "Templates",
]
