"""Fits what a model writes as the rest of a text to what is there. Pure of models and channels."""

import re
from collections.abc import AsyncGenerator
from contextlib import aclosing

_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+|(?<=[。！？])|\n+")


async def rest_of(kept: str, deltas: AsyncGenerator[str]) -> AsyncGenerator[str]:
    """What follows the `kept` text: without white space that is there already, and without what the model repeats.

    A model that is asked to go on may begin with the whole of its text, its last paragraph or its last sentence again.
    """
    begins = _begins(kept)
    is_spaced, came = not kept or kept[-1].isspace(), ""
    is_open = True
    async with aclosing(deltas):
        async for delta in deltas:
            if not is_open:
                yield delta
                continue
            came = (came + delta).lstrip() if is_spaced else came + delta
            if any(begin.startswith(came.strip()) for begin in begins) or not came:
                continue  # it may be a repetition so far
            is_open = False
            yield _without_repetition(came, begins, is_spaced)
    if is_open and came and came.strip() not in begins:
        yield came


def _begins(kept: str) -> tuple[str, ...]:
    """The texts that would be repetitions, the longest first."""
    whole = kept.strip()
    sentences = [part for part in _SENTENCE_END.split(whole) if part.strip()]
    parts = (whole, whole.rpartition("\n")[2].strip(), sentences[-1].strip() if sentences else "")
    return tuple(dict.fromkeys(part for part in parts if part))


def _without_repetition(text: str, begins: tuple[str, ...], is_spaced: bool) -> str:
    bare = text.lstrip()
    for begin in begins:
        if bare.startswith(begin) and not (bare[len(begin) :][:1].isalnum() and begin[-1].isalnum()):
            rest = bare[len(begin) :]
            return rest.lstrip() if is_spaced else rest
    return text
