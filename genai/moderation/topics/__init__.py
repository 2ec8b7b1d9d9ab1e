"""Topics that are off limits: found by keywords and by likeness to example sentences."""

from genai.moderation.topics.topic import Topic, ready_names, ready_topic

__all__ = ["Topic", "ready_names", "ready_topic"]
