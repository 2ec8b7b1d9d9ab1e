"""Carries one request's text from the engine's thread to the event loop that asked for it.

What the reader has not taken yet is joined into one delta per candidate, so a slow reader costs no more
memory than the text itself, and the engine never waits for it.
"""

import asyncio
from dataclasses import replace
from threading import Lock

from genai.errors import GenerationError
from genai.request import Delta, FinishReason


class Channel:
    """Written by the engine's thread, read by one task on `loop`."""

    def __init__(self, loop: asyncio.AbstractEventLoop, candidates: int, notice: str) -> None:
        self.loop = loop
        self._notice = notice
        self._lock = Lock()
        self._news = asyncio.Event()
        self._texts: dict[int, str] = {}
        self._tokens: dict[int, int] = {}
        self._finishes: dict[int, FinishReason] = {}
        self._unfinished = candidates
        self._error: GenerationError | None = None

    def put(self, candidate: int, text: str, tokens: int, finish: FinishReason | None = None) -> None:
        """Add to a candidate's text; from the engine's thread. Call `wake` on the loop afterwards."""
        with self._lock:
            self._texts[candidate] = self._texts.get(candidate, "") + text
            self._tokens[candidate] = self._tokens.get(candidate, 0) + tokens
            if finish is not None:
                self._finishes[candidate] = finish

    def fail(self, error: GenerationError) -> None:
        """End the whole request with `error`; otherwise like `put`."""
        with self._lock:
            self._error = self._error or error

    def wake(self) -> None:
        """Tell the reader that there is news; on the loop."""
        self._news.set()

    @property
    def finished(self) -> bool:
        """Whether the reader has taken every candidate's last delta."""
        return self._unfinished == 0

    async def take(self) -> list[Delta]:
        """All that has arrived since the last call, at least one delta; raises what `fail` was given."""
        await self._news.wait()
        self._news.clear()
        with self._lock:
            texts, self._texts = self._texts, {}
            tokens, self._tokens = self._tokens, {}
            finishes, self._finishes = self._finishes, {}
            error = self._error
        self._unfinished -= len(finishes)
        notice, self._notice = self._notice, "" if texts else self._notice
        deltas = [
            Delta(candidate, text, finishes.get(candidate), tokens=tokens[candidate])
            for candidate, text in sorted(texts.items())
        ]
        if deltas and notice:
            deltas[0] = replace(deltas[0], notice=notice)
        if not deltas and error is not None:
            raise error
        if error is not None:
            self._news.set()
        return deltas
