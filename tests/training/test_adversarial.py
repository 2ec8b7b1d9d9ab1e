"""Adversarial rounds: who is told from whom, what is learnt, when it stops, and that it resumes."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from transformers import AutoModelForCausalLM
from typer.testing import CliRunner

from bot.cli.main import app
from genai.training.adversarial.judging import Answered, Diversity, Judge, measure_diversity
from genai.training.adversarial.train import AdversarialConfig, adversarial
from genai.training.measure.answer_sampling import Writing
from genai.training.run.errors import DataError, TrainingError
from genai.training.run.hyperparameters import Schedule
from genai.training.sft import SftConfig, sft
from tests.training.tiny import make_conversations, make_model, same_weights, sentences

TEXTS = st.lists(st.text("abc ", max_size=12), max_size=8)


@given(TEXTS, TEXTS)
def test_diversity_is_a_share_and_repeats_lower_it(texts: list[str], others: list[str]) -> None:
    found = measure_diversity(texts)
    assert all(0 <= value <= 1 for value in (found.distinct_1, found.distinct_2, found.texts))
    twice = measure_diversity([*texts, *texts])
    assert twice.distinct_1 == found.distinct_1 / 2
    assert not found.fell_below(found, 0.1)
    assert measure_diversity(others) == measure_diversity([text.upper() for text in others])


def test_diversity_by_hand() -> None:
    # a b a | a b: 2 of 5 words differ, pairs are ab ba ab
    assert measure_diversity(["A b a", "a b"]) == Diversity(2 / 5, 2 / 3, 1.0)
    assert Diversity(1, 0.5, 1).fell_below(Diversity(1, 0.7, 1), 0.2)
    assert Diversity(1, 1, 0.7).fell_below(Diversity(1, 1, 1), 0.2)
    assert not Diversity(1, 0.9, 0.9).fell_below(Diversity(1, 1, 1), 0.2)


def test_the_judge_prefers_what_reads_as_written_and_measures_on_other_prompts() -> None:
    human, machine = (
        sentences(60),
        [f"leverage synergy {n} {text}" for n, text in enumerate(sentences(60, 2))],
    )
    answered = [
        Answered(f"prompt {n}", one, (other, human[(n + 7) % 60]))
        for n, (one, other) in enumerate(zip(human, machine, strict=True))
    ]
    judge = Judge(features=1000, seed=1)
    assert judge.accuracy(answered[:45], answered[45:]).accuracy.value > 0.9
    assert judge.accuracy(answered[:45], answered[45:]).texts == 30
    better = sum(good > bad for bad, good in judge.scores(answered))
    assert better > 50
    same = [
        replace(item, candidates=(text, text)) for item, text in zip(answered, sentences(60, 3), strict=True)
    ]
    chance = judge.accuracy(same[:45], same[45:]).accuracy
    assert chance.lower < 0.5 < chance.upper, "random words of one kind cannot be told apart"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("adversarial")
    make_conversations(place / "chat.jsonl", 24)
    schedule = Schedule(steps=40, learning_rate=5e-3, warmup=0, device="cpu")
    sft(SftConfig(str(make_model(place / "base")), place / "chat.jsonl", place / "model", schedule=schedule))
    return place


def config_for(folder: Path, output: Path) -> AdversarialConfig:
    return AdversarialConfig(
        str(folder / "model"),
        folder / "chat.jsonl",
        output,
        rounds=2,
        samples=2,
        largest_fall=0.9,
        writing=Writing(longest=16),
        schedule=Schedule(steps=4, save_steps=2, learning_rate=1e-3, device="cpu"),
    )


def test_rounds_are_tabled_end_in_a_model_and_resume_alike(tmp_path: Path, folder: Path) -> None:
    config = config_for(folder, tmp_path / "out")
    summary = adversarial(config)
    assert [row["round"] for row in summary.rows()] == ["0", "1", "2"]
    assert (summary.kept, summary.fell) == (2, False)
    assert AutoModelForCausalLM.from_pretrained(config.output).num_parameters() > 100_000
    assert same_weights(config.output, config.output / "round-2" / "model")
    chosen = [json.loads(line) for line in (config.output / "round-0" / "chosen.jsonl").open()]
    candidates = {
        text
        for line in (config.output / "round-0" / "generated.jsonl").open()
        for text, _ in json.loads(line)
    }
    answers = [row["messages"][-1]["content"] for row in chosen]
    best, replayed = answers[: summary.rounds[0].chosen], answers[summary.rounds[0].chosen :]
    assert len(replayed) == 18, "a quarter of the prompts is only measured"
    assert best
    assert set(best) <= candidates
    card = (config.output / "README.md").read_text(encoding="utf-8")
    assert "discriminator accuracy" in card
    steps = [json.loads(line)["step"] for line in (config.output / "metrics.jsonl").open(encoding="utf-8")]
    assert steps == [0, 1, 2]

    first, out = tmp_path / "first", config.output
    shutil.copytree(out, first)
    (out / "round-1" / "figures.json").unlink()
    (out / "round-1" / "generated.jsonl").unlink()
    for name in ("round-2", "round-1/model/checkpoints/checkpoint-4"):
        shutil.rmtree(out / name)
    assert adversarial(config).rounds == summary.rounds
    assert same_weights(out, first)
    with pytest.raises(TrainingError, match=r"config\.samples: 2 there, 3 now"):
        adversarial(replace(config, samples=3))


def test_it_stops_where_diversity_falls_and_keeps_the_model_before(tmp_path: Path, folder: Path) -> None:
    config = config_for(folder, tmp_path / "out")
    harsh = Schedule(steps=30, learning_rate=1e-2, warmup=0, device="cpu")
    found = adversarial(replace(config, replay=False, largest_fall=0.01, rounds=4, schedule=harsh))
    assert found.fell
    assert len(found.rounds) == found.kept + 2 < 6
    assert (config.output / "model.safetensors").exists() == (found.kept > 0)
    assert "diversity fell" in found.lines()[0]


def test_the_command_plans_and_refuses_what_is_too_little(tmp_path: Path, folder: Path) -> None:
    command = ["train", "adversarial", "--model", str(folder / "model"), "--output", str(tmp_path / "out")]
    few = make_conversations(tmp_path / "few.jsonl", 4)
    refused = CliRunner().invoke(app, [*command, "--data", str(few)])
    assert isinstance(refused.exception, Exception)
    assert "4 different prompts" in str(refused.exception)
    more = ["--data", str(folder / "chat.jsonl"), "--steps", "2", "--set", "writing.longest=4", "--dry-run"]
    dry = CliRunner().invoke(app, [*command, *more, "--set", "schedule.device=cpu"])
    assert "96 answers in each round" in dry.stdout, dry.output
    assert not (tmp_path / "out").exists()
    (tmp_path / "broken.jsonl").write_text("{\n")
    with pytest.raises(DataError, match="line 1"):
        adversarial(replace(config_for(folder, tmp_path / "out"), data=tmp_path / "broken.jsonl"))
