"""The generator that asks servers of OpenAI's protocol, fair to people who wait; how a team outgrows one machine.

A candidate is a request of its own with a seed of its own: not every server writes several at once, and those
that share prefixes read the prompt once anyway. Servers draw by themselves, so candidates are independent draws
(`sampling = "sobol"` needs the local backend). Control tokens in people's words are the server's to defuse. For
one event loop, the one that calls `start`.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator
from dataclasses import replace

import numpy as np

from genai.engine.output_stream import Channel
from genai.errors import GenerationError, GenerationFailed, GeneratorClosed, ThoughtsShown
from genai.generation_meters import count
from genai.model.suited_sampling import suited_to
from genai.prompts.leaving_out import going_on
from genai.remote.admission import Admission, Ticket
from genai.remote.discovery import Trial, look_at_all, model_for, try_all
from genai.remote.failover import Conversation, Writing
from genai.remote.habits import Asking
from genai.remote.servers import Servers
from genai.request import (
    Completion,
    Delta,
    FinishReason,
    GenerationRequest,
    GeneratorInfo,
    Load,
    Sampling,
    Turn,
    check,
    collect,
)
from genai.settings import GeneratorSettings

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
            context_tokens=min(filter(None, (one.models.get(model, 0) for one in found)), default=0),
            prompt_style=self._settings.prompt_style,
            suited=suited_to(model),
        )

    async def try_out(self) -> tuple[Trial, ...]:
        """How each server takes a real request for one token. Raises GeneratorClosed before `start`."""
        sampling = replace(self._settings.default_sampling(self.info.suited), stop=("\n\n\n",))
        return await try_all(self._running(), self._asking(self.info.model, (), sampling, seed=1))

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

    def load(self) -> Load:
        """How many texts servers write for this Riff."""
        return self._admission.load()

    def fault(self) -> str:
        """Why nothing could be written now; "" where some server has not failed lately."""
        servers = self._servers
        if servers is None:
            return "not connected"
        return "" if servers.any_up else "every server failed lately"

    async def stream(self, request: GenerationRequest) -> AsyncGenerator[Delta]:
        """Deltas of all candidates, interleaved. Closing the iterator closes the connections.

        Raises Busy, InvalidRequest, GenerationFailed, ThoughtsShown or GeneratorClosed. A candidate that broke off
        after it had begun ends with "error"; when all have failed, the first one's error is raised.
        """
        check(request)
        servers, loop = self._running(), asyncio.get_running_loop()
        turns = going_on(request.turns, request.begun)
        conversation = Conversation(turns)
        channel = Channel(loop, request.candidates, "")
        tickets = self._admission.enter(request.person, request.candidates)
        model = request.adapter or self.info.model
        candidates = [
            _Candidate(
                number,
                channel,
                servers,
                self._asking(model, turns, request.sampling, seed),
                conversation,
            )
            for number, seed in enumerate(_seeds(request))
        ]
        deadline = loop.time() + request.deadline_seconds
        tasks = [
            asyncio.create_task(self._write(one, ticket, deadline))
            for one, ticket in zip(candidates, tickets, strict=True)
        ]
        self._open.add(channel)
        told = False
        try:
            while not channel.finished:
                for delta in await channel.take():
                    one = candidates[delta.candidate]
                    if isinstance(one.error, ThoughtsShown):
                        raise one.error
                    count(delta)
                    notice, told = ("" if told else conversation.notice), True
                    yield replace(one.finished(delta), notice=notice)
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

    def _asking(
        self, model: str, turns: tuple[Turn, ...], sampling: Sampling, seed: int | None = None
    ) -> Asking:
        settings = self._settings
        return Asking(model, turns, sampling, seed, settings.thinking, settings.thought_tokens)

    async def _write(self, candidate: "_Candidate", ticket: Ticket, deadline: float) -> None:
        try:
            async with asyncio.timeout_at(deadline):
                await ticket.turn
                await candidate.writing.write()
        except TimeoutError:
            candidate.break_off("deadline")
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
        channel: Channel,
        servers: Servers,
        asking: Asking,
        conversation: Conversation,
    ) -> None:
        self._number = number
        self._channel = channel
        self.writing = Writing(servers, asking, conversation, self.show)
        self.error: GenerationError | None = None

    def finished(self, delta: Delta) -> Delta:
        """The delta with what is known of the whole text, where it is the last."""
        score = self.writing.score
        if not delta.finish:
            return delta
        return replace(delta, mean_log_probability=score.mean, thought_tokens=score.thoughts)

    def show(self, text: str, tokens: int, finish: FinishReason | None) -> None:
        self._channel.put(self._number, text, tokens, finish)
        self._channel.wake()

    def break_off(self, why: FinishReason) -> None:
        """End with what there is."""
        self.show(*self.writing.rest(), why)

    def fail(self, error: GenerationError) -> None:
        self.error = error
        self.break_off("error")


def _seeds(request: GenerationRequest) -> list[int | None]:
    """One for each candidate, far apart for neighbouring seeds; None when the request has none."""
    if request.sampling.seed is None:
        return [None] * request.candidates
    states = np.random.SeedSequence(request.sampling.seed).generate_state(request.candidates, np.uint32)
    return [int(state) >> 1 for state in states]
