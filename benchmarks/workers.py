"""Runs each way in a process of its own, so that each one's memory can be told."""

import logging
import multiprocessing
import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Any

import genai.factory
from benchmarks.measure import Figures, figures
from benchmarks.workload import Person
from genai.settings import GeneratorSettings


class Worker:
    """One way in its process; loads the model at once, then waits for people."""

    def __init__(self, way: str, settings: GeneratorSettings) -> None:
        context = multiprocessing.get_context("spawn")
        self._connection, other = context.Pipe()
        self._process = context.Process(target=_serve, args=(way, settings, other), daemon=True)
        self._process.start()
        other.close()

    def run(self, people: list[Person]) -> Figures:
        """Answer `people`. Raises EOFError if the process has died."""
        self._connection.send(people)
        found: Figures = self._connection.recv()
        return found

    def close(self) -> None:
        """End the process."""
        self._connection.close()
        self._process.join(30)
        self._process.kill()


@contextmanager
def workers(ways: list[str], settings: GeneratorSettings) -> Iterator[dict[str, Worker]]:
    """A worker for each of `ways`; ended afterwards."""
    started = {way: Worker(way, settings) for way in ways}
    try:
        yield started
    finally:
        for worker in started.values():
            worker.close()


def _serve(way: str, settings: GeneratorSettings, connection: Connection) -> None:
    if way.startswith("riff"):
        genai.factory.wait_briefly()  # before PyTorch is imported, as Riff does; others wait as they do by default
    from benchmarks.llama import LLAMA_WAYS  # the parent, which only waits, need not load PyTorch
    from benchmarks.ways import WAYS

    for name in ("transformers", "bitsandbytes", "ContinuousBatchingLogger"):
        logging.getLogger(name).setLevel(logging.ERROR)
    served: Any = (WAYS | LLAMA_WAYS)[way](settings)
    try:
        while True:
            people = connection.recv()
            began = time.process_time()
            answers = served.answer(people)
            spent = time.process_time() - began
            memory = 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # Linux counts in kilobytes
            connection.send(figures(answers, spent, memory))
    except EOFError:
        served.close()
