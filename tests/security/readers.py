"""Readers for the sandbox that misbehave; only their names go to the child, which imports this."""

import os
import time
from collections.abc import Callable
from pathlib import Path

Reader = Callable[[bytes], bytes]


def spin(_: bytes) -> bytes:
    while True:
        pass


def sleep(_: bytes) -> bytes:
    time.sleep(60)
    return b""


def grow(_: bytes) -> bytes:
    return b"x" * (1 << 30)


def crash(_: bytes) -> bytes:
    os.abort()


def shout(_: bytes) -> bytes:
    return b"x" * 10_000


def write(_: bytes) -> bytes:
    Path("/tmp/left-by-a-reader").write_bytes(b"x" * 100_000)  # noqa: S108
    return b""


def environment(_: bytes) -> bytes:
    return "\n".join(os.environ.values()).encode()
