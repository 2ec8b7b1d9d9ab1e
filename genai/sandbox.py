"""Runs one function on bytes that a stranger sent, in a process with limits on memory, time and output.

The function lives in a module that imports little; it gets its arguments and the bytes, and returns bytes. It has
no secrets in its environment, nothing that it logs or prints is seen, and it is killed when it is not done.
"""

import asyncio
import contextlib
import importlib
import logging
import os
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from typing import Literal
from weakref import WeakKeyDictionary

log = logging.getLogger("riff.sandbox")

AT_ONCE = 2
_CHUNK = 1 << 16
_KEPT_VARIABLES = ("PATH", "HOME", "LANG", "LC_ALL", "SYSTEMROOT", "TEMP", "TMP", "LD_LIBRARY_PATH")
_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")

Why = Literal["slow", "large", "broken", "busy"]


@dataclass(frozen=True, slots=True)
class Limits:
    """What one call may take; `wait_seconds` is how long it may stand in line before."""

    memory_bytes: int = 512 << 20
    processor_seconds: int = 5
    wall_seconds: float = 20.0
    output_bytes: int = 1 << 20
    wait_seconds: float = 30.0


class Stopped(Exception):
    """The call gave nothing: it took too long, gave too much, broke (also for want of memory), or never began."""

    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why: Why = why


async def run_apart(
    function: Callable[..., bytes], content: bytes, *arguments: str, limits: Limits = Limits()
) -> bytes:
    """What `function(content, *arguments)` returns. Raises Stopped."""
    async with _turn(limits.wait_seconds):
        try:
            async with asyncio.timeout(limits.wall_seconds), _child(function, arguments, limits) as child:
                return await _asked(child, content, limits.output_bytes)
        except TimeoutError:
            raise Stopped("slow") from None


async def _asked(child: asyncio.subprocess.Process, content: bytes, most: int) -> bytes:
    if child.stdin is None or child.stdout is None:
        raise Stopped("broken")
    feeding = asyncio.create_task(_feed(child.stdin, content))
    try:
        output = bytearray()
        while chunk := await child.stdout.read(_CHUNK):
            output += chunk
            if len(output) > most:
                raise Stopped("large")
        code = await child.wait()
    finally:
        feeding.cancel()
    if code != 0:
        log.warning("a reader of strangers' files ended with %s", code)
        raise Stopped("slow" if code == _OUT_OF_TIME else "broken")
    return bytes(output)


async def _feed(pipe: asyncio.StreamWriter, content: bytes) -> None:
    with contextlib.suppress(ConnectionError):
        pipe.write(content)
        await pipe.drain()
        pipe.close()


@contextlib.asynccontextmanager
async def _child(
    function: Callable[..., bytes], arguments: Sequence[str], limits: Limits
) -> AsyncIterator[asyncio.subprocess.Process]:
    kept = {name: value for name in _KEPT_VARIABLES if (value := os.environ.get(name))}
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-P",
        "-c",
        f"from {__name__} import enter; enter()",
        function.__module__,
        function.__name__,
        str(limits.memory_bytes),
        str(limits.processor_seconds),
        *arguments,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={**kept, **_ONE_THREAD, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        start_new_session=True,
    )
    try:
        yield child
    finally:
        with contextlib.suppress(ProcessLookupError):
            child.kill()
        await child.wait()


_rooms: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()


@contextlib.asynccontextmanager
async def _turn(patience: float) -> AsyncIterator[None]:
    """A place among the few that run at once. Raises Stopped where none becomes free."""
    room = _rooms.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(AT_ONCE))
    try:
        async with asyncio.timeout(patience):
            await room.acquire()
    except TimeoutError:
        raise Stopped("busy") from None
    try:
        yield
    finally:
        room.release()


# The child.

_OUT_OF_TIME = -24
"""Killed by SIGXCPU, as asyncio gives it."""
_OPEN_FILES = 64


def enter() -> None:
    """Set the limits, then import and call the function that the arguments name."""
    module, name, memory, seconds, *arguments = sys.argv[1:]
    _limit(int(memory), int(seconds))
    logging.disable(logging.CRITICAL)
    output = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    content = sys.stdin.buffer.read()
    found: bytes = getattr(importlib.import_module(module), name)(content, *arguments)
    output.write(found)
    output.flush()
    os._exit(0)  # what was read may take long to tidy up


def _limit(memory: int, seconds: int) -> None:
    """Where the system knows such limits; elsewhere the wall clock has to do."""
    with contextlib.suppress(OSError):
        os.nice(10)
    try:
        import resource
    except ImportError:  # Windows
        return
    for what, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_NOFILE, _OPEN_FILES),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        with contextlib.suppress(OSError, ValueError):  # macOS knows no limit on address space
            resource.setrlimit(what, (most, most))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))  # the first is told, the second kills
