"""A board as its page has it: the whole, and what has changed since a version that a browser has, in one language.

Made once for all who watch in that language, not for each of them.
"""

import json
import time
from typing import Any

from adapters.web.board_map import Disc, box_of, dots_of, regions_of
from adapters.web.pages import Pages
from bot.language import _, ngettext
from bot.session.board_facts import BoardFacts, IdeaFacts, facts_of
from bot.session.live_boards import BoardState

_LABEL_CHARACTER = 34
"""Width of a letter of a region's name on the map."""
_TOLD = 3
"""New ideas that are read out by name; of more their number is."""


class BoardMarkup:
    """One board in one language. Each `update` takes a newer state than before."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages
        self._begun = f"{time.time_ns():x}"  # versions of another reader are not these
        self._cards: dict[int, tuple[int, IdeaFacts, str]] = {}
        self._messages: dict[int, bytes] = {}
        self.version = 0
        self.facts: BoardFacts | None = None
        self._map: dict[str, Any] = {}

    def update(self, state: BoardState) -> None:
        """Draws what has changed. Takes some milliseconds for a large board."""
        if state.version <= self.version:
            return
        self._messages.clear()
        self.version = state.version
        self.facts = facts_of(state.shown)
        ideas = [idea for theme in self.facts.themes for idea in theme.ideas]
        before = self._cards
        self._cards = {idea.number: self._card(idea, before.get(idea.number)) for idea in ideas}
        regions = regions_of(state.shown.board)
        dots = dots_of(state.shown.board, regions)
        self._map = {
            "box": " ".join(map(str, box_of(regions))),
            "regions": [
                [theme.key, *region.rounded(), _label(theme.heading, region)]
                for theme, region in zip(self.facts.themes, regions, strict=True)
            ],
            "dots": {idea.number: [*dots[idea.number].rounded()] for idea in ideas},
        }

    def _card(self, idea: IdeaFacts, before: tuple[int, IdeaFacts, str] | None) -> tuple[int, IdeaFacts, str]:
        if before is not None and before[1] == idea:
            return before
        return self.version, idea, self._pages.text("idea.html", idea=idea)

    def for_page(self) -> dict[str, Any]:
        """What the page's template is filled with."""
        return {
            "board": self.facts,
            "cards": {number: markup for number, (_version, _idea, markup) in self._cards.items()},
            "head": self._head(),
            "map": self._map,
            "mark": self.mark,
            "now": int(time.time() * 1000),
        }

    @property
    def mark(self) -> str:
        """The version, as a browser gives it back."""
        return f"{self._begun}-{self.version}"

    def message(self, seen: str) -> bytes:
        """An event for a browser that has seen a version: the order of all, and the ideas that it lacks."""
        begun, _dash, version = seen.partition("-")
        since = int(version) if begun == self._begun and version.isdecimal() else 0
        since = since if since <= self.version else 0
        if since not in self._messages:
            self._messages[since] = self._event(since)
        return self._messages[since]

    def _event(self, since: int) -> bytes:
        assert self.facts is not None  # noqa: S101 - there is none before the first update
        new = {number: markup for number, (at, _idea, markup) in self._cards.items() if at > since}
        value = {
            "head": self._head(),
            "themes": [
                [theme.key, theme.heading, theme.count, [idea.number for idea in theme.ideas]]
                for theme in self.facts.themes
            ],
            "cards": new,
            "map": self._map,
            "says": self._said(new) if since else "",
        }
        told = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        return f"id: {self.mark}\ndata: {told}\n\n".encode()

    def _head(self) -> str:
        return self._pages.text("board_head.html", board=self.facts)

    def _said(self, new: dict[int, str]) -> str:
        """What a screen reader reads out."""
        if len(new) > _TOLD:
            return ngettext("{count} idea has changed.", "{count} ideas have changed.", len(new))
        return " ".join(
            _("Idea {number}: {title}", number=number, title=self._cards[number][1].title) for number in new
        )


def _label(heading: str, region: Disc) -> str:
    """The region's name as far as it has room."""
    most = max(3, int(region.r * 1.5 / _LABEL_CHARACTER))
    return heading if len(heading) <= most else heading[: most - 1].rstrip() + "…"
