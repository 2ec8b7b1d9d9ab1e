"""What people ask for in their own words, without a command: as the command that it stands for, or as a brief.

Patterns decide, and only where they are certain (`genai.answers.requests`); all else is talk. What is said of a list is
meant for the one before it in the thread or reply chain; what names its ideas by number, for the channel's last one
where there is none.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.config.settings import LimitSettings
from bot.core.domain import Brief, Incoming, Invocation, StoredIdea, Task, Value
from bot.interactions.follow_up_briefs import list_task, more_like, others, titles_of
from bot.language import _, language_name
from genai.answers.requests import Asked, Intent, understand
from genai.prompts import LIST_TASKS
from storage.repositories import Repositories

_TALK = frozenset({Intent.ABOUT, Intent.RECALL, Intent.OTHERS, Intent.SMALL_TALK})
_IN_VERSIONS = frozenset({Task.AD, Task.COPY})
_MOST_VERSIONS = 5
_ONE_BY_ONE = frozenset({Task.NAME, Task.SLOGAN})


@dataclass(frozen=True, slots=True)
class Meant:
    """A command, and what was said beyond its options: a wish, and the language."""

    invocation: Invocation
    wish: str = ""
    language: str = ""

    def fit(self, brief: Brief) -> Brief:
        """The brief with these."""
        return with_wish(brief, self.wish, self.language)


class OwnWords:
    """Reads messages without a command."""

    def __init__(self, repositories: Repositories, limits: LimitSettings) -> None:
        self._repositories = repositories
        self._limits = limits

    async def read(
        self, text: str, incoming: Incoming, conversation_id: int, person_id: int
    ) -> Meant | Brief | None:
        """What is meant; None for talk, and where that is not certain."""
        asked = None if _("Attached file:") in text else understand(text)
        if asked is None or asked.intent in _TALK:
            return None
        if not asked.is_about_list:
            return made(asked, self._limits)
        if asked.intent is Intent.MAKE and await self._repositories.brainstorms.running_in(incoming.place):
            return made(asked, self._limits)
        listed = self._repositories.ideas
        ideas, is_latest = await listed.last_list(conversation_id, person_id, incoming.chain)
        if not ideas and asked.items:  # a mention in the channel means the list that stands above it
            ideas = await listed.last_list_in_channel(incoming.place, person_id)
        asked = understand(text, len(ideas))
        if asked is None or not ideas or not (is_latest or asked.items):
            return None
        return made(asked, self._limits) if asked.intent is Intent.MAKE else self._follow_up(asked, ideas)

    def _follow_up(self, asked: Asked, ideas: Sequence[StoredIdea]) -> Brief:
        """More ideas, more like some of them, or some of them in another way."""
        chosen = [ideas[number - 1] for number in asked.items] or list(ideas)
        count = min(asked.count or len(ideas), self._limits.ideas)
        if asked.intent is Intent.CHANGE:
            return _changed(asked, chosen)
        if asked.intent is Intent.ALIKE and asked.items:
            brief = more_like(chosen, ideas, min(asked.count or 3, self._limits.ideas))
        else:
            brief = others(ideas[0], ideas[0].topic, count, titles_of(ideas))
        return with_wish(brief, asked.wish, asked.language)


def about_others(text: str) -> Invocation | None:
    """The command that shows what other people were given, where that is asked for; it is answered in private."""
    asked = understand(text)
    if asked is None or asked.intent is not Intent.OTHERS:
        return None
    return Invocation("recall", "", {"words": asked.subject, "others": True})


def made(asked: Asked, limits: LimitSettings) -> Meant | None:
    """The command of a task; None for what is no task."""
    if asked.task is None:
        return None
    values: dict[str, Value] = {"topic": asked.subject or " and ".join(map(str, asked.items))}
    if asked.count and asked.task in LIST_TASKS:
        values["count"] = min(asked.count, limits.ideas)
    elif asked.count and asked.task in _IN_VERSIONS:
        values["variants"] = min(asked.count, _MOST_VERSIONS)
    return Meant(Invocation(asked.task.value, "", values), asked.wish, asked.language)


def _changed(asked: Asked, chosen: Sequence[StoredIdea]) -> Brief:
    """The same ideas, one for one, as they are wanted now; a single one is improved."""
    first = chosen[0]
    lines = [f"{idea.title}: {idea.body}".strip(": ") for idea in chosen]
    task = list_task(first)
    if len(chosen) == 1 and asked.wish and task not in _ONE_BY_ONE:
        brief = Brief(Task.IMPROVE, lines[0], details=(f"Focus: {asked.wish}",))
        return with_wish(brief, "", asked.language)
    brief = Brief(
        task, first.topic, len(chosen), notes=(("Write these anew, one for one", "; ".join(lines)),)
    )
    return with_wish(brief, asked.wish, asked.language)


def with_wish(brief: Brief, wish: str, language: str) -> Brief:
    """The brief with how it should be, in the person's words, and in which language, by its code."""
    preferences = brief.preferences
    if language:
        preferences = replace(preferences, language=language_name(language) or language)
    notes = (*brief.notes, ("Wish", wish)) if wish else brief.notes
    return replace(brief, notes=notes, preferences=preferences)
