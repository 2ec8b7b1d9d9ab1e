"""Pruning: what does nothing goes first, and what is left is an ordinary model that loads anywhere."""

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from transformers import AutoModelForCausalLM, Qwen2Config, Qwen2ForCausalLM
from typer.testing import CliRunner

from bot.cli.main import app
from genai.training.architecture import Shape, resized, shape_of
from genai.training.distil.loss import SoftTargets
from genai.training.prune.cutting import KeptSize, cut, pruned_shape, select
from genai.training.prune.importance import Importance, measure_importance
from genai.training.prune.train import PruneConfig, prune
from genai.training.run.errors import TrainingError
from genai.training.run.hyperparameters import Schedule
from tests.support.tiny_models import save_tiny, sentences, tiny_llama, write_conversations
from tests.training.tiny import same_weights

IDS = torch.arange(3, 40)[None]
EXAMPLES = [{"input_ids": list(range(n, n + 12)), "labels": list(range(n, n + 12))} for n in range(3, 9)]


def tiny_qwen() -> Qwen2ForCausalLM:
    """Biases on queries, keys and values, as in every Qwen2."""
    torch.manual_seed(3)
    config = Qwen2Config(
        vocab_size=50,
        hidden_size=64,
        intermediate_size=96,
        num_hidden_layers=4,
        num_attention_heads=8,
        num_key_value_heads=2,
    )
    model = Qwen2ForCausalLM(config)
    for name, parameter in model.named_parameters():
        if name.endswith("bias"):
            torch.nn.init.normal_(parameter)
    return model.eval()


def silence(model: Any, *, layer: int, heads: tuple[int, ...], neurons: tuple[int, ...], idle: int) -> None:
    """Make the heads and neurons of one layer, and another layer as a whole, give nothing."""
    width = shape_of(model.config).head_width
    with torch.no_grad():
        part = model.model.layers[layer]
        for head in heads:
            part.self_attn.o_proj.weight[:, head * width : (head + 1) * width] = 0
        part.mlp.down_proj.weight[:, list(neurons)] = 0
        model.model.layers[idle].self_attn.o_proj.weight.zero_()
        model.model.layers[idle].mlp.down_proj.weight.zero_()


@pytest.mark.parametrize("kind", ["one key/value head each", "shared", "biased"])
@pytest.mark.parametrize("whole_groups", [False, True])
def test_without_what_does_nothing_a_model_says_the_same(kind: str, whole_groups: bool) -> None:
    sizes = {"num_hidden_layers": 4, "num_attention_heads": 8}
    heads_sharing = {"one key/value head each": 8, "shared": 2}
    model = (
        tiny_qwen() if kind == "biased" else tiny_llama(50, **sizes, num_key_value_heads=heads_sharing[kind])
    )
    group = shape_of(model.config).group
    silent = tuple(range(4, 8)) if whole_groups else (1, 2, 5, 6)
    for layer in (0, 1, 3):
        silence(model, layer=layer, heads=silent, neurons=tuple(range(0, 96, 2)), idle=2)
    size = KeptSize(
        layers=3, heads=4, intermediate=48, key_value_heads=4 // group if whole_groups or group == 1 else 2
    )
    smaller = pruned_shape(shape_of(model.config), size)
    small = cut(model, smaller, select(measure_importance(model, EXAMPLES), shape_of(model.config), smaller))
    with torch.inference_mode():
        torch.testing.assert_close(small.eval()(IDS).logits, model(IDS).logits, atol=1e-5, rtol=1e-4)
    assert shape_of(small.config) == smaller
    assert small.num_parameters() < model.num_parameters()


def test_importance_is_the_slope_of_the_loss_along_a_gate() -> None:
    """By finite differences, on one example: a head's output scaled by 1 ± ε."""
    model, example = tiny_llama(50), EXAMPLES[:1]
    found = measure_importance(model, example)
    width, head, epsilon = shape_of(model.config).head_width, 1, 1e-2
    columns = model.model.layers[1].self_attn.o_proj.weight[:, head * width : (head + 1) * width]
    ids = torch.tensor([example[0]["input_ids"]])
    losses = []
    with torch.no_grad():
        plain = columns.clone()
        for scale in (1 - epsilon, 1 + epsilon):
            columns.copy_(plain * scale)
            losses.append(float(model(input_ids=ids, labels=ids).loss))
    slope = abs(losses[1] - losses[0]) / (2 * epsilon)
    assert float(found.heads[1, head]) == pytest.approx(slope, rel=0.05)
    assert all(parameter.grad is None for parameter in model.parameters())


