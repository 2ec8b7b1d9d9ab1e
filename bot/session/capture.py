"""Takes ideas out of what people write in a brainstorm, and knows which of them the board has already."""

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.core.domain import Idea
from bot.core.errors import CommandError
from bot.core.ideas import comparable
from bot.language import _
from genai.answers.ideas.idea_text import read_idea
from genai.answers.markdown.marks import read_mark
from genai.likeness.measure import FITTED, Likeness, likeness
from genai.likeness.pair_features import Matrix
from genai.likeness.text_views import is_written_together
from genai.reranking.settings import RerankingSettings
from genai.text import NGRAMS, telling_words
from storage.repositories import Repositories
from storage.values.brainstorms import NewBoardIdea, StoredBrainstorm

_SAME_WORDS, _LEAST_SHARED = 0.7, 2
_ANY_IDEA = frozenset({"instead", "replace", "use", "using", "make", "making", "put", "let", "idea"})
"""Words that any idea may have."""
_DENIES = re.compile(r"\b(?:no|not|never|without|nothing)\b|n't\b|[不没无非]", re.IGNORECASE)

Text = tuple[int, str, str]
"""An idea's id, title and body."""


class BoardLikeness:
    """Compares ideas as quality control does."""

    def __init__(self, settings: RerankingSettings) -> None:
        self._settings = settings

    async def twins(self, topic: str, board: Sequence[Text], fresh: frozenset[int]) -> dict[int, int]:
        """For each of the `fresh` ideas that says the same as an older one, the id of that one.

        `board` is in the order of arrival.
        """
        return await asyncio.to_thread(self._twins, topic, board, fresh)

    async def are_new(self, topic: str, board: Sequence[Text], texts: Sequence[str]) -> list[bool]:
        """For each of `texts` whether no idea of the board says the same."""
        return await asyncio.to_thread(self._are_new, topic, board, texts)

    async def nearest(self, topic: str, board: Sequence[Text], texts: Sequence[str]) -> list[float]:
        """For each of `texts` how like the likest idea of the board is to it, from 0 to 1."""
        return await asyncio.to_thread(self._nearest, topic, board, texts)

    def _are_new(self, topic: str, board: Sequence[Text], texts: Sequence[str]) -> list[bool]:
        limit = self._limit(likeness(self._settings.similarity_model))
        return [value < limit for value in self._nearest(topic, board, texts)]

    def _nearest(self, topic: str, board: Sequence[Text], texts: Sequence[str]) -> list[float]:
        measure = likeness(self._settings.similarity_model)
        closest = measure.pairwise(texts, _compared(topic, board)).max(axis=1, initial=0.0)
        return [float(value) for value in closest]

    def _twins(self, topic: str, board: Sequence[Text], fresh: frozenset[int]) -> dict[int, int]:
        measure = likeness(self._settings.similarity_model)
        limit = self._limit(measure)
        texts = _compared(topic, board)
        asked = [at for at, text in enumerate(board) if text[0] in fresh and at]
        rows = self._agreed(measure, [texts[at] for at in asked], texts)
        said = [f"{title} {body}" for _id, title, body in board]
        found: dict[int, int] = {}
        for at, alike in zip(asked, rows, strict=True):
            open_ones = [place for place in range(at) if board[place][0] not in found]
            nearest = max(open_ones, key=alike.__getitem__)
            if alike[nearest] < limit:
                nearest = next((place for place in open_ones if has_same_words(said[place], said[at])), -1)
            if nearest >= 0:
                found[board[at][0]] = board[nearest][0]
        return found

    def _agreed(self, measure: Likeness, fresh: Sequence[str], texts: Sequence[str]) -> Matrix:
        """How alike, 0 where letters say otherwise: a cork lid is no felt lid, which short texts hide from the fit.

        People's own ideas are merged, so a wrong one costs more than one that stands twice. Letters tell little of
        languages without spaces.
        """
        rows = measure.pairwise(fresh, texts)
        if self._settings.similarity_model != FITTED:
            return rows
        letters = likeness(NGRAMS)
        apart = letters.pairwise(fresh, texts) < letters.thresholds.duplicate
        apart[[is_written_together(text) for text in fresh]] = False
        return np.where(apart, 0.0, rows)

    def _limit(self, measure: Likeness) -> float:
        return self._settings.duplicate_threshold or measure.thresholds.duplicate


def _compared(topic: str, board: Sequence[Text]) -> list[str]:
    return [comparable(Idea(0, title, body), topic) for _id, title, body in board]


def has_same_words(one: str, other: str) -> bool:
    """Whether two texts say nearly the same in another order: most of their telling words are shared.

    By the Jaccard index; a text that denies is not like one that does not.
    """
    words, others = _bare(one), _bare(other)
    shared = len(words & others)
    if shared < _LEAST_SHARED or bool(_DENIES.search(one)) != bool(_DENIES.search(other)):
        return False
    return shared >= _SAME_WORDS * len(words | others)


def _bare(text: str) -> frozenset[str]:
    """The telling words without the ending of a plural."""
    words = (word.removesuffix("s") if len(word) > 3 else word for word in telling_words(text))
    return frozenset(words) - _ANY_IDEA


# Puts what people write on the board: several ideas of one message apart, near-duplicates together.


