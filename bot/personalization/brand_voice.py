"""Learns the voice of a brand from samples: by counting, and in the model's own words where these pass."""

import asyncio
import re
from collections.abc import Awaitable, Callable

from bot.core.domain import Brief, Task, Voice
from bot.core.errors import CommandError
from bot.language import _
from bot.personalization.voice_statistics import VoiceStatistics, description_of, statistics_of

# Learns the voice of a brand from samples: by counting, and in the model's own words where it finds any.
#
# What is learned is a proposal; it is in use once somebody approves it. Words that come back are told in the
# description and not made do-words, which every answer would have to use: samples are about one
# thing, answers about others.


LEAST_WORDS = 30
_MOST_SAMPLE = 1500
_MOST_DESCRIPTION = 300
_REQUEST = (
    "Describe the voice of the following texts in one sentence of at most 200 characters, with three or four "
    "adjectives, and say nothing of what they are about: {samples}"
)
_ADJECTIVES = frozenset(
    """bold calm casual cheerful clear concise confident conversational crisp direct dry earnest elegant emotional
    energetic enthusiastic expert factual formal friendly fun funny gentle honest humble humorous informal inspiring
    intimate ironic light lively matter-of-fact modest neutral nostalgic optimistic passionate personal plain playful
    poetic polite practical precise premium professional proud punchy quiet quirky reassuring relaxed respectful
    sarcastic serious simple sincere sober sophisticated straightforward technical upbeat urgent vivid warm welcoming
    whimsical witty youthful""".split()  # noqa: SIM905
)
_LEAST_ADJECTIVES = 2

Write = Callable[[Brief], Awaitable[str]]
"""One text of the model for a brief; "" where it has none."""


async def learned(samples: str, write: Write | None) -> tuple[Voice, VoiceStatistics]:
    """The voice in the samples; raises CommandError where they are too few."""
    found = await asyncio.to_thread(statistics_of, samples)
    if found.words < LEAST_WORDS:
        raise CommandError(
            _(
                "Give me more to learn from: at least {least} words of texts in that voice. These are {words}.",
                least=LEAST_WORDS,
                words=found.words,
            )
        )
    counted = description_of(found)
    said = await _in_words(samples, write) if write else ""
    description = f"{said} {counted}".strip()
    return Voice(description, voice_examples=found.examples), found


async def _in_words(samples: str, write: Write) -> str:
    """The model's description, if it is one: short, and made of words that describe a voice."""
    text = await write(Brief(Task.CHAT, _REQUEST.format(samples=" ".join(samples.split())[:_MOST_SAMPLE])))
    line = " ".join(text.split()).strip('"“”')
    described = {word for word in re.findall(r"[a-z-]+", line.lower()) if word in _ADJECTIVES}
    return line if len(line) <= _MOST_DESCRIPTION and len(described) >= _LEAST_ADJECTIVES else ""
