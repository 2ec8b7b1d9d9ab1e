"""Draws a board as a PNG: themes as regions, ideas as numbered points sized by votes, and what each number is.

Made for a phone held upright: 1080 pixels wide, its text no smaller than what chat apps show.
"""

import io
import logging
import math
import textwrap
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from unicodedata import east_asian_width

from circlify import Circle, circlify
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import Circle as Disc

from bot.board.export import RIFF
from bot.board.view import Board, Entry, Theme
from bot.language import _, ngettext

_CJK = Path(__file__).parent / "fonts" / "RiffSansCJK.otf"
"""Made by deploy/make_cjk_font.py."""
_WHOLE_CJK = ("Noto Sans CJK SC", "Noto Sans CJK JP")
_INCHES_WIDE, _DOTS_PER_INCH = 5.4, 200
_ACROSS, _MARGIN = 0.96, 0.02
"""The map's share of the width, and what is left around it, in radii."""
_LINE_INCHES = 0.2
_WRAP = 58
_MOST_LISTED = 40
"""Ideas named under the map; more would make it too long to look at."""
_TITLE_CHARACTERS = 90
_COLOURS = ("#4477aa", "#ee6677", "#228833", "#ccbb44", "#66ccee", "#aa3377", "#ee7733", "#777777")
"""Told apart by colour-blind people too: Paul Tol's bright scheme (https://sronpersonalpages.nl/~pault/)."""


@dataclass(frozen=True, slots=True)
class Look:
    """Colours of paper and ink."""

    paper: str
    ink: str
    faint: float
    """Opacity of a region."""


LIGHT = Look(paper="#ffffff", ink="#1d1c1d", faint=0.16)
DARK = Look(paper="#1a1d21", ink="#e8e8e8", faint=0.28)


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG file and what it shows, in words for who cannot see it."""

    png: bytes
    alt_text: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the list under the map; `bullet` is the colour of its theme."""

    text: str
    bullet: str = ""
    bold: bool = False


def draw_map(board: Board, look: Look = LIGHT) -> Picture:
    """The idea map. Takes up to a second: call it off the event loop."""
    lines = [Line(one, bold=True) for one in _wrapped(_short(board.topic))]
    share = min(1.0, _MOST_LISTED / max(1, len(board.entries)))
    lines += [line for theme, colour in _coloured(board) for line in _legend(theme, colour, share)]
    regions = _packed([len(theme.entries) for theme in board.themes])
    low = min((region.y - region.r for region in regions), default=0) - _MARGIN
    high = max((region.y + region.r for region in regions), default=0) + _MARGIN
    inches = (high - low) * _INCHES_WIDE * _ACROSS / (2 + 2 * _MARGIN)
    height = inches + _LINE_INCHES * (len(lines) + 1)
    figure = Figure(figsize=(_INCHES_WIDE, height), dpi=_DOTS_PER_INCH, facecolor=look.paper)
    floor = 1 - inches / height
    chart = figure.add_axes(((1 - _ACROSS) / 2, floor, _ACROSS, 1 - floor))
    chart.set_aspect("equal")
    chart.set_axis_off()
    chart.set_xlim(-1 - _MARGIN, 1 + _MARGIN)
    chart.set_ylim(low, high)
    _draw_regions(chart, board, regions, look)
    for at, line in enumerate(lines):
        y = floor - (at + 0.5) * _LINE_INCHES / height
        figure.text(0.04, y, "●" if line.bullet else "", color=line.bullet or look.ink, **_style())
        weight = "bold" if line.bold else "normal"
        figure.text(0.08, y, line.text, color=look.ink, fontweight=weight, **_style())
    return Picture(_png(figure), _describe(board))


def draw_votes(board: Board, look: Look = LIGHT, most: int = 12) -> Picture:
    """Bars of the ideas with the most votes."""
    ranked = board.shortlist(most)
    height = 1.2 + 0.5 * max(1, len(ranked))
    figure = Figure(figsize=(_INCHES_WIDE, height), dpi=_DOTS_PER_INCH, facecolor=look.paper)
    chart = figure.add_axes((0.06, 0.04, 0.86, 0.9), facecolor=look.paper)
    colours = {entry.number: colour for theme, colour in _coloured(board) for entry in theme.entries}
    for at, entry in enumerate(ranked):
        chart.barh(at, entry.card.votes, height=0.3, color=colours[entry.number])
        chart.text(0, at - 0.34, _name(entry), color=look.ink, **_style())
        chart.text(entry.card.votes, at, f" {entry.card.votes}", color=look.ink, **_style())
    if not ranked:
        chart.text(0.5, 0, _("No votes yet"), color=look.ink, ha="center", **_style())
    chart.set_axis_off()
    chart.set_ylim(max(1, len(ranked)) - 0.6, -0.6)  # the best one is at the top, its name above it
    said = "; ".join(f"{_name(entry)}: {_votes(entry)}" for entry in ranked) or _("no votes yet")
    alt_text = _("Votes on {topic}: {votes}.", topic=board.topic, votes=said)
    return Picture(_png(figure), alt_text)