_AT_ONCE = 20
_TITLE_CHARACTERS = 100
_NUMBERED = frozenset({"1.", "1)", "(1)", "keycap", "circled", "一、", "（一）"})
_LEADS_IN = re.compile(r"^[^\n]{1,80}:\s*$")


@dataclass(frozen=True, slots=True)
class Author:
    """Whose ideas they are, in which event they came, and what all call the person."""

    person_id: int
    event_id: str
    name: str


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a message: the numbers of its new ideas, and of those that its others were merged into."""

    new: tuple[int, ...]
    merged: tuple[int, ...]


class Capture:
    """Takes ideas; `most` is how many a board holds."""

    def __init__(self, repositories: Repositories, quality: RerankingSettings, most: int) -> None:
        self._boards = repositories.boards
        self._own_ideas = repositories.own_ideas
        self._likeness = BoardLikeness(quality)
        self._most = most

    async def take(self, brainstorm: StoredBrainstorm, text: str, author: Author) -> Taken:
        """Puts the ideas in `text`, which has passed moderation, on the board.

        An event that came before is not taken again. Raises CommandError when the board is full.
        """
        await self._check_room(brainstorm)
        return await self._add(brainstorm, split_ideas(text), _event_ids(author.event_id), author)

    async def _check_room(self, brainstorm: StoredBrainstorm) -> None:
        if len(await self._boards.texts(brainstorm.id)) >= self._most:
            raise CommandError(_("The board is full: it holds {most} ideas.", most=self._most))

    async def _add(
        self,
        brainstorm: StoredBrainstorm,
        texts: Sequence[tuple[str, str]],
        event_ids: Sequence[str],
        author: Author,
    ) -> Taken:
        ideas = [
            NewBoardIdea(title, body, author.person_id, event_id, name=author.name)
            for (title, body), event_id in zip(texts, event_ids, strict=False)
        ]
        placed = await self._boards.add_all(brainstorm.id, ideas)
        return await self._merge(brainstorm, {one.id: one.number for one in placed})

    async def change(self, brainstorm: StoredBrainstorm, text: str, author: Author) -> None:
        """Makes the ideas of a message what it says now; `text` has passed moderation. Others' messages stay.

        Of a message that had no idea nothing comes. Raises CommandError when there is no room for what it has more.
        """
        own = self._own_ideas
        done = await own.rewrite(brainstorm.id, author.person_id, author.event_id, split_ideas(text))
        if done is None:
            return
        await self._merge(brainstorm, {one.id: one.number for one in done.changed})
        if done.more:
            await self._check_room(brainstorm)
            free = _event_ids(author.event_id)[done.held :]
            await self._add(brainstorm, done.more, free, author)

    async def reword(
        self, brainstorm: StoredBrainstorm, person_id: int | None, number: int, text: tuple[str, str]
    ) -> bool:
        """Gives the person's idea with that number another (title, body); False where there is none.

        With None as the person it may be anybody's.
        """
        changed = await self._own_ideas.reword(brainstorm.id, person_id, number, text)
        if changed is not None:
            await self._merge(brainstorm, {one.id: one.number for one in changed})
        return changed is not None

    async def tidy(self, brainstorm: StoredBrainstorm) -> None:
        """Merges what was written at the same moment and says the same."""
        board = await self._boards.texts(brainstorm.id)
        await self._merge(brainstorm, {idea: 0 for idea, _title, _body in board})

    async def _merge(self, brainstorm: StoredBrainstorm, numbers: dict[int, int]) -> Taken:
        if not numbers:
            return Taken((), ())
        board = await self._boards.texts(brainstorm.id)
        twins = await self._likeness.twins(brainstorm.plan.topic, board, frozenset(numbers))
        merged = {idea: into for idea, into in twins.items() if await self._boards.merge(idea, into)}
        into = [await self._boards.number_of(idea) for idea in dict.fromkeys(merged.values())]
        new = (number for idea, number in numbers.items() if idea not in merged)
        return Taken(tuple(new), tuple(number for number in into if number is not None))


def split_ideas(text: str) -> list[tuple[str, str]]:
    """The ideas in a message, as (title, body): each line of a list is one, any other text is one."""
    lines = [line for line in text.splitlines() if line.strip()]
    items = [line for line in lines if _is_item(line)]
    leads_in = len(lines) - len(items) == 1 and bool(_LEADS_IN.match(lines[0])) and not _is_item(lines[0])
    if items and (len(items) == len(lines) or leads_in):
        read = [read_idea(line) for line in items[:_AT_ONCE]]
    else:
        read = [read_idea(" ".join(text.split()))] if lines else []
    return [_titled(idea.title, idea.body) for idea in read if idea.title or idea.body]


def _is_item(line: str) -> bool:
    """Whether a line is one of a list: it begins with a bullet or a number."""
    mark = read_mark(line)
    return bool(mark.rest and (mark.bullet or mark.style in _NUMBERED))


def _titled(title: str, body: str) -> tuple[str, str]:
    """An idea without a title is its own one, the beginning of it where it is long."""
    if title and body:
        return title, body
    body = title or body
    if len(body) <= _TITLE_CHARACTERS:
        return body, ""
    return body[:_TITLE_CHARACTERS].rsplit(" ", 1)[0].rstrip(",.;:") + "…", body


def _event_ids(event_id: str) -> Sequence[str]:
    return [event_id, *(f"{event_id}#{number}" for number in range(2, _AT_ONCE + 1))]
