"""What the streaming gate adds: time to first shown text against waiting for the whole reply, in one run.

    python benchmarks/moderation_gate.py [--replies 32] [--tokens 120] [--tokens-per-second 20]

A scripted stream stands for the model, at a steady rate, so that the ratio does not depend on a model's speed.
Prints one JSON object.
"""

import argparse
import asyncio
import json
import statistics
import time
from collections.abc import AsyncIterator

from genai.moderation import Gate, ModerationSettings, Moderator, Passed, load

WORDS = [
    "1.",
    "**Stamp",
    "Card**:",
    "Give",
    "every",
    "guest",
    "a",
    "card",
    "and",
    "a",
    "free",
    "cup",
    "after",
    "ten",
    "visits.",
    "Staff",
    "stamp",
    "it",
    "at",
    "the",
    "till.",
    "2.",
    "**Swap",
    "Shelf**:",
    "Put",
    "a",
    "shelf",
    "by",
    "the",
    "door",
    "where",
    "neighbours",
    "swap",
    "clean",
    "cups,",
    "and",
    "count",
    "them",
    "each",
    "week.",
    "3.",
    "**Quiet",
    "Hour**:",
    "Open",
    "an",
    "hour",
    "early",
    "for",
    "people",
    "who",
    "bring",
    "their",
    "own",
    "cup.",
    "Serve",
    "them",
    "first,",
    "with",
    "a",
    "smile.",
    "4.",
    "**Cup",
    "Tour**:",
    "Print",
    "a",
    "map",
    "of",
    "all",
    "shops",
    "in",
    "the",
    "street",
    "that",
    "take",
    "part,",
    "and",
    "hand",
    "it",
    "out",
    "at",
    "the",
    "station.",
    "5.",
    "**Wall",
    "of",
    "Cups**:",
    "Let",
    "each",
    "regular",
    "paint",
    "a",
    "cup",
    "of",
    "their",
    "own",
    "and",
    "hang",
    "it",
    "on",
    "the",
    "wall",
    "until",
    "they",
    "come.",
    "",
]


async def reply(tokens: int, seconds: float) -> AsyncIterator[str]:
    for number in range(tokens):
        await asyncio.sleep(seconds)
        yield WORDS[number % len(WORDS)] + " "


async def streamed(moderator: Moderator, tokens: int, seconds: float) -> tuple[float, float]:
    """Seconds to the first shown piece, and to the end."""
    began, first = time.perf_counter(), 0.0
    async for event in Gate(moderator).pieces(reply(tokens, seconds)):
        assert isinstance(event, Passed), event
        first = first or time.perf_counter() - began
    return first, time.perf_counter() - began


async def whole(moderator: Moderator, tokens: int, seconds: float) -> float:
    """Seconds until all of the reply is there and checked at once."""
    began = time.perf_counter()
    passed, _ = await moderator.passed("".join([piece async for piece in reply(tokens, seconds)]))
    assert passed is not None
    return time.perf_counter() - began


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replies", type=int, default=32)
    parser.add_argument("--tokens", type=int, default=120)
    parser.add_argument("--tokens-per-second", type=float, default=20.0)
    chosen = parser.parse_args()
    moderator = load(ModerationSettings())
    await moderator.start()
    await moderator.check(" ".join(WORDS))
    at = chosen.tokens, 1 / chosen.tokens_per_second
    waited = await asyncio.gather(*(whole(moderator, *at) for _ in range(chosen.replies)))
    shown = await asyncio.gather(*(streamed(moderator, *at) for _ in range(chosen.replies)))
    await moderator.close()
    first = [seconds for seconds, _ in shown]
    print(
        json.dumps(
            {
                **vars(chosen),
                "whole_reply_s": round(statistics.median(waited), 3),
                "first_text_s": round(statistics.median(first), 3),
                "first_text_p99_s": round(sorted(first)[int(0.99 * (len(first) - 1))], 3),
                "last_text_s": round(statistics.median(end for _, end in shown), 3),
                "ratio": round(statistics.median(first) / statistics.median(waited), 3),
            }
        )
    )


asyncio.run(main())
