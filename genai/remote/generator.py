"""The generator that asks servers of OpenAI's protocol, fair to people who wait; how a team outgrows one machine.

A candidate is a request of its own with a seed of its own: not every server writes several at once, and those
that share prefixes read the prompt once anyway. Servers draw by themselves, so candidates are independent draws
(`sampling = "sobol"` needs the local backend). Control tokens in people's words are the server's to defuse. For
one event loop, the one that calls `start`.
"""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field, replace

import numpy as np

from genai.engine.fair_queue import FairQueue
from genai.engine.output_stream import Channel
from genai.errors import Busy, GenerationError, GenerationFailed, GeneratorClosed
from genai.model.suited_sampling import suited_to
from genai.remote.chat_completions import Servers
from genai.remote.failover import Conversation, Reachable, Writing, look_at_all, model_for
from genai.request import Completion, Delta, FinishReason, GenerationRequest, GeneratorInfo, check, collect
from genai.settings import GeneratorSettings

_FIRST_GUESS_SECONDS = 5.0
_SMOOTHING = 0.2
"""Weight of the latest text in the running mean of how long a text takes."""


@dataclass(eq=False, slots=True)
class Ticket:
    """One text's place; `turn` is done once it may be written, at `began`."""

    turn: asyncio.Future[None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    began: float | None = None


class Admission:
    """Lets `slots` texts be written at the same time, and `limit` wait."""

    def __init__(self, slots: int, limit: int) -> None:
        self._free = self._slots = slots
        self._limit = limit
        self._queue: FairQueue[Ticket] = FairQueue()
        self._seconds_per_text = _FIRST_GUESS_SECONDS

    def enter(self, person: str, count: int) -> list[Ticket]:
        """Places for `count` texts of `person`. Raises Busy when too many wait."""
        if (waiting := self._in_the_way(person, count)) > 0:
            raise Busy(self._seconds_until(waiting))
        tickets = [Ticket() for _ in range(count)]
        self._queue.push(person, tickets)
        self._admit()
        return tickets

    def leave(self, ticket: Ticket) -> None:
        """Give a place back, whether its turn had come or not."""
        if ticket.began is None:
            self._queue.remove(lambda one: one is ticket)
            return
        taken = time.monotonic() - ticket.began
        self._seconds_per_text += _SMOOTHING * (taken - self._seconds_per_text)
        ticket.began = None
        self._free += 1
        self._admit()

    def position(self, person: str) -> int | None:
        """How many texts are begun before the next one of `person`; None when none of theirs waits."""
        return self._queue.position(person)

    def seconds(self, person: str) -> float | None:
        """An estimate of when the next text of `person` is begun; None when none of theirs waits."""
        position = self._queue.position(person)
        return None if position is None else self._seconds_until(position + 1)

    def _admit(self) -> None:
        while self._free and self._queue:
            ticket = self._queue.pop()
            ticket.began = time.monotonic()
            self._free -= 1
            if not ticket.turn.done():
                ticket.turn.set_result(None)

    def _in_the_way(self, person: str, count: int) -> int:
        """How many texts must be begun before `count` more may wait; as in the engine, half for each person."""
        own, waiting = self._queue.waiting(person), len(self._queue)
        over_own = own + count - self._limit // 2 if person and own else 0
        return max(over_own, waiting + count - self._limit if waiting else 0)

    def _seconds_until(self, texts: int) -> float:
        return self._seconds_per_text * texts / self._slots


_LOG = logging.getLogger(__name__)


class RemoteGenerator:
    """Finds the servers with `start` and asks them until `close`."""

    def __init__(self, settings: GeneratorSettings) -> None:
        self._settings = settings
        self._servers: Servers | None = None
        self._info: GeneratorInfo | None = None
        self._admission = Admission(settings.slots, settings.queue)
        self._open: set[Channel] = set()

    @property
    def info(self) -> GeneratorInfo:
        """What answers. Raises GeneratorClosed before `start`."""
        if self._info is None:
            raise GeneratorClosed
        return self._info

    async def start(self) -> None:
        """See which servers answer and that they have the model. Raises GenerationError when none does."""
        servers = Servers(self._settings)
        try:
            found = await look_at_all(servers)
            model = await model_for(self._settings.model, servers, found)
        except BaseException:
            await servers.close()
            raise
        self._servers = servers
        self._info = GeneratorInfo(
            model=model,
            backend="openai",
            quantization="unknown",
            device=", ".join(server.place for server in servers.all),
            dtype="unknown",
            parameters=0,
            context_tokens=max(one.context_tokens for one in found),
            prompt_style=self._settings.prompt_style,
            suited=suited_to(model),
        )

    async def reachable(self) -> tuple[Reachable, ...]:
        """How each server is now. Raises GeneratorClosed before `start`."""
        return await look_at_all(self._running())

    async def close(self) -> None:
        """Stop; what is still pending ends with GeneratorClosed. Safe to call twice."""
        servers, self._servers = self._servers, None
        for channel in self._open:
            channel.fail(GeneratorClosed("The language model was shut down before it had finished."))
            channel.wake()
        if servers is not None:
            await servers.close()

    def queue_position(self, person: str) -> int | None:
        """How many texts are begun before this person's next one; None when none of theirs waits."""
        return self._admission.position(person)

    def queue_seconds(self, person: str) -> float | None:
        """An estimate of when this person's next text is begun; None when none of theirs waits."""
        return self._admission.seconds(person)

    async def stream(self, request: GenerationRequest) -> AsyncGenerator[Delta]:
        """Deltas of all candidates, interleaved. Closing the iterator closes the connections.

        Raises Busy, InvalidRequest, GenerationFailed or GeneratorClosed. A candidate that broke off after it had
        begun ends with "error"; when all have failed, the first one's error is raised.
        """
        check(request)
        servers, loop = self._running(), asyncio.get_running_loop()
        conversation = Conversation(request.turns)
        channel = Channel(loop, request.candidates, "")
        tickets = self._admission.enter(request.person, request.candidates)
        candidates = [
            _Candidate(number, request, channel, servers, request.adapter or self.info.model, conversation)
            for number in range(request.candidates)
        ]
        deadline = loop.time() + request.deadline_seconds
        tasks = [
            asyncio.create_task(self._write(one, ticket, seed, deadline))
            for one, ticket, seed in zip(candidates, tickets, _seeds(request), strict=True)
        ]
        self._open.add(channel)
        told = False
        try:
            while not channel.finished:
                for delta in await channel.take():
                    notice, told = ("" if told else conversation.notice), True
                    score = candidates[delta.candidate].writing.score
                    mean = score.mean if delta.finish else None
                    yield replace(delta, notice=notice, mean_log_probability=mean)
        finally:
            self._open.discard(channel)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        if all(one.error for one in candidates):
            raise candidates[0].error or GenerationFailed()

    async def complete(self, request: GenerationRequest) -> tuple[Completion, ...]:
        """All candidates, whole, in order. Raises what `stream` raises."""
        return await collect(self.stream(request), request.candidates)

    async def _write(
        self, candidate: "_Candidate", ticket: Ticket, seed: int | None, deadline: float
    ) -> None:
        try:
            async with asyncio.timeout_at(deadline):
                await ticket.turn
                await candidate.write(seed)
        except TimeoutError:
            candidate.show("", 0, "deadline")
        except GenerationError as error:
            candidate.fail(error)
        except Exception:  # a fault of ours must not leave the reader waiting
            _LOG.exception("A candidate failed unexpectedly")
            candidate.fail(GenerationFailed())
        finally:
            self._admission.leave(ticket)

    def _running(self) -> Servers:
        if self._servers is None:
            raise GeneratorClosed
        return self._servers


class _Candidate:
    """One candidate of a request, on its way to the reader."""

    def __init__(
        self,
        number: int,
        request: GenerationRequest,
        channel: Channel,
        servers: Servers,
        model: str,
        conversation: Conversation,
    ) -> None:
        self._number = number
        self._sampling = request.sampling
        self._channel = channel
        self.writing = Writing(servers, model, conversation, self.show)
        self.error: GenerationError | None = None

    async def write(self, seed: int | None) -> None:
        await self.writing.write(self._sampling, seed)

    def show(self, text: str, tokens: int, finish: FinishReason | None) -> None:
        self._channel.put(self._number, text, tokens, finish)
        self._channel.wake()

    def fail(self, error: GenerationError) -> None:
        self.error = error
        self.show("", 0, "error")


def _seeds(request: GenerationRequest) -> list[int | None]:
    """One for each candidate, far apart for neighbouring seeds; None when the request has none."""
    if request.sampling.seed is None:
        return [None] * request.candidates
    states = np.random.SeedSequence(request.sampling.seed).generate_state(request.candidates, np.uint32)
    return [int(state) >> 1 for state in states]
