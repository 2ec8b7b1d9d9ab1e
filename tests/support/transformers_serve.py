"""Real `transformers serve` processes on loopback, over a tiny model with random weights."""

import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PATIENCE_SECONDS = 180.0


@contextmanager
def transformers_serve(model: Path, count: int) -> Iterator[list[tuple[str, subprocess.Popen[bytes]]]]:
    """`count` servers of `model`, started side by side; their addresses and processes."""
    ports = [_free_port() for _ in range(count)]
    processes = [_start(model, port) for port in ports]
    try:
        for port, process in zip(ports, processes, strict=True):
            _wait(port, process)
        yield [(f"http://127.0.0.1:{port}/v1", one) for port, one in zip(ports, processes, strict=True)]
    finally:
        for process in processes:
            process.kill()
            process.wait()


def _start(model: Path, port: int) -> subprocess.Popen[bytes]:
    command = [str(Path(sys.executable).with_name("transformers")), "serve", str(model)]
    log = (model.parent / f"serve-{port}.log").open("wb")
    with log:
        return subprocess.Popen(
            [*command, "--host", "127.0.0.1", "--port", str(port), "--device", "cpu"],
            stdout=log,
            stderr=log,
            env={
                "PATH": "/usr/bin:/bin",
                "HF_HUB_OFFLINE": "1",
                "OMP_NUM_THREADS": "1",
                "HOME": str(model.parent),
            },
        )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    ends = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < ends:
        if process.poll() is not None:
            raise RuntimeError(f"transformers serve ended with {process.returncode}")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise RuntimeError("transformers serve did not come up")
