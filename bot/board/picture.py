"""Draws a board as a PNG: a map of its themes with the ideas' titles in them, and the votes as bars.

Made for a phone held upright: nothing is set smaller than 12 of its pixels. A theme is known by its letter and its
name, an idea by its number; colours only help.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from matplotlib.figure import Figure

from bot.board.drawing import BADGE, DARK, LIGHT, WIDTH, Look, Sheet, fitted, mixed
from bot.board.export import RIFF
from bot.board.view import Board, Entry, Theme
from bot.language import _, listed, ngettext

__all__ = [
    "DARK",
    "LIGHT",
    "Look",
    "Picture",
    "chart_figure",
    "draw_map",
    "draw_votes",
    "map_figure",
    "map_pdf",
]

_EDGE, _PAD = 12.0, 9.0
"""Around the picture, and around what is in a region."""
_TOPIC, _NAME, _TITLE, _NOTE = 17.0, 14.5, 13.5, 12.0
"""Sizes of text."""
_LINE = 1.3
"""Of a line, in sizes of its text."""
_MOST_LISTED = 40
"""Ideas on the map; more would make it too long to look at."""
_FEW = 5
"""So many ideas have the whole width each."""
_TITLE_CHARACTERS = 90
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG file and what it shows, in words for who cannot see it."""

    png: bytes
    alt_text: str


@dataclass(frozen=True, slots=True)
class _Item:
    """An idea in a region: its number, its title in lines, and a line of notes."""

    number: str
    lines: list[str]
    note: str

    @property
    def height(self) -> float:
        told = _TITLE * _LINE * len(self.lines) + (_NOTE * _LINE if self.note else 0)
        return max(BADGE, told) + 8


@dataclass(frozen=True, slots=True)
class _Region:
    """A theme as it is drawn."""

    letter: str
    colour: str
    heading: list[str]
    items: list[_Item]
    more: str

    @property
    def head(self) -> float:
        return max(BADGE, _NAME * _LINE * len(self.heading)) + 6

    @property
    def height(self) -> float:
        more = _NOTE * _LINE if self.more else 0.0
        return 2 * _PAD + self.head + sum(item.height for item in self.items) + more


@dataclass(slots=True)
class _Column:
    """Regions one under another, from `x` on."""

    x: float
    bottom: float
    placed: list[tuple[float, _Region]] = field(default_factory=list)

    def add(self, region: _Region) -> None:
        self.placed.append((self.bottom, region))
        self.bottom += region.height + _PAD


def draw_map(board: Board, look: Look = LIGHT) -> Picture:
    """The idea map. Takes up to a second: call it off the event loop."""
    return Picture(_map(board, look).png(), _describe(board))


def map_figure(board: Board, look: Look = LIGHT) -> Figure:
    """The idea map as matplotlib holds it, for measuring."""
    return _map(board, look).figure


def map_pdf(board: Board) -> bytes:
    """The idea map as a PDF file, its text as text. Takes as long as `draw_map`."""
    return _map(board, LIGHT).pdf()


def draw_votes(board: Board, look: Look = LIGHT, most: int = 12) -> Picture:
    """Bars of the ideas with the most votes."""
    ranked = board.shortlist(most)
    said = "; ".join(f"{_name(entry)}: {_votes(entry)}" for entry in ranked) or _("no votes yet")
    alt_text = _("Votes on {topic}: {votes}.", topic=board.topic, votes=said)
    return Picture(_chart(board, ranked, look).png(), alt_text)


def chart_figure(board: Board, look: Look = LIGHT, most: int = 12) -> Figure:
    """The bars as matplotlib holds them, for measuring."""
    return _chart(board, board.shortlist(most), look).figure


def _map(board: Board, look: Look) -> Sheet:
    topic = _topic(board)
    top = _EDGE + _TOPIC * _LINE * len(topic) + 6
    few = len(board.entries) <= _FEW or len(board.themes) == 1
    columns = [_Column(_EDGE, top)]
    columns += [] if few else [_Column((WIDTH + _PAD) / 2, top)]
    width = (WIDTH - 2 * _EDGE - _PAD * (len(columns) - 1)) / len(columns)
    for region in _regions(board, look, width):
        min(columns, key=lambda column: column.bottom).add(region)
    sheet = Sheet(max(column.bottom for column in columns) - _PAD + _EDGE, look)
    _write_topic(sheet, topic)
    for column in columns:
        for y, region in column.placed:
            _draw_region(sheet, region, column.x, y, width)
    if not board.entries:
        sheet.text(_EDGE, top + 2, _("No ideas yet"), _TITLE)
    return sheet


def _regions(board: Board, look: Look, width: float) -> list[_Region]:
    share = min(1.0, _MOST_LISTED / max(1, len(board.entries)))
    room = width - 2 * _PAD - BADGE - 6
    regions = []
    for theme in board.themes:
        shown = theme.entries[: max(1, int(share * len(theme.entries)))]
        items = [
            _Item(str(one.number), fitted(_short(one), room, _TITLE, 2), _noted(one, room)) for one in shown
        ]
        rest = len(theme.entries) - len(shown)
        more = ngettext("and {count} more", "and {count} more", rest) if rest else ""
        heading = fitted(theme.name, room, _NAME, 2, is_bold=True)
        regions.append(_Region(theme.letter, _colour(look, theme), heading, items, more))
    return regions


