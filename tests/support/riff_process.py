"""Riff in a process of its own, to be killed; forked from a server that has imported everything already."""

import asyncio
import contextlib
import importlib
import multiprocessing
import os
import signal
from multiprocessing.process import BaseProcess
from typing import Any, Self

from bot.app import App, serve
from bot.config import Settings
from bot.config.watch_settings import HealthSettings
from bot.watching.health_server import HealthServer
from bot.watching.tracing import traced
from tests.support.light import EchoGenerator, light_moderator, warm_up

process_context = multiprocessing.get_context("forkserver")
process_context.set_forkserver_preload(
    [
        __name__,
        *("adapters.slack", "genai.remote.generator", "uvicorn"),
        *("storage.migrations", "alembic.autogenerate", "aiosqlite", "psycopg"),
    ]
)
warm_up()


def _child(adapter: str, settings: dict[str, Any], seconds: float, light: bool) -> None:
    loaded = Settings(**settings)
    watched = HealthSettings(
        **settings.get("health", {"port": 0})
    )  # the tests' environment says that there is none
    health = HealthServer(watched, metrics=loaded.metrics.enabled)
    with contextlib.suppress(KeyboardInterrupt), traced(loaded.tracing):
        asyncio.run(
            serve(
                loaded,
                [getattr(importlib.import_module(f"adapters.{adapter}"), f"{adapter.title()}Adapter")()],
                lambda: App(
                    loaded,
                    generator=None if "generator" in settings else EchoGenerator(seconds),
                    moderator=light_moderator() if light else None,
                ),
                watch=health if watched.port else None,
            )
        )


class RiffProcess:
    """`riff run` with one adapter, killed or stopped by the test; its generator echoes, unless the settings name one.

    Its moderation knows one word, unless it is not to be `light`.
    """

    def __init__(
        self, adapter: str, settings: dict[str, Any], *, seconds: float = 0.0, light: bool = True
    ) -> None:
        self._arguments = (adapter, settings, seconds, light)
        self._process: BaseProcess | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def start(self) -> None:
        self._process = process_context.Process(target=_child, args=self._arguments, daemon=True)
        self._process.start()

    @property
    def pid(self) -> int:
        """Raises RuntimeError before it was started."""
        if self._process is None or self._process.pid is None:
            raise RuntimeError("it was not started")
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        return self._process is not None and self._process.is_alive()

    def kill(self) -> None:
        """kill -9."""
        if self._process is not None and self._process.pid:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._process.pid, signal.SIGKILL)
            self._process.join(10)

    def stop(self) -> int | None:
        """Ends it as an operator does; gives the exit code."""
        if self._process is None or self._process.pid is None:
            return None
        os.kill(self._process.pid, signal.SIGTERM)
        self._process.join(20)
        code = self._process.exitcode
        self.kill()
        return code
