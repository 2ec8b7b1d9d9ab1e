"""All that Riff remembers, as one thing to pass around."""

from storage.database import Database
from storage.repositories import Audit, Channels, Conversations, Ideas, People, Privacy


class Memory:
    """The repositories over one database."""

    def __init__(self, database: Database) -> None:
        self.people = People(database)
        self.channels = Channels(database)
        self.conversations = Conversations(database)
        self.ideas = Ideas(database)
        self.audit = Audit(database)
        self.privacy = Privacy(database)
