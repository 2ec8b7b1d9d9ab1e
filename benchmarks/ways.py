"""The ways of serving people that are compared. Each loads its own model and answers a gathering."""

import asyncio
import time
from abc import ABC, abstractmethod
from contextlib import aclosing
from typing import Any

import torch
from transformers import ContinuousBatchingConfig, GenerationConfig
from transformers.generation.streamers import BaseStreamer

import genai.factory
from benchmarks.measure import Answer
from benchmarks.workload import Person
from genai.engine.forward import Forward
from genai.engine.scorer import Span
from genai.model.loading.weights import load_model
from genai.model.tokens.codec import codec_for
from genai.model.tokens.prompt_fitting import PromptEncoder
from genai.request import GenerationRequest, Sampling
from genai.settings import GeneratorSettings

_DRAWN = {"do_sample": True, "temperature": 0.8, "top_p": 0.95, "top_k": 0}


class Way(ABC):
    """Answers people; `close` when done."""

    @abstractmethod
    def answer(self, people: list[Person]) -> list[Answer]:
        """Everybody's answer, by a clock that starts now."""

    def close(self) -> None:  # noqa: B027 - most hold nothing
        """Give back what is held."""


class Transformers(Way):
    """What all ways without Riff's engine share: the model as `transformers` loads it, and the prompts."""

    def __init__(self, settings: GeneratorSettings) -> None:
        loaded = load_model(settings)
        self.model: Any = loaded.model
        self._encoder = PromptEncoder(loaded.tokenizer, codec_for(loaded.tokenizer))
        self._limit = loaded.info.context_tokens // 2
        ends = loaded.tokenizer.eos_token_id
        self.end: int | None = ends

    def prompt(self, person: Person) -> list[int]:
        """The same token ids as Riff's engine reads."""
        return list(self._encoder.encode(person.turns, self._limit).ids)

    def generate(self, people: list[Person], start: float) -> list[Answer]:
        """One padded batch, which runs until its longest answer is done; only what was asked for counts."""
        prompts = [self.prompt(person) for person in people]
        longest = max(map(len, prompts))
        ids = torch.tensor([[*[0] * (longest - len(prompt)), *prompt] for prompt in prompts])
        mask = torch.tensor([[*[0] * (longest - len(prompt)), *[1] * len(prompt)] for prompt in prompts])
        watch = Watch(start)
        texts = self.model.generate(
            input_ids=ids.to(self.model.device),
            attention_mask=mask.to(self.model.device),
            max_new_tokens=max(person.tokens for person in people),
            pad_token_id=0,
            streamer=watch,
            **_DRAWN,
        )
        found = []
        for person, text in zip(people, texts[:, longest:].tolist(), strict=True):
            end = text.index(self.end) + 1 if self.end in text else len(text)
            tokens = min(person.tokens, end)
            found.append(Answer(person.arrives, tuple(watch.times[:tokens]), tokens))
        return found


class Watch(BaseStreamer):  # type: ignore[misc]
    """Notes when each token came."""

    def __init__(self, start: float) -> None:
        self.times: list[float] = []
        self._start, self._prompt = start, True

    def put(self, value: torch.Tensor) -> None:
        """Called once with the prompt, then with each token of the batch."""
        if not self._prompt:
            self.times.append(time.perf_counter() - self._start)
        self._prompt = False

    def end(self) -> None:
        """Called when the text is complete."""


class RequestAtATime(Transformers):
    """What bots do that hold a lock round `generate`: everybody waits for those before."""

    def answer(self, people: list[Person]) -> list[Answer]:
        """In the order of arrival."""
        start = time.perf_counter()
        found: list[Answer] = []
        for person in people:
            _wait_for(start + person.arrives)
            found += self.generate([person], start)
        return found


class StaticBatch(Transformers):
    """One `generate` for everybody, begun when the last of them has asked."""

    def answer(self, people: list[Person]) -> list[Answer]:
        """All together."""
        start = time.perf_counter()
        _wait_for(start + people[-1].arrives)
        return self.generate(people, start)


