"""GGUF files, and so the embedded model, are trained on and measured like folders."""

import json
from pathlib import Path

import pytest
import torch
from transformers import AutoModelForCausalLM

import genai.factory
from genai.request import GenerationRequest, Sampling, Turn
from genai.settings import GeneratorSettings
from genai.training.lora import LoraConfig, lora
from genai.training.measure.comparison import compare_models
from genai.training.merge import MergeConfig, merge
from genai.training.run.errors import TrainingError
from genai.training.run.hyperparameters import Schedule
from genai.training.run.model_folders import context_tokens, find_model, load_tokenizer, load_weights
from tests.generator.gguf_files import write_gguf
from tests.support.tiny_models import write_conversations

FAST = Schedule(steps=2, batch=2, device="cpu", learning_rate=1e-2, log_steps=1)


def test_an_adapter_is_trained_on_a_file_served_beside_it_and_merged(tmp_path: Path) -> None:
    model = write_gguf(tmp_path / "model.gguf", "llama")
    data = write_conversations(tmp_path / "data.jsonl")
    summary = lora(LoraConfig(str(tmp_path / "model.gguf"), data, tmp_path / "team", schedule=FAST))
    assert summary.outcome.steps == 2
    named = json.loads((tmp_path / "team/adapter_config.json").read_text())["base_model_name_or_path"]
    assert named == str(tmp_path / "model.gguf")
    merged = merge(MergeConfig(tmp_path / "team", tmp_path / "merged"))
    assert merged.parameters == sum(one.numel() for one in model.parameters())
    weights = AutoModelForCausalLM.from_pretrained(tmp_path / "merged").state_dict()
    changed = {name for name, tensor in model.state_dict().items() if not torch.equal(tensor, weights[name])}
    assert changed
    assert all("_proj" in name for name in changed)


async def test_the_adapter_of_a_file_is_served(tmp_path: Path) -> None:
    write_gguf(tmp_path / "model.gguf", "llama")
    data = write_conversations(tmp_path / "data.jsonl")
    lora(LoraConfig(str(tmp_path / "model.gguf"), data, tmp_path / "team", schedule=FAST))
    generator = genai.factory.load(
        GeneratorSettings(model=str(tmp_path / "team"), slots=1, cache_folder=str(tmp_path / "kept"))
    )
    await generator.start()
    request = GenerationRequest((Turn("user", "tea"),), Sampling(temperature=0, max_new_tokens=4))
    (answer,) = await generator.complete(request)
    await generator.close()
    assert answer.tokens > 0


def test_files_are_compared_with_what_they_take_on_disk(tmp_path: Path) -> None:
    write_gguf(tmp_path / "model.gguf", "llama")
    data = write_conversations(tmp_path / "data.jsonl", 3)
    (whole,), (packed,) = (
        compare_models([str(tmp_path / "model.gguf")], data, scheme) for scheme in ("none", "nf4")
    )
    assert whole.disk == (tmp_path / "model.gguf").stat().st_size
    assert packed.memory < whole.memory
    assert packed.perplexity.per_token == pytest.approx(whole.perplexity.per_token, rel=0.5)


def test_the_embedded_model_is_known_by_its_name() -> None:
    assert find_model("embedded").place.endswith(".gguf")
    assert context_tokens("embedded") == 8192
    tokenizer = load_tokenizer("embedded")
    assert tokenizer.pad_token is not None
    ids = tokenizer.apply_chat_template([{"role": "user", "content": "tea"}], tokenize=False)
    assert "<|im_start|>user\ntea<|im_end|>" in ids


def test_what_cannot_be_loaded_is_said(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match=r"no model file .*nowhere"):
        load_weights(str(tmp_path / "nowhere.gguf"), torch.float32)
    with pytest.raises(TrainingError, match='use "embedded" instead'):
        load_tokenizer("demo")
    with pytest.raises(TrainingError, match='use "embedded" instead'):
        load_weights("demo", torch.float32)