@settings(max_examples=40)
@given(st.integers(1, 4), st.integers(1, 4), st.integers(1, 4), st.integers(1, 3), st.integers(0, 10**6))
def test_every_layer_keeps_the_same_numbers_in_their_order(
    key_values: int, group: int, kept_key_values: int, kept_group: int, seed: int
) -> None:
    shape = Shape(3, 64, 20, key_values * group, key_values, 4)
    size = KeptSize(
        layers=2, heads=kept_key_values * kept_group, key_value_heads=kept_key_values, intermediate=9
    )
    try:
        smaller = pruned_shape(shape, size)
    except TrainingError:
        assert kept_key_values > key_values or kept_group > group
        return
    torch.manual_seed(seed)
    importance = Importance(torch.rand(3), torch.rand(3, shape.heads), torch.rand(3, 20))
    kept = select(importance, shape, smaller)
    assert kept.layers == sorted(kept.layers)
    for heads, key_value_heads, neurons in zip(kept.heads, kept.key_value_heads, kept.neurons, strict=True):
        served = (heads // group).view(kept_key_values, kept_group)
        assert torch.equal(served, key_value_heads[:, None].expand_as(served))
        assert heads.tolist() == sorted(set(heads.tolist()))
        assert len(neurons) == 9


def config_for(folder: Path, **more: Any) -> PruneConfig:
    schedule = Schedule(
        steps=20, batch=8, save_steps=10, learning_rate=3e-3, warmup=0, log_steps=5, device="cpu"
    )
    return PruneConfig(
        str(folder / "model"),
        folder / "data.jsonl",
        folder / "out",
        keep=KeptSize(layers=3, heads=2, key_value_heads=1, intermediate=48),
        calibration=8,
        held_out=0.2,
        schedule=schedule,
        **more,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    from genai.training.sft import SftConfig, sft

    data = write_conversations(tmp_path / "data.jsonl", 60)
    save_tiny(tmp_path / "untrained", num_hidden_layers=4)
    schedule = Schedule(steps=40, learning_rate=3e-3, warmup=0, device="cpu")
    sft(SftConfig(str(tmp_path / "untrained"), data, tmp_path / "model", schedule=schedule))
    return tmp_path


def test_a_pruned_model_heals_loads_anywhere_and_resumes_alike(folder: Path) -> None:
    config = config_for(folder)
    summary = prune(config)
    before, pruned, healed = (found.perplexity.per_token for found in summary.figures)
    assert healed < pruned
    assert before < pruned
    loaded = AutoModelForCausalLM.from_pretrained(config.output)
    assert (loaded.config.num_hidden_layers, loaded.config.num_key_value_heads) == (3, 1)
    assert loaded.model.layers[0].self_attn.q_proj.weight.shape == (2 * 16, 64)
    card = (config.output / "README.md").read_text()
    assert all(f"| {stage} |" in card for stage in ("before", "pruned", "healed"))

    first = folder / "first"
    shutil.copytree(config.output, first)
    shutil.rmtree(config.output / "checkpoints" / "checkpoint-20")
    again = prune(config)
    assert again.training.outcome.resumed_at == 10
    assert same_weights(config.output, first)
    plain = config_for(folder, targets=SoftTargets(hard_weight=1.0))
    with pytest.raises(TrainingError, match=r"targets\.hard_weight"):
        prune(plain)


def test_sizes_that_the_architecture_rules_out_are_named() -> None:
    config = tiny_llama(50).config
    with pytest.raises(TrainingError, match=r"kind llama cannot have these sizes: .*multiple"):
        resized(config, replace(shape_of(config), heads=3, key_value_heads=3), [0, 1])


def test_the_command_plans_prunes_and_refuses(tmp_path: Path) -> None:
    model = save_tiny(tmp_path / "model")
    (tmp_path / "text.txt").write_text("\n".join(sentences(60)), encoding="utf-8")
    command = ["train", "prune", "--model", str(model), "--data", str(tmp_path / "text.txt")]
    command += ["--output", str(tmp_path / "out"), "--set", "longest=32", "--set", "schedule.device=cpu"]
    nothing = CliRunner().invoke(app, command)
    assert "Nothing would be pruned" in nothing.exception.say
    uneven = CliRunner().invoke(app, [*command, "--heads", "3", "--key-value-heads", "2"])
    assert "cannot share" in uneven.exception.say
    assert not (tmp_path / "out").exists()
    wanted = [*command, "--layers", "1", "--steps", "2", "--hard-weight", "1"]
    dry = CliRunner().invoke(app, [*wanted, "--dry-run"])
    assert "2 steps" in dry.stdout, dry.output
    assert not (tmp_path / "out").exists()
    done = CliRunner().invoke(app, wanted, env={"COLUMNS": "200"})
    assert done.exit_code == 0, done.output
    assert "healed" in done.stdout
    assert json.loads((tmp_path / "out" / "config.json").read_text())["num_hidden_layers"] == 1