@cache
def _style() -> dict[str, Any]:
    """How text is set: in DejaVu Sans, and in a part of Noto Sans CJK what that has no glyphs for, without bold.

    Rarer characters come from the whole of Noto Sans CJK where the system has it.
    """
    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
    font_manager.fontManager.addfont(_CJK)
    families = ["DejaVu Sans", FontProperties(fname=_CJK).get_name()]
    installed = {font.name for font in font_manager.fontManager.ttflist}
    families += [name for name in _WHOLE_CJK if name in installed]
    return {"fontsize": 8, "va": "center", "family": families, "parse_math": False}


def _draw_regions(chart: Axes, board: Board, regions: list[Circle], look: Look) -> None:
    for (theme, colour), region in zip(_coloured(board), regions, strict=True):
        chart.add_patch(Disc((region.x, region.y), region.r * 0.98, color=colour, alpha=look.faint, lw=0))
        points = _packed([1 + entry.card.votes for entry in theme.entries])
        for entry, point in zip(theme.entries, points, strict=True):
            _draw_point(chart, entry, region, point, colour)


def _draw_point(chart: Axes, entry: Entry, region: Circle, point: Circle, colour: str) -> None:
    inside = region.r * 0.86
    x, y, radius = region.x + point.x * inside, region.y + point.y * inside, point.r * inside
    dot = min(radius * 0.92, 0.05 + 0.035 * math.sqrt(entry.card.votes))
    chart.add_patch(Disc((x, y), dot, color=colour, lw=0))
    size = max(5.0, min(11.0, dot * 110))
    chart.text(x, y, str(entry.number), color="white", fontsize=size, ha="center", va="center", weight="bold")


def _packed(sizes: list[int]) -> list[Circle]:
    """Circles in the unit circle, with areas in these proportions, in the order of `sizes`."""
    if not sizes:
        return []
    circles = circlify([{"id": at, "datum": size} for at, size in enumerate(sizes)])
    return sorted(circles, key=lambda circle: circle.ex["id"])


def _coloured(board: Board) -> list[tuple[Theme, str]]:
    return [(theme, _COLOURS[at % len(_COLOURS)]) for at, theme in enumerate(board.themes)]


def _legend(theme: Theme, colour: str, share: float) -> list[Line]:
    """What each number of the theme is: the first ones where only a `share` of all has room."""
    lines = [Line(theme.name, colour, bold=True)]
    listed = theme.entries[: max(1, math.floor(share * len(theme.entries)))]
    for entry in listed:
        notes = [RIFF] if entry.card.authors == (None,) else []
        notes += [_votes(entry)] if entry.card.votes else []
        noted = f"  ({', '.join(notes)})" if notes else ""
        wrapped = _wrapped(f"{_name(entry)}{noted}", indent="     ")
        lines += [Line(line) for line in wrapped]
    rest = len(theme.entries) - len(listed)
    return [*lines, Line(ngettext("and {count} more", "and {count} more", rest))] if rest else lines


def _wrapped(text: str, indent: str = "") -> list[str]:
    """The text in lines as wide as the picture; characters of East Asia take twice the room."""
    wide = sum(east_asian_width(char) in "WF" for char in text)
    return textwrap.wrap(text, _WRAP // 2 if 2 * wide > len(text) else _WRAP, subsequent_indent=indent)


def _name(entry: Entry) -> str:
    return f"{entry.number}  {_short(entry.card.title or entry.card.body)}"


def _short(text: str) -> str:
    joined = " ".join(text.split())
    return joined if len(joined) <= _TITLE_CHARACTERS else joined[: _TITLE_CHARACTERS - 1].rstrip() + "…"


def _votes(entry: Entry) -> str:
    return ngettext("{count} vote", "{count} votes", entry.card.votes)


def _describe(board: Board) -> str:
    themes = "; ".join(
        f"{theme.name}: " + ", ".join(f"{_name(entry)} ({_votes(entry)})" for entry in theme.entries)
        for theme in board.themes
    )
    return _("Idea map on {topic}. {themes}.", topic=board.topic, themes=themes or _("No ideas yet"))


def _png(figure: Figure) -> bytes:
    file = io.BytesIO()
    figure.savefig(file, format="png")
    return file.getvalue()
