"""Where the time of Riff's engine goes, in CPU time of its thread: model, sampler, and all the rest.

python -m benchmarks.profile --people 32
"""

import argparse
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

from torch.profiler import ProfilerActivity, profile

from benchmarks.models import SMALL, write_random_model
from benchmarks.ways import Riff
from benchmarks.workload import gathering
from genai.engine.batching import Stepper
from genai.engine.engine import Engine
from genai.engine.forward import Forward
from genai.engine.output_delivery import OutputDelivery
from genai.engine.sampler import Sampler
from genai.engine.scorer import Span
from genai.engine.serving import serve_one
from genai.settings import GeneratorSettings

_PARTS: list[tuple[type, str, str]] = [
    (Engine, "_step", "whole steps"),
    (Stepper, "_read", "reading prompts"),
    (Forward, "__call__", "model, prompts included"),
    (Sampler, "choose", "sampler"),
    (Engine, "_accept", "text: detokenising, stop strings"),
    (OutputDelivery, "deliver", "waking readers"),
    (Engine, "_admit", "admitting"),
    (Engine, "_promote", "starting to decode"),
    (Engine, "_retire", "retiring"),
]


class Clock:
    """CPU seconds of the calling thread spent in functions, those that they call included."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self.calls: defaultdict[str, int] = defaultdict(int)

    def watch(self, owner: type, method: str, label: str) -> None:
        """Time every call of `method` from now on."""
        original: Callable[..., Any] = getattr(owner, method)

        def timed(*args: Any, **kwargs: Any) -> Any:
            began = time.thread_time()
            try:
                return original(*args, **kwargs)
            finally:
                self.seconds[label] += time.thread_time() - began
                self.calls[label] += 1

        setattr(owner, method, timed)


def _operators(settings: GeneratorSettings) -> None:
    """PyTorch's own table for ten steps of all rows, 64 to 74 tokens long."""
    scorer = serve_one(settings).scorer
    rows = range(settings.slots)
    scorer([Span(row, 0, [7] * 64) for row in rows])
    with profile(activities=[ProfilerActivity.CPU]) as operators:
        for step in range(10):
            scorer([Span(row, 64 + step, [7]) for row in rows])
    print(
        operators.key_averages().table(sort_by="self_cpu_time_total", row_limit=16, max_name_column_width=44)
    )


def main() -> None:
    """Profile one gathering."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--people", type=int, default=32)
    parser.add_argument("--model", default="")
    parser.add_argument("--quantization", default="nf4", choices=["nf4", "int8", "none"])
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        model = chosen.model or str(write_random_model(Path(folder), SMALL))
        settings = GeneratorSettings(model=model, quantization=chosen.quantization, slots=chosen.people)
        riff = Riff(settings)
        riff.answer(gathering(2, seed=99_999, briefs=chosen.model != ""))
        clock = Clock()
        for part in _PARTS:
            clock.watch(*part)
        people = gathering(chosen.people, seed=0, briefs=chosen.model != "")
        began, loop = time.process_time(), time.thread_time()
        answers = riff.answer(people)
        seconds, loop = time.process_time() - began, time.thread_time() - loop
        riff.close()
        tokens = sum(answer.tokens for answer in answers)
        print(f"{tokens} tokens, {seconds:.2f} CPU s of all threads, waiting for each other included")
        whole = clock.seconds["whole steps"]
        clock.seconds["event loop and readers"] = loop
        for label, spent in clock.seconds.items():
            calls = clock.calls[label] or 1
            print(f"{label:36} {100 * spent / whole:5.1f} %  {1e3 * spent / calls:8.2f} ms x {calls}")
        _operators(settings)


if __name__ == "__main__":
    main()
