"""A loaded model with its engine: encodes requests for it, and changes its adapters while it runs."""

from functools import partial
from pathlib import Path
from threading import Lock

from genai.engine.engine import Engine
from genai.engine.lora import read_adapter
from genai.engine.sequence import Job, Sequence
from genai.engine.serving import Served
from genai.engine.stop_strings import StopStrings
from genai.errors import InvalidRequest
from genai.model.codec import codec_for
from genai.model.detokenizer import Detokenizer
from genai.model.ends import end_tokens
from genai.model.prompt import Prompt, PromptEncoder
from genai.request import GenerationRequest
from genai.sampling.random_streams import numbers_for
from genai.settings import GeneratorSettings

_PROMPT_TOKENS_PER_STEP = {"cpu": 256, "cuda": 2048}


class Running:
    """Made off the event loop, because adapters are read from files."""

    def __init__(self, settings: GeneratorSettings, served: Served) -> None:
        loaded = served.loaded
        self.info = loaded.info
        self._codec = codec_for(loaded.tokenizer)
        self._encoder = PromptEncoder(loaded.tokenizer, self._codec)
        self.adapters: set[str] = set()
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
