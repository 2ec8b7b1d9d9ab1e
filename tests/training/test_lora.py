"""LoRA and QLoRA adapters, and merging them."""

from pathlib import Path

import peft
import pytest
import torch
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM, BitsAndBytesConfig

from genai.training.lora import Adapter, LoraConfig, estimate_lora, lora
from genai.training.merge import MergeConfig, merge
from genai.training.run.errors import TrainingError
from genai.training.run.hyperparameters import Schedule
from genai.training.run.model_folders import adapter_base, load_weights
from genai.training.sft import SftConfig, sft
from tests.training.tiny import make_conversations, make_model

SCHEDULE = Schedule(steps=30, save_steps=15, log_steps=10, learning_rate=1e-2, device="cpu")
IDS = torch.arange(3, 40)[None]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_model(tmp_path_factory.mktemp("model"))


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_conversations(tmp_path_factory.mktemp("data") / "chat.jsonl")


@pytest.mark.parametrize("quantization", ["none", "nf4"])
def test_an_adapter_learns_and_merges_into_a_full_model(
    tmp_path: Path, model: Path, data: Path, quantization: str
) -> None:
    config = LoraConfig(
        model=str(model),
        data=data,
        output=tmp_path / "adapter",
        quantization="nf4" if quantization == "nf4" else "none",
        adapter=Adapter(rank=4, alpha=8),
        schedule=SCHEDULE,
    )
    summary = lora(config)
    assert summary.trained_parameters == 4 * 2 * (4 * (64 + 64) + 3 * (64 + 128))
    assert summary.outcome.held_out_before is not None
    assert summary.outcome.held_out_loss is not None
    assert summary.outcome.held_out_loss < summary.outcome.held_out_before - 0.2
    saved = load_file(config.output / "adapter_model.safetensors")
    assert all("lora_" in name for name in saved)
    assert {tensor.dtype for tensor in saved.values()} == {torch.float32}, "small updates are kept"

    assert adapter_base(config.output) == str(model.resolve())
    card = (config.output / "README.md").read_text(encoding="utf-8")
    assert f'adapter = "{config.output.resolve()}"' in card, "the card says how to serve it"

    merged = merge(MergeConfig(config.output, tmp_path / "merged"))
    assert merged.largest_difference < 1e-4
    base = AutoModelForCausalLM.from_pretrained(model)
    with torch.inference_mode():
        untrained = base(IDS).logits
        adapted = peft.PeftModel.from_pretrained(base, str(config.output)).eval()(IDS).logits
        whole = AutoModelForCausalLM.from_pretrained(tmp_path / "merged")(IDS).logits
    torch.testing.assert_close(whole, adapted, atol=1e-4, rtol=1e-4)
    assert (whole - untrained).abs().max() > 0.1


def test_the_base_of_qlora_is_packed_in_four_bits(model: Path) -> None:
    loaded = load_weights(str(model), torch.float32, nf4=True)
    kind = loaded.config.quantization_config
    assert isinstance(kind, BitsAndBytesConfig)
    assert kind.bnb_4bit_quant_type == "nf4"
    assert kind.bnb_4bit_use_double_quant
    layer = loaded.get_submodule("model.layers.0.mlp.up_proj")
    packed = layer.get_parameter("weight")
    assert packed.numel() * packed.element_size() == 64 * 128 // 2


def test_checkpointing_and_bfloat16_give_a_loss(tmp_path: Path, model: Path, data: Path) -> None:
    schedule = Schedule(steps=2, checkpointing=True, precision="bfloat16", device="cpu", log_steps=1)
    summary = lora(LoraConfig(str(model), data, tmp_path / "out", quantization="nf4", schedule=schedule))
    assert summary.outcome.loss is not None
    assert 4 < summary.outcome.loss < 8


def test_a_dry_run_counts_only_the_adapter_as_trained(tmp_path: Path, model: Path, data: Path) -> None:
    found = estimate_lora(
        LoraConfig(str(model), data, tmp_path / "out", quantization="nf4", schedule=SCHEDULE)
    )
    assert found.optimizer_gib == pytest.approx(8 * found.trained_parameters / 2**30)
    assert found.trained_parameters < found.parameters / 3


def test_unknown_layers_are_named_with_those_there_are(tmp_path: Path, model: Path, data: Path) -> None:
    config = LoraConfig(
        str(model), data, tmp_path / "out", adapter=Adapter(targets="query"), schedule=SCHEDULE
    )
    with pytest.raises(TrainingError, match=r"no layers query.*q_proj"):
        lora(config)


def test_an_adapter_is_not_taken_for_a_model(tmp_path: Path, model: Path, data: Path) -> None:
    adapter = tmp_path / "adapter"
    peft.get_peft_model(
        AutoModelForCausalLM.from_pretrained(model), peft.LoraConfig(target_modules="all-linear")
    ).save_pretrained(adapter)
    with pytest.raises(TrainingError, match="riff train merge"):
        sft(SftConfig(str(adapter), data, tmp_path / "out", schedule=SCHEDULE))


def test_merging_says_what_is_missing(tmp_path: Path, model: Path) -> None:
    with pytest.raises(TrainingError, match="not an adapter"):
        merge(MergeConfig(model, tmp_path / "out"))
    (tmp_path / "adapter_config.json").write_text("{}", encoding="utf-8")
    with pytest.raises(TrainingError, match="damaged"):
        merge(MergeConfig(tmp_path, tmp_path / "out"))
    with pytest.raises(TrainingError, match=r"no adapter_model\.safetensors"):
        merge(MergeConfig(tmp_path, tmp_path / "out", str(model)))
