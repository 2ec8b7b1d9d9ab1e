"""Makes a preference set out of what people thought of ideas.

Knows nothing of where their feedback is kept: whoever calls hands it over, of people who consented only.
"""

from genai.training.feedback.collect import FeedbackConfig, FeedbackSummary, feedback
from genai.training.feedback.preference_pairs import Rating

__all__ = ["FeedbackConfig", "FeedbackSummary", "Rating", "feedback"]
