"""What is timed of moderation."""

from prometheus_client import Counter, Histogram

SECONDS = (0.01, 0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8)

WAITED = Histogram("riff_gate_seconds", "From asking for a verdict to having it.", buckets=SECONDS)
JUDGED = Histogram(
    "riff_classifier_seconds", "Time that a batch of texts takes to be judged.", buckets=SECONDS
)
TEXTS = Counter("riff_judged_texts", "Texts that were judged.")
FAILURES = Counter(
    "riff_moderation_failures", "Texts that nothing could be decided on, so that they were not shown."
)
