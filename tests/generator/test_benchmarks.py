"""The benchmarks run from end to end, on shapes too small for figures."""

import json
import sys
from pathlib import Path

import pytest

from benchmarks import __main__ as generation
from benchmarks import gpu
from benchmarks.models import TINY, write_random_model
from benchmarks.workload import gathering


def test_the_benchmark_ends_with_one_line_of_ratios(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    model = write_random_model(tmp_path / "model", TINY)
    arguments = f"--models {model} --people 1 2 --runs 1 --ways riff llama.cpp --output {tmp_path}"
    monkeypatch.setattr(sys, "argv", ["benchmarks", *arguments.split()])
    generation.main()
    printed = capsys.readouterr()
    ratios = json.loads(printed.out.splitlines()[-1])
    assert ratios["vs_request_at_a_time"] > 0
    assert ratios["single_vs_generate"] > 0
    assert ratios["ttft_vs_request_at_a_time"] > 0
    written = (tmp_path / "generation.md").read_text()
    assert "| riff | 2 |" in written
    assert ("| llama.cpp | 2 |" in written) != ("llama.cpp is left out: " in printed.err)
    assert json.loads((tmp_path / "generation.json").read_text())["ratios"]


def test_the_benchmark_for_gpus_runs_all_the_way_through_without_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = f"--shape tiny --device cpu --streams 2 --runs 1 --output {tmp_path}"
    monkeypatch.setattr(sys, "argv", ["benchmarks.gpu", *arguments.split()])
    gpu.main()
    found = json.loads(capsys.readouterr().out.splitlines()[-1])
    ways = {row["way"] for row in found["rows"]}
    assert ways == {"static batch", "continuous batching", "riff"}
    assert all(0 < row["tokens_per_second"] < row["floor"] for row in found["rows"])


def test_everybody_together_wants_the_same_number_of_tokens() -> None:
    wanted = {sum(person.tokens for person in gathering(32, seed=seed, briefs=False)) for seed in range(9)}
    assert wanted == {32 * 64}
