"""What an adapter notes beside an event that it works on, for whoever takes the event up after a crash."""

from storage.repositories.inbox_notes import InboxNotes

__all__ = ["InboxNotes"]
