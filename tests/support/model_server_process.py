"""A scripted server of OpenAI's protocol in a process of its own, to be killed; it echoes as `EchoGenerator` does."""

import asyncio
import contextlib
import os
import signal
import socket
import time
from multiprocessing.process import BaseProcess
from typing import Any, Self

from starlette.responses import Response

from tests.support.openai_server import event, serving, streamed
from tests.support.riff_process import process_context

_START_SECONDS = 30.0


def _answer(body: dict[str, Any], seconds: float) -> Response:
    asked = body["messages"][-1]["content"].strip().rstrip(".")
    sentences = (f"Answer to {asked}.", " It has a middle part.", f" The end of {asked}.")
    return streamed(*map(event, sentences), event("", "stop"), seconds=seconds)


async def _serve(port: int, seconds: float) -> None:
    async with serving(lambda body: _answer(body, seconds), port=port):
        await asyncio.Event().wait()


def _child(port: int, seconds: float) -> None:
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(port, seconds))


class ModelServerProcess:
    """At one address from start to start; `seconds` pass before each piece of an answer."""

    def __init__(self, seconds: float = 0.0) -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            self._port = int(taken.getsockname()[1])
        self._seconds = seconds
        self._process: BaseProcess | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}/v1"

    def start(self) -> None:
        """Returns once it answers."""
        self._process = process_context.Process(target=_child, args=(self._port, self._seconds), daemon=True)
        self._process.start()
        deadline = time.monotonic() + _START_SECONDS
        while not self._listens():
            assert time.monotonic() < deadline, "the model server does not start"
            time.sleep(0.02)

    def kill(self) -> None:
        """kill -9."""
        if self._process is not None and self._process.pid:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._process.pid, signal.SIGKILL)
            self._process.join(10)

    def _listens(self) -> bool:
        with socket.socket() as trial:
            return trial.connect_ex(("127.0.0.1", self._port)) == 0
