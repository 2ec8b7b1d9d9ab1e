"""An app on a fresh SQLite file, with a scripted model and the real moderation."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from bot.app import App
from bot.config import Settings
from tests.support.doubles import ScriptedGenerator

MakeApp = Callable[..., Awaitable[App]]


@pytest.fixture
async def make_app(sqlite_file: Path) -> AsyncIterator[MakeApp]:
    """Starts apps that are closed at the end; keyword arguments are sections of the settings."""
    async with AsyncExitStack() as stack:

        async def make(generator: ScriptedGenerator, **sections: dict[str, object]) -> App:
            storage = {"url": f"sqlite:///{sqlite_file}", **sections.pop("storage", {})}
            app = App(Settings(storage=storage, **sections), generator=generator)
            return await stack.enter_async_context(app)

        yield make
