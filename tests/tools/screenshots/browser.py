"""Pages around what was recorded, and Chromium, which takes their pictures.

No library drives the browser: its command line takes a picture of a page, which is cut where the page ends.
"""

import html
import io
import shutil
import subprocess
import tempfile
from pathlib import Path

from PIL import Image

from tests.tools.screenshots.shots import Shot

PHONE, DESKTOP = 390, 1280
"""Widths, in pixels of the page."""
_TALLEST = 7000
_LONG = 6_000
"""Characters of a page that is too long to be shown twice as sharp."""
_END = (255, 0, 254)
"""The colour of the line that ends a page."""
_COLOURS = (192, 48, 16, 8)
"""The most that keep a file within its bytes."""
_MOST_BYTES = 150_000
_CSS = Path(__file__).with_name("page.css")


def chromium() -> str:
    """The browser's path. Raises FileNotFoundError where there is none."""
    found = next(
        (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))),
        "",
    )
    if not found:
        raise FileNotFoundError("no Chromium here; on Debian: apt-get install chromium fonts-noto-cjk")
    return found


def taken(shot: Shot, width: int, browser: str) -> bytes:
    """The picture of a shot at a width, as a PNG with a palette."""
    with tempfile.TemporaryDirectory() as folder:
        page, file = Path(folder, "page.html"), Path(folder, "page.png")
        page.write_text(_page(shot, width), encoding="utf-8")
        scale = 2 if width == PHONE and len(shot.body) < _LONG else 1
        command = [
            browser, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--screenshot={file}",
            f"--window-size={max(width, 600)},{_TALLEST}", f"--force-device-scale-factor={scale}", f"file://{page}",
        ]  # fmt: skip
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        with Image.open(file) as picture:
            return _cut(picture.convert("RGB"), width * scale)


def _page(shot: Shot, width: int) -> str:
    title, style = html.escape(shot.title), _CSS.read_text(encoding="utf-8")
    inside = f'<div id="page" class="{shot.surface}">{shot.body}</div><div id="end"></div>'
    return (
        f'<!doctype html><html lang="{shot.locale}"><meta charset="utf-8"><title>{title}</title>'
        f'<style>{style}</style><div style="width:{width}px">{inside}</div>'
    )


def _cut(picture: Image.Image, width: int) -> bytes:
    end = next((y for y in range(picture.height) if picture.getpixel((4, y)) == _END), picture.height)
    whole = picture.crop((0, 0, width, end))
    for colours in _COLOURS:
        file = io.BytesIO()
        small = whole.quantize(colours, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        small.save(file, format="png", optimize=True)
        if file.tell() <= _MOST_BYTES:
            break
    return file.getvalue()
