"""Walks through Riff in a terminal, and keeps what stands on its screen."""

import asyncio
import io
import os
from collections.abc import Sequence
from pathlib import Path
from unittest import mock

from rich.console import Console
from rich.terminal_theme import MONOKAI

from adapters.console import ConsoleAdapter
from bot.app import App
from bot.config import Settings
from tests.support.light import light_moderator
from tests.tools.screenshots.journeys import POSTED, TOPIC, model
from tests.tools.screenshots.shots import Shot

_COLUMNS = 76
_PLANTS = {"en": "plants in the office", "zh": "办公室里的植物"}
_QUESTION = {"en": "which plants survive an office?", "zh": "哪些植物适合办公室？"}


class _Typed:
    """Standard input whose lines stand on the screen when they are read, as in a terminal."""

    def __init__(self, lines: Sequence[str], screen: Console) -> None:
        self._lines = iter(lines)
        self._screen = screen

    def isatty(self) -> bool:
        """Nobody sits there."""
        return False

    def readline(self) -> str:
        """The next line; "" at the end."""
        line = next(self._lines, None)
        if line is None:
            return ""
        self._screen.print(f"you {line}", style="bold green", markup=False)
        return f"{line}\n"


async def recorded(folder: Path, locale: str) -> Sequence[Shot]:
    """All that was seen."""
    ideas = [f"/session idea {text}" for _who, text in POSTED[locale]]
    parts = {
        "first-contact": ("Riff is greeted", ["hello"]),
        "ideas": ("A list of ideas", [f"/brainstorm 5 {_PLANTS[locale]}", "/like 2", "/save 1"]),
        "answer": ("An answer", [_QUESTION[locale]]),
        "help": ("Help", ["/help"]),
        "erase": ("Before all is erased", ["/forget everything"]),
        "session": (
            "A brainstorm from start to result",
            [f'/session start "{TOPIC[locale]}" 20', "/session skip", *ideas, "/session board", "/session skip",
             "/session vote 1 2", "/session skip", "/session end"],
        ),
    }  # fmt: skip
    settings = Settings(storage={"url": f"sqlite:///{folder}/riff.db"})
    shots = []
    with mock.patch.dict(
        os.environ, {"LANG": "zh_CN.UTF-8" if locale == "zh" else "en_GB.UTF-8", "LC_ALL": ""}
    ):
        async with App(settings, generator=model(locale), moderator=light_moderator()) as app:
            for name, (title, lines) in parts.items():
                body = await _seen(app, lines, folder)
                suffix = "" if locale == "en" else f"-{locale}"
                shots.append(Shot(f"console-{name}{suffix}", title, "console", body, locale))
    return shots


async def _seen(app: App, lines: Sequence[str], folder: Path) -> str:
    """The screen after these lines, as HTML."""
    screen = Console(
        file=io.StringIO(), width=_COLUMNS, record=True, color_system="truecolor", highlight=False
    )
    started: asyncio.Future[App] = asyncio.get_running_loop().create_future()
    started.set_result(app)
    before = Path.cwd()
    os.chdir(folder)  # the console puts files where one is
    try:
        with mock.patch("sys.stdin", _Typed(lines, screen)):
            await ConsoleAdapter(screen, "robin").run(started)  # type: ignore[arg-type]
    finally:
        os.chdir(before)
    return screen.export_html(theme=MONOKAI, inline_styles=True, code_format="<pre>{code}</pre>")
