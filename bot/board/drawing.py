"""Paper, colours and set text for pictures of a board, in the pixels of a phone: 390 of them are the width.

Nothing here knows of boards. Every text takes the ink that its ground asks for, so none is fainter than 4.58 : 1.
"""

import io
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from matplotlib import font_manager, rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import Circle, FancyBboxPatch
from PIL import Image

WIDTH = 390
"""What a phone held upright shows a picture at."""
_DOTS_WIDE, _DOTS_PER_INCH = 1080, 200
_POINTS = _DOTS_WIDE / WIDTH * 72 / _DOTS_PER_INCH
"""Of one pixel of the phone."""
_CJK = Path(__file__).parent / "fonts" / "RiffSansCJK.otf"
"""Made by deploy/make_cjk_font.py."""
_WHOLE_CJK = ("Noto Sans CJK SC", "Noto Sans CJK JP")
_TOGETHER = "\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef"
_CLOSING = "\u3001\u3002\uff01\uff09\uff0c\uff1a\uff1b\uff1f\u300b\u300d\u300f\u201d"
_PIECE = re.compile(rf"[{_TOGETHER}][{_CLOSING}]*|[^\s{_TOGETHER}]+|\s")
"""What stays on one line: a word, or a character of those written without spaces, with what closes it."""
_COLOURS = 256
_DARKEST, _WHITE = "#000000", "#ffffff"


@dataclass(frozen=True, slots=True)
class Look:
    """Colours of paper, ink and themes; the themes' are strong enough to stand out on the paper."""

    paper: str
    ink: str
    tint: float
    """How much of a theme's colour is in the ground of its region."""
    themes: tuple[str, ...]


LIGHT = Look(
    "#ffffff",
    "#1d1c1d",
    0.10,
    ("#2f5f8f", "#a83246", "#1d6b2c", "#7a6300", "#00697a", "#7d2a62", "#9a4a10", "#4f4f4f"),
)
DARK = Look(
    "#1a1d21",
    "#f0f0f0",
    0.14,
    ("#8db8e2", "#f5a0ae", "#8bd39a", "#e0cd6a", "#83d3e2", "#dda3ca", "#f2b183", "#c4c4c4"),
)
"""Both in the hues of Paul Tol's bright scheme (https://sronpersonalpages.nl/~pault/), for colour-blind people."""


