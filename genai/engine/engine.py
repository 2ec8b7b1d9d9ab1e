"""The thread that serves all requests: admits, reads prompts, decodes, delivers, retires, begins again.

Continuous batching as in Orca (Yu et al., OSDI 2022): requests join and leave between any two steps.
"""

import logging
import time
from collections.abc import Callable
from concurrent.futures import Future
from threading import Condition, Thread

import torch

from genai.engine.batching import Stepper
from genai.engine.cache_slots import SlotTable
from genai.engine.maintenance import MaintenanceTask
from genai.engine.output_delivery import OutputDelivery
from genai.engine.scheduler import Scheduler
from genai.engine.scorer import Scorer
from genai.engine.sequence import Job, Sequence
from genai.engine.step_watch import StepWatch
from genai.errors import GeneratorClosed
from genai.request import FinishReason, Load

_LOG = logging.getLogger(__name__)


_REST_SECONDS = 1.0
"""Without work after which memory is given back: not between the short requests that one answer is made of."""
_PARTS = 3
"""Parts of prompts between two steps of those who decode, at most."""


class Engine:
    """Owns the model's forward pass; everything else talks to it through `submit`, `cancel` and channels."""

    def __init__(
        self,
        scorer: Scorer,
        *,
        end_tokens: frozenset[int],
        queue_limit: int,
        prompt_tokens_per_step: int,
        rest: Callable[[], None] = lambda: None,
    ) -> None:
        """`rest` is called in the engine's thread when there has been nothing to do for a while."""
        self._table = SlotTable(scorer.cache)
        self._stepper = Stepper(scorer, self._table, prompt_tokens_per_step)
        self._end_tokens = end_tokens
        self._rest = rest
        self._waiting = Scheduler(queue_limit, scorer.cache.slots)
        self._outbox = OutputDelivery()
        self._condition = Condition()
        self._chores: list[MaintenanceTask] = []
        self._closing = False
        self._watch = StepWatch()
        self._thread = Thread(target=self._run, name="riff-engine", daemon=True)

    def start(self) -> None:
        """Begin to serve."""
        self._thread.start()

    def submit(self, sequences: list[Sequence]) -> None:
        """Queue the candidates of one request. Raises Busy, or GeneratorClosed after `close`."""
        with self._condition:
            if self._closing:
                raise GeneratorClosed
            self._waiting.enter(sequences)
            self._condition.notify()

    def between_steps(self, work: Callable[[], None], *, unused: str = "") -> Future[None]:
        """Do `work` in the engine's thread between two steps, once no text of adapter `unused` is left."""
        chore = MaintenanceTask(work, unused)
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
            return self._waiting.position(person)

    def seconds(self, person: str) -> float | None:
        """An estimate of when the next text of `person` is begun; None when none of theirs waits."""
        with self._condition:
            return self._waiting.seconds(person)

    def load(self) -> Load:
        """How busy it is, as far as another thread can see."""
        with self._condition:
            waiting = len(self._waiting)
        return Load(len(self._table), self._table.slots, waiting, self._table.used, self._table.capacity)

    def fault(self) -> str:
        """Why it does not serve; "" while it does."""
        return "stopped" if self._closing or not self._thread.is_alive() else self._watch.fault()

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
                    with self._watch.step():
                        self._step()
                except Exception:  # a fault of ours, not of one row: lose the live texts, not the service
                    _LOG.exception("A step failed as a whole")
                    self._fail_live()
        finally:
            self._fail_everything()

    def _wait_for_work(self) -> bool:
        with self._condition:
            if self._condition.wait_for(self._has_work, _REST_SECONDS):
                return not self._closing
        self._rest()
        with self._condition:
            self._condition.wait_for(self._has_work)
            return not self._closing

    def _has_work(self) -> bool:
        return bool(self._closing or len(self._waiting) or len(self._table) or self._chores)

    def _step(self) -> None:
        self._do_chores()
        self._drop_overdue()
        self._admit()
        failed = self._read_prompts()
        failed += self._stepper.decode(self._accept)
        for sequence in failed:
            self._retire(sequence, "error")
        for sequence in [one for one in self._table.decoding if one.finish is not None]:
            self._retire(sequence, sequence.finish or "stop")
        self._outbox.deliver()

    def _read_prompts(self) -> list[Sequence]:
        """The next part of the prompts; more where a step of those who decode would serve fewer than wait for it."""
        failed: list[Sequence] = []
        for _ in range(_PARTS):
            failed += self._stepper.read_prompts()
            self._promote()
            if len(self._table.reading) <= len(self._table.decoding):
                break
        return failed

    def _do_chores(self) -> None:
        with self._condition:
            adapters = {one.job.adapter for one in (*self._waiting, *self._table.live)}
            ready = [chore for chore in self._chores if not chore.unused or chore.unused not in adapters]
            self._chores = [chore for chore in self._chores if chore not in ready]
        for chore in ready:
            if chore.unused:
                self._table.forget(chore.unused)
            chore.do()

    def _drop_overdue(self) -> None:
        for sequence in self._table.live:
            if reason := sequence.job.overdue():
                self._retire(sequence, reason)
        with self._condition:
            dropped = self._waiting.remove(lambda one: one.job.overdue())
        for sequence, why in dropped:
            self._finish(sequence, why)

    def _admit(self) -> None:
        while self._table.free:
            with self._condition:
                if not len(self._waiting):
                    return
                sequence = self._waiting.next()
                if not self._table.has_room_for(sequence):
                    self._waiting.put_back(sequence)
                    return
            sequence.started = time.monotonic()
            self._table.admit(sequence)
            if sequence.cached == sequence.shareable:  # of an earlier text that began alike
                sequence.leader = None

    def _promote(self) -> None:
        """Let those decode whose prompt has been read, if they are to; followers copy what their leader has read."""
        for sequence in list(self._table.reading):
            leader = sequence.leader
            if leader is not None and (leader.finish is not None or (leader.row >= 0 and leader.unread <= 0)):
                sequence.leader = None
                self._table.reuse(sequence)
            if sequence.unread == 0 and sequence.job.answer_tokens:
                self._table.start_decoding(sequence)
            elif sequence.unread == 0:
                self._retire(sequence, "stop")

    def _accept(self, sequence: Sequence, token: int, log_probability: float) -> None:
        """Add a chosen token to its text, and note whether the text has ended."""
        lines = sequence.lines
        if lines is not None and token in self._end_tokens:
            newline = lines.instead_of_end()
            token = token if newline is None else newline
        token = sequence.take(token, log_probability)
        if token in self._end_tokens and not sequence.closing:
            self._outbox.show(sequence, sequence.answer.finish())
            sequence.finish = "stop"
            return
        gained = sequence.detokenizer.add(token)
        text, stopped = sequence.answer.add(gained)
        stopped = stopped or (lines is not None and lines.add(gained))
        if stopped:
            sequence.finish = "stop"
        elif sequence.end_by_length() or len(sequence.tokens) >= sequence.longest:
            text += sequence.answer.finish()
            sequence.finish = "length"
        if text:
            self._outbox.show(sequence, text)

    def _retire(self, sequence: Sequence, reason: FinishReason) -> None:
        self._table.release(sequence)
        with self._condition:
            self._waiting.learn(time.monotonic() - sequence.started)
        self._finish(sequence, reason)

    def _finish(self, sequence: Sequence, reason: FinishReason) -> None:
        sequence.finish = reason
        held = sequence.answer.finish(is_whole=False) if reason == "deadline" else ""
        self._outbox.show(sequence, held, reason)

    def _fail_live(self) -> None:
        for sequence in self._table.clear():
            self._finish(sequence, "error")
        self._outbox.deliver()

    def _fail_everything(self) -> None:
        with self._condition:
            self._closing = True
            waiting = [sequence for sequence, _ in self._waiting.remove(lambda _: "cancelled")]
            chores, self._chores = self._chores, []
        for chore in chores:
            chore.done.set_exception(GeneratorClosed())
        for sequence in [*waiting, *self._table.clear()]:
            closed = GeneratorClosed("The language model was shut down before it had finished.")
            self._outbox.fail(sequence.job.channel, closed)
        self._outbox.deliver()
