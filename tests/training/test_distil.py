"""Distillation: the loss, the student, and a run through the stage."""

from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn.functional import cross_entropy
from transformers import AutoModelForCausalLM
from typer.testing import CliRunner

from bot.cli.main import app
from genai.training.architecture import shape_of
from genai.training.distil.loss import SoftTargets, distillation_loss, soft_loss
from genai.training.distil.train import DistilConfig, StudentSize, distil, new_student, student_shape
from genai.training.run.errors import TrainingError
from genai.training.run.hyperparameters import Schedule
from tests.support.tiny_models import save_tiny, sentences, tiny_llama, write_conversations


def logits(seed: int) -> torch.Tensor:
    return torch.randn(5, 11, generator=torch.Generator().manual_seed(seed))


@given(temperature=st.floats(0.5, 10))
def test_soft_loss_is_zero_in_agreement_and_positive_otherwise(temperature: float) -> None:
    assert float(soft_loss(logits(1), logits(1) + 3, temperature)) == pytest.approx(0, abs=1e-3)
    assert float(soft_loss(logits(1), logits(2), temperature)) > 0


def test_the_mixture_is_hard_at_one_and_soft_at_zero() -> None:
    labels = torch.tensor([0, 3, 10, 2, 2])
    hard = distillation_loss(logits(1), logits(2), labels, 2.0, 1.0)
    torch.testing.assert_close(hard, cross_entropy(logits(1), labels, reduction="sum"))
    soft = distillation_loss(logits(1), logits(2), labels, 2.0, 0.0)
    torch.testing.assert_close(soft, soft_loss(logits(1), logits(2), 2.0))


def test_gradients_keep_their_size_when_the_temperature_is_high() -> None:
    """Section 2.1 of the paper: at high temperature, T² times the gradient is that of half the squared distance."""
    student, teacher = logits(1).requires_grad_(), logits(2)
    soft_loss(student, teacher, 1000.0).backward()
    centred = (student - student.mean(-1, keepdim=True)) - (teacher - teacher.mean(-1, keepdim=True))
    torch.testing.assert_close(student.grad, centred.detach() / 11, atol=1e-3, rtol=1e-2)


def test_a_new_student_has_the_sizes_asked_for() -> None:
    teacher = tiny_llama(50, num_hidden_layers=4).config
    assert shape_of(new_student(teacher, StudentSize()).config).layers == 2
    student = new_student(teacher, StudentSize(layers=1, hidden=32, intermediate=40, heads=2))
    assert (student.config.hidden_size, student.config.intermediate_size) == (32, 40)
    assert student.config.num_key_value_heads == 1
    assert student(torch.arange(5)[None]).logits.shape == (1, 5, 50)
    with pytest.raises(TrainingError, match="multiple"):
        student_shape(shape_of(teacher), StudentSize(hidden=30))


def test_a_student_comes_nearer_to_its_teacher_and_loads_anywhere(tmp_path: Path) -> None:
    teacher = save_tiny(tmp_path / "teacher", num_hidden_layers=4)
    with torch.no_grad():
        sharp = AutoModelForCausalLM.from_pretrained(teacher)
        sharp.model.norm.weight.mul_(4)  # opinions strong enough to be worth learning
        sharp.save_pretrained(teacher)
    data = write_conversations(tmp_path / "data.jsonl", 40)
    schedule = Schedule(steps=30, batch=8, learning_rate=3e-3, log_steps=5, device="cpu")
    targets = SoftTargets(temperature=2.0, hard_weight=0.0)
    config = DistilConfig(str(teacher), data, tmp_path / "out", targets=targets, schedule=schedule)
    summary = distil(config)
    losses = [summary.training.outcome.loss, *_logged(tmp_path / "out")]
    assert losses[0] < losses[1] / 1.2
    old, new = (found.parameters for found in summary.figures)
    assert new < old
    assert AutoModelForCausalLM.from_pretrained(tmp_path / "out").config.num_hidden_layers == 2
    assert "Teacher and student" in (tmp_path / "out" / "README.md").read_text()


def _logged(folder: Path) -> list[float]:
    from genai.training.run.training_loop import read_metrics

    return [row["loss"] for row in read_metrics(folder / "metrics.jsonl") if "loss" in row]


def test_accumulated_batches_weigh_as_one(tmp_path: Path) -> None:
    teacher, student = save_tiny(tmp_path / "teacher"), save_tiny(tmp_path / "student", seed=2)
    data = write_conversations(tmp_path / "data.jsonl", 8)
    losses = []
    for batch, accumulate in ((8, 1), (2, 4)):
        schedule = Schedule(steps=1, batch=batch, accumulate=accumulate, log_steps=1, device="cpu")
        output = tmp_path / f"out{batch}"
        distil(DistilConfig(str(teacher), data, output, student=str(student), schedule=schedule))
        losses += _logged(output)
    assert losses[0] == pytest.approx(losses[1], rel=1e-4)


def test_text_is_taken_too_and_another_vocabulary_is_refused(tmp_path: Path) -> None:
    teacher = save_tiny(tmp_path / "teacher")
    (tmp_path / "text.txt").write_text("\n".join(sentences(60)), encoding="utf-8")
    common = ["train", "distil", "--teacher", str(teacher), "--data", str(tmp_path / "text.txt")]
    more = ["--output", str(tmp_path / "out"), "--steps", "2", "--set", "longest=32"]
    dry = CliRunner().invoke(app, [*common, *more, "--dry-run"])
    assert "parameters" in dry.stdout, dry.output
    assert not (tmp_path / "out").exists()
    result = CliRunner().invoke(app, [*common, *more, "--set", "schedule.device=cpu"])
    assert result.exit_code == 0, result.output
    assert "perplexity" in result.stdout
    from genai.training.tokenizer import train_tokenizer

    other = save_tiny(tmp_path / "other")
    train_tokenizer(["quite another text"], 270, 128).save_pretrained(other)
    config = DistilConfig(str(teacher), tmp_path / "text.txt", tmp_path / "x", student=str(other))
    with pytest.raises(TrainingError, match="vocabular"):
        distil(config)
