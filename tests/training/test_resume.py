"""A run that was stopped goes on from its last checkpoint and ends with the same weights."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import torch

from genai.training.architecture import Architecture
from genai.training.lora import Adapter, LoraConfig, lora
from genai.training.pretrain import PretrainConfig, pretrain
from genai.training.run.hyperparameters import Schedule
from genai.training.run.result import Summary
from genai.training.run.training_loop import read_metrics
from genai.training.sft import SftConfig, sft
from tests.training.tiny import make_conversations, make_model, same_weights, sentences

_DEADLINE_SECONDS = 120.0


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Sums are then taken in one order, here and in the process that is killed."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_model(tmp_path_factory.mktemp("model"))


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_conversations(tmp_path_factory.mktemp("data") / "chat.jsonl")


def test_kill_and_resume_give_the_same_weights(tmp_path: Path, model: Path, data: Path) -> None:
    """Adapters, because their dropout needs the random numbers restored too."""
    killed, whole = tmp_path / "killed", tmp_path / "whole"
    schedule = Schedule(steps=90, save_steps=10, log_steps=10, device="cpu", learning_rate=1e-2)
    command = [sys.executable, "-m", "bot", "train", "lora", "--model", str(model), "--data", str(data)]
    command += [
        "--output",
        str(killed),
        "--steps=90",
        "--set=adapter.dropout=0.2",
        "--set=schedule.device=cpu",
    ]
    command += ["--set=schedule.save_steps=10", "--set=schedule.learning_rate=0.01"]
    with subprocess.Popen(command, env=os.environ | {"OMP_NUM_THREADS": "1"}) as process:
        try:
            wait_for(killed / "checkpoints" / "checkpoint-20" / "trainer_state.json", process)
        finally:
            process.kill()
    assert process.returncode == -signal.SIGKILL

    def run(output: Path) -> Summary:
        return lora(LoraConfig(str(model), data, output, adapter=Adapter(dropout=0.2), schedule=schedule))

    resumed, uninterrupted = run(killed), run(whole)
    assert 20 <= resumed.outcome.resumed_at < 90
    assert uninterrupted.outcome.resumed_at == 0
    assert same_weights(killed, whole, "adapter_model.safetensors")
    for name in ("loss", "eval_loss"):
        curves = [
            [(row["step"], row[name]) for row in read_metrics(folder / "metrics.jsonl") if name in row]
            for folder in (killed, whole)
        ]
        assert curves[0] == curves[1]


def wait_for(file: Path, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _DEADLINE_SECONDS
    while not file.exists():
        assert process.poll() is None, "the command ended before it could be killed"
        assert time.monotonic() < deadline, f"{file} was not written in time"
        time.sleep(0.02)


@pytest.mark.parametrize("stage", ["sft", "pretrain"])
def test_the_last_steps_done_again_give_the_same_weights(
    tmp_path: Path, model: Path, data: Path, stage: str
) -> None:
    output, first = tmp_path / "out", tmp_path / "first"
    train = stage_runner(stage, tmp_path, model, data, output)
    train()
    shutil.copytree(output, first)
    shutil.rmtree(output / "checkpoints" / "checkpoint-20")
    (output / "model.safetensors").unlink()
    assert train().outcome.resumed_at == 10
    assert same_weights(output, first)
    assert train().outcome.resumed_at == 20, "a finished run is not trained again"
    assert same_weights(output, first)


def stage_runner(stage: str, folder: Path, model: Path, data: Path, output: Path) -> Callable[[], Summary]:
    schedule = Schedule(steps=20, save_steps=10, accumulate=2, batch=4, device="cpu", learning_rate=1e-3)
    if stage == "sft":
        return lambda: sft(SftConfig(str(model), data, output, schedule=schedule))
    text = folder / "text.txt"
    text.write_text("\n".join(sentences(150)), encoding="utf-8")
    size = Architecture(hidden=32, layers=1, heads=2, context=32)
    config = PretrainConfig(
        text, output, tokenizer=str(model), architecture=size, held_out=0.1, schedule=schedule
    )
    return lambda: pretrain(config)
