"""Pictures of a board are read on a phone: measured on what is drawn, not on what was meant."""

import itertools
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox
from numpy.typing import NDArray

from bot.board.drawing import DARK, LIGHT, WIDTH, Look, contrast, ink_on
from bot.board.picture import chart_figure, map_figure
from bot.board.view import Board, Entry, Theme
from storage.values.brainstorms import CardOnBoard

ENGLISH = (
    "Cork rim",
    "A gasket like the one on a preserving jar, which never wears out",
    "Felt",
    "Air brake " * 9,
)
CHINESE = ("软木的边缘", "盖子里面的毛毡圈，可以拆下来清洗，也可以换成别的颜色", "空气阻尼", "像果酱瓶一样")
LEAST_CONTRAST, LEAST_SIZE = 4.5, 12.0


def board(count: int, titles: tuple[str, ...], themes: int) -> Board:
    """So many ideas in as many themes as are asked for."""
    groups: list[list[Entry]] = [[] for _theme in range(themes)]
    for number in range(1, count + 1):
        card = CardOnBoard(
            number,
            number,
            titles[number % len(titles)],
            "",
            (1,) if number % 3 else (None,),
            datetime(2030, 1, 1, tzinfo=UTC),
            voters=frozenset(range(number % 5)),
        )
        groups[number % themes].append(Entry(card))
    named = [Theme(titles[at % len(titles)], "ABCDEFGH"[at], tuple(of)) for at, of in enumerate(groups)]
    return Board(titles[1], tuple(named))


def drawn_texts(figure: Figure) -> list[Text]:
    return [one for one in figure.findobj(Text) if isinstance(one, Text) and one.get_text().strip()]


def boxes_of(figure: Figure) -> list[Bbox]:
    """Where each text stands, but for the pixels around it that no ink reaches."""
    canvas: Any = FigureCanvasAgg(figure)
    return [text.get_window_extent(canvas.get_renderer()).padded(-2) for text in drawn_texts(figure)]


def pixels_of(figure: Figure) -> NDArray[np.uint8]:
    canvas: Any = FigureCanvasAgg(figure)
    canvas.draw()
    return np.array(canvas.buffer_rgba())[..., :3]


def least_contrast(figure: Figure) -> float:
    """Of each text against every pixel that its ink covers."""
    texts, boxes, inked = drawn_texts(figure), boxes_of(figure), pixels_of(figure)
    for text in texts:
        text.set_visible(False)
    bare = pixels_of(figure)
    is_ink = (inked != bare).any(axis=2)
    found = []
    for text, box in zip(texts, boxes, strict=True):
        top, bottom = (round(len(bare) - y) for y in (box.y1, box.y0))
        around = (slice(top, bottom), slice(round(box.x0), round(box.x1)))
        under = np.unique(bare[around][is_ink[around]], axis=0)
        assert len(under), f"{text.get_text()} cannot be seen"
        found += [contrast(to_hex(text.get_color()), to_hex(tuple(colour / 255))) for colour in under]
    return min(found)


@pytest.mark.parametrize(
    ("look", "count", "titles"), [(LIGHT, 4, ENGLISH), (DARK, 12, CHINESE), (LIGHT, 30, ENGLISH)]
)
def test_every_text_is_large_and_strong_enough_and_touches_no_other(
    look: Look, count: int, titles: tuple[str, ...]
) -> None:
    seen = board(count, titles, min(8, count))
    for figure, shown in (
        (map_figure(seen, look), count),
        (chart_figure(seen, look), min(count - count // 5, 12)),
    ):
        phone = WIDTH / (figure.get_figwidth() * figure.dpi)
        texts, boxes = drawn_texts(figure), boxes_of(figure)
        assert sum(text.get_text().isdigit() for text in texts) == shown
        sizes = [float(text.get_fontsize()) * figure.dpi / 72 * phone for text in texts]
        assert min(sizes) > LEAST_SIZE - 0.01
        assert all(box.x0 >= 0 and box.x1 <= figure.bbox.x1 for box in boxes)
        assert not any(one.overlaps(other) for one, other in itertools.combinations(boxes, 2))
        assert least_contrast(figure) >= LEAST_CONTRAST


@pytest.mark.parametrize("look", [LIGHT, DARK], ids=["light", "dark"])
def test_themes_stand_out_from_the_paper_and_are_known_without_their_colour(look: Look) -> None:
    assert min(contrast(colour, look.paper) for colour in look.themes) >= LEAST_CONTRAST
    assert contrast(look.ink, look.paper) >= LEAST_CONTRAST
    said = [text.get_text() for text in drawn_texts(map_figure(board(30, CHINESE, 8), look))]
    assert [letter for letter in "ABCDEFGH" if letter in said] == list("ABCDEFGH")
    notes = [text.get_text() for text in drawn_texts(chart_figure(board(30, ENGLISH, 8), look))]
    assert sum(" · " in note for note in notes) == 12


@pytest.mark.parametrize("ground", ["#777777", "#ccbb44", "#66ccee", "#000000", "#ffffff", "#7f7f00"])
def test_ink_is_read_on_any_ground(ground: str) -> None:
    assert contrast(ink_on(ground), ground) >= LEAST_CONTRAST
