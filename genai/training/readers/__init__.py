"""Reads training data. Every fault names the file, the line and what to do."""

from genai.training.readers.messages import Conversation, read_conversations
from genai.training.readers.preferences import Preference, read_preferences
from genai.training.readers.text import Piece, read_text

__all__ = ["Conversation", "Piece", "Preference", "read_conversations", "read_preferences", "read_text"]
