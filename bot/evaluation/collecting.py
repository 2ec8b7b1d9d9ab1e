"""Asks a generator for ideas as Riff does for people, and keeps each answer as soon as it is whole."""

import asyncio
import json
import platform
import time
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import genai.factory
from bot.core.domain import Brief, Idea, Task
from bot.evaluation.asked_ways import Way
from bot.evaluation.errors import EvaluationError
from bot.evaluation.growing_files import append, resumed
from bot.evaluation.kept_answers import ASKED, Answered, Said, answers_in, read_answers
from bot.evaluation.prompt_sets import Prompt
from bot.generation.reranking import Choosing
from bot.generation.text_generation import TextGenerator
from genai.errors import GenerationError
from genai.prompts import build_turns
from genai.request import GenerationRequest, Generator

_LONGEST_ANSWER = 512
"""Tokens of an answer that is no list, as in NoveltyBench."""
_SEEDS = 1_000_000
_PACKAGES = ("riff", "torch", "transformers", "numpy", "scikit-learn")


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for all that is asked: the same `seed` repeats answers, `parallel` prompts are asked at a time."""

    seed: int = 1
    parallel: int = 1
    deadline_seconds: float = 600.0


@dataclass(frozen=True, slots=True)
class Collected:
    """All answers of one way; `description` has its settings and versions, `failures` what kept prompts from one."""

    way: Way
    answers: tuple[Answered, ...]
    description: dict[str, Any]
    failures: tuple[str, ...] = ()


async def collect(
    way: Way, prompts: Sequence[Prompt], folder: Path, terms: Terms, done: Callable[[], None] = lambda: None
) -> Collected:
    """What a way answers to the prompts; answers that lie in the folder from before are not asked for again.

    `done` is called for each prompt. Raises GenerationError, and EvaluationError where the folder holds answers to
    other settings.
    """
    if way.file is not None:
        answers = await asyncio.to_thread(read_answers, way.file)
        return Collected(way, tuple(answers), {"file": way.file.name})
    generator = genai.factory.load(_settings(way, terms))
    await generator.start()
    try:
        return await _asked(_Asker(generator, way, terms), prompts, folder, done)
    finally:
        await generator.close()


async def _asked(
    asker: "_Asker", prompts: Sequence[Prompt], folder: Path, done: Callable[[], None]
) -> Collected:
    way, path = asker.way, folder / f"{asker.way.slug}.jsonl"
    description = _described(asker, folder)
    known = {one.prompt: one for one in answers_in(await asyncio.to_thread(resumed, path), str(path))}
    failures: list[str] = []
    room = asyncio.Semaphore(asker.terms.parallel)

    async def one(prompt: Prompt) -> None:
        async with room:
            try:
                known[prompt] = answered = await asker.ask(prompt)
            except GenerationError as error:
                failures.append(f"{prompt.id}: {error}")
            else:
                await asyncio.to_thread(append, path, answered.row())
            done()

    async with asyncio.TaskGroup() as tasks:
        for prompt in prompts:
            if prompt in known:
                done()
            else:
                tasks.create_task(one(prompt))
    answers = tuple(known[prompt] for prompt in prompts if prompt in known)
    if not answers:
        raise EvaluationError(f"{way.name}: no prompt was answered; the first failed with: {failures[0]}")
    return Collected(way, answers, description, tuple(failures))


class _Asker:
    """One generator with one way's settings."""

    def __init__(self, generator: Generator, way: Way, terms: Terms) -> None:
        self.generator, self.way, self.terms = generator, way, terms
        self.sampling = way.generator.default_sampling(generator.info.suited)

    async def ask(self, prompt: Prompt) -> Answered:
        """The answer to one prompt; its seed is its own, whatever else is asked."""
        seed = zlib.crc32(f"{self.terms.seed} {prompt.id}".encode()) % _SEEDS
        start = time.monotonic()
        answered = await (self._list(prompt, seed) if prompt.ask == "list" else self._answers(prompt, seed))
        return replace(answered, seconds=round(time.monotonic() - start, 2))

    async def _list(self, prompt: Prompt, seed: int) -> Answered:
        """What `/brainstorm 10 TOPIC` gives somebody of whom nothing is known, before moderation."""
        settings = _settings(self.way, self.terms).model_copy(update={"seed": seed})
        text = TextGenerator(self.generator, settings).begin(
            "evaluation", choosing=Choosing(self.way.reranking, seed=seed)
        )
        brief = Brief(Task.BRAINSTORM, prompt.text, count=ASKED)
        said = [Said(piece.title, piece.body) async for piece in text.write(brief) if isinstance(piece, Idea)]
        return Answered(prompt, tuple(said), text.finish, text.tokens)

    async def _answers(self, prompt: Prompt, seed: int) -> Answered:
        """Ten answers that know nothing of each other."""
        longest = min(_LONGEST_ANSWER, self.sampling.max_new_tokens or _LONGEST_ANSWER)
        turns = build_turns(Brief(Task.CHAT, prompt.text), style=self.generator.info.prompt_style)
        found = await self.generator.complete(
            GenerationRequest(
                turns,
                replace(self.sampling, max_new_tokens=longest, seed=seed),
                candidates=ASKED,
                deadline_seconds=self.terms.deadline_seconds,
            )
        )
        cut = next((one.finish for one in found if one.finish != "stop"), "stop")
        said = tuple(Said("", one.text.strip()) for one in found)
        return Answered(prompt, said, cut, sum(one.tokens for one in found))


def _settings(way: Way, terms: Terms) -> Any:
    return way.generator.model_copy(update={"deadline_seconds": terms.deadline_seconds})


# What was asked, with which settings and versions, beside the answers: they only go together with the same.


def _described(asker: _Asker, folder: Path) -> dict[str, Any]:
    """The description of what is in the folder, written there; raises EvaluationError where another one lies there."""
    path = folder / f"{asker.way.slug}.settings.json"
    info = asker.generator.info
    description: dict[str, Any] = {
        "model": f"{info.model}, {info.quantization}",
        "prompts": info.prompt_style,
        "sampling": {
            name: getattr(asker.sampling, name)
            for name in (
                "mode",
                "temperature",
                "top_p",
                "top_k",
                "min_p",
                "repetition_penalty",
                "max_new_tokens",
            )
        },
        "generator": asker.way.generator.model_dump(mode="json", exclude={"api_key"}),
        "reranking": asker.way.reranking.model_dump(mode="json"),
        "asked": ASKED,
        "seed": asker.terms.seed,
        "versions": versions(),
    }
    text = json.dumps(description, indent=2) + "\n"
    if path.is_file() and path.read_text(encoding="utf-8") != text:
        raise EvaluationError(
            f"{path}: was written with other settings or versions; give another --output, or delete the folder."
        )
    folder.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return description


def versions() -> dict[str, str]:
    """Of what the figures depend on."""
    found = {"python": platform.python_version()}
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found
