"""The queries, one file per subject. Each method is one transaction and raises StorageError."""

from storage.database import Database
from storage.repositories.audit import Audit
from storage.repositories.ballots import Ballots
from storage.repositories.board_changes import BoardChanges
from storage.repositories.board_links import BoardLinks
from storage.repositories.boards import Boards
from storage.repositories.brainstorms import Brainstorms
from storage.repositories.conversations import Conversations
from storage.repositories.feedback import Feedback
from storage.repositories.ideas import Ideas
from storage.repositories.inbox import Inbox
from storage.repositories.links import Links
from storage.repositories.opinions import Opinions
from storage.repositories.own_ideas import OwnIdeas
from storage.repositories.people import People
from storage.repositories.planned_sessions import PlannedSessions
from storage.repositories.platform_state import PlatformState
from storage.repositories.preferences import Suggestions
from storage.repositories.privacy import Privacy
from storage.repositories.thread_summaries import Threads
from storage.repositories.usage import Usage
from storage.repositories.workspaces import Allotments, Channels, Scopes, Templates


class Repositories:
    """The repositories over one database."""

    def __init__(self, database: Database) -> None:
        self.people = People(database)
        self.channels = Channels(database)
        self.conversations = Conversations(database)
        self.ideas = Ideas(database)
        self.allotments = Allotments(database)
        self.feedback = Feedback(database)
        self.opinions = Opinions(database)
        self.audit = Audit(database)
        self.privacy = Privacy(database)
        self.inbox = Inbox(database)
        self.scopes = Scopes(database)
        self.templates = Templates(database)
        self.links = Links(database)
        self.usage = Usage(database)
        self.threads = Threads(database)
        self.suggestions = Suggestions(database)
        self.brainstorms = Brainstorms(database)
        self.boards = Boards(database)
        self.ballots = Ballots(database)
        self.board_changes = BoardChanges(database)
        self.board_links = BoardLinks(database)
        self.own_ideas = OwnIdeas(database)
        self.planned_sessions = PlannedSessions(database)
        self.platform_state = PlatformState(database)
        self.together = database.together
        """While held, what the task writes by any of them is kept together or not at all."""
