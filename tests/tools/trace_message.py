"""Which code one Slack mention runs through, from its receipt to its answer: files and functions, in order.

`python -m tests.tools.trace_message` has the real adapter answer a mention of a new person in a new channel, against
the tests' local Slack, with a scripted generator, and prints each function of the four packages at its first call.
Another person was answered before, so that neither imports nor what a process does once are counted. Where the
model itself would run is the scripted generator, so nothing of `genai/engine` is seen.
"""

import asyncio
import dis
import inspect
import sys
import tempfile
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FrameType

from adapters.slack import SlackAdapter
from bot.app import App
from bot.config import Settings
from tests.support.doubles import ScriptedGenerator
from tests.support.light import light_moderator
from tests.support.slack_server import APP_TOKEN, BOT, BOT_TOKEN, SIGNING_SECRET, SlackServer

ROOT = Path(__file__).parents[2]
PACKAGES = ("adapters/", "bot/", "genai/", "storage/")
IDEAS = "1. **Stamp Card**: Give a stamp for each refill.\n2. **Shelf Swap**: Swap jars by the door.\n"
_QUIET = {"lease_seconds": 600.0, "poll_seconds": 60.0, "grace_seconds": 1.0}
"""Nothing ticks while the mention is answered: what is seen is the mention's."""


@dataclass
class Trace:
    """What was called, in the order of first calls: a file, relative to the root, and a qualified name."""

    functions: list[tuple[str, str]] = field(default_factory=list)

    @property
    def files(self) -> list[str]:
        """Every file once."""
        return list(dict.fromkeys(file for file, _name in self.functions))


class Tracer:
    """Notes first calls of the packages' named functions, in every thread that starts while it is `watching`."""

    def __init__(self) -> None:
        self.trace = Trace()
        self._seen: set[CodeType] = set()
        self._is_on = False

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Sees all threads that start inside."""
        threading.setprofile(self._called)
        sys.setprofile(self._called)
        try:
            yield
        finally:
            sys.setprofile(None)
            threading.setprofile(None)  # type: ignore[arg-type]

    @contextmanager
    def noting(self, is_on: bool = True) -> Iterator[None]:
        """Notes what is called inside, or does not."""
        before, self._is_on = self._is_on, is_on
        try:
            yield
        finally:
            self._is_on = before

    def _called(self, frame: FrameType, event: str, _argument: object) -> None:
        code = frame.f_code
        if not self._is_on or event != "call" or code in self._seen or not _begins(frame):
            return
        self._seen.add(code)
        is_named = code.co_flags & inspect.CO_OPTIMIZED and not code.co_name.startswith("<")
        file = code.co_filename.removeprefix(f"{ROOT}/")
        if is_named and file.startswith(PACKAGES):
            self.trace.functions.append((file, code.co_qualname))


def _begins(frame: FrameType) -> bool:
    """Whether the frame begins, and does not go on after it waited or gave a value, as the profiler sees it too."""
    starts = (step.offset for step in dis.get_instructions(frame.f_code) if step.opname == "RESUME")
    return frame.f_lasti <= next(starts, 0)


async def trace_mention(text: str = "/brainstorm 2 refill shops", answer: str = IDEAS) -> Trace:
    """The path of `<@BOT> text` to its answer, which the model gives as `answer`."""
    tracer = Tracer()
    with tracer.watching(), tempfile.TemporaryDirectory() as folder:
        async with SlackServer() as server, _app(server.url, folder, answer) as app:
            running = asyncio.create_task(SlackAdapter().run(asyncio.create_task(_ready(app))))
            await server.sockets.connected()
            await _mention(server, app, tracer, "C1", text)
            with tracer.noting():
                await _mention(server, app, tracer, "C2", text)
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running
    return tracer.trace


@asynccontextmanager
async def _app(api_url: str, folder: str, answer: str) -> AsyncIterator[App]:
    """Database and moderation started, but nothing that happens by the clock."""
    tokens = {"bot_token": BOT_TOKEN, "app_token": APP_TOKEN, "signing_secret": SIGNING_SECRET}
    settings = Settings(
        storage={"url": f"sqlite:///{folder}/riff.db"},
        slack={"api_url": api_url, "message_interval_seconds": 0.02, "connections": 1, **tokens},
        inbox=_QUIET,
    )
    app = App(settings, generator=ScriptedGenerator(answer), moderator=light_moderator())
    await app.database.start()
    await app.moderator.start()
    yield app
    await app.moderator.close()
    await app.database.close()


async def _ready(app: App) -> App:
    return app


async def _mention(server: SlackServer, app: App, tracer: Tracer, channel: str, text: str) -> None:
    """By somebody of that channel's own; until the event is answered and done."""
    await server.deliver_event(server.say(channel, f"<@{BOT}> {text}", user=channel.replace("C", "U")))
    async with asyncio.timeout(60):
        while not (answers := server.workspace.by_riff(channel)) or await _is_busy(app, tracer):  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    assert len(answers) == 1


async def _is_busy(app: App, tracer: Tracer) -> bool:
    with tracer.noting(is_on=False):
        return bool(app.inbox.unfinished("slack"))


def main() -> None:
    """Print the path of a mention of what the arguments say."""
    trace = asyncio.run(trace_mention(*sys.argv[1:2]))
    last = ""
    for file, name in trace.functions:
        if file != last:
            print(file)  # noqa: T201
        print(f"    {name}")  # noqa: T201
        last = file
    print(f"{len(trace.files)} files, {len(trace.functions)} functions")  # noqa: T201


if __name__ == "__main__":
    main()