class ContinuousBatching(Transformers):
    """`transformers`' own continuous batching, with a cache sized for the people who ask."""

    def __init__(self, settings: GeneratorSettings) -> None:
        super().__init__(settings)
        self._settings = settings

    def answer(self, people: list[Person]) -> list[Answer]:
        """Requests are added as people arrive; tokens are timed by `transformers` itself."""
        options = GenerationConfig(
            max_new_tokens=max(person.tokens for person in people),
            eos_token_id=-1 if self.end is None else self.end,
            pad_token_id=0,
            **_DRAWN,
        )
        cache = ContinuousBatchingConfig(
            page_size=32, num_blocks=self._settings.slots * 8, max_batch_tokens=256, use_cuda_graph=None
        )
        opened = self.model.continuous_batching_context_manager(
            generation_config=options, continuous_batching_config=cache
        )
        with opened as manager:
            start = time.perf_counter()
            for number, person in enumerate(people):
                _wait_for(start + person.arrives)
                manager.add_request(
                    self.prompt(person),
                    request_id=str(number),
                    max_new_tokens=person.tokens,
                    record_timestamps=True,
                )
            found = {}
            while len(found) < len(people):
                output = manager.get_result(timeout=1)
                if output is not None and output.is_finished():
                    found[int(output.request_id)] = output
        return [
            Answer(
                person.arrives,
                tuple(moment - start for moment in found[number].timestamps),
                len(found[number].generated_tokens),
            )
            for number, person in enumerate(people)
        ]


class StaticSlots(Transformers):
    """No server: forward passes over the slot cache without sampling, all rows alike. An upper mark."""

    def __init__(self, settings: GeneratorSettings) -> None:
        super().__init__(settings)
        self._settings = settings

    def answer(self, people: list[Person]) -> list[Answer]:
        """As many tokens as the people want in the mean, for each row."""
        tokens = sum(person.tokens for person in people) // len(people)
        length = sum(len(self.prompt(person)) for person in people) // len(people)
        forward = Forward(self.model, len(people), length + tokens + 1)
        start = time.perf_counter()
        forward([Span(row, 0, [7] * length) for row in range(len(people))])
        times = []
        for step in range(tokens):
            forward([Span(row, length + step, [7]) for row in range(len(people))])
            times.append(time.perf_counter() - start)
        return [Answer(0.0, tuple(times), tokens)] * len(people)


class Riff(Way):
    """Riff's engine, through its public interface, as the bot uses it: everybody reads a stream."""

    def __init__(self, settings: GeneratorSettings) -> None:
        self._runner = asyncio.Runner()
        self._generator = genai.factory.load(settings)
        self._runner.run(self._generator.start())

    def answer(self, people: list[Person]) -> list[Answer]:
        """Concurrently."""
        return self._runner.run(self._all(people))

    def close(self) -> None:
        """Stop the engine."""
        self._runner.run(self._generator.close())
        self._runner.close()

    async def _all(self, people: list[Person]) -> list[Answer]:
        start = time.perf_counter()
        return await asyncio.gather(
            *(self._one(person, str(number), start) for number, person in enumerate(people))
        )

    async def _one(self, person: Person, name: str, start: float) -> Answer:
        await asyncio.sleep(start + person.arrives - time.perf_counter())
        request = GenerationRequest(
            person.turns,
            Sampling(max_new_tokens=person.tokens, temperature=0.8, top_p=0.95),
            deadline_seconds=3600,
            person=name,
        )
        times: list[float] = []
        tokens = 0
        async with aclosing(self._generator.stream(request)) as stream:
            async for delta in stream:
                times.append(time.perf_counter() - start)
                tokens += delta.tokens
        return Answer(person.arrives, tuple(times), tokens)


class RiffInNf4(Riff):
    """The same with weights in NF4, as bitsandbytes computes it."""

    def __init__(self, settings: GeneratorSettings) -> None:
        super().__init__(settings.model_copy(update={"quantization": "nf4"}))


WAYS: dict[str, type[Way]] = {
    "request at a time": RequestAtATime,
    "static batch": StaticBatch,
    "continuous batching": ContinuousBatching,
    "riff": Riff,
    "riff nf4": RiffInNf4,
    "static slots": StaticSlots,
}


def _wait_for(moment: float) -> None:
    time.sleep(max(0.0, moment - time.perf_counter()))