class Sheet:
    """A picture being drawn: boxes, badges and lines of text; y grows downwards."""

    def __init__(self, height: float, look: Look) -> None:
        self.look = look
        inches = _DOTS_WIDE / _DOTS_PER_INCH
        size = (inches, inches * height / WIDTH)
        self.figure = Figure(figsize=size, dpi=_DOTS_PER_INCH, facecolor=look.paper)
        self._axes: Axes = self.figure.add_axes((0, 0, 1, 1))
        self._axes.set_axis_off()
        self._axes.set_xlim(0, WIDTH)
        self._axes.set_ylim(height, 0)

    def box(self, x: float, y: float, width: float, height: float, fill: str, edge: str = "") -> None:
        """A rectangle with round corners."""
        style = "round,pad=0,rounding_size=5"
        patch = FancyBboxPatch((x, y), width, height, boxstyle=style, facecolor=fill)
        patch.set(edgecolor=edge or fill, linewidth=1.2 if edge else 0)
        self._axes.add_patch(patch)

    def bar(self, x: float, y: float, width: float, height: float, fill: str) -> None:
        """A bar from a common line, so with square ends."""
        style = "square,pad=0"
        self._axes.add_patch(
            FancyBboxPatch((x, y), width, height, boxstyle=style, facecolor=fill, linewidth=0)
        )

    def badge(self, x: float, y: float, text: str, fill: str, *, is_round: bool = True) -> None:
        """A number in a disc, or a letter in a square, around (x, y)."""
        if is_round and len(text) < 3:
            self._axes.add_patch(Circle((x, y), BADGE / 2, facecolor=fill, linewidth=0))
        else:
            width = max(BADGE, 8 + 8 * len(text))
            self.box(x - width / 2, y - BADGE / 2, width, BADGE, fill)
        size = 13 if len(text) < 2 else 12
        style = text_style(size, is_bold=True)
        self._axes.text(x, y, text, color=ink_on(fill), ha="center", va="center_baseline", **style)

    def text(self, x: float, y: float, text: str, size: float, *, is_bold: bool = False) -> None:
        """A line whose middle is at `y`."""
        style = text_style(size, is_bold=is_bold)
        self._axes.text(x, y, text, color=self.look.ink, va="center_baseline", **style)

    def png(self) -> bytes:
        """The picture as a file; with a palette, which is all it needs, it is a quarter as long."""
        file = io.BytesIO()
        self.figure.savefig(file, format="rgba")
        across, down = self.figure.canvas.get_width_height()
        drawn = Image.frombytes("RGBA", (across, down), file.getvalue()).convert("RGB")
        file = io.BytesIO()
        drawn.quantize(_COLOURS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(file, format="png")
        return file.getvalue()

    def pdf(self) -> bytes:
        """The picture as a page of a PDF file."""
        file = io.BytesIO()
        with rc_context({"pdf.fonttype": 42}):
            self.figure.savefig(file, format="pdf")
        return file.getvalue()


BADGE = 22.0
"""The width of a badge."""


@cache
def _families() -> list[str]:
    """DejaVu Sans, and a part of Noto Sans CJK for what that has no glyphs for, without bold.

    Rarer characters come from the whole of Noto Sans CJK where the system has it.
    """
    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
    font_manager.fontManager.addfont(_CJK)
    installed = {font.name for font in font_manager.fontManager.ttflist}
    own = FontProperties(fname=_CJK).get_name()
    return ["DejaVu Sans", own, *(name for name in _WHOLE_CJK if name in installed)]


def text_style(size: float, *, is_bold: bool = False) -> dict[str, Any]:
    """How text of `size` pixels is set."""
    weight = "bold" if is_bold else "normal"
    return {"fontsize": size * _POINTS, "family": _families(), "fontweight": weight, "parse_math": False}


@cache
def _renderer() -> Any:
    make: Any = RendererAgg  # untyped in its library
    return make(1, 1, _DOTS_PER_INCH)


def width_of(text: str, size: float, *, is_bold: bool = False) -> float:
    """How many pixels of the phone the text takes."""
    weight = "bold" if is_bold else "normal"
    font = FontProperties(family=_families(), size=size * _POINTS, weight=weight)
    width, _height, _descent = _renderer().get_text_width_height_descent(text, font, False)
    return float(width) * WIDTH / _DOTS_WIDE


def fitted(text: str, room: float, size: float, most: int, *, is_bold: bool = False) -> list[str]:
    """The text in at most `most` lines of `room` pixels; an ellipsis stands for what has no place."""
    lines = list(_lines(" ".join(text.split()), room, size, is_bold))
    if len(lines) <= most:
        return lines
    last = lines[most - 1]
    while last and width_of(f"{last}…", size, is_bold=is_bold) > room:
        last = _shorter(last)
    return [*lines[: most - 1], f"{last}…"]


def _shorter(line: str) -> str:
    """The line without its last piece; of a single piece without its last character."""
    pieces = _PIECE.findall(line)
    return ("".join(pieces[:-1]) if len(pieces) > 1 else line[:-1]).rstrip()


def _lines(text: str, room: float, size: float, is_bold: bool) -> Iterator[str]:
    line = ""
    for piece in _PIECE.findall(text):
        for part in _broken(piece, room, size, is_bold):
            if line and width_of(line + part, size, is_bold=is_bold) > room:
                yield line.rstrip()
                line = ""
            line += part if line or not part.isspace() else ""
    if line.strip():
        yield line.rstrip()


def _broken(word: str, room: float, size: float, is_bold: bool) -> Iterator[str]:
    """A word that is wider than a line, in parts that are not."""
    while len(word) > 1 and width_of(word, size, is_bold=is_bold) > room:
        least = max(1, int(len(word) * room / width_of(word, size, is_bold=is_bold)) - 1)
        yield word[:least]
        word = word[least:]
    yield word


def ink_on(ground: str) -> str:
    """Black or white, whichever is read better there: at least 4.58 : 1 on any ground."""
    return max((_DARKEST, _WHITE), key=lambda ink: contrast(ink, ground))


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2.2 (https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in to_rgb(colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def mixed(colour: str, paper: str, share: float) -> str:
    """`share` of the colour on the paper."""
    parts = (share * c + (1 - share) * p for c, p in zip(to_rgb(colour), to_rgb(paper), strict=True))
    return "#" + "".join(f"{round(255 * part):02x}" for part in parts)
