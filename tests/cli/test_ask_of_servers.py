"""`riff ask` and `riff doctor` as processes of their own beside real servers: sentences, never a traceback."""

import asyncio
import os
import sys
from pathlib import Path

import pytest
from starlette.responses import JSONResponse, Response

from tests.support.openai_server import Server, event, raw, refused, serving, streamed

ABUSE = "You are a fucking stupid bitch and a piece of shit. "
HELLO = (event("Bells ring."), event(finish="stop"))


async def riff(folder: Path, *arguments: str, servers: list[Server]) -> tuple[int, str, str]:
    """Exit code, output and errors of the command line, which asks the servers."""
    environment = os.environ | {
        "RIFF_GENERATOR__BACKEND": "openai",
        "RIFF_GENERATOR__BASE_URL": ",".join(server.url for server in servers),
        "RIFF_GENERATOR__MODEL": "m",
        "RIFF_STORAGE__URL": f"sqlite:///{folder}/riff.db",
        "RIFF_MODERATION__ISOLATION": "thread",
    }
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", *arguments),
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(200):
        output, errors = await process.communicate()
    return process.returncode or 0, output.decode(), errors.decode()


def trouble(errors: str) -> list[str]:
    """Lines of which none may reach a terminal."""
    return [
        line for line in errors.splitlines() if "Traceback" in line or "aclose" in line or "Error" in line
    ]


@pytest.mark.timeout(240)
async def test_a_withdrawn_answer_ends_with_a_sentence_and_nothing_else(tmp_path: Path) -> None:
    endless = [event("Bells ring over the town. "), event(ABUSE), *[event("And so on. ")] * 2000]
    async with serving(lambda _: streamed(*endless, seconds=0.005)) as server:
        code, output, errors = await riff(tmp_path, "ask", "tell me of bells", servers=[server])
        await server.until_open(0)
    assert code == 1
    assert "content check" in output
    assert "stupid" not in output + errors
    assert trouble(errors) == []


@pytest.mark.timeout(240)
async def test_the_doctor_tells_what_each_server_takes(tmp_path: Path) -> None:
    def strict(body: dict[str, object]) -> Response:
        return refused(400, "System role not supported") if _has_system(body) else streamed(*HELLO)

    async with (
        serving(strict) as strict_server,
        serving(lambda _: raw("<html>"), listing=JSONResponse([{"id": "m"}])) as odd,
    ):
        _code, output, errors = await riff(tmp_path, "doctor", servers=[strict_server, odd])
    told = " ".join(output.split())
    assert "the instruction goes into the person's first message" in told
    assert "But of 2 servers" in told
    assert trouble(errors) == []
    asked = [body["max_tokens"] for body in (*strict_server.bodies, *odd.bodies)]
    assert set(asked) == {1}


def _has_system(body: dict[str, object]) -> bool:
    messages = body["messages"]
    assert isinstance(messages, list)
    return any(message["role"] == "system" for message in messages)
