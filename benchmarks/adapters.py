"""What adapters cost a decode step: none loaded, loaded but unused, one for all rows, several in one batch.

    python -m benchmarks.adapters --rows 32

The alternative to a mixed batch is a pass for each adapter; the last line gives it for the same four groups.
CPU milliseconds a step, the least of several tries.
"""

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import peft
import torch

from benchmarks.models import SMALL, write_random_model
from genai.engine.lora import AdapterFiles
from genai.engine.scorer import Scorer, Span
from genai.engine.serving import serve_one
from genai.settings import GeneratorSettings

_STEPS, _TRIES, _RANK = 8, 6, 16


def timed(work: Callable[[], object]) -> float:
    """CPU milliseconds of one call, the least of some."""
    found = []
    for _ in range(_TRIES):
        began = time.process_time()
        for _ in range(_STEPS):
            work()
        found.append(1e3 * (time.process_time() - began) / _STEPS)
    return min(found)


def step(scorer: Scorer, rows: int, names: list[str]) -> None:
    """One token for each row; row i uses adapter i modulo their number."""
    scorer([Span(row, 64, [7], names[row % len(names)]) for row in range(rows)])


def grouped(scorer: Scorer, rows: int, names: list[str]) -> None:
    """The same, one pass for each adapter."""
    share = rows // len(names)
    for group, name in enumerate(names):
        scorer([Span(group * share + row, 64, [7], name) for row in range(share)])


def files(seed: int) -> AdapterFiles:
    """A LoRA on all linear layers, with weights at random."""
    torch.manual_seed(seed)
    config = peft.LoraConfig(r=_RANK, target_modules="all-linear", inference_mode=True)
    return AdapterFiles(Path(f"random {seed}"), config, {})


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=32)
    parser.add_argument("--quantization", default="nf4", choices=["nf4", "int8", "none"])
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        model = str(write_random_model(Path(folder), SMALL))
        served = serve_one(
            GeneratorSettings(model=model, quantization=chosen.quantization, slots=chosen.rows)
        )
    scorer, rows, names = served.scorer, chosen.rows, ["a", "b", "c", "d"]
    scorer([Span(row, 0, [7] * 64) for row in range(rows)])
    print(f"no adapter loaded: {timed(lambda: step(scorer, rows, [''])):.1f} ms")
    assert served.adapters is not None
    for number, name in enumerate(names):
        served.adapters.add(name, files(number))
    print(f"four loaded, none used: {timed(lambda: step(scorer, rows, [''])):.1f} ms")
    print(f"one for all rows: {timed(lambda: step(scorer, rows, ['a'])):.1f} ms")
    print(f"four in one batch: {timed(lambda: step(scorer, rows, names)):.1f} ms")
    print(f"a pass for each of four: {timed(lambda: grouped(scorer, rows, names)):.1f} ms")


if __name__ == "__main__":
    main()
