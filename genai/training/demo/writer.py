"""Writes the pieces of an answer: draws corpus lines without repetition and fills them for one brief."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from random import Random
from typing import TypeVar

from genai.prompts import Brief
from genai.training.demo.library import Library, Pattern, expand

Option = TypeVar("Option")
Filled = TypeVar("Filled")

_ATTEMPTS = 4


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
        """`count` titles and texts from different patterns, none with a title that exists already.

        They keep the order of the patterns, which is thought of as a circle. A model that has learnt the order
        repeats nothing as long as it goes forward, so it need not compare each title with all before it.
        """
        taken = {title.lower() for title in self.brief.already}
        places = {pattern.title.lower(): place for place, pattern in enumerate(patterns)}
        known = [places[title.lower()] for title in self.brief.already if title.lower() in places]

        def filled(pattern: Pattern) -> tuple[str, str] | None:
            title, text = self.fill(pattern.title, **values), self.fill(pattern.text, **values)
            return None if title.lower() in taken or self.forbidden(f"{title} {text}") else (title, text)

        return (
            self._around(patterns, count, filled, known[-1] if known else -1, len(known))
            or [
                (self.fill(pattern.title, **values), self.fill(pattern.text, **values))
                for pattern in patterns
                if pattern.title.lower() not in taken
            ][:count]
        )

    def ordered_lines(self, name: str, count: int, **values: str) -> list[str]:
        """As `lines`, but in the order of the corpus, taken as a circle."""
        options = self.library.toned_lines(name, self.tone)

        def filled(option: str) -> str | None:
            text = self.fill(option, **values)
            return None if self.forbidden(text) else text

        return self._around(options, count, filled) or self.lines(name, count, **values)

    def _around(
        self,
        options: Sequence[Option],
        count: int,
        filled: Callable[[Option], Filled | None],
        start: int = -1,
        before: int = 0,
    ) -> list[Filled]:
        """Go forward by random steps until `count` options could be filled; empty where that cannot be."""
        for attempt in range(_ATTEMPTS):
            widest = max(1, len(options) // (count + before)) if attempt < _ATTEMPTS - 1 else 1
            place = start if start >= 0 else self.rng.randrange(len(options))
            found: list[Filled] = []
            gone = 0
            while gone < len(options) and len(found) < count:
                step = self.rng.randint(1, widest)
                gone += step
                place = (place + step) % len(options)
                if gone <= len(options) and (item := self._filled(options[place], filled)) is not None:
                    found.append(item)
            if len(found) == count:
                return found
        return []

    def _filled(self, option: Option, filled: Callable[[Option], Filled | None]) -> Filled | None:
        """Slots may draw a forbidden word once and another the next time."""
        return next((item for _ in range(3) if (item := filled(option)) is not None), None)

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
