"""What themes of a board are called: the model's names where they fit, else a word that a theme's ideas share."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace

from bot.board.themes import grown, said
from bot.core.domain import Brief, Task
from bot.session.checked_text import Speech, Write
from genai.errors import GenerationError
from genai.likeness.group_names import are_fitting
from storage.repositories import Repositories
from storage.values.brainstorms import CardOnBoard, KeptTheme, StoredBrainstorm

log = logging.getLogger("riff.session")

_SECONDS = 6.0
"""People wait for the board meanwhile."""
_LONGEST, _MOST_WORDS = 32, 5
_TOLD = 6
"""Ideas of each theme that the model is told."""
_LETTERS = "ABCDEFGH"
_ASKED = (
    "Ideas about {topic} were put into groups. Give each group a name of one to four words that says what its ideas "
    "have in common, in the language of the ideas. Answer with one line a group: its letter, a colon and the name.\n"
)
_MARKS = " \t*_#\"'“”‘’「」.,;。"


async def with_themes(
    repositories: Repositories, speech: Speech, brainstorm: StoredBrainstorm, write: Write
) -> StoredBrainstorm:
    """The brainstorm with a theme for each of its ideas that has one, kept from now on under the names given."""
    cards = await repositories.boards.cards(brainstorm.id)
    topic, kept = brainstorm.plan.topic, brainstorm.themes
    found = await asyncio.to_thread(grown, topic, cards, kept)
    fresh = found[len(kept) :]
    if fresh:
        names = await _names(topic, cards, found, len(kept), write, speech)
        fresh = [replace(theme, name=name or theme.name) for theme, name in zip(fresh, names, strict=True)]
    themes = found[: len(kept)]
    for theme in fresh:
        if theme.name and all(theme.name.casefold() != other.name.casefold() for other in themes):
            themes.append(theme)
    if tuple(themes) == kept:
        return brainstorm
    return replace(
        brainstorm, themes=tuple(await repositories.brainstorms.keep_themes(brainstorm.id, kept, themes))
    )


async def _names(
    topic: str,
    cards: Sequence[CardOnBoard],
    themes: Sequence[KeptTheme],
    known: int,
    write: Write,
    speech: Speech,
) -> list[str]:
    """The model's name for each theme after the `known` ones; "" where it has none in time, or none that fits."""
    text_of = {card.id: said(card) for card in cards}
    title_of = {card.id: card.title for card in cards}
    ideas = [[title_of[idea] for idea in theme.ideas[:_TOLD]] for theme in themes[known:]]
    written = await _written(topic, ideas, write)
    proposed = [*(theme.name for theme in themes[:known]), *_read(written, len(ideas), topic)]
    groups = [[text_of[idea] for idea in theme.ideas if idea in text_of] for theme in themes]
    here = [at for at, (name, group) in enumerate(zip(proposed, groups, strict=True)) if name and group]
    fits = await asyncio.to_thread(are_fitting, [proposed[at] for at in here], [groups[at] for at in here])
    good = {at for at, is_good in zip(here, fits, strict=True) if is_good and at >= known}
    passed = await speech.written([proposed[at] for at in sorted(good)])
    text_at = {at: one.text for at, one in zip(sorted(good), passed, strict=True) if one}
    return [text_at.get(at, "") for at in range(known, len(themes))]


async def _written(topic: str, ideas: Sequence[Sequence[str]], write: Write) -> str:
    groups = (f"{letter}: {'; '.join(titles)}" for letter, titles in zip(_LETTERS, ideas, strict=False))
    asked = _ASKED.format(topic=topic) + "\n".join(groups)
    try:
        async with asyncio.timeout(_SECONDS):
            return await write(Brief(Task.CHAT, asked))
    except (TimeoutError, GenerationError) as error:
        log.warning("the themes of a board are named without the model: %s", error or "too slow")
        return ""


def _read(written: str, count: int, topic: str) -> list[str]:
    """The names in what the model wrote, by the letters of their groups; none that is none, or given twice."""
    found = [""] * count
    for line in written.splitlines():
        letter, _colon, name = line.replace("：", ":").partition(":")
        at = _LETTERS.find(letter.strip(_MARKS)[-1:] or "?")
        name = name.strip(_MARKS)
        taken = {other.casefold() for other in (*found, topic)}
        if 0 <= at < count and not found[at] and name.casefold() not in taken and _is_name(name):
            found[at] = name
    return found


def _is_name(text: str) -> bool:
    return 2 <= len(text) <= _LONGEST and len(text.split()) <= _MOST_WORDS and ":" not in text
