"""GGUF files of every family and kind are served with the values they hold; others are refused in a sentence."""

import asyncio
import struct
from contextlib import suppress
from pathlib import Path
from typing import Any

import gguf
import pytest
import torch
from gguf import GGMLQuantizationType as Kind
from hypothesis import given, settings
from hypothesis import strategies as st

from genai.engine import serving
from genai.engine.scorer import Span
from genai.errors import BadCheckpoint, GenerationError, ModelMissing, UnsupportedModel
from genai.model.cpu import grouped
from genai.model.cpu.groups import Groups, quantise
from genai.model.gguf.header import read_header
from genai.model.loading.weights import load_model
from genai.settings import GeneratorSettings
from tests.generator.gguf_files import FAMILIES, write_gguf

TEXT = [11, 140, 77, 201, 33, 256, 90, 18, 300, 55, 124, 9, 66]


def settings_for(path: Path, **others: Any) -> GeneratorSettings:
    values = {"model": str(path), "device": "cpu", "slots": 3, "cache_folder": str(path.parent / "kept")}
    return GeneratorSettings(**values | others)


def served(path: Path, **others: Any) -> torch.Tensor:
    """Logits after TEXT, read in two parts beside another text."""
    scorer = serving.serve(settings_for(path, **others)).scorer
    scorer([Span(0, 0, TEXT[:7]), Span(1, 0, TEXT[3:6])])
    return scorer([Span(0, 7, TEXT[7:]), Span(1, 3, TEXT[6:7])])[0]


@torch.inference_mode()
def alone(model: Any) -> torch.Tensor:
    logits: torch.Tensor = model(input_ids=torch.tensor([TEXT])).logits
    return logits[0, -1]


def apart(found: torch.Tensor, expected: torch.Tensor) -> float:
    """Root mean square of the difference, over the spread."""
    return float((found - expected).square().mean().sqrt() / expected.std())


@pytest.mark.parametrize("family", FAMILIES)
def test_a_family_is_served_with_the_values_of_its_file(family: str, tmp_path: Path) -> None:
    expected = alone(write_gguf(tmp_path / "model.gguf", family))
    for quantization, tolerance in (("none", 1e-4), ("auto", 0.03)):
        found = served(tmp_path / "model.gguf", quantization=quantization)
        assert apart(found, expected) < tolerance
        assert expected[found.argmax()] > expected.max() - 2 * tolerance * expected.std()


@pytest.mark.parametrize(
    "kind",
    [
        Kind.Q4_0,
        Kind.Q4_1,
        Kind.Q8_0,
        Kind.Q4_K,
        Kind.Q5_K,
        Kind.Q6_K,
        Kind.Q5_0,
        Kind.F16,
        Kind.BF16,
        Kind.F32,
    ],
)
def test_every_kind_of_block_gives_the_values_that_it_holds(kind: Kind, tmp_path: Path) -> None:
    expected = alone(write_gguf(tmp_path / "model.gguf", "llama", kind))
    assert apart(served(tmp_path / "model.gguf", quantization="none"), expected) < 1e-4
    assert apart(served(tmp_path / "model.gguf"), expected) < 0.03


@pytest.mark.parametrize(("kind", "told"), [(Kind.Q4_1, "Q4_1"), (Kind.Q6_K, "Q6_K in 8 bits")])
def test_it_is_told_whether_weights_are_as_stored(kind: Kind, told: str, tmp_path: Path) -> None:
    write_gguf(tmp_path / "model.gguf", "llama", kind)
    assert load_model(settings_for(tmp_path / "model.gguf")).info.quantization == told


@pytest.mark.parametrize("quantization", ["nf4", "int8", "int4"])
def test_a_file_may_be_quantised_in_another_way(quantization: Any, tmp_path: Path) -> None:
    expected = alone(write_gguf(tmp_path / "model.gguf", "llama"))
    assert apart(served(tmp_path / "model.gguf", quantization=quantization), expected) < 0.5


@torch.inference_mode()
@pytest.mark.parametrize("kind", [Kind.Q4_0, Kind.Q4_1, Kind.Q8_0])
def test_greedy_tokens_are_those_of_the_values_in_float32(kind: Kind, tmp_path: Path) -> None:
    """Up to a tenth of the spread of the logits, which is what bfloat16 arithmetic leaves undecided."""
    model = write_gguf(tmp_path / "model.gguf", "llama", kind)
    scorer = serving.serve(settings_for(tmp_path / "model.gguf")).scorer
    tokens = list(TEXT)
    scorer([Span(0, 0, tokens[:-1])])
    for _ in range(40):
        tokens.append(int(scorer([Span(0, len(tokens) - 1, tokens[-1:])]).argmax()))
    expected = model(input_ids=torch.tensor([tokens])).logits[0, len(TEXT) - 1 : -1]
    chosen = expected.gather(1, torch.tensor(tokens[len(TEXT) :]).unsqueeze(1))
    short = expected.amax(dim=1, keepdim=True) - chosen
    assert float(short.max()) <= 0.1 * float(expected.std())
    assert int((short == 0).sum()) >= 36


def test_the_second_start_reads_the_copy_of_the_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_gguf(tmp_path / "model.gguf", "qwen2", Kind.Q4_1)
    first = served(tmp_path / "model.gguf")
    monkeypatch.setattr("genai.model.loading.grouping.load_grouped", None)
    assert apart(served(tmp_path / "model.gguf"), first) < 0.02


