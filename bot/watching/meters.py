"""What is counted and timed of events, answers and brainstorms; no label names a person, a place or a text.

In prometheus-client's own registry, where the model's, the moderation's and the database's numbers are, too.
"""

from prometheus_client import Counter, Gauge, Histogram

SECONDS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0, 60.0, 120.0)
"""Bounds of what people wait for."""

EVENTS = Counter("riff_events", "Events that platforms delivered.", ["platform", "result"])
"""By what became of them: kept, duplicate, refused (too many wait) or failed (the database)."""
ACKNOWLEDGED = Histogram(
    "riff_acknowledge_seconds",
    "From the arrival of an event to its acknowledgement.",
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5),
)
WAITING = Gauge("riff_inbox_waiting", "Events that are not answered yet, by any Riff.", ["platform"])
WORKING = Gauge("riff_inbox_working", "Events that this Riff works on.", ["platform"])
ENDED = Counter("riff_events_ended", "How the work on events ended.", ["platform", "result"])
"""By how: done, retried, put_off (the platform takes nothing), stopped, given_back or given_up."""
QUEUED = Histogram(
    "riff_inbox_seconds", "From the arrival of an event to the work on it.", ["platform"], buckets=SECONDS
)
ANSWERS = Counter("riff_answers", "Messages that were handled, by outcome.", ["platform", "outcome"])
FIRST_TEXT = Histogram(
    "riff_first_text_seconds", "From a message to the first text shown.", ["platform"], buckets=SECONDS
)
ANSWERED = Histogram(
    "riff_answer_seconds", "From a message to its whole answer.", ["platform"], buckets=SECONDS
)
VERDICTS = Counter("riff_verdicts", "What moderation decided.", ["direction", "category", "action"])
REWRITTEN = Counter("riff_rewritten", "Texts that were blocked and written anew, or left out.", ["category"])
PHASES = Counter("riff_session_phases", "Phases of brainstorms that began.", ["phase"])
OPINIONS = Counter("riff_opinions", "What people said of ideas: like, dislike, save, ...", ["kind"])
PAUSES = Counter("riff_platform_pauses", "Calls that a platform put off: rate limits (429).", ["platform"])
