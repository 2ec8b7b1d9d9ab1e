"""Measures generation side by side in one run. The last line printed is one JSON object of ratios.

    python -m benchmarks            # what `make bench` runs: about 15 minutes on two cores
    python -m benchmarks --quick    # one run each, fewer people, only random weights: for development

Every way answers the same people, in turn, before the next repetition begins, so that whatever else the machine
does meets all of them alike. Each figure is the median of the repetitions.
"""

import argparse
import json
import os
import sys
import tempfile
from collections import defaultdict
from dataclasses import asdict
from pathlib import Path

from benchmarks.gguf_file import reason_against
from benchmarks.measure import Figures, medians
from benchmarks.report import Cells, machine, ratios, table, write
from benchmarks.workers import Worker, workers
from benchmarks.workload import gathering
from genai.settings import GeneratorSettings

LLAMA_WAYS = ["llama.cpp", "llama.cpp greedy"]
WAYS = [
    "request at a time",
    "static batch",
    "continuous batching",
    "riff",
    "riff nf4",
    "static slots",
    *LLAMA_WAYS,
]


def measure(name: str, settings: GeneratorSettings, people: list[int], runs: int, ways: list[str]) -> Cells:
    """Medians by way and number of people."""
    briefs = name == "embedded"
    found: defaultdict[tuple[str, int], list[Figures]] = defaultdict(list)
    if {*ways} & {*LLAMA_WAYS} and (reason := reason_against(settings.model)):
        _tell(f"{name}: llama.cpp is left out: {reason}")
        ways = [way for way in ways if way not in LLAMA_WAYS]
    with workers(ways, settings) as started:
        _warm_up(started, briefs)
        for run in range(runs):
            for count in people:
                # One short text says little about a moment's speed, so somebody alone asks more often.
                for again in range(3 if count == 1 else 1):
                    asking = gathering(count, seed=100 * run + again, briefs=briefs)
                    for way, worker in started.items():
                        found[way, count].append(worker.run(asking))
            _tell(f"{name}: run {run + 1} of {runs} done")
    return {key: medians(runs) for key, runs in sorted(found.items(), key=lambda item: _order(item[0]))}


def _order(key: tuple[str, int]) -> tuple[int, int]:
    return key[1], WAYS.index(key[0])


def _warm_up(started: dict[str, Worker], briefs: bool) -> None:
    for way, worker in started.items():
        worker.run(gathering(2, seed=99_999, briefs=briefs))
        _tell(f"{way} is ready")


def _tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="one run, 1 and 16 people, random weights only")
    parser.add_argument("--people", type=int, nargs="+", default=[1, 8, 32])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument(
        "--models", nargs="+", default=["random", "embedded"], help="random, embedded, or files"
    )
    parser.add_argument("--ways", nargs="+", default=WAYS, choices=WAYS)
    parser.add_argument("--quantization", default="auto", choices=["auto", "int4", "nf4", "int8", "none"])
    parser.add_argument("--dtype", default="auto", choices=["auto", "float32", "bfloat16"])
    parser.add_argument("--output", type=Path, default=Path("benchmarks/results"))
    chosen = parser.parse_args()
    if chosen.quick:
        chosen.people, chosen.runs, chosen.models = [1, 16], 1, ["random"]
    return chosen


def main() -> None:
    """Measure, print, write."""
    chosen = _arguments()
    ways = [way for way in WAYS if way in {*chosen.ways, "riff", "request at a time"}]
    threads = int(os.environ.get("OMP_NUM_THREADS") or len(os.sched_getaffinity(0)))
    heading = f"{chosen.quantization}, {chosen.dtype}; {machine(threads)}; median of {chosen.runs} runs"
    measured: dict[str, Cells] = {}
    with tempfile.TemporaryDirectory() as folder:
        for name in chosen.models:
            settings = GeneratorSettings(
                model=_folder(name, Path(folder)),
                quantization=chosen.quantization,
                dtype=chosen.dtype,
                slots=max(chosen.people),
            )
            measured[name] = measure(name, settings, chosen.people, chosen.runs, ways)
            print(table(name, measured[name]), flush=True)
    write(chosen.output, heading, measured, {"heading": heading})
    first = next(iter(measured))
    figures = {f"{way} {count}": asdict(run) for (way, count), run in measured[first].items()}
    others = {f"{name}_ratios": ratios(cells) for name, cells in measured.items() if name != first}
    print(json.dumps(ratios(measured[first]) | others | {"model": first, "figures": figures}))


def _folder(name: str, scratch: Path) -> str:
    if name != "random":
        return name
    from benchmarks.models import SMALL, write_random_model

    return str(write_random_model(scratch / name, SMALL))


if __name__ == "__main__":
    main()
