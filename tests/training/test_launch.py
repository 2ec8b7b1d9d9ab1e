"""`accelerate launch` runs the training commands on two processes that average gradients over gloo."""

import json
import os
import subprocess
import sys
from pathlib import Path

from transformers import AutoModelForCausalLM

from tests.training.tiny import make_conversations, make_model


def test_two_processes_train_one_model(tmp_path: Path) -> None:
    model, data = make_model(tmp_path / "model"), make_conversations(tmp_path / "chat.jsonl")
    launcher = [sys.executable, "-m", "accelerate.commands.launch", "--multi_gpu", "--num_processes=2"]
    launcher += ["--num_machines=1", "--mixed_precision=no", "--dynamo_backend=no", "--main_process_port=0"]
    command = ["--module", "bot", "train", "sft", f"--model={model}", f"--data={data}", "--steps=8"]
    command += [f"--output={tmp_path / 'out'}", "--set=schedule.device=cpu", "--set=schedule.batch=4"]
    command += ["--set=schedule.log_steps=4", "--set=schedule.learning_rate=0.003"]
    done = subprocess.run(
        [*launcher, *command],
        env=os.environ | {"OMP_NUM_THREADS": "1", "ACCELERATE_USE_CPU": "true"},
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stdout.count("parameters trained for 8 steps") == 1, "one process speaks for all"
    assert json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))["processes"] == 2
    rows = [json.loads(line) for line in (tmp_path / "out" / "metrics.jsonl").open(encoding="utf-8")]
    losses = [row["loss"] for row in rows if "loss" in row]
    assert losses[-1] < losses[0]
    # 8 steps of 2 × 4 examples pass once over the 57 that are not held out.
    assert rows[-1]["epoch"] == 1
    assert AutoModelForCausalLM.from_pretrained(tmp_path / "out").num_parameters() > 100_000
