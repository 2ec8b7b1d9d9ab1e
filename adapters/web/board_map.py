"""Where a board's themes and ideas lie on its map: regions that touch no other, ideas in the order of arrival.

Pure arithmetic, in units of which the map is 2000 wide; ideas keep their bearing while others come.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.board.view import Board

HALF = 1000.0
"""From the middle of the map to its edge."""
_TURN = math.pi * (3 - math.sqrt(5))
"""The golden angle: points that turn by it lie evenly."""
_GAP, _EDGE = 0.04, 12
_INSIDE, _LOWER = 0.78, 0.14
"""Of a region, what its ideas lie in, and how much lower that is; its name stands above them."""
_SHARE = 0.75
"""How large a dot may be so that none touches another, beside the distance of neighbours on the spiral."""
_VOTELESS, _UNVOTED = 0.7, 0.9
"""The size of a dot without a vote where others have some, and of all where nobody has voted."""
_STEPS = (2, 4, 7, 11, 16, 24, 36, 54, 80, 120, 180, 270, 400, 600)
_MOST_STEPS = 6000
_LARGEST = 130.0


@dataclass(frozen=True, slots=True)
class Disc:
    """A circle on the map."""

    x: float
    y: float
    r: float

    def rounded(self) -> tuple[int, int, int]:
        """As a page has it."""
        return round(self.x), round(self.y), round(self.r)


def box_of(regions: Sequence[Disc]) -> tuple[int, int, int, int]:
    """What of the map holds anything: left, top, width, height."""
    if not regions:
        return -round(HALF), -round(HALF / 4), round(2 * HALF), round(HALF / 2)
    left, right = min(one.x - one.r for one in regions), max(one.x + one.r for one in regions)
    top, bottom = min(one.y - one.r for one in regions), max(one.y + one.r for one in regions)
    return (
        round(left - _EDGE),
        round(top - _EDGE),
        round(right - left + 2 * _EDGE),
        round(bottom - top + 2 * _EDGE),
    )


def regions_of(board: Board) -> list[Disc]:
    """A region for each theme, in their order, as large as it has ideas, in steps: most new ideas move none."""
    return list(_packed(tuple(_stepped(len(theme.entries)) for theme in board.themes)))


def dots_of(board: Board, regions: Sequence[Disc]) -> dict[int, Disc]:
    """A dot for each idea by its number, larger the more votes it has."""
    most = max((entry.card.votes for entry in board.entries), default=0)
    dots: dict[int, Disc] = {}
    for theme, region in zip(board.themes, regions, strict=True):
        entries = sorted(theme.entries, key=lambda entry: entry.number)
        inside, root = region.r * _INSIDE, math.sqrt(len(entries))
        usual = min(_LARGEST, inside * _SHARE / (root + _SHARE))
        for at, entry in enumerate(entries):
            size = _VOTELESS + (1 - _VOTELESS) * entry.card.votes / most if most else _UNVOTED
            far = (inside - usual) * math.sqrt((at + 0.5) / len(entries)) if len(entries) > 1 else 0.0
            x = region.x + far * math.cos(at * _TURN)
            y = region.y + region.r * _LOWER + far * math.sin(at * _TURN)
            dots[entry.number] = Disc(x, y, usual * size)
    return dots


def _stepped(ideas: int) -> float:
    """The size of a region for so many ideas or a few more."""
    return math.sqrt(next((step for step in _STEPS if step >= ideas), ideas))


@lru_cache(maxsize=256)
def _packed(sizes: tuple[float, ...]) -> tuple[Disc, ...]:
    """Circles with radii in these proportions, each as near the middle as those before it let it, made to fill."""
    placed: list[Disc] = []
    for size in sizes:
        placed.append(_nearest_free(placed, size))
    if not placed:
        return ()
    left, right = min(one.x - one.r for one in placed), max(one.x + one.r for one in placed)
    top, bottom = min(one.y - one.r for one in placed), max(one.y + one.r for one in placed)
    scale = 2 * HALF / max(right - left, bottom - top)
    middle = (left + right) / 2, (top + bottom) / 2
    return tuple(
        Disc((one.x - middle[0]) * scale, (one.y - middle[1]) * scale, one.r * scale * (1 - _GAP))
        for one in placed
    )


def _nearest_free(placed: Sequence[Disc], size: float) -> Disc:
    """The first place on a spiral outwards where the circle touches none of the others."""
    step = size / 6
    for at in range(_MOST_STEPS):
        far, angle = step * math.sqrt(at), at * _TURN
        x, y = far * math.cos(angle), far * math.sin(angle)
        if all((x - one.x) ** 2 + (y - one.y) ** 2 >= (one.r + size) ** 2 for one in placed):
            return Disc(x, y, size)
    return Disc(step * math.sqrt(_MOST_STEPS) + size, 0.0, size)
