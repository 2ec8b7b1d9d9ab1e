"""DPO: an adapter learns what was preferred, is measured on prompts apart, and is served only if it wins."""

import json
from dataclasses import replace
from pathlib import Path

import peft
import pytest
from hypothesis import given
from hypothesis import strategies as st
from transformers import AutoModelForCausalLM
from typer.testing import CliRunner

from bot.cli.main import app
from bot.cli.shared import Failure
from genai.training.dpo.dataset import load_pairs
from genai.training.dpo.promotion import Likelihoods, NotPromoted, compare, compared, promote
from genai.training.dpo.train import DpoConfig, dpo, estimate_dpo
from genai.training.lora import Adapter
from genai.training.run.errors import DataError, TrainingError
from genai.training.run.hyperparameters import Schedule
from genai.training.run.model_folders import load_tokenizer
from tests.training.tiny import make_model, messages, sentences, write_rows

SCHEDULE = Schedule(steps=16, save_steps=8, log_steps=8, learning_rate=1e-2, device="cpu")


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_model(tmp_path_factory.mktemp("model"))


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """People prefer music to stones, on forty prompts; what they type looks like control tokens."""
    rows = [
        {**messages(f"{text} <|im_end|>"), "chosen": "music music boat", "rejected": "stone stone paper"}
        for text in sentences(40)
    ]
    return write_rows(tmp_path_factory.mktemp("data") / "pairs.jsonl", rows)


def config_for(model: Path, data: Path, output: Path) -> DpoConfig:
    return DpoConfig(str(model), data, output, adapter=Adapter(rank=4, alpha=8), schedule=SCHEDULE)


def test_an_adapter_that_learns_wins_and_is_served(tmp_path: Path, model: Path, data: Path) -> None:
    config = config_for(model, data, tmp_path / "adapter")
    summary = dpo(config)
    assert summary.comparison.pairs == 8
    assert summary.comparison.won.value == 1
    assert summary.comparison.margin > 0.1
    assert summary.comparison.wins

    promote(config.output, summary.comparison, tmp_path / "served" / "team")
    command = ["train", "dpo", "--model", str(model), "--data", str(data), "--output", str(config.output)]
    for setting in ("steps=16", "save_steps=8", "learning_rate=0.01", "device=cpu"):
        command += ["--set", f"schedule.{setting}"]
    command += ["--set", "adapter.rank=4", "--set", "adapter.alpha=8"]
    again = CliRunner().invoke(app, [*command, "--promote", str(tmp_path / "served" / "team")])
    assert again.exit_code == 0, again.output
    assert "Promoted to" in again.stdout
    assert [folder.name for folder in (tmp_path / "served").iterdir()] == ["team"]
    base = AutoModelForCausalLM.from_pretrained(model)
    served = peft.PeftModel.from_pretrained(base, str(tmp_path / "served" / "team"))
    held_out = load_pairs(data, load_tokenizer(str(model)), 1024, config.held_out, SCHEDULE.seed).held_out
    assert compare(served, held_out).margin == pytest.approx(summary.comparison.margin, rel=1e-3)
    assert "pairs won" in (config.output / "README.md").read_text(encoding="utf-8")


def test_a_run_that_was_stopped_ends_the_same(tmp_path: Path, model: Path, data: Path) -> None:
    whole = dpo(config_for(model, data, tmp_path / "whole"))
    stopped = config_for(model, data, tmp_path / "stopped")
    dpo(stopped)
    checkpoint = stopped.output / "checkpoints" / "checkpoint-16"
    (checkpoint / "trainer_state.json").unlink()  # as if the kill came while it was written
    again = dpo(stopped)
    assert again.training.outcome.resumed_at == 8
    assert again.comparison == whole.comparison


def test_the_dry_run_counts_and_keeps_nothing(tmp_path: Path, model: Path, data: Path) -> None:
    found = estimate_dpo(config_for(model, data, tmp_path / "adapter"))
    assert (found.examples, found.steps) == (32, 16)
    assert found.trained_parameters < found.parameters
    assert not (tmp_path / "adapter").exists()


def test_no_prompt_is_both_learned_from_and_measured_on(tmp_path: Path, model: Path) -> None:
    rows = [
        {"prompt": f"prompt {n % 10}", "chosen": f"answer {n}", "rejected": "no answer"} for n in range(40)
    ]
    file = write_rows(tmp_path / "pairs.jsonl", rows)
    tokenizer = load_tokenizer(str(model))
    found = load_pairs(file, tokenizer, 1024, 0.2, seed=1)
    assert (len(found.learned), len(found.held_out)) == (32, 8)
    assert not {pair.prompt for pair in found.learned} & {pair.prompt for pair in found.held_out}
    with pytest.raises(DataError, match="prompts"):
        load_pairs(write_rows(tmp_path / "few.jsonl", rows[:3]), tokenizer, 1024, 0.2, seed=1)
    with pytest.raises(DataError, match="0 different prompts"):
        load_pairs(file, tokenizer, 8, 0.2, seed=1)


def test_an_adapter_that_does_not_win_is_refused_with_exit_code_1(
    tmp_path: Path, model: Path, data: Path
) -> None:
    place = tmp_path / "served"
    arguments = [
        "train",
        "dpo",
        "--model",
        str(model),
        "--data",
        str(data),
        "--output",
        str(tmp_path / "out"),
    ]
    settings = ["--steps", "1", "--set", "schedule.learning_rate=1e-12", "--set", "schedule.device=cpu"]
    result = CliRunner().invoke(app, [*arguments, *settings, "--promote", str(place)])
    assert result.exit_code == 1
    assert isinstance(result.exception, Failure)
    assert result.exception.say.startswith("Not promoted")
    assert not place.exists()


def test_another_folders_content_is_never_replaced(tmp_path: Path) -> None:
    winner = compared([Likelihoods(-2, -1)] * 20, [Likelihoods(-1, -2)] * 20)
    place = tmp_path / "mine"
    place.mkdir()
    (place / "letters.txt").write_text("keep", encoding="utf-8")
    with pytest.raises(TrainingError, match="something else"):
        promote(tmp_path, winner, place)
    assert (place / "letters.txt").read_text(encoding="utf-8") == "keep"
    with pytest.raises(NotPromoted):
        promote(tmp_path, compared([Likelihoods(-1, -2)] * 20, [Likelihoods(-1, -2)] * 20), place)


NATS = st.floats(-20, 0)
ROWS = st.lists(st.tuples(NATS, NATS, NATS, NATS), min_size=1, max_size=40)


@given(ROWS)
def test_only_a_majority_of_pairs_can_win(rows: list[tuple[float, float, float, float]]) -> None:
    before = [Likelihoods(chosen, rejected) for chosen, rejected, _, _ in rows]
    after = [Likelihoods(chosen, rejected) for _, _, chosen, rejected in rows]
    found = compared(before, after)
    assert found.won.lower <= found.won.value <= found.won.upper
    if found.wins:
        assert found.won.value > 0.5
        assert found.after.value >= found.before.value
        assert not compared(after, before).wins
        assert not replace(found, won=replace(found.won, lower=0.5)).wins
    json.dumps(found.figures())
