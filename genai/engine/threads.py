"""Chooses how many threads compute a step, by how long steps take: fewer where others need the processor.

Threads of one operation wait for each other hundreds of times in a step. With every core to themselves that costs
little. Beside a busy neighbour each wait can last until the system gives the last of them its turn, and one thread
alone is then several times faster than all of them.
"""

import time
from collections import deque
from collections.abc import Callable
from statistics import median
from typing import TypeVar

import torch

Result = TypeVar("Result")

_REMEMBERED = 5
_TRIED = 3
"""Steps in a row by which another number of threads is judged: the first of them also wakes or stops threads."""
_SOON, _LATE = 8, 512
"""Steps between two tries, at first and at last; each that changes nothing doubles them."""
_CLEARLY = 0.9
_SUDDENLY = 2.0
"""A step that takes this much longer than usual is a reason to try at once."""


class ThreadChooser:
    """For one kind of step (about as many tokens each). `choices` are numbers of threads, the first to begin with."""

    def __init__(self, choices: list[int]) -> None:
        self._choices = choices
        self._chosen = choices[0]
        self._tried: int | None = None
        self._times: deque[float] = deque(maxlen=_REMEMBERED)
        self._trial: list[float] = []
        self._wait, self._left = _SOON, _SOON

    @property
    def threads(self) -> int:
        """For the next step."""
        return self._chosen if self._tried is None else self._tried

    def learn(self, seconds: float) -> None:
        """The step took this long."""
        if self._tried is not None:
            self._trial.append(seconds)
            if len(self._trial) == _TRIED:
                self._judge(self._tried, min(self._trial[1:]))
            return
        slow = len(self._times) == _REMEMBERED and seconds > _SUDDENLY * median(self._times)
        self._times.append(seconds)
        self._left -= 1
        if (self._left <= 0 or (slow and self._wait > _SOON)) and len(self._choices) > 1:
            self._begin()

    def _begin(self) -> None:
        place = self._choices.index(self._chosen)
        self._tried = self._choices[(place + 1) % len(self._choices)]
        self._trial = []

    def _judge(self, tried: int, seconds: float) -> None:
        better = seconds < _CLEARLY * median(self._times)
        if better:
            self._chosen = tried
            self._times.clear()
        self._tried = None
        self._wait = _SOON if better else min(2 * self._wait, _LATE)
        self._left = self._wait


class Threads:
    """Runs steps on the CPU with the number of threads that suits them; from one thread only."""

    def __init__(self) -> None:
        most = torch.get_num_threads()
        self._choices = sorted({most, max(1, most // 2), 1}, reverse=True)
        self._kinds: dict[int, ThreadChooser] = {}

    def run(self, tokens: int, work: Callable[[], Result]) -> Result:
        """Do `work` on `tokens` tokens."""
        if len(self._choices) == 1:
            return work()
        kind = self._kinds.setdefault(tokens.bit_length(), ThreadChooser(self._choices))
        if torch.get_num_threads() != kind.threads:
            torch.set_num_threads(kind.threads)
        began = time.perf_counter()
        found = work()
        kind.learn(time.perf_counter() - began)
        return found
