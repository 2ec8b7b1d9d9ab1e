"""Texts take memory as they grow, wait when there is none, and give it back."""

import asyncio
from pathlib import Path

import pytest
import torch

import genai.factory
from genai.engine.kv_cache import SlotCache, Window
from genai.engine.threads import ThreadChooser
from genai.model.loading import memory_estimates
from genai.model.loading.weights import load_model
from genai.request import GenerationRequest, Sampling, Turn
from genai.settings import GeneratorSettings
from tests.generator.conftest import ModelFolder


def request(number: int, tokens: int = 40) -> GenerationRequest:
    return GenerationRequest((Turn("user", f"tea {number}"),), Sampling(seed=number, max_new_tokens=tokens))


def settings_for(folder: ModelFolder, gigabytes: float, quantization: str = "none") -> GeneratorSettings:
    return GeneratorSettings.model_validate(
        {
            "model": str(folder("llama", 512)),
            "device": "cpu",
            "slots": 6,
            "cache_memory": gigabytes,
            "quantization": quantization,
        }
    )


@pytest.mark.parametrize("quantization", ["none", "auto"])
async def test_texts_that_do_not_fit_wait_and_are_written_all_the_same(
    quantization: str, model_folder: ModelFolder
) -> None:
    ample = genai.factory.load(settings_for(model_folder, 1.0, quantization))
    token = memory_estimates.cache_bytes_per_token(
        load_model(settings_for(model_folder, 1.0)).model.config,
        torch.float32 if quantization == "none" else torch.bfloat16,
    )
    scarce = genai.factory.load(settings_for(model_folder, 560 * token / 1e9, quantization))
    answers = []
    for generator in (ample, scarce):
        await generator.start()
        running = generator._running  # type: ignore[attr-defined]
        most = 0

        async def watch(engine: object = running.engine) -> None:
            nonlocal most
            while True:
                most = max(most, len(engine._table))  # type: ignore[attr-defined]
                await asyncio.sleep(0)

        watcher = asyncio.create_task(watch())
        found = await asyncio.gather(*(generator.complete(request(number, 120)) for number in range(6)))
        watcher.cancel()
        answers.append([one.tokens for (one,) in found])
        assert (most < 6) == (generator is scarce)
        await generator.close()
    assert all(min(tokens) > 0 for tokens in answers)
    if quantization == "none":  # elsewhere rounding differs with the number of rows
        assert answers[0] == answers[1]


async def test_one_text_is_never_longer_than_the_memory_there_is(model_folder: ModelFolder) -> None:
    config = load_model(settings_for(model_folder, 1.0)).model.config
    token = memory_estimates.cache_bytes_per_token(config, torch.float32)
    loaded = load_model(settings_for(model_folder, 300 * token / 1e9))
    assert loaded.info.context_tokens == 300


def test_a_container_that_is_nearly_full_counts(tmp_path: Path) -> None:
    folder = tmp_path
    (folder / "memory.max").write_text("2500000000\n")
    (folder / "memory.current").write_text("900000000\n")
    (folder / "memory.stat").write_text("anon 1\ninactive_file 100000000\n")
    assert memory_estimates._container_bytes(folder) == 1_700_000_000
    (folder / "memory.max").write_text("max\n")
    assert memory_estimates._container_bytes(folder) > 1e15
    assert memory_estimates._container_bytes(folder / "none") > 1e15


def resident() -> int:
    """Bytes of this process's own memory."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return 1024 * int(next(line for line in lines if line.startswith("RssAnon")).split()[1])


def test_rows_take_memory_when_they_are_written_and_give_it_back() -> None:
    cache = SlotCache(1, 8, 8192)
    before = resident()
    layer = cache.slot_layers[0]
    layer.allocate(4, 64, torch.float32, torch.device("cpu"))  # 134 MB
    assert resident() - before < 5_000_000
    places = torch.arange(4096).unsqueeze(0)
    cache.look_at(Window(slice(3, 4), torch.tensor([[3]]), places, 4096))
    states = torch.ones(1, 4, 4096, 64)
    layer.update(states, 2 * states)
    written = resident() - before
    assert written > 8_000_000
    assert float(layer.seen()[1].mean()) == 2
    cache.empty(3)
    assert written - (resident() - before) > 7_000_000
    assert float(layer.seen()[0][:, 1:-1].abs().max()) == 0  # but for the pages at a row's ends


def test_fewer_threads_are_taken_when_they_are_faster_and_more_when_they_are_again() -> None:
    chooser = ThreadChooser([2, 1])

    def work(seconds: dict[int, float], steps: int) -> None:
        for _ in range(steps):
            chooser.learn(seconds[chooser.threads])

    work({2: 1.0, 1: 1.8}, 100)
    assert chooser.threads == 2
    work({2: 20.0, 1: 3.6}, 60)
    assert chooser.threads == 1
    tried = 0
    for _ in range(2000):
        tried += chooser.threads == 2
        chooser.learn({2: 20.0, 1: 3.6}[chooser.threads])
    assert tried < 40
    work({2: 1.0, 1: 1.8}, 1200)
    assert chooser.threads == 2
