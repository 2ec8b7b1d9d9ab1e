"""Hands what the engine has written to whoever waits for it, each in their own event loop."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable

from genai.engine.output_stream import Channel
from genai.engine.sequence import Sequence
from genai.errors import GenerationError
from genai.request import FinishReason

_LOG = logging.getLogger(__name__)


class OutputDelivery:
    """Used by the engine's thread alone."""

    def __init__(self) -> None:
        self._wakes: defaultdict[asyncio.AbstractEventLoop, set[Callable[[], None]]] = defaultdict(set)

    def show(self, sequence: Sequence, text: str, finish: FinishReason | None = None) -> None:
        """Add to what the reader of `sequence` finds."""
        channel = sequence.job.channel
        channel.put(sequence.candidate, text, sequence.produced - sequence.told, finish)
        sequence.told = sequence.produced
        self._wakes[channel.loop].add(channel.wake)

    def fail(self, channel: Channel, error: GenerationError) -> None:
        """End a whole request."""
        channel.fail(error)
        self._wakes[channel.loop].add(channel.wake)

    def deliver(self) -> None:
        """Wake the readers; a loop that has been closed has none."""
        for loop, wakes in self._wakes.items():
            try:
                loop.call_soon_threadsafe(_call_all, tuple(wakes))
            except RuntimeError:
                _LOG.debug("A reader's event loop has been closed")
        self._wakes.clear()


def _call_all(calls: tuple[Callable[[], None], ...]) -> None:
    for call in calls:
        call()
