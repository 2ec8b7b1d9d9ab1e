"""llama.cpp as one more way of serving people, where it is installed: `pip install llama-cpp-python gguf`.

A GGUF file, the embedded model for one, is read as it is. Of a folder, the same weights are written in that format:
linear layers in Q4_0, which takes as many bits as NF4, embedding and output layer in Q8_0. People are served as its
server does: whoever has come joins the next batch.
"""

import ctypes
import os
import time
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from transformers import AutoTokenizer

from benchmarks.gguf_file import write_gguf
from benchmarks.measure import Answer
from benchmarks.ways import Way
from benchmarks.workload import Person
from genai.model.gguf.tokenizer import tokenizer_of
from genai.model.loading.source import find
from genai.model.tokens.codec import codec_for
from genai.model.tokens.prompt_fitting import PromptEncoder
from genai.settings import GeneratorSettings

_BATCH = 512
_CONTEXT = 512
"""Tokens of one text at most."""


@dataclass(slots=True)
class _Text:
    """One person's text: tokens to feed next, and how many have been fed."""

    person: int
    feed: list[int]
    fed: int = 0
    times: list[float] = field(default_factory=list)


class LlamaCpp(Way):
    """Continuous batching over llama.cpp's own cache, one sequence for each person."""

    def __init__(self, settings: GeneratorSettings) -> None:
        import llama_cpp

        self._api: Any = llama_cpp
        source = find(settings.model, trust_remote_code=False)
        tokenizer = (
            AutoTokenizer.from_pretrained(source.place) if source.gguf is None else tokenizer_of(source.gguf)
        )
        self._encoder = PromptEncoder(tokenizer, codec_for(tokenizer))
        llama_cpp.llama_log_set(_SILENCE, None)
        llama_cpp.llama_backend_init()
        with TemporaryDirectory() as folder:  # the file stays open, and is gone when that ends
            file = Path(folder) / "model.gguf" if source.gguf is None else source.gguf.path
            if source.gguf is None:
                write_gguf(Path(settings.model), file)
            options = llama_cpp.llama_model_default_params()
            self._model = llama_cpp.llama_model_load_from_file(str(file).encode(), options)
        self._context = llama_cpp.llama_init_from_model(self._model, self._parameters(settings.slots))
        self._memory = llama_cpp.llama_get_memory(self._context)
        self._batch = llama_cpp.llama_batch_init(_BATCH, 0, 1)
        self._sampler = self._chain()
        self._slots = settings.slots

    def _parameters(self, slots: int) -> Any:
        found = self._api.llama_context_default_params()
        found.n_ctx, found.n_seq_max, found.kv_unified = slots * _CONTEXT, slots, False
        found.n_batch = found.n_ubatch = _BATCH
        threads = int(os.environ.get("OMP_NUM_THREADS") or len(os.sched_getaffinity(0)))
        found.n_threads = found.n_threads_batch = threads
        return found

    def _chain(self) -> Any:
        api = self._api
        chain = api.llama_sampler_chain_init(api.llama_sampler_chain_default_params())
        for part in self._choosing():
            api.llama_sampler_chain_add(chain, part)
        return chain

    def _choosing(self) -> list[Any]:
        """The same settings as everywhere."""
        api = self._api
        return [
            api.llama_sampler_init_top_p(0.95, 1),
            api.llama_sampler_init_temp(0.8),
            api.llama_sampler_init_dist(1),
        ]

    def answer(self, people: list[Person]) -> list[Answer]:
        """A batch holds the next token of everybody who writes, then prompts as far as there is room."""
        start = time.perf_counter()
        coming = deque(range(len(people)))
        live: dict[int, _Text] = {}
        done: dict[int, _Text] = {}
        while coming or live:
            while coming and len(live) < self._slots:
                wait = start + people[coming[0]].arrives - time.perf_counter()
                if wait > 0 and live:
                    break
                time.sleep(max(0.0, wait))
                prompt = self._encoder.encode(people[coming[0]].turns, _CONTEXT // 2).ids
                slot = next(slot for slot in range(self._slots) if slot not in live)
                live[slot] = _Text(coming.popleft(), list(prompt))
            self._step(live)
            for slot, text in list(live.items()):
                text.times += [time.perf_counter() - start] * (len(text.feed) == 1)
                if len(text.times) >= people[text.person].tokens:
                    done[text.person] = live.pop(slot)
                    self._api.llama_memory_seq_rm(self._memory, slot, -1, -1)
        return [
            Answer(person.arrives, tuple(done[number].times), person.tokens)
            for number, person in enumerate(people)
        ]

    def _step(self, live: dict[int, _Text]) -> None:
        """Feed one batch; whoever has been read to the end then has one new token to feed."""
        self._batch.n_tokens = 0
        ends: list[tuple[int, _Text]] = []
        for slot, text in sorted(live.items(), key=lambda item: len(item[1].feed)):
            part = text.feed[: _BATCH - self._batch.n_tokens]
            for place, token in enumerate(part):
                self._add(token, text.fed + place, slot, last=place == len(text.feed) - 1)
            text.fed += len(part)
            text.feed = text.feed[len(part) :]
            if part and not text.feed:
                ends.append((self._batch.n_tokens - 1, text))
        if self._api.llama_decode(self._context, self._batch):
            raise RuntimeError("llama.cpp could not decode a batch")
        for index, text in ends:
            text.feed = [self._api.llama_sampler_sample(self._sampler, self._context, index)]

    def _add(self, token: int, place: int, slot: int, *, last: bool) -> None:
        batch, index = self._batch, self._batch.n_tokens
        batch.token[index], batch.pos[index], batch.logits[index] = token, place, last
        batch.n_seq_id[index], batch.seq_id[index][0] = 1, slot
        batch.n_tokens += 1


class LlamaCppGreedy(LlamaCpp):
    """Without sampling, which takes llama.cpp as long as the model does: what its model alone could do."""

    def _choosing(self) -> list[Any]:
        return [self._api.llama_sampler_init_greedy()]


@ctypes.CFUNCTYPE(None, ctypes.c_int, ctypes.c_char_p, ctypes.c_void_p)
def _SILENCE(level: int, text: bytes, data: object) -> None:  # noqa: N802 - a constant of C
    """llama.cpp tells much while it loads."""


LLAMA_WAYS: dict[str, type[Way]] = {"llama.cpp": LlamaCpp, "llama.cpp greedy": LlamaCppGreedy}
