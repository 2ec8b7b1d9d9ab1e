"""Adapters load and unload while others are served, and each row of a batch uses its own."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from pathlib import Path
from typing import Any

import peft
import pytest
import torch
from transformers import AutoModelForCausalLM

from genai.engine import serving
from genai.engine.generator import LocalGenerator
from genai.engine.lora import read_adapter
from genai.engine.scorer import Span
from genai.errors import BadCheckpoint, InvalidRequest, ModelMissing
from genai.request import GenerationRequest, Sampling, Turn
from genai.settings import GeneratorSettings
from tests.generator.conftest import ModelFolder


def asking(adapter: str = "", tokens: int = 16, text: str = "tea") -> GenerationRequest:
    return GenerationRequest(
        (Turn("user", text),), Sampling(temperature=0, max_new_tokens=tokens), adapter=adapter
    )


@pytest.fixture(scope="session")
def adapter_folder(
    model_folder: ModelFolder, tmp_path_factory: pytest.TempPathFactory
) -> Callable[..., Path]:
    """Makes an adapter with random weights, large enough to change what is said."""

    def make(seed: int, kind: str = "llama") -> Path:
        torch.manual_seed(seed)
        base = AutoModelForCausalLM.from_pretrained(model_folder(kind, 2048), dtype=torch.float32)
        targets = ["q_proj", "v_proj", "down_proj"] if kind == "llama" else ["c_attn"]
        adapted = peft.get_peft_model(base, peft.LoraConfig(r=4, lora_alpha=8, target_modules=targets))
        for name, parameter in adapted.named_parameters():
            if "lora_" in name:
                parameter.data.normal_(0, 0.3)
        folder = tmp_path_factory.mktemp(f"adapter{seed}")
        adapted.save_pretrained(folder)
        return folder

    return make


Starter = Callable[..., Any]


@pytest.fixture
def running(model_folder: ModelFolder) -> Starter:
    @asynccontextmanager
    async def start(**settings: Any) -> AsyncIterator[LocalGenerator]:
        values = {"model": str(model_folder("llama", 2048)), "quantization": "none", "slots": 4} | settings
        generator = LocalGenerator(GeneratorSettings(**values))
        await generator.start()
        try:
            yield generator
        finally:
            await generator.close()

    return start


async def said(generator: LocalGenerator, *requests: GenerationRequest) -> list[str]:
    answers = await asyncio.gather(*map(generator.complete, requests))
    return [answer.text for (answer,) in answers]


def merged(folder: Path, model: Path, target: Path) -> str:
    """A model that the adapter is part of."""
    base = AutoModelForCausalLM.from_pretrained(model, dtype=torch.float32)
    peft.PeftModel.from_pretrained(base, str(folder)).merge_and_unload().save_pretrained(target)
    for file in model.glob("tokenizer*"):
        (target / file.name).write_bytes(file.read_bytes())
    for file in model.glob("*.jinja"):
        (target / file.name).write_bytes(file.read_bytes())
    return str(target)


async def test_every_row_of_a_batch_uses_its_own_adapter(
    running: Starter, adapter_folder: Callable[..., Path], model_folder: ModelFolder, tmp_path: Path
) -> None:
    one, two = adapter_folder(1), adapter_folder(2)
    model = model_folder("llama", 2048)
    expected = []
    for folder in (one, two):
        async with running(model=merged(folder, model, tmp_path / folder.name)) as generator:
            expected += await said(generator, asking())
    async with running(adapters={"one": str(one), "two": str(two)}) as generator:
        found = await said(generator, asking("one"), asking(), asking("two"), asking("one"))
    async with running() as generator:
        (plain,) = await said(generator, asking())
    assert found == [expected[0], plain, expected[1], expected[0]]
    assert len(set(found)) == 3


@pytest.mark.parametrize("quantization", ["nf4", "int8"])
async def test_adapters_stand_beside_quantised_weights(
    quantization: str, running: Starter, adapter_folder: Callable[..., Path]
) -> None:
    async with running(quantization=quantization, adapters={"one": str(adapter_folder(1))}) as generator:
        found = await said(generator, asking("one"), asking())
        again = await said(generator, asking(), asking("one"))
    assert found == again[::-1]
    assert found[0] != found[1]


async def test_an_adapter_loads_and_unloads_while_others_are_served(
    running: Starter, adapter_folder: Callable[..., Path]
) -> None:
    async with running() as generator:
        (plain,) = await said(generator, asking())
        stream = generator.stream(asking(tokens=300))
        async with aclosing(stream):
            first = await anext(stream)
            await generator.load_adapter("one", adapter_folder(1))
            (adapted,) = await said(generator, asking("one"))
            await generator.unload_adapter("one")
            with pytest.raises(InvalidRequest, match="no adapter one"):
                await generator.complete(asking("one"))
            rest = [delta.text async for delta in stream]
        assert (first.text + "".join(rest)).startswith(plain)
        assert adapted != plain
        assert await said(generator, asking()) == [plain]
        assert generator.adapters == ()


async def test_unloading_waits_for_the_texts_that_use_the_adapter(
    running: Starter, adapter_folder: Callable[..., Path]
) -> None:
    async with running(adapters={"one": str(adapter_folder(1))}) as generator:
        (expected,) = await said(generator, asking("one", tokens=200))
        writing = asyncio.create_task(generator.complete(asking("one", tokens=200)))
        await asyncio.sleep(0.05)
        await generator.unload_adapter("one")
        assert writing.done()
        assert (await writing)[0].text == expected


async def test_a_name_that_is_loaded_again_answers_with_its_new_weights(
    running: Starter, adapter_folder: Callable[..., Path]
) -> None:
    async with running(adapters={"one": str(adapter_folder(1))}) as generator:
        (before,) = await said(generator, asking("one"))
        await generator.unload_adapter("one")
        await generator.load_adapter("one", adapter_folder(2))
        (after,) = await said(generator, asking("one"))
    assert before != after


async def test_adapters_that_do_not_fit_are_refused_and_leave_no_trace(
    running: Starter, adapter_folder: Callable[..., Path], tmp_path: Path
) -> None:
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "adapter_config.json").write_text("{")
    async with running() as generator:
        (plain,) = await said(generator, asking())
        with pytest.raises(BadCheckpoint, match="another model"):
            await generator.load_adapter("other", adapter_folder(3, "gpt2"))
        with pytest.raises(BadCheckpoint, match="damaged"):
            await generator.load_adapter("broken", tmp_path / "broken")
        with pytest.raises(ModelMissing):
            await generator.load_adapter("missing", tmp_path)
        with pytest.raises(InvalidRequest, match="cannot be called"):
            await generator.load_adapter("a.b", adapter_folder(1))
        assert generator.adapters == ()
        assert await said(generator, asking()) == [plain]


async def test_an_ensemble_takes_no_adapters_beside_it(model_folder: ModelFolder) -> None:
    with pytest.raises(ValueError, match="no ensemble"):
        GeneratorSettings(adapters={"one": "x"}, ensemble=({"model": "embedded"},))


@pytest.mark.parametrize("quantization", ["auto", "int8"])
async def test_an_adapter_adds_the_same_to_weights_of_few_bits(
    quantization: str, adapter_folder: Callable[..., Path], model_folder: ModelFolder
) -> None:
    """Each row of a batch its own; held to the layers that peft puts round the same weights."""
    served = serving.serve(
        GeneratorSettings.model_validate(
            {
                "model": str(model_folder("llama", 2048)),
                "quantization": quantization,
                "device": "cpu",
                "slots": 4,
            }
        )
    )
    assert served.adapters is not None
    for number, name in enumerate(("one", "two")):
        served.adapters.add(name, read_adapter(adapter_folder(number)))
    text, names = [40, 7, 99, 120, 8, 200], ["one", "", "two", "one"]
    served.scorer([Span(row, 0, text[:4], name) for row, name in enumerate(names)])
    found = served.scorer([Span(row, 4, text[4:], name) for row, name in enumerate(names)])
    for row, name in enumerate(names):
        served.adapters.choose([name])
        with torch.inference_mode():
            expected = served.loaded.model(input_ids=torch.tensor([text])).logits[0, -1]
        served.adapters.choose([""])
        assert (found[row] - expected).square().mean().sqrt() < 0.05 * expected.std()
    assert (found[0] - found[1]).std() > 0.1 * found[1].std()
    assert (found[0] - found[2]).std() > 0.1 * found[1].std()
