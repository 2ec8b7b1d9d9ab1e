"""Scores replies as people see them: after Riff dropped repetitions and don't-words and asked again."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from bot.core.domain import Brief
from bot.generation.text_generation import TextGeneration
from genai.factory import load
from genai.request import Generator
from genai.settings import GeneratorSettings

_AT_ONCE = 32
_SECONDS = 1800.0
_FIGURES = ("exact_count", "topic_named", "distinct", "replies_all_distinct", "dont_words_used")


def served_figures(folder: Path, prompts: int, seed: int) -> dict[str, float]:
    """The figures that quality control changes, named `served_...`; shares from 0 to 1."""
    from genai.training.demo.evaluation import evaluation_briefs, measures
    from genai.training.demo.library import load_library
    from genai.training.measure.tasks import Answered

    library = load_library()
    briefs = evaluation_briefs(library, prompts, seed)
    replies = asyncio.run(_replies(folder, briefs, seed))
    found = measures(library, [Answered(*pair) for pair in zip(briefs, replies, strict=True)])
    return {f"served_{name}": found[name] for name in _FIGURES}


async def _replies(folder: Path, briefs: Sequence[Brief], seed: int) -> list[str]:
    settings = GeneratorSettings(model=str(folder))
    generator = load(settings)
    await generator.start()
    try:
        free = asyncio.Semaphore(_AT_ONCE)
        jobs = [
            _reply(generator, settings, free, brief, seed * len(briefs) + index)
            for index, brief in enumerate(briefs)
        ]
        return list(await asyncio.gather(*jobs))
    finally:
        await generator.close()


async def _reply(
    generator: Generator, settings: GeneratorSettings, free: asyncio.Semaphore, brief: Brief, seed: int
) -> str:
    sampling = replace(settings.default_sampling(), seed=seed)
    async with free:
        text = TextGeneration(generator, sampling, person=f"eval:{seed}", seconds=_SECONDS)
        return await text.text(brief)
