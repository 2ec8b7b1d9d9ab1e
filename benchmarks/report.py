"""The table and the ratios, for people (Markdown) and for programs (JSON)."""

import json
import platform
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from benchmarks.measure import Figures

Cells = Mapping[tuple[str, int], Figures]
"""Figures by way and number of people."""

_HEAD = (
    "| way | people | tokens/s | tokens/CPU s | first p50 ms | first p95 ms | between p95 ms | memory MB |\n"
    + "|---" * 8
    + "|"
)


def ratios(cells: Cells) -> dict[str, float]:
    """Riff against the others at the most people measured (and alone): above 1 is better for Riff.

    The last is Riff's time to first token over that of request-at-a-time, so below 1 is better.
    """
    most, fewest = max(people for _, people in cells), min(people for _, people in cells)
    riff = cells["riff", most]
    others = dict.fromkeys(way for way, people in cells if people == most and not way.startswith("riff"))
    found = {
        f"vs_{way.replace(' ', '_').replace('.', '_')}": riff.tokens_per_second
        / cells[way, most].tokens_per_second
        for way in others
    }
    for way, name in (("llama.cpp", "llama_cpp"), ("riff nf4", "nf4")):
        for people in (fewest, most):
            if (way, people) in cells:
                rate = cells["riff", people].tokens_per_second / cells[way, people].tokens_per_second
                found[f"vs_{name}_{people}"] = rate
    alone = cells["request at a time", fewest]
    found["single_vs_generate"] = cells["riff", fewest].tokens_per_second / alone.tokens_per_second
    found["ttft_vs_request_at_a_time"] = riff.first_p95 / cells["request at a time", most].first_p95
    return {name: round(value, 3) for name, value in found.items()}


def table(title: str, cells: Cells) -> str:
    """Markdown."""
    lines = [f"### {title}", "", _HEAD]
    for (way, people), run in cells.items():
        waits = way != "static slots"
        times = [f"{value:.0f}" for value in (run.first_p50, run.first_p95, run.between_p95)]
        shown = " | ".join(times if waits else ["", "", times[2]])
        rates = f"{run.tokens_per_second:.0f} | {run.tokens_per_cpu_second:.0f}"
        lines.append(f"| {way} | {people} | {rates} | {shown} | {run.memory:.0f} |")
    found = ", ".join(f"{name} {value:.2f}" for name, value in ratios(cells).items())
    return "\n".join([*lines, "", found, ""])


def machine(threads: int) -> str:
    """What it was measured on, in a line."""
    return f"{platform.system()} {platform.machine()}, {threads} threads, Python {platform.python_version()}"


def write(folder: Path, heading: str, measured: Mapping[str, Cells], settings: Mapping[str, object]) -> None:
    """`generation.json` and `generation.md` in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    tables = [table(title, cells) for title, cells in measured.items()]
    (folder / "generation.md").write_text("\n".join([heading, "", *tables]), encoding="utf-8")
    rows = [
        {"model": title, "way": way, "people": people, **asdict(run)}
        for title, cells in measured.items()
        for (way, people), run in cells.items()
    ]
    found = {
        "settings": dict(settings),
        "ratios": {title: ratios(cells) for title, cells in measured.items()},
    }
    (folder / "generation.json").write_text(json.dumps(found | {"rows": rows}, indent=1), encoding="utf-8")
