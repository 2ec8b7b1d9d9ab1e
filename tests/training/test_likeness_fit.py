"""A likeness is fitted to partitions, measured on what was kept apart, and read again as it was written."""

import json
import random
from pathlib import Path

import numpy as np
import pytest

from genai.likeness.measure import FittedLikeness
from genai.training.likeness import partitions as partitions_module
from genai.training.likeness.agreement import distinct_count, rank_correlation
from genai.training.likeness.fit import LikenessConfig, fit, plan
from genai.training.likeness.partitions import Partition, is_kept, read_partitions
from genai.training.run.errors import TrainingError

THINGS = ("a stamp card for regulars", "a night market", "seeds to borrow", "a repair evening")
ENDS = ("for all", "on Monday", "at the door", "in the yard", "every week", "twice")


def write(folder: Path, model: str, seed: int, prompts: int = 16) -> None:
    """Six answers to each prompt, some of which say the same with another end."""
    draw = random.Random(seed)
    lines = []
    for prompt in range(prompts):
        classes = sorted(draw.randrange(1 + seed % 4) for _ in ENDS)
        known = {number: place for place, number in enumerate(dict.fromkeys(classes))}
        answers = [f"{THINGS[number]} {end}" for number, end in zip(classes, ENDS, strict=True)]
        line = {"id": f"own-{prompt}", "generations": answers, "partition": [known[one] for one in classes]}
        lines.append(json.dumps(line))
    (folder / f"{model}.jsonl").write_text("\n".join(lines))


def test_what_is_fitted_is_measured_on_models_and_prompts_kept_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(partitions_module, "_SHORT_STRANGERS", 2)
    monkeypatch.setattr(partitions_module, "_LONG_STRANGERS", 1)
    for seed, model in enumerate(("few", "many", "kept")):
        write(tmp_path, model, seed + 1)
    output = tmp_path / "fitted.json"
    summary = fit(LikenessConfig(answers=tmp_path, output=output, trees=20, kept_models=("kept",)))
    apart = summary.figures["kept apart: models and prompts"]
    assert apart["pairs"] == 4 * 15
    assert apart["auc"] > 0.95
    assert any("auc" in line for line in summary.lines())
    again = FittedLikeness.from_values(json.loads(output.read_text()))
    alike = again.pairwise([f"{THINGS[0]} twice"], [f"{THINGS[0]} for all", f"{THINGS[1]} twice"])[0]
    assert alike[0] > alike[1]
    assert again.thresholds == summary.thresholds
    first = output.read_bytes()
    fit(LikenessConfig(answers=tmp_path, output=output, trees=20, kept_models=("kept",)))
    assert output.read_bytes() == first


def test_a_dry_run_says_what_is_kept_apart(tmp_path: Path) -> None:
    for seed, model in enumerate(("few", "kept")):
        write(tmp_path, model, seed + 1)
    said = plan(LikenessConfig(answers=tmp_path, kept_models=("kept",)))
    assert "12 to learn from, 4 of models and prompts kept apart" in "\n".join(said)
    with pytest.raises(TrainingError, match="no answers are left"):
        plan(LikenessConfig(answers=tmp_path, kept_models=("nobody",)))


def test_an_answer_joins_the_first_class_whose_leader_it_is_like() -> None:
    alike = np.array([[1, 0.1, 0.6], [0.1, 1, 0.7], [0.6, 0.7, 1]])
    assert distinct_count(alike, 0.5) == 2
    assert distinct_count(alike, 0.9) == 3


def test_models_are_ranked_by_their_mean_counts() -> None:
    partitions = [
        Partition("same", 1, ("tea", "tea"), (0, 0)),
        Partition("differ", 1, ("tea", "cake"), (0, 1)),
    ]
    found = rank_correlation(
        partitions, lambda texts: np.array([[float(a == b) for a in texts] for b in texts]), 0.5
    )
    assert found == pytest.approx(1.0)


def test_neighbouring_prompts_are_kept_apart_together() -> None:
    kept = [prompt for prompt in range(100) if is_kept(prompt)]
    assert len(kept) == 24
    assert all(prompt ^ 1 in kept for prompt in kept)


@pytest.mark.parametrize(
    "line", ["{", '{"id": "a-1"}', '{"id": "a-1", "generations": ["x"], "partition": []}']
)
def test_a_wrong_line_is_named(tmp_path: Path, line: str) -> None:
    (tmp_path / "one.jsonl").write_text(line)
    with pytest.raises(TrainingError, match="line 1"):
        read_partitions(tmp_path)


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="are there"):
        read_partitions(tmp_path)
