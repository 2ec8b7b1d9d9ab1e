"""Briefs about ideas that were shown before: others in their place, and more like some of them."""

from collections.abc import Sequence

from bot.core.domain import Brief, StoredIdea, Task

_LISTS = frozenset({Task.SLOGAN, Task.NAME, Task.RECOMMEND})


def others(idea: StoredIdea, subject: str, count: int, already: tuple[str, ...]) -> Brief:
    """The brief that gives others in the place of an idea; of copy, further versions."""
    if idea.task == Task.COPY:
        return Brief(Task.COPY, idea.topic, variants=count)
    return Brief(list_task(idea), subject, count, already=already)


def more_like(ideas: Sequence[StoredIdea], siblings: Sequence[StoredIdea], count: int) -> Brief:
    """Ideas in the spirit of some, unlike all that stand beside them."""
    first, named = ideas[0], " and ".join(titles_of(ideas))
    return others(first, f"{first.topic}, in the spirit of {named}", count, titles_of(siblings))


def list_task(idea: StoredIdea) -> Task:
    """The task whose answer is a list of such ideas."""
    task = Task(idea.task) if idea.task in set(Task) else Task.BRAINSTORM
    return task if task in _LISTS else Task.BRAINSTORM


def titles_of(ideas: Sequence[StoredIdea]) -> tuple[str, ...]:
    """What the ideas are called."""
    return tuple(idea.title or idea.body for idea in ideas)
