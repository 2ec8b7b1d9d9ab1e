"""Rates the beginnings of all methods where nothing was asked, and keeps that beside the embedded model's adapter.

python -m benchmarks.deck_ratings     # after another adapter, or another deck; half a minute
"""

import asyncio

from genai.engine.generator import LocalGenerator
from genai.methods import deck
from genai.model.loading.embedded_model import EMBEDDED, embedded_adapter
from genai.model.loading.known_ratings import forget_ratings, write_ratings
from genai.prompts import Brief, Task, unasked_turns
from genai.request import GenerationRequest
from genai.settings import GeneratorSettings

_TOGETHER = 16


async def rated(texts: list[str]) -> dict[str, float]:
    """How likely the embedded model finds each text where nothing was asked."""
    generator = LocalGenerator(GeneratorSettings(model=EMBEDDED))
    await generator.start()
    request = GenerationRequest(unasked_turns(Brief(Task.BRAINSTORM, "")), deadline_seconds=600)
    try:
        found: list[float] = []
        for first in range(0, len(texts), _TOGETHER):
            found += await generator.rate(request, texts[first : first + _TOGETHER])
    finally:
        await generator.close()
    return dict(zip(texts, found, strict=True))


def main() -> None:
    """Write them."""
    adapter = embedded_adapter()
    if adapter is None:
        raise SystemExit("The embedded model's adapter is missing.")
    forget_ratings(adapter)  # they would be given instead
    likely = asyncio.run(rated([method.opening(1) for method in deck()]))
    write_ratings(adapter, unasked_turns(Brief(Task.BRAINSTORM, "")), likely)
    print(f"{len(likely)} beginnings rated")


if __name__ == "__main__":
    main()
