"""What a person is likely to like, learned from what they liked before. Knows nothing of storage or channels."""

from genai.taste.preference_model import Because, Ground, Opinion, Sample, Taste

__all__ = ["Because", "Ground", "Opinion", "Sample", "Taste"]
