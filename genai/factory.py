"""Makes the generator that the settings ask for; what each needs is imported only then."""

import os

from genai.request import Generator
from genai.settings import GeneratorSettings


def load(settings: GeneratorSettings) -> Generator:
    """The generator that the settings ask for, not yet started."""
    if settings.backend == "openai":
        from genai.remote.generator import RemoteGenerator

        return RemoteGenerator(settings)
    wait_briefly()
    from genai.engine.generator import LocalGenerator  # torch takes seconds to import
    from genai.engine.serving import serve

    return LocalGenerator(settings, serve)


def wait_briefly() -> None:
    """Let PyTorch's threads sleep soon when there is nothing to do, instead of keeping a core busy for milliseconds.

    Its OpenMP reads this once, when PyTorch is first imported. Beside a busy neighbour a step of two threads that
    spin as long as they do by default takes ten times as long.
    """
    os.environ.setdefault("GOMP_SPINCOUNT", "2000")
