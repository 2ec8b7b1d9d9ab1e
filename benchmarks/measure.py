"""From the moments at which text arrived to the figures of the table."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from statistics import median

import numpy as np


@dataclass(frozen=True, slots=True)
class Answer:
    """When someone asked, when each piece of the answer reached them (seconds from the start), its tokens."""

    asked: float
    pieces: tuple[float, ...]
    tokens: int


@dataclass(frozen=True, slots=True)
class Figures:
    """One run. Times in milliseconds, memory in MB (10^6 bytes, the process at its largest).

    What else a machine does lengthens seconds, but hardly CPU seconds (of all threads together).
    """

    tokens_per_second: float
    tokens_per_cpu_second: float
    first_p50: float
    first_p95: float
    between_p95: float
    memory: float


def figures(answers: Sequence[Answer], cpu_seconds: float, memory_bytes: int) -> Figures:
    """Tokens from the first question to the last piece; time to the first piece; time between two pieces."""
    seconds = max(answer.pieces[-1] for answer in answers) - min(answer.asked for answer in answers)
    first = [1e3 * (answer.pieces[0] - answer.asked) for answer in answers]
    between = [1e3 * (b - a) for answer in answers for a, b in pairwise(answer.pieces)] or [0.0]
    tokens = sum(answer.tokens for answer in answers)
    return Figures(
        tokens / seconds,
        tokens / cpu_seconds,
        float(np.percentile(first, 50)),
        float(np.percentile(first, 95)),
        float(np.percentile(between, 95)),
        memory_bytes / 1e6,
    )


def medians(runs: Sequence[Figures]) -> Figures:
    """The median of each figure over `runs`."""
    rows = [asdict(run) for run in runs]
    return Figures(**{name: median(row[name] for row in rows) for name in rows[0]})
