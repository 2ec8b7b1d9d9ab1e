"""Asks a guard model inside Riff, by the engine that also writes: prompts share what they have in common.

How bad a text is comes from the probability of each deciding word, not from one draw.
"""

import asyncio
import hashlib
from collections.abc import Coroutine
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from genai.moderation.errors import ModerationMisconfigured
from genai.moderation.guards.guard_formats import WORTH_NAMING, Answer, Format, Question, Unreadable
from genai.moderation.settings import GuardSettings
from genai.request import GenerationRequest, Sampling, Turn

if TYPE_CHECKING:
    from genai.engine.generator import LocalGenerator

_CONTEXT_TOKENS = 4096
"""A window of text with the longest instructions of a guard fits in."""
_NAMES_TOKENS = 24
LEAST_SAID = 0.5
"""A guard that would say something else than its words with a greater probability than this is none."""


class Asker(Protocol):
    """Whoever asks a guard model; for one event loop."""

    version: str

    def answer(self, question: Question, text: str) -> Coroutine[Any, Any, Answer]:
        """What the guard says. Raises Unreadable, and whatever goes wrong."""


class LocalGuard:
    """A guard model in this process."""

    def __init__(
        self, generator: "LocalGenerator", form: Format, version: str, least_said: float = LEAST_SAID
    ) -> None:
        self._generator = generator
        self._form = form
        self._least_said = least_said
        self.version = version

    async def answer(self, question: Question, text: str) -> Answer:
        """What the guard says. Raises Unreadable or GenerationError."""
        form = self._form
        request = GenerationRequest(
            (Turn("user", text),),
            Sampling(temperature=0.0, max_new_tokens=_NAMES_TOKENS),
            begun=form.opening,
            template=question.template,
        )
        ways = [(word, lead) for word in form.words for lead in form.leads]
        found = await self._generator.chances(request, [f"{lead}{word}" for word, lead in ways])
        said = sum(found)
        if not said > self._least_said:
            raise Unreadable(f"the guard says none of {', '.join(form.words)}")
        chances = dict.fromkeys(form.words, 0.0)
        for (word, _lead), chance in zip(ways, found, strict=True):
            chances[word] += chance / said
        if not form.listing or 1.0 - chances[form.harmless] < WORTH_NAMING:
            return Answer(chances)
        return Answer(chances, await self._named(request, chances))

    async def _named(self, request: GenerationRequest, chances: dict[str, float]) -> tuple[str, ...]:
        """The categories that the guard goes on with, once it has said that the text is bad."""
        form = self._form
        bad = max((word for word in form.words if word != form.harmless), key=lambda word: chances[word])
        begun = f"{form.opening}{form.leads[0]}{bad}{form.listing}"
        (completion,) = await self._generator.complete(replace(request, begun=begun))
        return form.named_in(completion.text)


async def start_local(settings: GuardSettings, form: Format) -> LocalGuard:
    """The guard of the settings, loaded. Raises GenerationError or ModerationMisconfigured."""
    from genai.engine.generator import LocalGenerator
    from genai.engine.serving import serve
    from genai.settings import GeneratorSettings

    generator = LocalGenerator(
        GeneratorSettings(
            model=settings.model,
            quantization=settings.quantization,
            device=settings.device,
            context_tokens=_CONTEXT_TOKENS,
            thinking=False,
            slots=settings.concurrent,
            queue=10_000,
        ),
        serve,
    )
    await generator.start()
    try:
        version = await asyncio.to_thread(weights_version, settings.model)
    except OSError as error:
        await generator.close()
        raise ModerationMisconfigured(f"the weights of {settings.model} cannot be read: {error}") from error
    return LocalGuard(generator, form, version)


def weights_version(model: str) -> str:
    """The first 12 hexadecimal digits of a SHA-256 over the weights of a folder, a GGUF file or a model of the hub."""
    from huggingface_hub import try_to_load_from_cache

    from genai.model.loading.digests import Digests, models_folder

    place = Path(model).expanduser()
    if not place.exists() and isinstance(cached := try_to_load_from_cache(model, "config.json"), str):
        place = Path(cached).parent
    files = sorted(place.glob("*.safetensors")) if place.is_dir() else [place]
    digests = Digests(models_folder(""))
    return hashlib.sha256("".join(map(digests.of, files)).encode()).hexdigest()[:12]
