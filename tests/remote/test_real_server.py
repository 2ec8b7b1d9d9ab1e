"""The remote generator and a real server: two processes of `transformers serve`, stopped and killed on the way."""

import os
import signal
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing, asynccontextmanager
from pathlib import Path

import pytest
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from bot.config import Settings
from bot.startup_checks import Level, check_all
from genai.errors import GenerationError, GenerationFailed, ModelMissing
from genai.remote.generator import RemoteGenerator
from genai.request import GenerationRequest, Sampling, Turn
from genai.settings import GeneratorSettings
from tests.support.tiny_models import save_tiny
from tests.support.transformers_serve import transformers_serve

Process = tuple[str, subprocess.Popen[bytes]]
GREEDY = Sampling(temperature=0, top_p=1.0, max_new_tokens=24)
LONG = Sampling(temperature=0, top_p=1.0, max_new_tokens=3000)
"""Takes tens of seconds, so that a server is always killed in the middle of it."""


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("serve") / "tiny"
    folder.mkdir()
    return save_tiny(folder, num_hidden_layers=6, max_position_embeddings=4096)


@pytest.fixture(scope="module")
def servers(model: Path) -> Iterator[list[Process]]:
    with transformers_serve(model, 2) as processes:
        yield processes


@asynccontextmanager
async def asked(model: Path, *servers: Process, **settings: object) -> AsyncIterator[RemoteGenerator]:
    urls = [url for url, _ in servers]
    generator = RemoteGenerator(
        GeneratorSettings(backend="openai", base_url=urls, model=str(model), **settings)  # type: ignore[arg-type]
    )
    await generator.start()
    try:
        yield generator
    finally:
        await generator.close()


def asking(sampling: Sampling, candidates: int = 1) -> GenerationRequest:
    turns = (Turn("system", "Share tools."), Turn("user", "plant seeds every week"))
    return GenerationRequest(turns, sampling, candidates=candidates, deadline_seconds=120)


def by_generate(model: Path) -> str:
    """What transformers itself answers in this process."""
    tokenizer = AutoTokenizer.from_pretrained(model)
    messages = [{"role": turn.role, "content": turn.content} for turn in asking(GREEDY).turns]
    prompt = tokenizer.apply_chat_template(
        messages, add_generation_prompt=True, return_tensors="pt", return_dict=True
    )
    with torch.inference_mode():
        text = AutoModelForCausalLM.from_pretrained(model).generate(
            **prompt, max_new_tokens=24, do_sample=False
        )
    return str(tokenizer.decode(text[0, prompt["input_ids"].shape[1] :], skip_special_tokens=True))


async def test_text_is_what_the_model_says(model: Path, servers: list[Process]) -> None:
    async with asked(model, *servers) as generator:
        answers = await generator.complete(asking(GREEDY, candidates=2))
    assert {answer.text for answer in answers} == {by_generate(model)}
    assert {answer.tokens for answer in answers} == {24}
    assert {answer.finish for answer in answers} == {"length"}
    assert {answer.mean_log_probability for answer in answers} == {0.0}


async def test_a_model_that_it_does_not_have_is_named(servers: list[Process]) -> None:
    with pytest.raises(ModelMissing, match="does not have the model other"):
        async with asked(Path("other"), *servers):
            pass


async def test_leaving_early_frees_the_server(model: Path, servers: list[Process]) -> None:
    async with asked(model, servers[0], slots=1) as generator:
        stream = generator.stream(asking(LONG))
        async with aclosing(stream):
            assert (await anext(stream)).text
        (answer,) = await generator.complete(asking(GREEDY))
    assert answer.finish == "length"


async def test_a_server_that_hangs_before_its_first_word_is_replaced(
    model: Path, servers: list[Process]
) -> None:
    async with asked(model, *servers, timeout_seconds=5) as generator:
        servers[0][1].send_signal(signal.SIGSTOP)
        try:
            (answer,) = await generator.complete(asking(GREEDY))
        finally:
            servers[0][1].send_signal(signal.SIGCONT)
    assert answer.text == by_generate(model)


async def test_killed_in_the_middle_of_a_stream_then_gone(model: Path, servers: list[Process]) -> None:
    """The last test: the first server stays dead."""
    async with asked(model, *servers) as generator:
        seen: list[str] = []

        async def read() -> None:
            async for delta in generator.stream(asking(LONG)):
                seen.append(delta.text)
                os.kill(servers[0][1].pid, signal.SIGKILL)

        with pytest.raises(GenerationFailed, match="broke off"):
            await read()
        assert "".join(seen)
        (answer,) = await generator.complete(asking(GREEDY))
        assert answer.text == by_generate(model)
        assert [bool(one.fault) for one in await generator.try_out()] == [True, False]
    async with asked(model, *servers) as late:
        (answer,) = await late.complete(asking(GREEDY))
        assert answer.text == by_generate(model)
    with pytest.raises(GenerationError, match="cannot be reached"):
        async with asked(model, servers[0]):
            pass


async def test_the_doctor_says_which_server_is_away(model: Path, servers: list[Process]) -> None:
    urls = ["http://127.0.0.1:9/v1", servers[1][0]]
    generator = GeneratorSettings(backend="openai", base_url=urls, model=str(model))  # type: ignore[arg-type]
    (check,) = [one for one in await check_all(Settings(generator=generator)) if one.name == "model"]
    assert check.level is Level.WARNING
    assert "127.0.0.1:9 cannot be reached" in check.message
    assert str(model) in check.message
