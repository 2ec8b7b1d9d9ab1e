"""The generator that runs a language model on this machine, as the rest of Riff sees it."""

import asyncio
import math
import time
from collections.abc import AsyncGenerator, Callable
from collections.abc import Sequence as Texts
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path

from genai.engine.output_stream import Channel
from genai.engine.running import Running
from genai.engine.sequence import Job, Sequence
from genai.engine.serving import Served, serve_one
from genai.errors import GenerationFailed, GeneratorClosed, PromptTooLong
from genai.generation_meters import count
from genai.model.loading.embedded_model import EMBEDDED, EMBEDDED_KIND, embedded_adapter
from genai.model.loading.freed_memory import give_back
from genai.model.loading.known_ratings import Ratings, read_ratings
from genai.model.tokens.prompt_fitting import Prompt
from genai.request import (
    Completion,
    Delta,
    GenerationRequest,
    GeneratorInfo,
    Load,
    check,
    collect,
)
from genai.settings import GeneratorSettings

_SHIPPED = "shipped"
"""The adapter that comes with the embedded model; it answers whoever names none."""
_CLOSING_SECONDS = 30.0
_GRACE_SECONDS = 5.0
"""How long a step may run past a deadline before its reader stops waiting for it."""


class LocalGenerator:
    """Loads a model with `start` and serves it until `close`. May be used from several event loops.

    `build` makes what is served, in a thread of its own; another one can put several models together.
    """

    def __init__(
        self, settings: GeneratorSettings, build: Callable[[GeneratorSettings], Served] = serve_one
    ) -> None:
        self._settings = settings
        self._build = build
        self._running: Running | None = None
        self._known: Ratings = {}

    @property
    def info(self) -> GeneratorInfo:
        """What answers. Raises GeneratorClosed before `start`."""
        return self._required().info

    async def start(self) -> None:
        """Load the model off the event loop. Raises GenerationError.

        The loading thread ends afterwards, and its OpenMP workers with it. If they lived on beside those of the
        engine's thread, there would be more of them than cores, and OpenMP would let all of them sleep between
        any two operations; waking them takes longer than most operations do.
        """
        thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="riff-load")
        try:
            self._running = await asyncio.get_running_loop().run_in_executor(thread, self._started)
        finally:
            thread.shutdown(wait=False)

    async def close(self) -> None:
        """Stop; what is still pending ends with GeneratorClosed. Safe to call twice."""
        running, self._running = self._running, None
        if running is not None:
            await asyncio.to_thread(running.engine.close, _CLOSING_SECONDS)

    def queue_position(self, person: str) -> int | None:
        """How many texts are begun before this person's next one; None when none of theirs waits."""
        return self._required().engine.position(person)

    def queue_seconds(self, person: str) -> float | None:
        """An estimate of when this person's next text is begun; None when none of theirs waits."""
        return self._required().engine.seconds(person)

    def load(self) -> Load:
        """How busy the engine is."""
        return self._running.engine.load() if self._running else Load()

    def fault(self) -> str:
        """Why nothing could be written now; "" where it could."""
        return self._running.engine.fault() if self._running else "not loaded"

    async def stream(self, request: GenerationRequest) -> AsyncGenerator[Delta]:
        """Deltas of all candidates, interleaved. Closing the iterator cancels the request.

        Raises Busy, InvalidRequest, GenerationFailed, ThoughtsShown or GeneratorClosed.
        """
        running, job, prompt = await self._job(request, request.candidates)
        sequences = running.sequences(job, request.candidates, prompt, request.openings)
        async with aclosing(_deltas(running, job, sequences)) as deltas:
            async for delta in deltas:
                yield delta

    async def rate(self, request: GenerationRequest, openings: Texts[str]) -> tuple[float, ...]:
        """How likely each of `openings` is as the beginning of the answer, in nats per token; nothing is written.

        What came with the embedded model's adapter is known. Raises what `stream` raises.
        """
        known = {} if request.adapter else self._known
        new = [text for text in openings if (request.turns, text) not in known]
        read, _notice = await self._read(request, new)
        rated = (one.mean_log_probability if one.finish == "stop" else -math.inf for one in read)
        return tuple(
            known[request.turns, text] if (request.turns, text) in known else next(rated) for text in openings
        )

    async def chances(self, request: GenerationRequest, openings: Texts[str]) -> tuple[float, ...]:
        """The probability that the answer begins with each of `openings`; nothing is written.

        Raises what `stream` raises, and PromptTooLong where the model cannot read all of the turns.
        """
        read, notice = await self._read(request, openings)
        if notice:
            raise PromptTooLong(notice)
        return tuple(math.exp(one.log_probability) if one.finish == "stop" else 0.0 for one in read)

    async def _read(self, request: GenerationRequest, openings: Texts[str]) -> tuple[list[Sequence], str]:
        """The openings as sequences that were read, and what the prompt lost, "" for nothing."""
        if not openings:
            return [], ""
        running, job, prompt = await self._job(request, len(openings))
        sequences = running.rated(job, openings, prompt)
        async with aclosing(_deltas(running, job, sequences)) as deltas:
            async for _delta in deltas:
                pass
        return sequences, prompt.notice

    async def complete(self, request: GenerationRequest) -> tuple[Completion, ...]:
        """All candidates, whole, in order. Raises what `stream` raises."""
        return await collect(self.stream(request), request.candidates)

    @property
    def adapters(self) -> tuple[str, ...]:
        """Names of the adapters that requests may use."""
        return tuple(sorted(self._required().adapters))

    async def load_adapter(self, name: str, folder: Path) -> None:
        """Put the LoRA adapter in `folder` beside the model, while it serves, for requests that name it.

        Raises ModelMissing, BadCheckpoint (it does not fit) or InvalidRequest (name taken, or an ensemble).
        """
        await asyncio.to_thread(self._required().load_adapter, name, folder)

    async def unload_adapter(self, name: str) -> None:
        """Refuse new requests for `name` from now on, finish those that there are, and free its memory."""
        await asyncio.to_thread(self._required().unload_adapter, name)

    def _started(self) -> Running:
        running = Running(self._settings, self._build(self._settings))
        try:
            for name, folder in self._settings.adapters.items():
                running.load_adapter(name, Path(folder))
            shipped = embedded_adapter() if self._serves_embedded() else None
            if shipped is not None:
                running.use_always(_SHIPPED, shipped)
                # They were rated with the weights as they are stored.
                is_stored = running.info.quantization == EMBEDDED_KIND
                self._known = read_ratings(shipped) if is_stored else {}
        except BaseException:
            running.engine.close(_CLOSING_SECONDS)
            raise
        give_back()
        return running

    async def _job(self, request: GenerationRequest, candidates: int) -> tuple[Running, Job, Prompt]:
        check(request)
        running = self._required()
        adapter = request.adapter or running.usual_adapter
        running.require(adapter)
        deadline = time.monotonic() + request.deadline_seconds
        prompt = await asyncio.to_thread(running.encode, request)
        channel = Channel(asyncio.get_running_loop(), candidates, prompt.notice)
        return running, running.job(request, prompt, deadline, channel, adapter), prompt

    def _serves_embedded(self) -> bool:
        return self._settings.model == EMBEDDED and not self._settings.ensemble

    def _required(self) -> Running:
        if self._running is None:
            raise GeneratorClosed
        return self._running


