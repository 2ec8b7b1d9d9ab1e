"""`python -m tests.tools.screenshots`: records, draws and shoots, into docs/screenshots and docs/screenshots.md."""

import asyncio
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.tools.screenshots import console_journeys, discord_journeys, slack_journeys
from tests.tools.screenshots.browser import DESKTOP, PHONE, chromium, taken
from tests.tools.screenshots.shots import Shot

_DOCS = Path(__file__).parents[3] / "docs"
_CHINESE = ("first-contact", "ideas", "help", "session", "session-vote", "session-result")
"""What is shot in Chinese too."""
_WIDE = ("first-contact", "ideas", "session-vote", "session-result", "session", "home")
"""What is shot at the width of a desktop too."""
_SURFACES = {"slack": "Slack", "discord": "Discord", "console": "Console"}
_OPENING = """# Screenshots

What people see, recorded from Riff on the tests' local Slack, Discord and console with a scripted model, and drawn in
a neutral look at the width of a phone (390 pixels) and of a desktop (1,280). `python -m tests.tools.screenshots` makes
them anew; it needs Chromium (on Debian `apt-get install chromium fonts-noto-cjk`). How Riff speaks is in
[writing.md](writing.md).
"""


async def _recorded() -> list[Shot]:
    shots: list[Shot] = []
    for recorded in (slack_journeys.recorded, discord_journeys.recorded, console_journeys.recorded):
        for locale in ("en", "zh"):
            with tempfile.TemporaryDirectory() as folder:
                shots += await recorded(Path(folder), locale)
    return [shot for shot in shots if shot.locale == "en" or _part(shot) in _CHINESE]


def _shoot(shots: Sequence[Shot], folder: Path) -> None:
    browser = chromium()
    folder.mkdir(exist_ok=True)
    for old in folder.glob("*.png"):
        old.unlink()
    for shot in shots:
        for width in _widths(shot):
            picture = taken(shot, width, browser)
            Path(folder, f"{shot.name}-{width}.png").write_bytes(picture)
            print(f"{shot.name}-{width}.png: {len(picture) // 1000} KB", file=sys.stderr)  # noqa: T201


def _part(shot: Shot) -> str:
    """Which part of a journey it is, whatever the surface and the language."""
    return shot.name.split("-", 1)[1].removesuffix("-zh")


def _widths(shot: Shot) -> tuple[int, ...]:
    return (PHONE, DESKTOP) if shot.locale == "en" and _part(shot) in _WIDE else (PHONE,)


def _page(shots: Sequence[Shot]) -> str:
    parts = [_OPENING]
    for surface, called in _SURFACES.items():
        parts.append(f"## {called}\n")
        for shot in (one for one in shots if one.surface == surface):
            title = shot.title if shot.locale == "en" else f"{shot.title}, in Chinese"
            picture = f"![{called}: {title}](screenshots/{shot.name}-{PHONE}.png)"
            parts.append(f"### {title}\n\n{picture}\n")
            if DESKTOP in _widths(shot):
                parts.append(f"[At the width of a desktop](screenshots/{shot.name}-{DESKTOP}.png)\n")
    return "\n".join(parts)


def main() -> None:
    """Makes all of them."""
    shots = asyncio.run(_recorded())
    _shoot(shots, _DOCS / "screenshots")
    Path(_DOCS, "screenshots.md").write_text(_page(shots), encoding="utf-8")


if __name__ == "__main__":
    main()
