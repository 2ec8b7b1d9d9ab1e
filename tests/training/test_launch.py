"""`accelerate launch` runs the training commands on two processes that average gradients over gloo."""

import json
import os
import subprocess
import sys
from pathlib import Path

from transformers import AutoModelForCausalLM

from tests.training.tiny import make_conversations, make_model


def launch(stage: str, *options: str) -> str:
    """Run `riff train STAGE` on two CPU processes and return what it printed."""
    launcher = [sys.executable, "-m", "accelerate.commands.launch", "--multi_gpu", "--num_processes=2"]
    launcher += ["--num_machines=1", "--mixed_precision=no", "--dynamo_backend=no", "--main_process_port=0"]
    command = ["--module", "bot", "train", stage, *options, "--set=schedule.device=cpu"]
    done = subprocess.run(
        [*launcher, *command],
        env=os.environ | {"OMP_NUM_THREADS": "1", "ACCELERATE_USE_CPU": "true"},
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-6000:]
    return done.stdout


def test_two_processes_train_one_model(tmp_path: Path) -> None:
    model, data = make_model(tmp_path / "model"), make_conversations(tmp_path / "chat.jsonl")
    options = [f"--model={model}", f"--data={data}", f"--output={tmp_path / 'out'}", "--steps=8"]
    options += ["--set=schedule.batch=4", "--set=schedule.log_steps=4", "--set=schedule.learning_rate=0.003"]
    shown = launch("sft", *options)
    assert shown.count("parameters trained for 8 steps") == 1, "one process speaks for all"
    assert json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))["processes"] == 2
    rows = [json.loads(line) for line in (tmp_path / "out" / "metrics.jsonl").open(encoding="utf-8")]
    losses = [row["loss"] for row in rows if "loss" in row]
    assert losses[-1] < losses[0]
    # 8 steps of 2 × 4 examples pass once over the 57 that are not held out.
    assert rows[-1]["epoch"] == 1
    assert AutoModelForCausalLM.from_pretrained(tmp_path / "out").num_parameters() > 100_000


def test_what_one_process_makes_the_other_waits_for(tmp_path: Path) -> None:
    """The main process measures importance and prunes; both then heal what it saved."""
    model, data = make_model(tmp_path / "model"), make_conversations(tmp_path / "chat.jsonl")
    options = [f"--model={model}", f"--data={data}", f"--output={tmp_path / 'out'}", "--steps=2"]
    launch("prune", *options, "--layers=1", "--hard-weight=1", "--set=calibration=40")
    assert AutoModelForCausalLM.from_pretrained(tmp_path / "out").config.num_hidden_layers == 1
