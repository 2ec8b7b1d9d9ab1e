"""Makes the generator that the settings ask for; what each needs is imported only then."""

from genai.request import Generator
from genai.settings import GeneratorSettings


def load(settings: GeneratorSettings) -> Generator:
    """The generator that the settings ask for, not yet started."""
    if settings.backend == "openai":
        from genai.remote.generator import RemoteGenerator

        return RemoteGenerator(settings)
    from genai.engine.generator import LocalGenerator  # torch takes seconds to import
    from genai.engine.serving import serve

    return LocalGenerator(settings, serve)
