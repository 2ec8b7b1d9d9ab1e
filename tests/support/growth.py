"""How the time of a call grows with the length of its text: by ratio, so that a slow machine does not matter."""

import time
from collections.abc import Callable

_SHORTEST, _LONGEST = 16, 8_192
_ENOUGH_SECONDS = 0.03
_NOTHING_SECONDS = 0.004
"""A call on the longest text that takes less is not quadratic: that many squared steps take far longer."""
_TRIES = 5
"""A busy machine can only make a call seem slower, so one look that is good enough ends them."""

MOST_GROWTH = 9.0
"""Of four times the text: a linear call takes 4 times as long, a quadratic one 16 times."""


def growth(call: Callable[[str], object], make: Callable[[int], str], longest: int = _LONGEST) -> float:
    """How many times longer `call` takes on four times the text; 0 where it takes no time worth measuring."""
    length = _SHORTEST
    while length < longest and _seconds(call, make(length)) < _ENOUGH_SECONDS:
        length *= 2
    long = _seconds(call, make(length))
    if long < _NOTHING_SECONDS:
        return 0.0
    least = float("inf")
    for _ in range(_TRIES):
        least = min(least, _seconds(call, make(length)) / max(_seconds(call, make(length // 4)), 1e-7))
        if least < MOST_GROWTH:
            break
    return least


def _seconds(call: Callable[[str], object], text: str) -> float:
    """Processor time of this thread, so that what else the machine does is not counted."""
    began = time.thread_time()
    call(text)
    return time.thread_time() - began
