"""What a person is likely to like, learned from what they liked before. Knows nothing of storage or channels."""

from genai.taste.model import Opinion, Taste

__all__ = ["Opinion", "Taste"]
