"""What a page tells of a board, in the language that is spoken: values ready to be drawn, and nothing withheld."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.board.export import author_names
from bot.board.origins import origin_of, origins_told
from bot.board.view import Conclusion, Entry
from bot.language import _, listed, ngettext
from bot.session.board_panel import Shown
from bot.session.phases import phase_name
from bot.session.timing import minutes_left
from storage.values.brainstorms import Phase, StoredBrainstorm

_SIZES = 5


@dataclass(frozen=True, slots=True)
class IdeaFacts:
    """One idea; `made_of` and `became` are numbers of others, `size` is from 0 to 5 by its votes."""

    number: int
    title: str
    body: str
    origin: str
    authors: str
    votes: str
    size: int
    made_of: tuple[int, ...]
    became: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ThemeFacts:
    """A theme with its ideas; `key` stays while the board grows."""

    key: str
    heading: str
    count: str
    ideas: tuple[IdeaFacts, ...]


@dataclass(frozen=True, slots=True)
class BoardFacts:
    """The whole board. `phases` are their names in order, `at` the place of the present one.

    `clock` says how long the phase still goes on, "" where nothing ends it, and `ends_at` when, for a clock that runs.
    """

    topic: str
    phases: tuple[str, ...]
    at: int
    clock: str
    ends_at: datetime | None
    counts: str
    shares: tuple[str, ...]
    hint: str
    themes: tuple[ThemeFacts, ...]


def facts_of(shown: Shown) -> BoardFacts:
    """What may be told of the board now."""
    brainstorm, board = shown.brainstorm, shown.board
    numbers = {entry.card.id: entry.number for entry in board.entries}
    became: dict[int, list[int]] = {}
    for entry in board.entries:
        for origin in entry.card.origins:
            became.setdefault(origin, []).append(entry.number)
    most = max((entry.card.votes for entry in board.entries), default=0)
    themes = tuple(
        ThemeFacts(
            theme.letter or "other",
            theme.heading,
            ngettext("{count} idea", "{count} ideas", len(theme.entries)),
            tuple(_idea(shown, entry, most, numbers, became) for entry in theme.entries),
        )
        for theme in board.themes
    )
    order = _phases(brainstorm)
    return BoardFacts(
        topic=board.topic,
        phases=tuple(phase_name(phase) for phase in order),
        at=order.index(brainstorm.phase) if brainstorm.phase in order else 0,
        clock=_clock(brainstorm, datetime.now(UTC)),
        ends_at=None if brainstorm.is_paused or brainstorm.is_daily else brainstorm.phase_ends_at,
        counts=_counts(shown),
        shares=tuple(origins_told(board)),
        hint=_hint(shown),
        themes=themes,
    )


def outcome_told(shown: Shown) -> Conclusion | None:
    """What came of it in words; None until it has ended."""
    return Conclusion.read(shown.brainstorm.outcome)


def _idea(
    shown: Shown, entry: Entry, most: int, numbers: Mapping[int, int], became: Mapping[int, list[int]]
) -> IdeaFacts:
    card = entry.card
    votes = ngettext("{count} vote", "{count} votes", card.votes) if card.votes else ""
    return IdeaFacts(
        number=entry.number,
        title=card.title,
        body=card.body,
        origin=origin_of(entry),
        authors=listed(author_names(entry, shown.names)),
        votes=votes + shown.voters(card) if votes else "",
        size=-(-_SIZES * card.votes // most) if most else 0,
        made_of=tuple(sorted(numbers[origin] for origin in card.origins if origin in numbers)),
        became=tuple(became.get(card.id, ())),
    )


def _phases(brainstorm: StoredBrainstorm) -> list[Phase]:
    """Those that the brainstorm goes through."""
    return [phase for phase in Phase if not (brainstorm.is_daily and phase is Phase.WARM_UP)]


def _counts(shown: Shown) -> str:
    ideas = ngettext("{count} idea", "{count} ideas", len(shown.board.entries))
    people = ngettext("{count} person", "{count} people", len(shown.names))
    return f"{ideas} · {people}"


def _clock(brainstorm: StoredBrainstorm, now: datetime) -> str:
    if brainstorm.phase is Phase.ENDED:
        return ""
    if brainstorm.is_paused:
        return _("Paused: the clock stands still.")
    if brainstorm.phase_ends_at is None:
        return ""
    minutes = minutes_left(brainstorm, now)
    if minutes > 2 * 24 * 60:
        return ngettext("{count} day left", "{count} days left", minutes // (24 * 60))
    return ngettext("{count} minute left", "{count} minutes left", minutes)


def _hint(shown: Shown) -> str:
    if shown.brainstorm.phase is Phase.VOTE:
        return _("Votes are counted when the vote is over; until then nobody sees them.")
    return "" if shown.board.entries else _("No ideas yet. They appear here as they are written.")
