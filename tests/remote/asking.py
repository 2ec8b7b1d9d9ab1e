"""A remote generator over servers of a test, and what it is asked."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from genai.remote.generator import RemoteGenerator
from genai.request import Completion, GenerationRequest, Sampling, Turn
from genai.settings import GeneratorSettings
from tests.support.openai_server import Server

QUESTION = (Turn("system", "Be kind."), Turn("user", "Hi?"))


@asynccontextmanager
async def asked(*servers: Server, **settings: object) -> AsyncIterator[RemoteGenerator]:
    """A generator that asks the servers, until the end."""
    values: dict[str, object] = {"model": "m", "timeout_seconds": 2.0, **settings}
    urls = [server.url for server in servers]
    generator = RemoteGenerator(GeneratorSettings(backend="openai", base_url=urls, **values))  # type: ignore[arg-type]
    await generator.start()
    try:
        yield generator
    finally:
        await generator.close()


async def answer_of(
    generator: RemoteGenerator, turns: tuple[Turn, ...] = QUESTION, sampling: Sampling | None = None
) -> Completion:
    """The one answer to the turns."""
    request = GenerationRequest(
        turns, sampling or Sampling(seed=1, top_k=5, stop=("END",)), deadline_seconds=30
    )
    (answer,) = await generator.complete(request)
    return answer
