"""Asks a model as Riff serves it: through its engine, with the settings that ship."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from genai.chat import Turn
from genai.request import GenerationRequest, Generator, load
from genai.settings import GeneratorSettings

_AT_ONCE = 32
_DEADLINE_SECONDS = 1800.0
"""Measuring may take as long as it takes; the shipped deadline is for people who wait."""


def served_answers(
    folder: Path, prompts: Sequence[Sequence[Turn]], seed: int, quantization: str = "nf4"
) -> list[str]:
    """One answer to each prompt, in order; the same seed gives the same answers on the same machine.

    Raises GenerationError when the folder holds no model that can be served.
    """
    settings = GeneratorSettings.model_validate({"model": str(folder), "quantization": quantization})
    return asyncio.run(_answers(settings, prompts, seed))


async def _answers(settings: GeneratorSettings, prompts: Sequence[Sequence[Turn]], seed: int) -> list[str]:
    generator = load(settings)
    await generator.start()
    try:
        free = asyncio.Semaphore(_AT_ONCE)
        jobs = [
            _answer(generator, free, _request(settings, prompt, seed * len(prompts) + index))
            for index, prompt in enumerate(prompts)
        ]
        return list(await asyncio.gather(*jobs))
    finally:
        await generator.close()


def _request(settings: GeneratorSettings, prompt: Sequence[Turn], seed: int) -> GenerationRequest:
    sampling = replace(settings.default_sampling(), seed=seed)
    return GenerationRequest(tuple(prompt), sampling, deadline_seconds=_DEADLINE_SECONDS)


async def _answer(generator: Generator, free: asyncio.Semaphore, request: GenerationRequest) -> str:
    async with free:
        (completion,) = await generator.complete(request)
    return completion.text.strip()
