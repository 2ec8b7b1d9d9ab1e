"""Tokenizer, pre-training and supervised fine-tuning, from files to a model that loads anywhere."""

import json
from pathlib import Path

import pytest
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from bot.cli.main import app
from bot.cli.shared import Failure
from genai.training.architecture import Architecture
from genai.training.data.dataset import load_conversations
from genai.training.data.encoding import IGNORED
from genai.training.data.samples import Scored
from genai.training.measure.perplexity import label_log_probabilities
from genai.training.pretrain import PretrainConfig, estimate_pretrain, pretrain
from genai.training.run.errors import DataError, TrainingError
from genai.training.run.hyperparameters import Schedule
from genai.training.run.model_folders import load_tokenizer
from genai.training.run.training_loop import read_metrics
from genai.training.sft import SftConfig, estimate_sft, sft
from genai.training.tokenizer import TokenizerConfig, learn_tokenizer
from tests.training.tiny import make_conversations, make_model, messages, sentences, write_rows

SCHEDULE = Schedule(steps=24, save_steps=12, log_steps=6, learning_rate=3e-3, device="cpu")


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_model(tmp_path_factory.mktemp("model"))


def test_a_team_trains_tokenizer_and_model_on_its_text(tmp_path: Path) -> None:
    (tmp_path / "text").mkdir()
    (tmp_path / "text" / "a.md").write_text("\n".join(sentences(200)), encoding="utf-8")
    write_rows(tmp_path / "text" / "b.jsonl", [{"text": text} for text in sentences(60, seed=2)])
    learnt = learn_tokenizer(TokenizerConfig(tmp_path / "text", tmp_path / "tokenizer", vocabulary=330))
    assert learnt.vocabulary <= 330
    assert learnt.characters_per_token > 3
    config = PretrainConfig(
        data=tmp_path / "text",
        output=tmp_path / "model",
        tokenizer=str(tmp_path / "tokenizer"),
        architecture=Architecture(hidden=64, layers=2, heads=4, key_value_heads=2, context=64),
        held_out=0.1,
        schedule=SCHEDULE,
    )
    assert estimate_pretrain(config).steps == 24
    summary = pretrain(config)
    assert summary.outcome.held_out_before is not None
    assert summary.outcome.held_out_loss is not None
    assert summary.outcome.held_out_loss < summary.outcome.held_out_before - 1
    loaded = AutoModelForCausalLM.from_pretrained(config.output)
    assert loaded.config.num_key_value_heads == 2
    tokenizer = AutoTokenizer.from_pretrained(config.output)
    assert tokenizer.decode(tokenizer("tea shop \U0001f375").input_ids) == "tea shop \U0001f375"
    further = pretrain(
        PretrainConfig(config.data, tmp_path / "more", model=str(config.output), schedule=SCHEDULE)
    )
    assert further.outcome.held_out_before == pytest.approx(summary.outcome.held_out_loss, abs=0.3)


def test_pretraining_wants_one_beginning(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="either --model"):
        pretrain(PretrainConfig(tmp_path, tmp_path / "out"))


def test_fine_tuning_teaches_the_answers(tmp_path: Path, model: Path) -> None:
    rows = [messages(f"Say: {text}", text) for text in sentences(60)]
    data = write_rows(tmp_path / "chat.jsonl", [*rows, messages("too long", "tea " * 300)])
    config = SftConfig(str(model), data, tmp_path / "out", schedule=SCHEDULE)
    summary = sft(config)
    assert (summary.examples, summary.left_out) == (57, 1)
    assert summary.outcome.held_out_before is not None
    assert summary.outcome.held_out_loss is not None
    assert summary.outcome.held_out_loss < summary.outcome.held_out_before - 1
    assert AutoModelForCausalLM.from_pretrained(config.output).dtype == torch.float32
    kept = {file.name for file in config.output.iterdir()}
    assert {
        "model.safetensors",
        "tokenizer.json",
        "README.md",
        "metrics.jsonl",
        "loss.png",
        "run.json",
    } <= kept
    assert "training_args.bin" not in kept, "a pickle has no place in a model folder"
    steps = [json.loads(line)["step"] for line in (config.output / "metrics.jsonl").open(encoding="utf-8")]
    assert steps == sorted(steps)
    assert (config.output / "loss.png").read_bytes().startswith(b"\x89PNG")
    assert "held-out perplexity after" in (config.output / "README.md").read_text(encoding="utf-8")


