"""A model that is being served: its engine, how prompts are encoded for it, and the adapters beside it."""

from collections.abc import Sequence as Texts
from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import Lock

from genai.answer_stream import AnswerStream
from genai.engine.engine import Engine
from genai.engine.line_openings import LineOpenings
from genai.engine.lora import read_adapter
from genai.engine.output_stream import Channel
from genai.engine.sequence import Job, Sequence
from genai.engine.serving import Served
from genai.errors import InvalidRequest, ThoughtsShown
from genai.model.loading.memory_estimates import give_back
from genai.model.tokens.codec import Detokenizer, codec_for
from genai.model.tokens.prompt_fitting import Prompt, PromptEncoder, end_tokens
from genai.model.tokens.thinking import thinking_of
from genai.request import GenerationRequest, room_for_answer
from genai.sampling.random_streams import random_streams_for
from genai.settings import GeneratorSettings

_PROMPT_TOKENS_PER_STEP = {"cpu": 256, "cuda": 2048}


class Running:
    """Made off the event loop, because adapters are read from files."""

    def __init__(self, settings: GeneratorSettings, served: Served) -> None:
        loaded = served.loaded
        self.info = loaded.info
        self._codec = codec_for(loaded.tokenizer)
        self._encoder = PromptEncoder(loaded.tokenizer, self._codec, may_think=settings.thinking)
        thinking = thinking_of(loaded.tokenizer)
        self._hidden = self._encoder.controls - thinking.tags
        self._thought_tokens = settings.thought_tokens if thinking.is_known else 0
        self._closing = tuple(self._codec.encode_markup(thinking.closing))
        self._opens_thoughts = False
        """Learned from answers: a thought was closed that nothing had been seen to open."""
        self.adapters: set[str] = set()
        self.usual_adapter = ""
        self._adapters_lock = Lock()
        self._beside = served.adapters
        self._adds_itself = served.adds_itself
        self.engine = Engine(
            served.scorer,
            end_tokens=end_tokens(loaded.model, loaded.tokenizer, self._encoder) - thinking.between,
            queue_limit=settings.queue,
            prompt_tokens_per_step=_PROMPT_TOKENS_PER_STEP[loaded.model.device.type],
            rest=give_back,
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

    def use_always(self, name: str, folder: Path) -> None:
        """Load the adapter that answers whoever names none; before anybody asks. Raises BadCheckpoint."""
        if self._beside is not None and self._adds_itself and self._beside.add_plain(name, folder):
            self.adapters.add(name)
        else:
            self.load_adapter(name, folder)
        self.usual_adapter = name

    def unload_adapter(self, name: str) -> None:
        """Wait for the texts that use it, then take it out."""
        with self._adapters_lock:
            self.require(name)
            self.adapters.discard(name)
        if self._beside is not None and name:
            remove = partial(self._beside.remove, name)
            self.engine.between_steps(remove, unused=name).result()

    def encode(self, request: GenerationRequest) -> Prompt:
        """The prompt, leaving room for thoughts and the answer, but never more than half of the context."""
        context = self.info.context_tokens
        answer = room_for_answer(request.sampling, context) + self._thought_tokens
        room = context - min(answer, context // 2)
        if not request.begun:
            return self._encoder.encode(request.turns, room, request.template)
        # White space at an end is part of what follows it. Of a long beginning the model goes on from the end.
        begun = self._encoder.content(request.begun.rstrip())[-(room // 2) :]
        left = room - len(begun) - len(self._closing)
        prompt = self._encoder.encode(request.turns, left, request.template)
        closing = self._closing if prompt.opens_thought else ()
        return replace(prompt, ids=(*prompt.ids, *closing, *begun), opens_thought=False, has_begun=True)

    def job(
        self, request: GenerationRequest, prompt: Prompt, deadline: float, channel: Channel, adapter: str
    ) -> Job:
        """The request as the engine knows it."""
        return Job(
            prompt.ids,
            request.sampling,
            request.person,
            deadline,
            channel,
            request.sampling.max_new_tokens or room_for_answer(request.sampling, self.info.context_tokens),
            self._thought_tokens,
            self._closing,
            adapter,
        )

    def sequences(
        self, job: Job, candidates: int, prompt: Prompt, openings: tuple[str, ...] = ()
    ) -> list[Sequence]:
        """The candidates of `job`; the first reads the prompt for all."""
        # What is only read draws nothing, so it needs none of the numbers that differ on purpose.
        mode = job.sampling.mode if job.answer_tokens else "independent"
        numbers = random_streams_for(mode, job.sampling.seed, candidates, job.sampling.share)
        longest = len(job.prompt) + job.answer_tokens + job.thought_tokens + len(job.closing)
        stops = (*job.sampling.stop, *prompt.stop)
        starts_inside = prompt.opens_thought or (self._opens_thoughts and not prompt.has_begun)
        sequences = [
            Sequence(
                job,
                candidate,
                numbers[candidate],
                Detokenizer(self._codec, self._hidden),
                AnswerStream(stops, starts_inside=starts_inside, guessed=not prompt.opens_thought),
                list(job.prompt),
                longest=min(longest, self.info.context_tokens),
                lines=self._lines(openings),
            )
            for candidate in range(candidates)
        ]
        for follower in sequences[1:]:
            follower.leader = sequences[0]
        return sequences

    def rated(self, job: Job, openings: Texts[str], prompt: Prompt) -> list[Sequence]:
        """Texts that are `openings` and no more, to see how likely they are."""
        job.answer_tokens = 0
        sequences = self.sequences(job, len(openings), prompt)
        for sequence, text in zip(sequences, openings, strict=True):
            whole = [*job.prompt, *self._encoder.content(text)][: self.info.context_tokens]
            sequence.tokens, sequence.longest = whole, len(whole)
            sequence.given = len(whole) - len(job.prompt)
        return sequences

    def _lines(self, openings: tuple[str, ...]) -> LineOpenings | None:
        if not openings:
            return None
        # A space at an end is part of the word that follows it, and no token of its own.
        contents = [self._encoder.content(one.rstrip(" ")) for one in openings]
        return LineOpenings(contents, self._encoder.content("\n")[0])

    def learn(self, sequence: Sequence) -> None:
        """Note how the text began; raises ThoughtsShown where thoughts have been given as the answer."""
        answer = sequence.answer
        self._opens_thoughts = answer.opened_unsaid or (self._opens_thoughts and not answer.was_no_thought)
        if answer.was_taken_back:
            raise ThoughtsShown
