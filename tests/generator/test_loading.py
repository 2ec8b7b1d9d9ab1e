"""Models of every kind load and answer; those that cannot say why in one sentence."""

import json
from pathlib import Path
from shutil import copytree
from typing import Any

import bitsandbytes
import pytest
from transformers import AutoModelForCausalLM, GPTNeoConfig, MambaConfig

import genai.factory
from genai.engine import serving
from genai.errors import BadCheckpoint, GenerationError, ModelMissing, NotEnoughMemory, UnsupportedModel
from genai.model.loading import memory_estimates
from genai.model.loading.weights import LoadedModel, load_model
from genai.request import GenerationRequest, Sampling, Turn
from genai.settings import GeneratorSettings
from tests.generator.conftest import ModelFolder, random_model

REQUEST = GenerationRequest((Turn("user", "tea"),), Sampling(seed=1, max_new_tokens=8))


async def refusal(**settings: Any) -> GenerationError:
    generator = genai.factory.load(GeneratorSettings(**settings))
    with pytest.raises(GenerationError) as caught:
        await generator.start()
    assert caught.value.say.count("\n") == 0
    assert caught.value.say.endswith(".")
    return caught.value


@pytest.mark.parametrize(
    ("quantization", "layer", "bits"),
    [("nf4", bitsandbytes.nn.Linear4bit, 4.5), ("int8", bitsandbytes.nn.Linear8bitLt, 8)],
)
async def test_quantised_models_answer_on_the_cpu(
    quantization: Any, layer: type, bits: float, model_folder: ModelFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[LoadedModel] = []
    monkeypatch.setattr(serving, "load_model", lambda settings: made.append(load_model(settings)) or made[0])
    generator = genai.factory.load(
        GeneratorSettings(model=str(model_folder()), quantization=quantization, device="cpu", slots=2)
    )
    await generator.start()
    (answer,) = await generator.complete(REQUEST)
    await generator.close()
    layers = [module for module in made[0].model.modules() if isinstance(module, layer)]
    assert len(layers) == 14
    assert all(module.weight.element_size() == 1 for module in layers)
    assert answer.tokens > 0
    assert generator_bits(layers) <= bits


def generator_bits(layers: list[Any]) -> float:
    stored = sum(module.weight.numel() * 8 for module in layers)
    return stored / sum(module.in_features * module.out_features for module in layers)


async def test_the_same_model_is_counted_alike_however_it_is_stored(model_folder: ModelFolder) -> None:
    counts = set()
    for quantization in ("none", "int8", "nf4"):
        settings = GeneratorSettings(model=str(model_folder()), quantization=quantization, device="cpu")
        info = load_model(settings).info
        counts.add(info.parameters)
        assert (info.device, info.dtype, info.quantization) == ("cpu", "float32", quantization)
    assert len(counts) == 1


async def test_a_folder_that_is_not_there() -> None:
    error = await refusal(model="/nowhere/at/all")
    assert isinstance(error, ModelMissing)
    assert "/nowhere/at/all" in error.say


async def test_a_name_that_the_hub_does_not_have(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    assert isinstance(await refusal(model="riff-tests/there-is-no-such-model"), ModelMissing)


async def test_a_folder_without_a_model(tmp_path: Path) -> None:
    assert isinstance(await refusal(model=str(tmp_path)), ModelMissing)


@pytest.fixture
def spoiled(model_folder: ModelFolder, tmp_path: Path) -> Path:
    """A copy of a good model, for spoiling."""
    return copytree(model_folder(), tmp_path / "model")


@pytest.mark.parametrize("kept", [0, 5, 200, 10_000])
async def test_weights_that_break_off(spoiled: Path, kept: int) -> None:
    file = spoiled / "model.safetensors"
    file.write_bytes(file.read_bytes()[:kept])
    error = await refusal(model=str(spoiled))
    assert isinstance(error, BadCheckpoint)
    assert "download" in error.say


async def test_weights_that_are_missing(spoiled: Path) -> None:
    (spoiled / "model.safetensors").unlink()
    assert isinstance(await refusal(model=str(spoiled)), BadCheckpoint)


async def test_weights_that_fit_another_shape(spoiled: Path) -> None:
    config = json.loads((spoiled / "config.json").read_text())
    (spoiled / "config.json").write_text(json.dumps(config | {"num_hidden_layers": 3}))
    assert isinstance(await refusal(model=str(spoiled), quantization="none"), BadCheckpoint)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"model_type": "no-such-thing"}'])
async def test_a_configuration_that_means_nothing(spoiled: Path, text: str) -> None:
    (spoiled / "config.json").write_text(text)
    assert isinstance(await refusal(model=str(spoiled)), BadCheckpoint)


async def test_a_tokenizer_that_means_nothing(spoiled: Path) -> None:
    (spoiled / "tokenizer.json").write_text("{")
    assert isinstance(await refusal(model=str(spoiled)), BadCheckpoint)


async def test_code_that_comes_with_a_model_does_not_run(spoiled: Path) -> None:
    config = json.loads((spoiled / "config.json").read_text())
    config |= {"model_type": "own", "auto_map": {"AutoConfig": "own.Own", "AutoModelForCausalLM": "own.Own"}}
    (spoiled / "config.json").write_text(json.dumps(config))
    (spoiled / "own.py").write_text(f"open({str(spoiled / 'ran')!r}, 'w')\nOwn = None\n")
    assert "trust_remote_code" in (await refusal(model=str(spoiled))).say
    assert not (spoiled / "ran").exists()


async def test_a_model_without_ordinary_attention(spoiled: Path) -> None:
    config = MambaConfig(hidden_size=64, num_hidden_layers=2, vocab_size=331)
    (spoiled / "model.safetensors").unlink()
    AutoModelForCausalLM.from_config(config).save_pretrained(spoiled)
    assert isinstance(await refusal(model=str(spoiled), quantization="none"), UnsupportedModel)


@pytest.mark.parametrize("quantization", ["none", "auto"])
async def test_a_model_that_hides_what_is_far_by_means_of_its_own(spoiled: Path, quantization: str) -> None:
    config = GPTNeoConfig(
        vocab_size=331,
        hidden_size=64,
        num_layers=2,
        num_heads=4,
        attention_types=[[["global", "local"], 1]],
        window_size=8,
        max_position_embeddings=64,
    )
    (spoiled / "model.safetensors").unlink()
    random_model(config).save_pretrained(spoiled)
    assert isinstance(await refusal(model=str(spoiled), quantization=quantization), UnsupportedModel)


async def test_int8_serves_models_with_outliers(spoiled: Path) -> None:
    """As large Llamas have them: a few numbers of the hidden state are a hundred times the others."""
    model = AutoModelForCausalLM.from_pretrained(spoiled)
    model.model.embed_tokens.weight.data[:, :2] *= 60
    model.save_pretrained(spoiled)
    generator = genai.factory.load(GeneratorSettings(model=str(spoiled), quantization="int8", device="cpu"))
    await generator.start()
    (answer,) = await generator.complete(REQUEST)
    await generator.close()
    assert answer.tokens > 0


async def test_too_little_memory_is_said_before_loading(
    model_folder: ModelFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory_estimates, "available_bytes", lambda _: 100_000)
    error = await refusal(model=str(model_folder()))
    assert isinstance(error, NotEnoughMemory)
    assert "nf4" in error.say


async def test_little_memory_means_fewer_slots(
    model_folder: ModelFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory_estimates, "available_bytes", lambda _: 1_500_000)
    loaded = load_model(GeneratorSettings(model=str(model_folder()), quantization="none", slots=32))
    assert 1 <= loaded.slots < 32


async def test_cuda_without_a_cuda_device(model_folder: ModelFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    assert "CUDA" in (await refusal(model=str(model_folder()), device="cuda")).say
