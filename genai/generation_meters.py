"""What is counted of text generation, wherever the model runs."""

from prometheus_client import Counter, Gauge

from genai.request import Delta, Load

TOKENS = Counter("riff_generated_tokens", "Tokens that were written, thoughts among them.")
TEXTS = Counter("riff_generated_texts", "Texts that ended, by why.", ["finish"])
SERVER_FAILURES = Counter(
    "riff_model_server_failures", "Requests to model servers that failed; others were then asked."
)
SLOTS = Gauge("riff_model_slots", "Texts that may be written at the same time.")
BUSY = Gauge("riff_model_slots_busy", "Texts that are being written.")
QUEUE = Gauge("riff_model_queue", "Texts that wait to be written.")
CACHE = Gauge("riff_model_cache_tokens", "Tokens of texts that are kept while they are written.", ["what"])
"""What: used, or there in all; 0 where servers keep them."""


def count(delta: Delta) -> None:
    """Count a piece of a text."""
    TOKENS.inc(delta.tokens)
    if delta.finish:
        TEXTS.labels(delta.finish).inc()


def tell(load: Load) -> None:
    """Set the gauges."""
    BUSY.set(load.busy)
    SLOTS.set(load.slots)
    QUEUE.set(load.waiting)
    CACHE.labels("used").set(load.cache_used)
    CACHE.labels("there").set(load.cache_tokens)
