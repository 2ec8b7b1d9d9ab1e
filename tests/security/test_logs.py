"""What people write, and what Riff answers, is in no line of the log, whatever its level."""

import asyncio
import logging
from collections.abc import Iterator

import pytest

from bot.core.log_limits import OWN, set_levels
from genai.errors import GenerationFailed
from tests.bot.conftest import MakeApp, make_app
from tests.discord.conftest import MakeRiff, discord, make_riff
from tests.slack.conftest import StartRiff, moderator, slack, start_riff
from tests.support.discord_server import DiscordServer, text_of
from tests.support.doubles import RecordingChannel, ScriptedGenerator
from tests.support.messages import incoming
from tests.support.slack_server import APP_TOKEN, BOT_TOKEN, SlackServer

__all__ = ["discord", "make_app", "make_riff", "moderator", "slack", "start_riff"]

_WORD = "quokkaberry"
_SAID = [
    f"any idea for my {_WORD} stall?",
    f"/brainstorm 2 {_WORD} stalls",
    f"/profile set role keeper of {_WORD}",
    f"/brainstrom {_WORD}",
    f"you stupid bitch {_WORD}",
    f"{_WORD} " * 2000,
    "\ud800" + _WORD,
    f"/recall {_WORD}",
    "/privacy export",
]


@pytest.fixture(autouse=True)
def told_all() -> Iterator[None]:
    """As with `log.level = "debug"`."""
    before = {name: logging.getLogger(name).level for name in ("", *OWN)}
    set_levels(logging.DEBUG)
    yield
    for name, level in before.items():
        logging.getLogger(name).setLevel(level)


@pytest.mark.parametrize("answer", [f"1. **{_WORD}**: Sell it.\n", GenerationFailed("it is away"), ""])
async def test_no_word_of_people_or_of_the_model_is_logged(
    make_app: MakeApp,
    caplog: pytest.LogCaptureFixture,
    answer: str | GenerationFailed,
) -> None:
    app = await make_app(ScriptedGenerator(answer))
    for number, text in enumerate(_SAID):
        channel = RecordingChannel()
        await app.pipeline.handle(incoming(text, event=f"e{number}"), channel)
        assert channel.notices or channel.visible or channel.documents or channel.panels
    assert "done platform=" in caplog.text
    assert _WORD not in caplog.text


async def told(caplog: pytest.LogCaptureFixture, line: str) -> None:
    """Wait until the log says so."""
    async with asyncio.timeout(20):
        while line not in caplog.text:  # noqa: ASYNC110
            await asyncio.sleep(0.05)


async def test_slack_s_messages_are_not_logged(
    slack: SlackServer,
    start_riff: StartRiff,
    caplog: pytest.LogCaptureFixture,
) -> None:
    riff = await start_riff(ScriptedGenerator(f"A {_WORD} a day."))
    await slack.deliver_event(slack.say("D1", f"what of {_WORD}?"))
    await riff.idle()
    assert [one.shown for one in slack.workspace.by_riff()] == [f"A {_WORD} a day."]
    await told(caplog, "done platform=slack")
    assert _WORD not in caplog.text
    assert not any(token in caplog.text for token in (BOT_TOKEN, APP_TOKEN))


async def test_discord_s_messages_are_not_logged(
    discord: DiscordServer,
    make_riff: MakeRiff,
    caplog: pytest.LogCaptureFixture,
) -> None:
    channel, person = discord.add_channel(discord.add_guild()), discord.add_user()
    await make_riff(f"A {_WORD} a day.")
    await discord.say(person, channel, f"what of {_WORD}?", mention=True)
    await discord.until(lambda: [text_of(one) for one in discord.said(channel)] == [f"A {_WORD} a day."])
    await told(caplog, "done platform=discord")
    assert _WORD not in caplog.text
    assert discord.token not in caplog.text
