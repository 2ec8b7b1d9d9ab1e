"""What the log may hold: nothing that libraries tell of their work, and a fault that repeats a few times a minute."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

CONNECTED = "riff.connected"
"""The logger of what whoever runs Riff sees in any case: as whom it is connected, and where."""
OWN = ("riff", "genai", "storage")
"""Riff's own loggers and all below them; they hold nothing that people write."""
_WINDOW_SECONDS = 60.0
_MOST = 20
_KINDS = 1000
_KEY_CHARACTERS = 80


def set_levels(level: int) -> None:
    """Riff tells from `level` on, libraries only what is wrong: below that they tell what they send and store."""
    logging.getLogger().setLevel(max(level, logging.WARNING))
    for name in OWN:
        logging.getLogger(name).setLevel(level)
    logging.getLogger(CONNECTED).setLevel(logging.INFO)


@dataclass(slots=True)
class _Seen:
    since: float
    count: int = 0


class SeldomFilter(logging.Filter):
    """Lets each warning or error of a kind through some times a minute; the next one then says how many were not."""

    def __init__(self, most: int = _MOST, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._most = most
        self._clock = clock
        self._seen: dict[tuple[str, int, str], _Seen] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record is written."""
        if record.levelno < logging.WARNING:
            return True
        key, now = (record.name, record.levelno, str(record.msg)[:_KEY_CHARACTERS]), self._clock()
        seen = self._seen.get(key)
        if seen is None or now - seen.since >= _WINDOW_SECONDS:
            self._begin(key, now, record, seen)
            return True
        seen.count += 1
        return seen.count <= self._most

    def _begin(
        self, key: tuple[str, int, str], now: float, record: logging.LogRecord, before: _Seen | None
    ) -> None:
        if before is not None and before.count > self._most:
            record.msg = f"{record.getMessage()} (and {before.count - self._most} more like it)"
            record.args = ()
        if len(self._seen) >= _KINDS:
            self._seen.clear()
        self._seen[key] = _Seen(now, 1)
