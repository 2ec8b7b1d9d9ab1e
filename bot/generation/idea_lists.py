"""Reads lists of ideas while a model writes them, and tells which of their ideas a brief wants.

Works on text before moderation. Knows nothing of channels or storage.
"""

import re
from dataclasses import replace

from bot.core.domain import Brief, Idea, Task
from genai.answers.lists import ListedIdea, ListPart, ListReader, Preamble
from genai.prompts import EXAMPLE_TITLES
from genai.request import Delta

CUT = frozenset({"length", "content_filter", "deadline", "cancelled", "error"})
"""How a text ends that may be cut in the middle; one whose server names no reason may be whole."""
_TITLES = frozenset({Task.NAME, Task.SLOGAN})


class IdeaList:
    """One list as it grows; `ideas` has those whose text is certain to be whole, in their order."""

    def __init__(self, brief: Brief) -> None:
        self._reader = ListReader(brief.count, "titles" if brief.task in _TITLES else "ideas")
        self.ideas: list[Idea] = []
        self.is_done = False
        self.came_whole = False
        """Whether all of it came in one piece, so that nobody is kept waiting who waits for its end."""
        self._pieces = 0
        self.prose = ""
        """What an answer without any idea says; "" where it has one, or was cut off."""

    def add(self, delta: Delta) -> None:
        """Take what was written next."""
        self._pieces += 1
        self._take(self._reader.feed(delta.text))
        if delta.finish:
            self.came_whole = self._pieces == 1
            self.end(delta.finish)

    def end(self, finish: str = "deadline") -> None:
        """Nothing follows; an idea that was cut off is none."""
        if self.is_done:
            return
        self.is_done = True
        rest = self._reader.close()
        if finish in CUT:
            rest = [part for part in rest if isinstance(part, ListedIdea) and part.is_closed]
        self._take(rest)

    def has(self, number: int) -> bool:
        """Whether the idea with that number, from 0, is there, or will never be."""
        return self.is_done or len(self.ideas) > number

    def _take(self, parts: list[ListPart]) -> None:
        """Keep the ideas with all that they say: points, and where a title leads to, stand below the text."""
        for part in parts:
            if isinstance(part, ListedIdea):
                points = ("- " + point.replace("\n", "\n  ") for point in part.points)
                said = "\n".join(filter(None, (part.body, *points, part.link)))
                self.ideas.append(Idea(0, part.title, said))
            elif isinstance(part, Preamble) and self.is_done and not self.ideas:
                self.prose = part.text


def breaks_rules(text: str, brief: Brief) -> bool:
    """Whether `text` has one of the brief's don't-words, or is longer than it may be."""
    if brief.max_characters is not None and len(text) > brief.max_characters:
        return True
    return any(
        re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE)
        for word in brief.preferences.avoid_words
    )


def is_wanted(idea: Idea, brief: Brief) -> bool:
    """Whether the idea says something, keeps to the brief's rules, and is none that was there before."""
    if not idea.body and not idea.title:
        return False
    known = {title.casefold() for title in (*brief.already, *EXAMPLE_TITLES)}
    if (idea.title or idea.body).casefold() in known:
        return False
    text = (idea.title or idea.body) if brief.task is Task.NAME else f"{idea.title}: {idea.body}".strip(": ")
    if brief.max_characters is not None and len(text) > brief.max_characters:
        return False
    free = replace(brief, max_characters=None)
    return not (free.preferences.avoid_words and breaks_rules(f"{idea.title} {idea.body}", free))
