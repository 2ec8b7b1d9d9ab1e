"""Quality control: the right number of distinct ideas, no don't-words, nothing over its length.

Works on text as the model writes it, before moderation. Knows nothing of channels or storage.
"""

import re
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import replace

from bot.domain import Brief, Idea
from bot.ideas import format_idea, is_same, parse_idea

ATTEMPTS = 4
"""How often the model is asked before an incomplete list is accepted."""

Generate = Callable[[Brief, int], AsyncGenerator[str]]
"""Text deltas for a brief, closed by a line end when the model finished by itself.

The number is the attempt, which changes the seed.
"""


def breaks_rules(text: str, brief: Brief) -> bool:
    """Whether `text` has one of the brief's don't-words, or is longer than it may be."""
    if brief.max_characters is not None and len(text) > brief.max_characters:
        return True
    return any(
        re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE)
        for word in brief.preferences.avoid_words
    )


async def numbered_ideas(brief: Brief, generate: Generate) -> AsyncGenerator[str]:
    """Lines of exactly `brief.count` distinct ideas where the model has them, each once complete."""
    kept: list[Idea] = []
    for attempt in range(ATTEMPTS):
        missing = brief.count - len(kept)
        titles = (*brief.already, *(idea.title or idea.body for idea in kept))
        async with aclosing(
            _lines(generate(replace(brief, count=missing, already=titles), attempt))
        ) as lines:
            async for line in lines:
                idea = parse_idea(line, len(kept) + 1)
                if idea is None or not _is_wanted(idea, kept, brief):
                    continue
                kept.append(idea)
                yield format_idea(idea) + "\n"
                if len(kept) == brief.count:
                    return


async def within_rules(brief: Brief, generate: Generate) -> str | None:
    """The first whole text that keeps to the brief's rules, or None after the last attempt."""
    for attempt in range(ATTEMPTS):
        async with aclosing(generate(brief, attempt)) as deltas:
            text = "".join([delta async for delta in deltas]).strip()
        if text and not breaks_rules(text, brief):
            return text
    return None


def _is_wanted(idea: Idea, kept: Sequence[Idea], brief: Brief) -> bool:
    if not idea.body and not idea.title:
        return False
    if breaks_rules(f"{idea.title} {idea.body}", replace(brief, max_characters=None)):
        return False
    return not any(is_same(idea, other) for other in kept)


async def _lines(deltas: AsyncGenerator[str]) -> AsyncGenerator[str]:
    """Complete lines only: an unfinished last one was cut off and is not an idea."""
    unfinished = ""
    async with aclosing(deltas):
        async for delta in deltas:
            *complete, unfinished = (unfinished + delta).split("\n")
            for line in complete:
                yield line
