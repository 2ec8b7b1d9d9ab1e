"""The model: whether it fits, loads and writes, how quickly, and what it draws with."""

import asyncio
import time
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import replace
from typing import TYPE_CHECKING

import genai.factory
from bot.config import Settings
from bot.startup_checks.findings import Check, Level
from genai.model.loading import embedded_model
from genai.remote.discovery import Trial
from genai.remote.generator import RemoteGenerator
from genai.request import GenerationRequest, Generator, GeneratorInfo, SuitedSampling, Turn
from genai.settings import GeneratorSettings

if TYPE_CHECKING:
    from genai.engine.memory_need import MemoryNeed

_TOKENS = 9
"""One to see that it writes, the others to see how quickly."""
_TIGHT_SHARE = 0.8
_SLOW_SECONDS, _SLOW_RATE = 5.0, 5.0
_FASTER = "A GPU, a smaller model or a server of its own is faster: `riff setup`."


async def check_model(settings: Settings) -> list[Check]:
    """The model and what it needs. Raises GenerationError."""
    if settings.generator.backend == "openai":
        return await _servers(settings.generator)
    from genai.engine.memory_need import memory_need  # brings torch

    need = await asyncio.to_thread(memory_need, settings.generator)
    generator = genai.factory.load(settings.generator)
    try:
        await generator.start()
        speed = await _speed(generator, settings.generator)
        return [_loaded(settings.generator, generator.info), _memory(need), speed]
    finally:
        await generator.close()


def _loaded(settings: GeneratorSettings, info: GeneratorInfo) -> Check:
    is_embedded = info.model == embedded_model.EMBEDDED
    known = f"{embedded_model.NAME}, the embedded model" if is_embedded else info.model
    size = f"{info.parameters / 1e6:.0f} M parameters"
    loaded = f"{known} ({size}, {info.quantization}, {info.dtype} on {info.device}) loads."
    loaded += f" {drawn(settings, info.suited)}"
    if is_embedded:
        hint = (
            "It gives a taste of Riff and is no partner for work: set generator.model to the folder, the .gguf "
            "file or the hub name of a larger one, or let `riff setup` do it."
        )
        return Check("model", Level.WARNING, f"{loaded} {hint}")
    if not info.device.startswith("cuda"):
        return Check("model", Level.WARNING, f"{loaded} No GPU is in use: slow for billions of parameters.")
    return Check("model", Level.OK, loaded)


def _memory(need: "MemoryNeed") -> Check:
    told = f"the model takes about {_gigabytes(need.needed)}; {_gigabytes(need.free)} were free on {need.device}."
    if need.needed <= need.free * _TIGHT_SHARE:
        return Check("memory", Level.OK, told)
    cure = "Little is left for texts: free some, or choose a smaller model."
    return Check("memory", Level.WARNING, f"{told} {cure}")


def _gigabytes(count: int) -> str:
    return f"{count / 1e9:.1f} GB"


async def _speed(generator: Generator, settings: GeneratorSettings) -> Check:
    """How long a first token takes, and how many come in a second after it."""
    sampling = replace(settings.default_sampling(generator.info.suited), max_new_tokens=_TOKENS)
    request = GenerationRequest(
        (Turn("user", "Say hello."),), sampling, deadline_seconds=settings.deadline_seconds
    )
    began = first = last = time.monotonic()
    tokens = 0
    async with aclosing(generator.stream(request)) as deltas:
        async for delta in deltas:
            last = time.monotonic()
            first = first if tokens else last
            tokens += delta.tokens
    rate = (tokens - 1) / (last - first) if tokens > 1 and last > first else 0.0
    then = (
        f", then {rate:.0f} a second" if rate >= _SLOW_RATE else f", then {rate:.1f} a second" if rate else ""
    )
    told = f"the first token after {first - began:.2f} s{then}."
    is_slow = first - began > _SLOW_SECONDS or 0 < rate < _SLOW_RATE
    return Check("speed", Level.WARNING, f"{told} {_FASTER}") if is_slow else Check("speed", Level.OK, told)


async def _servers(settings: GeneratorSettings) -> list[Check]:
    generator = RemoteGenerator(settings)
    try:
        await generator.start()
        tried = await generator.try_out()
        model, suited = generator.info.model, generator.info.suited
    finally:
        await generator.close()
    faults = [one.fault for one in tried if one.fault]
    answering = [one for one in tried if not one.fault]
    if not answering:
        return [Check("model", Level.ERROR, f"{model}; no server answers a request. {' '.join(faults)}")]
    places = ", ".join(map(_adapted, answering))
    if faults:
        told = f"{model}; answers at {places}. But of {len(tried)} servers: {' '.join(faults)}"
        return [Check("model", Level.WARNING, told), _server_speed(answering)]
    told = f"{model}; answers at {places}. {drawn(settings, suited)}"
    return [Check("model", Level.OK, told), _server_speed(answering)]


def _server_speed(answering: Sequence[Trial]) -> Check:
    """How long one token took; on servers no more is asked for, for it may cost money."""
    told = f"one token took {', '.join(f'{one.seconds:.2f} s at {one.server.place}' for one in answering)}."
    if max(one.seconds for one in answering) <= _SLOW_SECONDS:
        return Check("speed", Level.OK, told)
    cure = "That is slow: is the server loading its model, or has it much else to do?"
    return Check("speed", Level.WARNING, f"{told} {cure}")


def _adapted(trial: Trial) -> str:
    """Where a server is, and what Riff does otherwise for its sake."""
    return trial.server.place + (f" ({'; '.join(trial.adapted)})" if trial.adapted else "")


def drawn(settings: GeneratorSettings, suited: SuitedSampling) -> str:
    """With which numbers the model draws, and whose they are."""
    sampling = settings.default_sampling(suited)
    shown = {
        "temperature": (sampling.temperature, None),
        "top_p": (sampling.top_p, 1.0),
        "top_k": (sampling.top_k, 0),
        "min_p": (sampling.min_p, 0.0),
        "repetition_penalty": (sampling.repetition_penalty, 1.0),
    }
    numbers = ", ".join(f"{name} {value:g}" for name, (value, idle) in shown.items() if value != idle)
    own = [name for name in shown if getattr(settings, name) is not None]
    whose = f"{' and '.join(own)} as you set it, else {suited.source}" if own else suited.source
    return f"It draws with {numbers}: {whose}."
