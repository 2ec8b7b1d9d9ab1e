"""The figures of one run of the chat load, and the table that they make."""

import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import psutil


@dataclass(frozen=True, slots=True)
class Figures:
    """One row of the table; times in milliseconds, as whoever delivered the events measured them."""

    platform: str
    database: str
    events: int
    at_once: int
    ack_p50_ms: float
    ack_p99_ms: float
    first_text_p50_ms: float
    first_text_p99_ms: float
    events_per_second: float
    riff_cpu_ms: float
    """Processor time of Riff's own process, an event: what a busy machine changes little of."""
    riff_mb: float
    """Resident at the end."""
    riff_files: int
    """Open at the end."""


class Cost:
    """What a process takes from now on."""

    def __init__(self, process: int) -> None:
        self._process = psutil.Process(process)
        self._before = self._seconds()

    def _seconds(self) -> float:
        times = self._process.cpu_times()
        return float(times.user + times.system)

    def told_at(self, events: int) -> None:
        """Print megabytes and open files after so many events: what grows is a leak."""
        _spent, megabytes, files = self.told(events)
        print(f"after {events} events: {megabytes} MB, {files} files open", file=sys.stderr, flush=True)

    def told(self, events: int) -> tuple[float, float, int]:
        """Milliseconds of a processor for each event, megabytes, open files."""
        spent = (self._seconds() - self._before) * 1000 / events
        return round(spent, 1), round(self._process.memory_info().rss / 1e6, 1), self._process.num_fds()


@dataclass(frozen=True, slots=True)
class Load:
    """What is asked of Riff: `events` in all, `at_once` of them in flight, in the database at `url`."""

    database: str
    url: str
    events: int
    at_once: int
    watch_every: int = 0
    """After so many events memory and open files are printed; 0 for never."""

    def figures(
        self, platform: str, acks: Sequence[float], first: Sequence[float], seconds: float, cost: Cost
    ) -> Figures:
        """The row, from seconds."""
        return Figures(
            platform,
            self.database,
            self.events,
            self.at_once,
            percentile(acks, 0.5),
            percentile(acks, 0.99),
            percentile(first, 0.5),
            percentile(first, 0.99),
            round(self.events / seconds, 1),
            *cost.told(self.events),
        )


def percentile(seconds: Sequence[float], part: float) -> float:
    """The value below which that part of the values lies, in milliseconds."""
    ordered = sorted(seconds)
    return round(ordered[min(len(ordered) - 1, int(part * len(ordered)))] * 1000, 1)


def table(rows: Sequence[Any]) -> str:
    """Rows, which are dataclasses, as a Markdown table."""
    names = list(asdict(rows[0]))
    lines = ["| " + " | ".join(names) + " |", "|" + " --- |" * len(names)]
    lines += ["| " + " | ".join(str(value) for value in asdict(row).values()) + " |" for row in rows]
    return "\n".join(lines)