async def _deltas(running: Running, job: Job, sequences: list[Sequence]) -> AsyncGenerator[Delta]:
    """What the engine writes for a job, until all has ended; closing it cancels the job."""
    channel = job.channel
    running.submit(sequences)
    patience = channel.loop.call_at(_loop_time(job.deadline) + _GRACE_SECONDS, _give_up, channel)
    errors = 0
    try:
        while not channel.finished:
            for delta in await channel.take():
                errors += delta.finish == "error"
                count(delta)
                running.learn(sequences[delta.candidate])
                yield _ended(delta, sequences[delta.candidate]) if delta.finish else delta
    finally:
        patience.cancel()
        if not channel.finished:
            running.engine.cancel(job)
    if errors == len(sequences):
        raise GenerationFailed


def _ended(delta: Delta, sequence: Sequence) -> Delta:
    """A candidate's last delta, with what its whole text is worth."""
    return replace(
        delta,
        mean_log_probability=sequence.mean_log_probability,
        agreement=sequence.mean_agreement,
        thought_tokens=sequence.thought_tokens,
    )


def _give_up(channel: Channel) -> None:
    """The engine ends texts at their deadline by itself; a step that hangs cannot."""
    channel.fail(GenerationFailed("The language model does not answer; please try again later."))
    channel.wake()


def _loop_time(moment: float) -> float:
    """A time of `time.monotonic` on the running loop's own clock."""
    return asyncio.get_running_loop().time() + moment - time.monotonic()