def _draw_region(sheet: Sheet, region: _Region, x: float, y: float, width: float) -> None:
    ground = mixed(region.colour, sheet.look.paper, sheet.look.tint)
    sheet.box(x, y, width, region.height, ground, region.colour)
    middle, left = x + _PAD + BADGE / 2, x + _PAD + BADGE + 6
    y += _PAD
    if region.letter:
        sheet.badge(middle, y + BADGE / 2, region.letter, region.colour, is_round=False)
    _write(sheet, left if region.letter else x + _PAD, y, region.heading, _NAME, is_bold=True)
    y += region.head
    for item in region.items:
        sheet.badge(middle, y + BADGE / 2, item.number, region.colour)
        below = _write(sheet, left, y, item.lines, _TITLE)
        if item.note:
            sheet.text(left, below + _NOTE * _LINE / 2, item.note, _NOTE, is_bold=True)
        y += item.height
    if region.more:
        sheet.text(left, y + _NOTE * _LINE / 2, region.more, _NOTE)


def _write(
    sheet: Sheet, x: float, y: float, lines: Sequence[str], size: float, *, is_bold: bool = False
) -> float:
    """Lines beside a badge that begins at `y`: one line is level with its middle. Gives where they end."""
    step = size * _LINE
    y += max(0.0, (BADGE - step * len(lines)) / 2) if len(lines) == 1 else 0
    for at, line in enumerate(lines):
        sheet.text(x, y + step * (at + 0.5), line, size, is_bold=is_bold)
    return y + step * len(lines)


def _chart(board: Board, ranked: Sequence[Entry], look: Look) -> Sheet:
    topic = _topic(board)
    top = _EDGE + _TOPIC * _LINE * len(topic) + 6
    left = _EDGE + BADGE + 8
    room = WIDTH - left - _EDGE
    titles = [fitted(_short(entry), room, _TITLE, 2) for entry in ranked]
    heights = [_TITLE * _LINE * len(lines) + 20 + _NOTE * _LINE + 14 for lines in titles]
    sheet = Sheet(top + max(30.0, sum(heights)) + _EDGE - 8, look)
    _write_topic(sheet, topic)
    theme_of = {entry.number: theme for theme in board.themes for entry in theme.entries}
    most, y = max((entry.card.votes for entry in ranked), default=1), top
    for entry, lines, height in zip(ranked, titles, heights, strict=True):
        theme = theme_of[entry.number]
        sheet.badge(_EDGE + BADGE / 2, y + BADGE / 2, str(entry.number), _colour(look, theme))
        below = _write(sheet, left, y, lines, _TITLE) + 5
        sheet.bar(left, below, room * entry.card.votes / most, 12, _colour(look, theme))
        told = [_votes(entry)]
        told += [theme.heading] if len(board.themes) > 1 else []
        (note,) = fitted(" · ".join(told), room, _NOTE, 1)
        sheet.text(left, below + 15 + _NOTE * _LINE / 2, note, _NOTE)
        y += height
    if not ranked:
        sheet.text(_EDGE, top + 10, _("No votes yet"), _TITLE)
    return sheet


def _topic(board: Board) -> list[str]:
    return fitted(board.topic, WIDTH - 2 * _EDGE, _TOPIC, 2, is_bold=True)


def _write_topic(sheet: Sheet, lines: Sequence[str]) -> None:
    for at, line in enumerate(lines):
        sheet.text(_EDGE, _EDGE + _TOPIC * _LINE * (at + 0.5), line, _TOPIC, is_bold=True)


def _colour(look: Look, theme: Theme) -> str:
    """The theme's own, by its letter; the last one for what is in none."""
    return (
        look.themes[-1]
        if theme.is_other
        else look.themes[_LETTERS.index(theme.letter) % (len(look.themes) - 1)]
    )


def _noted(entry: Entry, room: float) -> str:
    notes = [_votes(entry)] if entry.card.votes else []
    notes += [RIFF] if entry.card.authors == (None,) else []
    return "".join(fitted(" · ".join(notes), room, _NOTE, 1, is_bold=True))


def _name(entry: Entry) -> str:
    return f"{entry.number} {_short(entry)}"


def _short(entry: Entry) -> str:
    joined = " ".join((entry.card.title or entry.card.body).split())
    return joined if len(joined) <= _TITLE_CHARACTERS else joined[: _TITLE_CHARACTERS - 1].rstrip() + "…"


def _votes(entry: Entry) -> str:
    return ngettext("{count} vote", "{count} votes", entry.card.votes)


def _describe(board: Board) -> str:
    themes = "; ".join(f"{theme.heading}: {_members(theme)}" for theme in board.themes)
    return _("Idea map on {topic}. {themes}.", topic=board.topic, themes=themes or _("No ideas yet"))


def _members(theme: Theme) -> str:
    return listed(
        f"{_name(entry)} ({_votes(entry)})" if entry.card.votes else _name(entry) for entry in theme.entries
    )
