"""`riff run` as an operator starts it: a process of its own, the embedded model, the whole moderation."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest

from tests.support.discord_server import DiscordServer, buttons, text_of

Json = dict


@pytest.mark.embedded
@pytest.mark.timeout(300)  # 25 s on a quiet machine, most of it imports
async def test_riff_run_answers_with_the_embedded_model_to_the_end_and_stops_when_told(
    discord: DiscordServer, tmp_path: Path
) -> None:
    channel, person = discord.add_channel(discord.add_guild()), discord.add_user()
    environment = {
        **os.environ,
        "DISCORD_TOKEN": discord.token,
        "RIFF_DISCORD__API_URL": discord.api_url,
        "RIFF_STORAGE__URL": f"sqlite:///{tmp_path}/riff.db",
        "RIFF_GENERATOR__SEED": "5",
        "OMP_NUM_THREADS": "1",
    }
    log = tmp_path / "log"
    with log.open("wb") as output:
        riff = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "run", cwd=tmp_path, env=environment, stdout=output, stderr=output
        )
    try:
        async with asyncio.timeout(200):
            ready = asyncio.create_task(discord.gateway.ready())
            ended = asyncio.create_task(riff.wait())
            await asyncio.wait({ready, ended}, return_when=asyncio.FIRST_COMPLETED)
            ended.cancel()
        assert ready.done(), log.read_text()[-3000:]
        asked = await discord.say(person, channel, "/brainstorm 3 reusable coffee cups", mention=True)
        answer = await discord.until(lambda: finished(discord, channel), 200)
        assert answer["message_reference"]["message_id"] == asked["id"]
        assert all(f"{number}." in text_of(answer) for number in (1, 2, 3))
        assert "✍️" not in text_of(answer)
        labels = [part.get("label") or part.get("emoji", {}).get("name") for part in buttons(answer)]
        assert labels[1:4] == ["Like", "Not for me", "More like this"]
        riff.send_signal(signal.SIGTERM)
        async with asyncio.timeout(60):
            assert await riff.wait() == 0
    finally:
        if riff.returncode is None:
            riff.kill()
            await riff.wait()
    assert "Traceback" not in log.read_text()
    assert discord.limits.refused == []


def finished(discord: DiscordServer, channel: Json) -> Json | None:
    """The answer, once it stands with the buttons of a list."""
    return next(
        (m for m in discord.said(channel) if any("riff:pick" in b["custom_id"] for b in buttons(m))), None
    )
