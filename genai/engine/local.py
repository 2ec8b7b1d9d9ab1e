"""The generator that runs a language model on this machine, as the rest of Riff sees it."""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable
from dataclasses import replace

from genai.engine.channel import Channel
from genai.engine.engine import Engine
from genai.engine.sequence import Job, Sequence
from genai.engine.serving import Served, serve_one
from genai.engine.stops import StopStrings
from genai.errors import GenerationFailed, GeneratorClosed
from genai.generator import Completion, Delta, GenerationRequest, GeneratorInfo, collect
from genai.model.codec import codec_for
from genai.model.detokenizer import Detokenizer
from genai.model.ends import end_tokens
from genai.model.prompt import Prompt, PromptEncoder
from genai.request_check import check
from genai.sampling.numbers import numbers_for
from genai.settings import GeneratorSettings

_CLOSING_SECONDS = 30.0
_GRACE_SECONDS = 5.0
"""How long a step may run past a deadline before its reader stops waiting for it."""
_PROMPT_TOKENS_PER_STEP = {"cpu": 256, "cuda": 2048}


class LocalGenerator:
    """Loads a model with `start` and serves it until `close`. May be used from several event loops.

    `build` makes what is served, in a thread of its own; another one can put several models together.
    """

    def __init__(
        self, settings: GeneratorSettings, build: Callable[[GeneratorSettings], Served] = serve_one
    ) -> None:
        self._settings = settings
        self._build = build
        self._running: _Running | None = None

    @property
    def info(self) -> GeneratorInfo:
        """What answers. Raises GeneratorClosed before `start`."""
        return self._required().info

    async def start(self) -> None:
        """Load the model off the event loop. Raises GenerationError."""
        self._running = await asyncio.to_thread(self._started)

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
        check(request)
        running = self._required()
        deadline = time.monotonic() + request.deadline_seconds
        prompt = await asyncio.to_thread(running.encode, request)
        channel = Channel(asyncio.get_running_loop(), request.candidates, prompt.notice)
        job = Job(prompt.ids, request.sampling, request.person, deadline, channel)
        sequences = running.sequences(job, request.candidates, prompt.stop)
        running.engine.submit(list(sequences))
        patience = channel.loop.call_at(_loop_time(deadline) + _GRACE_SECONDS, _give_up, channel)
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
        if errors == request.candidates:
            raise GenerationFailed

    async def complete(self, request: GenerationRequest) -> tuple[Completion, ...]:
        """All candidates, whole, in order. Raises what `stream` raises."""
        return await collect(self.stream(request), request.candidates)

    def _started(self) -> "_Running":
        return _Running(self._settings, self._build(self._settings))

    def _required(self) -> "_Running":
        if self._running is None:
            raise GeneratorClosed
        return self._running


class _Running:
    """A loaded model and its engine."""

    def __init__(self, settings: GeneratorSettings, served: Served) -> None:
        loaded = served.loaded
        self.info = loaded.info
        self._codec = codec_for(loaded.tokenizer)
        self._encoder = PromptEncoder(loaded.tokenizer, self._codec)
        self.engine = Engine(
            served.scorer,
            end_tokens=end_tokens(loaded.model, loaded.tokenizer, self._encoder),
            queue_limit=settings.queue,
            prompt_tokens_per_step=_PROMPT_TOKENS_PER_STEP[loaded.model.device.type],
        )
        self.engine.start()

    def encode(self, request: GenerationRequest) -> Prompt:
        """The prompt, leaving room for the answer, but never more than half of the context."""
        context = self.info.context_tokens
        answer = min(request.sampling.max_new_tokens, context // 2)
        return self._encoder.encode(request.turns, context - answer)

    def sequences(self, job: Job, candidates: int, stop: tuple[str, ...]) -> list[Sequence]:
        """The candidates of `job`; the first reads the prompt for all."""
        numbers = numbers_for(job.sampling.mode, job.sampling.seed, candidates)
        sequences = [
            Sequence(
                job,
                candidate,
                numbers[candidate],
                Detokenizer(self._codec, self._encoder.controls),
                StopStrings((*job.sampling.stop, *stop)),
                list(job.prompt),
            )
            for candidate in range(candidates)
        ]
        for follower in sequences[1:]:
            follower.leader = sequences[0]
        return sequences


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
