"""Measures a model of the 7 B shape on a GPU. Says why and ends well where there is none.

    python -m benchmarks.gpu                       # NF4 and bfloat16; 1, 8 and 64 streams
    python -m benchmarks.gpu --shape tiny --device cpu --runs 1 --streams 1 2     # the same way through, anywhere

Weights are random: speed does not depend on what they say. The floor is the time in which a GPU can read what a
step must read, all weights and the cache of all streams, at the bandwidth that a large copy reaches. Its last
printed line is one JSON object.
"""

import argparse
import json
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

import torch

from benchmarks.measure import Answer
from benchmarks.models import SEVEN_BILLION, TINY, Shape, write_random_model
from benchmarks.ways import ContinuousBatching, Riff, StaticBatch, Way
from benchmarks.workload import Person, gathering
from genai.model.loading.memory_estimates import cache_bytes_per_token, model_bytes
from genai.model.loading.source import find
from genai.settings import GeneratorSettings

_COPY_BYTES = 1 << 30
_WAYS: dict[str, tuple[type[Way], bool]] = {
    "static batch": (StaticBatch, False),
    "continuous batching": (ContinuousBatching, False),
    "riff": (Riff, False),
    "riff, CUDA graphs": (Riff, True),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table; `floor` is the most tokens per second that memory bandwidth allows."""

    quantization: str
    way: str
    streams: int
    tokens_per_second: float
    floor: float
    memory_gigabytes: float


def bandwidth(device: torch.device) -> float:
    """Bytes read and written per second by a copy that fits in no cache."""
    source = torch.zeros(_COPY_BYTES if device.type == "cuda" else _COPY_BYTES >> 4, dtype=torch.uint8).to(
        device
    )
    target = torch.empty_like(source)
    times = []
    for _ in range(5):
        _wait(device)
        began = time.perf_counter()
        target.copy_(source)
        _wait(device)
        times.append(time.perf_counter() - began)
    return 2 * source.numel() / median(times)


def measure(settings: GeneratorSettings, streams: list[int], runs: int, speed: float) -> Iterator[Row]:
    """A row for each way and number of streams, each way alone in memory."""
    device = torch.device(settings.device)
    for way, (kind, graphs) in _WAYS.items():
        if graphs and device.type != "cuda":
            continue
        served = kind(settings.model_copy(update={"cuda_graphs": graphs}))
        served.answer(gathering(2, seed=99_999, briefs=False))
        held = _held(device)
        for count in streams:
            people = gathering(count, seed=count, briefs=False)
            rates = [_rate(served.answer(people)) for _ in range(runs)]
            floor = _floor(settings, people, speed)
            yield Row(settings.quantization, way, count, median(rates), floor, max(held, _held(device)) / 1e9)
        served.close()
        del served
        if device.type == "cuda":
            torch.cuda.empty_cache()
            torch.cuda.reset_peak_memory_stats()


def _rate(answers: list[Answer]) -> float:
    return sum(answer.tokens for answer in answers) / max(answer.pieces[-1] for answer in answers)


def _floor(settings: GeneratorSettings, people: list[Person], speed: float) -> float:
    source = find(settings.model, trust_remote_code=False)
    dtype = torch.bfloat16 if settings.dtype == "bfloat16" else torch.float32
    weights = model_bytes(source.shapes, settings.quantization, dtype)
    # The prompt of 64 tokens in the mean, and half of the answer, are read in a step in the mean.
    length = 64 + sum(person.tokens for person in people) / len(people) / 2
    cache = len(people) * length * cache_bytes_per_token(source.config, dtype)
    return len(people) * speed / (weights + cache)


def _held(device: torch.device) -> int:
    return torch.cuda.max_memory_allocated() if device.type == "cuda" else 0


def _wait(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize()


def _table(rows: list[Row]) -> str:
    lines = ["| weights | way | streams | tokens/s | of the floor | memory GB |", "|---" * 6 + "|"]
    lines += [
        f"| {row.quantization} | {row.way} | {row.streams} | {row.tokens_per_second:.0f} "
        f"| {100 * row.tokens_per_second / row.floor:.0f} % | {row.memory_gigabytes:.1f} |"
        for row in rows
    ]
    return "\n".join(lines)


def _shape(name: str) -> Shape:
    return {"7b": SEVEN_BILLION, "tiny": TINY}[name]


def main() -> None:
    """Measure, print, write; or say why not."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--shape", default="7b", choices=["7b", "tiny"])
    parser.add_argument("--device", default="cuda", choices=["cuda", "cpu"])
    parser.add_argument("--streams", type=int, nargs="+", default=[1, 8, 64])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--output", type=Path, default=Path("benchmarks/results"))
    chosen = parser.parse_args()
    if chosen.device == "cuda" and not torch.cuda.is_available():
        print("skipped: this machine has no CUDA device that PyTorch can use")
        return
    device = "cuda:0" if chosen.device == "cuda" else "cpu"
    speed = bandwidth(torch.device(device))
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        model = str(write_random_model(Path(folder), _shape(chosen.shape), torch.bfloat16))
        for quantization in ("nf4", "none"):
            settings = GeneratorSettings(
                model=model,
                quantization=quantization,
                device=device,
                dtype="bfloat16",
                slots=max(chosen.streams),
                context_tokens=512,
            )
            rows += measure(settings, chosen.streams, chosen.runs, speed)
    print(_table(rows))
    found = {"bandwidth_gigabytes_per_second": speed / 1e9, "rows": [asdict(row) for row in rows]}
    chosen.output.mkdir(parents=True, exist_ok=True)
    (chosen.output / "gpu.json").write_text(json.dumps(found, indent=1), encoding="utf-8")
    (chosen.output / "gpu.md").write_text(_table(rows) + "\n", encoding="utf-8")
    print(json.dumps(found))


if __name__ == "__main__":
    main()
