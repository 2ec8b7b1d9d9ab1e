"""Riff with a scripted model, run by an adapter for as long as a journey takes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from bot.app import App
from bot.config import Settings
from genai.moderation import Moderator
from genai.request import Generator


@asynccontextmanager
async def running(
    settings: Settings, generator: Generator, moderator: Moderator, adapter: Any
) -> AsyncIterator[App]:
    """The app while the adapter serves people."""
    async with App(settings, generator=generator, moderator=moderator) as app:
        started: asyncio.Future[App] = asyncio.get_running_loop().create_future()
        started.set_result(app)
        task = asyncio.create_task(adapter.run(started))
        try:
            yield app
        finally:
            task.cancel()
            await asyncio.wait({task})
