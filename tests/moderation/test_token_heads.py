"""Qwen3Guard-Stream: heads that judge every token, on a tiny Qwen3 with heads of known weights."""

import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import Qwen3Config, Qwen3Model

from genai.moderation import ModerationMisconfigured, ModerationSettings, classifiers
from genai.moderation.guards.token_heads import StreamGuard
from genai.moderation.settings import GuardSettings
from tests.generator.conftest import CHATML, byte_level_tokenizer

WIDTH, INNER = 32, 16
MAPS = {
    "response_risk_level_map": {"0": "Safe", "1": "Unsafe", "2": "Controversial"},
    "response_category_map": {"0": "None", "1": "Violent", "2": "Politically Sensitive Topics"},
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("stream")
    tokenizer = byte_level_tokenizer()
    tokenizer.chat_template = CHATML
    torch.manual_seed(5)
    config = Qwen3Config(
        vocab_size=len(tokenizer),
        hidden_size=WIDTH,
        intermediate_size=48,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        head_dim=8,
        max_position_embeddings=512,
    )
    model = Qwen3Model(config)
    weights = {f"model.{name}": tensor for name, tensor in model.state_dict().items()}
    weights |= {
        "risk_level_category_pre.weight": torch.randn(INNER, WIDTH),
        "risk_level_category_layernorm.weight": torch.rand(INNER) + 0.5,
        "risk_level_head.weight": torch.randn(3, INNER),
        "category_head.weight": torch.randn(3, INNER),
    }
    save_file(weights, place / "model.safetensors", metadata={"format": "pt"})
    described = config.to_dict() | MAPS | {"architectures": ["Qwen3ForGuardModel"], "model_type": "qwen3"}
    described["auto_map"] = {"AutoModel": "modeling_qwen3_guard.Qwen3ForGuardModel"}
    (place / "config.json").write_text(json.dumps(described))
    tokenizer.save_pretrained(place)
    return place


def loaded(folder: Path, **more: object) -> StreamGuard:
    guard = GuardSettings.model_validate({"kind": "qwen3guard-stream", "model": str(folder), **more})
    found = classifiers.load(
        "guard:mine", ModerationSettings(classifier=("guard:mine",), guards={"mine": guard})
    )
    assert isinstance(found, StreamGuard)
    return found


def test_each_token_is_judged_by_the_heads_of_the_checkpoint(folder: Path) -> None:
    guard = loaded(folder)
    (answers,) = guard.levels(["bread and tea"])
    weights = load_file(folder / "model.safetensors")
    model = Qwen3Model.from_pretrained(folder).eval()
    content = guard._encoder.content("bread and tea")
    ids = torch.tensor([[*guard._before, *content]])
    with torch.inference_mode():
        hidden = model(input_ids=ids).last_hidden_state[0, len(guard._before) :]
        inner = hidden @ weights["risk_level_category_pre.weight"].T
        scale = (inner.pow(2).mean(-1, keepdim=True) + 1e-6).rsqrt()
        inner = inner * scale * weights["risk_level_category_layernorm.weight"]
        risks = (inner @ weights["risk_level_head.weight"].T).softmax(-1)
    assert len(answers) == len(content) + 1
    for answer, (safe, unsafe, controversial) in zip(answers, risks.tolist(), strict=False):
        expected = {"Safe": safe, "Unsafe": unsafe, "Controversial": controversial}
        assert answer.chances == pytest.approx(expected, rel=1e-4)


def test_what_is_thought_of_a_token_does_not_change_when_more_comes(folder: Path) -> None:
    guard = loaded(folder)
    (before,), (after,) = guard.levels(["bread and"]), guard.levels(["bread and honest tea"])
    for one, other in zip(before[:-1], after, strict=False):
        assert one.chances == pytest.approx(other.chances, rel=1e-4)


def test_a_batch_gives_what_each_text_gives_alone(folder: Path) -> None:
    guard = loaded(folder, concurrent=2)
    texts = ["bread", "honest tea for a bakery", "", "slogans"]
    together = guard.score(texts)
    for text, scores in zip(texts, together, strict=True):
        (alone,) = guard.score([text])
        assert dict(scores) == pytest.approx(dict(alone), rel=1e-4, abs=1e-6)
    assert all(0.0 <= value <= 1.0 for scores in together for value in scores.values())
    assert guard.version.startswith("qwen3guard-stream+")


def test_a_model_without_such_heads_is_refused(folder: Path, tmp_path: Path) -> None:
    for file in folder.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    weights = load_file(folder / "model.safetensors")
    del weights["category_head.weight"]
    save_file(weights, tmp_path / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(ModerationMisconfigured, match="category_head"):
        loaded(tmp_path)
