"""The generator that runs a language model on this machine, as the rest of Riff sees it."""

import asyncio
import math
import time
from collections.abc import AsyncGenerator, Callable
from collections.abc import Sequence as Texts
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import Lock

from genai.engine.engine import Engine
from genai.engine.line_openings import LineOpenings
from genai.engine.lora import read_adapter
from genai.engine.output_stream import Channel
from genai.engine.sequence import Job, Sequence
from genai.engine.serving import Served, serve_one
from genai.engine.stop_strings import StopStrings
from genai.errors import GenerationFailed, GeneratorClosed, InvalidRequest
from genai.model.loading.embedded import EMBEDDED, embedded_adapter
from genai.model.loading.memory_estimates import give_back
from genai.model.tokens.codec import Detokenizer, codec_for
from genai.model.tokens.prompt_fitting import Prompt, PromptEncoder, end_tokens
from genai.request import Completion, Delta, GenerationRequest, GeneratorInfo, check, collect
from genai.sampling.random_streams import random_streams_for
from genai.settings import GeneratorSettings

_SHIPPED = "shipped"
"""The adapter that comes with the embedded model; it answers whoever names none."""
_PROMPT_TOKENS_PER_STEP = {"cpu": 256, "cuda": 2048}


class Running:
    """Made off the event loop, because adapters are read from files."""

    def __init__(self, settings: GeneratorSettings, served: Served) -> None:
        loaded = served.loaded
        self.info = loaded.info
        self._codec = codec_for(loaded.tokenizer)
        self._encoder = PromptEncoder(loaded.tokenizer, self._codec)
        self.adapters: set[str] = set()
        self.usual_adapter = ""
        self._adapters_lock = Lock()
        self._beside = served.adapters
        self.engine = Engine(
            served.scorer,
            end_tokens=end_tokens(loaded.model, loaded.tokenizer, self._encoder),
            queue_limit=settings.queue,
            prompt_tokens_per_step=_PROMPT_TOKENS_PER_STEP[loaded.model.device.type],
        )
        self.engine.start()

    def require(self, adapter: str) -> None:
        """Raise InvalidRequest unless `adapter` is '' or has been loaded."""
        if adapter and adapter not in self.adapters:
            raise InvalidRequest(
                f"There is no adapter {adapter}; there are: {', '.join(self.adapters) or 'none'}."
            )

    def submit(self, sequences: list[Sequence]) -> None:
        """Queue `sequences`, unless their adapter has been unloaded while their prompt was encoded."""
        with self._adapters_lock:
            self.require(sequences[0].job.adapter)
            self.engine.submit(sequences)

    def load_adapter(self, name: str, folder: Path) -> None:
        """Read it here, put it in between two steps of the engine."""
        beside = self._beside
        if beside is None:
            raise InvalidRequest("An ensemble takes no further adapters; name them as its members.")
        if not name.isidentifier() or name in self.adapters:
            raise InvalidRequest(
                f"An adapter cannot be called {name}: letters, digits and _, and each name once."
            )
        files = read_adapter(folder)
        self.engine.between_steps(lambda: beside.add(name, files), unused=name).result()
        self.adapters.add(name)

    def unload_adapter(self, name: str) -> None:
        """Wait for the texts that use it, then take it out."""
        with self._adapters_lock:
            self.require(name)
            self.adapters.discard(name)
        if self._beside is not None and name:
            remove = partial(self._beside.remove, name)
            self.engine.between_steps(remove, unused=name).result()

    def encode(self, request: GenerationRequest) -> Prompt:
        """The prompt, leaving room for the answer, but never more than half of the context."""
        context = self.info.context_tokens
        answer = min(request.sampling.max_new_tokens, context // 2)
        return self._encoder.encode(request.turns, context - answer)

    def sequences(
        self, job: Job, candidates: int, stop: tuple[str, ...], openings: tuple[str, ...] = ()
    ) -> list[Sequence]:
        """The candidates of `job`; the first reads the prompt for all."""
        numbers = random_streams_for(job.sampling.mode, job.sampling.seed, candidates)
        sequences = [
            Sequence(
                job,
                candidate,
                numbers[candidate],
                Detokenizer(self._codec, self._encoder.controls),
                StopStrings((*job.sampling.stop, *stop)),
                list(job.prompt),
                longest=min(len(job.prompt) + job.sampling.max_new_tokens, self.info.context_tokens),
                lines=self._lines(openings),
            )
            for candidate in range(candidates)
        ]
        for follower in sequences[1:]:
            follower.leader = sequences[0]
        return sequences

    def rated(self, job: Job, openings: Texts[str]) -> list[Sequence]:
        """Texts that are `openings` and no more, to see how likely they are."""
        contents = [self._encoder.content(text) for text in openings]
        job.sampling = replace(job.sampling, max_new_tokens=max(map(len, contents)))
        sequences = self.sequences(job, len(openings), ())
        for sequence, content in zip(sequences, contents, strict=True):
            sequence.lines = LineOpenings([content], newline=-1, then_end=True)
        return sequences

    def _lines(self, openings: tuple[str, ...]) -> LineOpenings | None:
        if not openings:
            return None
        return LineOpenings([self._encoder.content(one) for one in openings], self._encoder.content("\n")[0])


# The generator that runs a language model on this machine, as the rest of Riff sees it.


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

    async def stream(self, request: GenerationRequest) -> AsyncGenerator[Delta]:
        """Deltas of all candidates, interleaved. Closing the iterator cancels the request.

        Raises Busy, InvalidRequest, GenerationFailed or GeneratorClosed.
        """
        running, job, prompt = await self._job(request, request.candidates)
        sequences = running.sequences(job, request.candidates, prompt.stop, request.openings)
        async with aclosing(_deltas(running, job, sequences)) as deltas:
            async for delta in deltas:
                yield delta

    async def rate(self, request: GenerationRequest, openings: Texts[str]) -> tuple[float, ...]:
        """How likely each of `openings` is as the beginning of the answer, in nats per token; nothing is written.

        Raises what `stream` raises.
        """
        running, job, _ = await self._job(request, len(openings))
        sequences = running.rated(job, openings)
        async with aclosing(_deltas(running, job, sequences)) as deltas:
            async for _delta in deltas:
                pass
        return tuple(one.mean_log_probability if one.finish == "stop" else -math.inf for one in sequences)

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
                running.load_adapter(_SHIPPED, shipped)
                running.usual_adapter = _SHIPPED
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
        return running, Job(prompt.ids, request.sampling, request.person, deadline, channel, adapter), prompt

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
        delta, mean_log_probability=sequence.mean_log_probability, agreement=sequence.mean_agreement
    )


def _give_up(channel: Channel) -> None:
    """The engine ends texts at their deadline by itself; a step that hangs cannot."""
    channel.fail(GenerationFailed("The language model does not answer; please try again later."))
    channel.wake()


def _loop_time(moment: float) -> float:
    """A time of `time.monotonic` on the running loop's own clock."""
    return asyncio.get_running_loop().time() + moment - time.monotonic()
