"""The thread that serves all requests: admits, reads prompts, decodes, delivers, retires, and begins again.

Continuous batching as in Orca (Yu et al., OSDI 2022): requests join and leave between any two steps.
"""

import asyncio
import logging
import time
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from threading import Condition, Thread

import torch

from genai.engine.queue import FairQueue
from genai.engine.rows import RowTable
from genai.engine.scorer import Scorer
from genai.engine.sequence import Job, Sequence
from genai.engine.steps import Stepper
from genai.errors import Busy, GeneratorClosed
from genai.generator import FinishReason

_LOG = logging.getLogger(__name__)

_FIRST_GUESS_SECONDS = 5.0
_SMOOTHING = 0.2
"""Weight of the latest text in the running mean of how long a text takes."""


class Engine:
    """Owns the model's forward pass; everything else talks to it through `submit`, `cancel` and channels."""

    def __init__(
        self, scorer: Scorer, *, end_tokens: frozenset[int], queue_limit: int, prompt_tokens_per_step: int
    ) -> None:
        self._table = RowTable(scorer.cache)
        self._stepper = Stepper(scorer, self._table, prompt_tokens_per_step)
        self._positions = scorer.cache.positions
        self._slots = scorer.cache.slots
        self._end_tokens = end_tokens
        self._queue_limit = queue_limit
        self._queue: FairQueue[Sequence] = FairQueue()
        self._condition = Condition()
        self._chores: list[_Chore] = []
        self._closing = False
        self._seconds_per_text = _FIRST_GUESS_SECONDS
        self._unsent: defaultdict[asyncio.AbstractEventLoop, set[Callable[[], None]]] = defaultdict(set)
        self._thread = Thread(target=self._run, name="riff-engine", daemon=True)

    def start(self) -> None:
        """Begin to serve."""
        self._thread.start()

    def submit(self, sequences: list[Sequence]) -> None:
        """Queue the candidates of one request. Raises Busy, or GeneratorClosed after `close`."""
        person = sequences[0].job.person
        with self._condition:
            if self._closing:
                raise GeneratorClosed
            if (waiting := self._in_the_way(person, len(sequences))) > 0:
                raise Busy(self._seconds_until(waiting))
            self._queue.push(person, sequences)
            self._condition.notify()

    def _in_the_way(self, person: str, count: int) -> int:
        """How many texts must be begun before `count` more of `person` may wait; 0 when they may now.

        Someone whose name is known may fill half of the queue, so that others always find room in it.
        """
        own, waiting = self._queue.waiting(person), len(self._queue)
        over_own = own + count - self._queue_limit // 2 if person and own else 0
        over_all = waiting + count - self._queue_limit if waiting else 0
        return max(over_own, over_all)

    def _seconds_until(self, texts: int) -> float:
        """An estimate of when the next `texts` of the queue have been begun."""
        return self._seconds_per_text * texts / self._slots

    def between_steps(self, work: Callable[[], None], *, unused: str = "") -> Future[None]:
        """Do `work` in the engine's thread between two steps, once no text of adapter `unused` is left."""
        chore = _Chore(work, unused)
        with self._condition:
            if self._closing:
                raise GeneratorClosed
            self._chores.append(chore)
            self._condition.notify()
        return chore.done

    def cancel(self, job: Job) -> None:
        """Stop work on `job` before the next step."""
        job.cancelled = True
        with self._condition:
            self._condition.notify()

    def position(self, person: str) -> int | None:
        """How many texts are begun before the next one of `person`; None when none of theirs waits."""
        with self._condition:
            return self._queue.position(person)

    def seconds(self, person: str) -> float | None:
        """An estimate of when the next text of `person` is begun; None when none of theirs waits."""
        with self._condition:
            position = self._queue.position(person)
            return None if position is None else self._seconds_until(position + 1)

    def close(self, seconds: float) -> bool:
        """Stop after the current step; whether the thread has ended within `seconds`."""
        with self._condition:
            self._closing = True
            self._condition.notify()
        if self._thread.is_alive():
            self._thread.join(seconds)
        return not self._thread.is_alive()

    @torch.inference_mode()
    def _run(self) -> None:
        try:
            while self._wait_for_work():
                try:
                    self._step()
                except Exception:  # a fault of ours, not of one row: lose the live texts, not the service
                    _LOG.exception("A step failed as a whole")
                    self._fail_live()
        finally:
            self._fail_everything()

    def _wait_for_work(self) -> bool:
        with self._condition:
            while not (self._closing or self._queue or len(self._table) or self._chores):
                self._condition.wait()
            return not self._closing

    def _step(self) -> None:
        self._do_chores()
        self._drop_overdue()
        self._admit()
        failed = self._stepper.read_prompts()
        self._promote()
        failed += self._stepper.decode(self._accept)
        for sequence in failed:
            self._retire(sequence, "error")
        for sequence in [one for one in self._table.decoding if one.finish is not None]:
            self._retire(sequence, sequence.finish or "stop")
        self._deliver()

    def _do_chores(self) -> None:
        with self._condition:
            queued = {one.job.adapter for one in self._queue}
            ready = [one for one in self._chores if not (one.unused and self._in_use(one.unused, queued))]
            self._chores = [one for one in self._chores if one not in ready]
        for chore in ready:
            try:
                chore.work()
            except Exception as error:  # whoever asked for it is told
                chore.done.set_exception(error)
            else:
                chore.done.set_result(None)
                self._table.forget(chore.unused)

    def _in_use(self, adapter: str, queued: set[str]) -> bool:
        return adapter in queued or self._table.uses(adapter)

    def _drop_overdue(self) -> None:
        for sequence in [*self._table.decoding, *self._table.reading]:
            if reason := sequence.job.overdue():
                self._retire(sequence, reason)
        with self._condition:
            dropped = self._queue.remove(lambda one: one.job.overdue() is not None)
        for sequence in dropped:
            self._finish(sequence, sequence.job.overdue() or "cancelled")

    def _admit(self) -> None:
        while self._table.free:
            with self._condition:
                if not self._queue:
                    return
                sequence = self._queue.pop()
            sequence.started = time.monotonic()
            self._table.admit(sequence)

    def _promote(self) -> None:
        """Let those decode whose prompt has been read; followers copy what their leader has read."""
        for sequence in list(self._table.reading):
            leader = sequence.leader
            if leader is not None and (leader.finish is not None or (leader.row >= 0 and leader.unread <= 0)):
                sequence.leader = None
                self._table.reuse(sequence)
            if sequence.unread == 0:
                self._table.start_decoding(sequence)

    def _accept(self, sequence: Sequence, token: int, log_probability: float) -> None:
        """Add a chosen token to its text, and note whether the text has ended."""
        sequence.tokens.append(token)
        sequence.log_probability += log_probability
        if token in self._end_tokens:
            self._show(sequence, sequence.stops.finish())
            sequence.finish = "stop"
            return
        text, stopped = sequence.stops.add(sequence.detokenizer.add(token))
        full = len(sequence.tokens) >= self._positions
        if stopped:
            sequence.finish = "stop"
        elif full or sequence.produced >= sequence.job.sampling.max_new_tokens:
            text += sequence.stops.finish()
            sequence.finish = "length"
        if text:
            self._show(sequence, text)

    def _retire(self, sequence: Sequence, reason: FinishReason) -> None:
        self._table.release(sequence)
        taken = time.monotonic() - sequence.started
        self._seconds_per_text += _SMOOTHING * (taken - self._seconds_per_text)
        self._finish(sequence, reason)

    def _finish(self, sequence: Sequence, reason: FinishReason) -> None:
        sequence.finish = reason
        held = sequence.stops.finish() if reason == "deadline" else ""
        self._show(sequence, held, reason)

    def _show(self, sequence: Sequence, text: str, finish: FinishReason | None = None) -> None:
        channel = sequence.job.channel
        channel.put(sequence.candidate, text, sequence.produced - sequence.told, finish)
        sequence.told = sequence.produced
        self._unsent[channel.loop].add(channel.wake)

    def _deliver(self) -> None:
        """Wake each event loop once for all its readers; a loop that has been closed has none."""
        for loop, wakes in self._unsent.items():
            try:
                loop.call_soon_threadsafe(_call_all, tuple(wakes))
            except RuntimeError:
                _LOG.debug("A reader's event loop has been closed")
        self._unsent.clear()

    def _fail_live(self) -> None:
        for sequence in self._table.clear():
            self._finish(sequence, "error")
        self._deliver()

    def _fail_everything(self) -> None:
        with self._condition:
            self._closing = True
            waiting = list(self._queue)
            self._queue.remove(lambda _: True)
            chores, self._chores = self._chores, []
        for chore in chores:
            chore.done.set_exception(GeneratorClosed())
        for sequence in [*waiting, *self._table.clear()]:
            channel = sequence.job.channel
            channel.fail(GeneratorClosed("The language model was shut down before it had finished."))
            self._unsent[channel.loop].add(channel.wake)
        self._deliver()


@dataclass(eq=False, slots=True)
class _Chore:
    """Work that changes the model, for a moment when no step runs."""

    work: Callable[[], None]
    unused: str
    done: "Future[None]" = field(default_factory=Future)


def _call_all(calls: tuple[Callable[[], None], ...]) -> None:
    for call in calls:
        call()