@pytest.mark.parametrize("spoil", [b"", b"nonsense"])
def test_a_broken_copy_is_made_again(spoil: bytes, tmp_path: Path) -> None:
    write_gguf(tmp_path / "model.gguf", "llama", Kind.Q4_1)
    first = served(tmp_path / "model.gguf")
    (copy,) = (tmp_path / "kept").glob("*/model.safetensors")
    copy.write_bytes(spoil)
    assert apart(served(tmp_path / "model.gguf"), first) < 0.02


def test_another_file_of_the_same_name_is_read_anew(tmp_path: Path) -> None:
    write_gguf(tmp_path / "model.gguf", "llama", Kind.Q4_1)
    first = served(tmp_path / "model.gguf")
    (tmp_path / "model.gguf").unlink()
    expected = alone(write_gguf(tmp_path / "model.gguf", "llama", Kind.Q8_0))
    assert apart(first, expected) > 0.05
    assert apart(served(tmp_path / "model.gguf"), expected) < 0.03


def refused(path: Path) -> GenerationError:
    with pytest.raises(GenerationError) as caught:
        load_model(settings_for(path))
    assert caught.value.say.count("\n") == 0
    assert caught.value.say.endswith(".")
    return caught.value


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert isinstance(refused(tmp_path / "model.gguf"), ModelMissing)


@pytest.mark.parametrize("kept", [0, 3, 10, 30, 400, 6_000, 200_000, -500])
def test_a_file_that_breaks_off(kept: int, tmp_path: Path) -> None:
    write_gguf(tmp_path / "whole.gguf", "llama")
    (tmp_path / "model.gguf").write_bytes((tmp_path / "whole.gguf").read_bytes()[:kept])
    assert isinstance(refused(tmp_path / "model.gguf"), BadCheckpoint)


def test_a_file_of_another_kind(tmp_path: Path) -> None:
    (tmp_path / "model.gguf").write_bytes(b"PK\x03\x04" + bytes(1000))
    assert "not a model in GGUF" in refused(tmp_path / "model.gguf").say


def test_an_old_version(tmp_path: Path) -> None:
    (tmp_path / "model.gguf").write_bytes(b"GGUF" + struct.pack("<IQQ", 1, 0, 0))
    assert "version 1" in refused(tmp_path / "model.gguf").say


def test_an_architecture_that_nobody_knows(tmp_path: Path) -> None:
    writer = gguf.GGUFWriter(str(tmp_path / "model.gguf"), "mamba")
    writer.add_block_count(1)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.close()
    error = refused(tmp_path / "model.gguf")
    assert isinstance(error, UnsupportedModel)
    assert "mamba" in error.say


def test_shapes_that_contradict_each_other(tmp_path: Path) -> None:
    write_gguf(tmp_path / "model.gguf", "llama", feed_forward_length=1024)
    assert "ffn" in refused(tmp_path / "model.gguf").say


def test_layers_that_are_missing(tmp_path: Path) -> None:
    write_gguf(tmp_path / "model.gguf", "llama", block_count=3)
    assert "incomplete" in refused(tmp_path / "model.gguf").say


@settings(max_examples=60, deadline=None)
@given(place=st.integers(4, 3_000), value=st.integers(0, 255))
def test_whatever_a_header_says_it_is_read_or_refused(
    place: int, value: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("gguf") / "model.gguf"
    write_gguf(path, "llama")
    content = bytearray(path.read_bytes())
    content[place] = value
    path.write_bytes(content)
    with suppress(GenerationError):  # nothing else may come of it
        assert read_header(path).tensors is not None


@settings(max_examples=20, deadline=None)
@given(bits=st.sampled_from([4, 8]), seed=st.integers(0, 99))
def test_a_quantised_weight_is_at_most_half_a_step_off_where_none_is_left_out(bits: int, seed: int) -> None:
    weight = torch.rand(4, 64, generator=torch.Generator().manual_seed(seed))
    found = quantise(weight, bits)
    step = found.scale.repeat_interleave(32, dim=1)
    shrunk = 0.2 if bits == 4 else 0.0
    assert ((found.values() - weight).abs() <= step * (0.501 + shrunk * 2**bits / 2)).all()
    assert found.values().sub(weight).square().mean().sqrt() < 0.6 / 2**bits


@settings(max_examples=30, deadline=None)
@given(rows=st.sampled_from([64, 128, 192]), columns=st.sampled_from([32, 64, 160]), seed=st.integers(0, 99))
def test_what_was_packed_is_unpacked(rows: int, columns: int, seed: int) -> None:
    numbers = torch.randint(0, 16, (rows, columns), generator=torch.Generator().manual_seed(seed)).to(
        torch.uint8
    )
    packed = grouped.pack(
        Groups(numbers, torch.ones(rows, columns // 32), torch.zeros(rows, columns // 32), 4)
    )
    assert torch.equal(grouped.unpack(packed), numbers)
    assert torch.equal(grouped._by_product(packed), numbers)


async def test_two_processes_that_convert_at_once_find_one_copy(tmp_path: Path) -> None:
    write_gguf(tmp_path / "model.gguf", "llama", Kind.Q4_1)
    found = await asyncio.gather(*(asyncio.to_thread(served, tmp_path / "model.gguf") for _ in range(3)))
    assert all(apart(one, found[0]) < 0.02 for one in found)
    assert len(list((tmp_path / "kept").glob("*/model.safetensors"))) == 1
    assert list((tmp_path / "kept").glob(".writing-*")) == []
