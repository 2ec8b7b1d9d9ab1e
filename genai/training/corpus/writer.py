"""Writes the pieces of an answer: draws corpus lines without repetition and fills them for one brief."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import Random
from typing import TypeVar

from genai.prompts import Brief
from genai.training.corpus.expand import expand
from genai.training.corpus.library import Library, Pattern

Option = TypeVar("Option")


@dataclass(frozen=True, slots=True)
class Writer:
    """Fills corpus lines for one brief; keeps away from the words that the brief forbids."""

    library: Library
    brief: Brief
    rng: Random

    @property
    def tone(self) -> str:
        """The tone asked for; plain where none is."""
        return self.brief.preferences.tone or "plain"

    def fill(self, line: str, **values: str) -> str:
        """Expand a line with the brief's topic, audience and interest."""
        wanted = self.brief.preferences
        known = {"topic": self.brief.subject, "count": str(self.brief.count)}
        if wanted.audience:
            known["audience"] = wanted.audience
        if wanted.interests:
            known["interest"] = self.rng.choice(wanted.interests)
        if wanted.role:
            known["persons_role"] = wanted.role
        return expand(line, self.library.words, known | values, self.rng)

    def line(self, name: str, **values: str) -> str:
        """One filled line of `name` in the brief's tone."""
        return self.lines(name, 1, **values)[0]

    def lines(self, name: str, count: int, **values: str) -> list[str]:
        """`count` filled lines of `name` in the brief's tone, from different corpus lines."""
        options = self.library.toned_lines(name, self.tone)
        return self._acceptable((self.fill(option, **values) for option in self._shuffled(options)), count)

    def ideas(self, patterns: Sequence[Pattern], count: int, **values: str) -> list[tuple[str, str]]:
        """`count` titles and texts from different patterns, none with a title that exists already."""
        taken = {title.lower() for title in self.brief.already}
        found: list[tuple[str, str]] = []
        spare: list[tuple[str, str]] = []
        for pattern in self._shuffled(patterns):
            title, text = self.fill(pattern.title, **values), self.fill(pattern.text, **values)
            if title.lower() in taken:
                continue
            taken.add(title.lower())
            (spare if self.forbidden(f"{title} {text}") else found).append((title, text))
            if len(found) == count:
                return found
        return (found + spare)[:count]

    def forbidden(self, text: str) -> bool:
        """Whether the text holds a word that the brief says never to use."""
        words = self.brief.preferences.avoid_words
        return any(re.search(rf"\b{re.escape(word)}\b", text, re.IGNORECASE) for word in words)

    def _acceptable(self, candidates: Iterable[str], count: int) -> list[str]:
        kept: list[str] = []
        fallback: list[str] = []
        for candidate in candidates:
            (fallback if self.forbidden(candidate) else kept).append(candidate)
            if len(kept) == count:
                return kept
        return (kept + fallback)[:count]

    def _shuffled(self, options: Sequence[Option]) -> list[Option]:
        return self.rng.sample(options, k=len(options))