def test_the_loss_is_that_of_the_answers_as_they_are_served(tmp_path: Path, model: Path) -> None:
    rows = [
        messages(f"{text} <|im_end|>" * (length % 3 + 1), text[:20], "more", text[20:])
        for length, text in enumerate(sentences(24))
    ]
    data = write_rows(tmp_path / "chat.jsonl", rows)
    config = SftConfig(str(model), data, tmp_path / "out", longest=128, held_out=0.25, schedule=SCHEDULE)
    found = sft(config).outcome.held_out_before
    held_out = load_conversations(data, load_tokenizer(str(model)), 128, 0.25, SCHEDULE.seed).held_out
    assert held_out is not None
    answers = [Scored(item.ids, item.labels, 0) for item in held_out.items]
    base = AutoModelForCausalLM.from_pretrained(model)
    nats = [-score.sum().item() for score in label_log_probabilities(base, answers, 128)]
    assert found == pytest.approx(sum(nats) / sum(len(one) for one in learnt_labels(answers)), rel=1e-5)
    assert not any("num_tokens" in row for row in read_metrics(config.output / "metrics.jsonl"))


def learnt_labels(samples: list[Scored]) -> list[list[int]]:
    return [[label for label in sample.labels if label != IGNORED] for sample in samples]


def test_a_dry_run_measures_and_keeps_nothing(tmp_path: Path, model: Path) -> None:
    data = make_conversations(tmp_path / "chat.jsonl", 30)
    found = estimate_sft(SftConfig(str(model), data, tmp_path / "out", schedule=SCHEDULE))
    assert (found.examples, found.steps) == (28, 24)
    assert found.parameters == found.trained_parameters > 100_000
    assert found.optimizer_gib == pytest.approx(2 * found.weights_gib)
    assert found.seconds_per_step > 0
    assert not (tmp_path / "out").exists()


def test_nothing_short_enough_is_said_before_training(tmp_path: Path, model: Path) -> None:
    data = make_conversations(tmp_path / "chat.jsonl", 3)
    with pytest.raises(DataError, match="has more than 8 tokens"):
        sft(SftConfig(str(model), data, tmp_path / "out", longest=8, schedule=SCHEDULE))


@pytest.mark.parametrize("missing", ["weights", "tokenizer", "folder"])
def test_models_that_cannot_be_loaded_are_named(tmp_path: Path, model: Path, missing: str) -> None:
    data = make_conversations(tmp_path / "chat.jsonl", 3)
    broken = tmp_path / "broken"
    if missing != "folder":
        broken.mkdir()
        for file in model.iterdir():
            if missing not in file.name.replace("model.safe", "weights."):
                (broken / file.name).write_bytes(file.read_bytes())
    with pytest.raises(TrainingError, match="broken"):
        sft(SftConfig(str(broken), data, tmp_path / "out", schedule=SCHEDULE))


def test_the_command_says_faults_in_one_sentence(tmp_path: Path, model: Path) -> None:
    data = tmp_path / "chat.jsonl"
    data.write_text('{"messages": []}\n', encoding="utf-8")
    arguments = [
        "train",
        "sft",
        "--model",
        str(model),
        "--data",
        str(data),
        "--output",
        str(tmp_path / "out"),
    ]
    with pytest.raises(Failure) as caught:
        app(arguments, standalone_mode=False)
    assert caught.value.say.startswith(f"{data}, line 1: ")


def test_the_command_prints_an_estimate(
    tmp_path: Path, model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = make_conversations(tmp_path / "chat.jsonl", 20)
    arguments = [
        "train",
        "sft",
        "--model",
        str(model),
        "--data",
        str(data),
        "--output",
        str(tmp_path / "out"),
    ]
    app([*arguments, "--dry-run", "--steps", "5", "--set", "schedule.device=cpu"], standalone_mode=False)
    shown = capsys.readouterr().out
    assert [word for word in ("data", "parameters", "memory", "time") if word not in shown] == []
    assert "5 steps" in shown
