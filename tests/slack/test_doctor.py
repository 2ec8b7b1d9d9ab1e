"""What `riff doctor` and `riff run` say of Slack's tokens and connections."""

import asyncio
import logging
from pathlib import Path

import pytest
from pydantic import SecretStr

from adapters.slack import SlackAdapter
from adapters.slack.transport.install_flow import SCOPES
from bot.app import App
from bot.config import Settings
from bot.core.errors import ConfigError
from bot.core.log_limits import CONNECTED
from bot.startup_checks import Check, Level
from genai.moderation import Moderator
from tests.slack.conftest import StartRiff, settings_for
from tests.support.doubles import ScriptedGenerator
from tests.support.slack_server import APP_TOKEN, BOT_TOKEN, SlackServer


async def checked(slack: SlackServer, bot: str = BOT_TOKEN, app: str = APP_TOKEN, **changes: object) -> Check:
    tokens = {"bot_token": SecretStr(bot), "app_token": SecretStr(app)}
    return await SlackAdapter().check(Settings(slack={"api_url": slack.url, **tokens, **changes}))


async def test_the_doctor_asks_slack_about_tokens_scopes_and_socket_mode(slack: SlackServer) -> None:
    slack.api.scopes = list(SCOPES)
    found = await checked(slack)
    assert (found.level, found.message) == (Level.OK, "@riff can log in on t. Socket Mode opens.")
    slack.api.scopes = [scope for scope in SCOPES if scope != "files:write"]
    found = await checked(slack)
    assert found.level is Level.WARNING
    assert "Scopes are missing: files:write." in found.message
    slack.api.scopes = ["channels:read"]
    assert (await checked(slack)).level is Level.ERROR


@pytest.mark.parametrize(
    ("bot", "app", "said"),
    [
        (APP_TOKEN, APP_TOKEN, "SLACK_BOT_TOKEN is an app-level token"),
        ("xoxp-1", APP_TOKEN, "SLACK_BOT_TOKEN is a user token"),
        ("xoxb-wrong", APP_TOKEN, "Slack refuses SLACK_BOT_TOKEN (invalid_auth)"),
        (BOT_TOKEN, BOT_TOKEN, "SLACK_APP_TOKEN is a bot token"),
        (BOT_TOKEN, "xapp-wrong", "no Socket Mode with SLACK_APP_TOKEN (invalid_auth)"),
    ],
)
async def test_the_doctor_names_a_token_of_the_wrong_kind_or_that_slack_refuses(
    slack: SlackServer, bot: str, app: str, said: str
) -> None:
    found = await checked(slack, bot, app)
    assert found.level is Level.ERROR
    assert said in found.message
    assert "wrong" not in found.message


async def test_the_doctor_knows_a_signing_secret_from_a_token(slack: SlackServer) -> None:
    found = await checked(slack, mode="http", signing_secret=SecretStr(APP_TOKEN))
    assert found.level is Level.ERROR
    assert "SLACK_SIGNING_SECRET is an app-level token" in found.message


async def test_the_doctor_says_that_slack_cannot_be_reached(slack: SlackServer) -> None:
    found = await checked(slack, api_url="http://127.0.0.1:9/api/")
    assert found.level is Level.ERROR
    assert "cannot be reached" in found.message


async def test_a_wrong_app_token_is_a_sentence(
    slack: SlackServer, tmp_path: Path, moderator: Moderator
) -> None:
    settings = settings_for(slack, f"sqlite:///{tmp_path}/riff.db", slack={"app_token": "xapp-wrong"})
    app = App(settings, generator=ScriptedGenerator(), moderator=moderator)
    await app.database.start()
    started: asyncio.Future[App] = asyncio.get_running_loop().create_future()
    started.set_result(app)
    with pytest.raises(ConfigError, match="opens no Socket Mode with SLACK_APP_TOKEN"):
        await SlackAdapter().run(started)  # type: ignore[arg-type]
    await app.database.close()


async def test_riff_says_as_whom_it_is_connected(
    slack: SlackServer, start_riff: StartRiff, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, CONNECTED)
    await start_riff()
    await slack.settled(lambda: "connected to Slack as @riff on 1 workspace" in caplog.text)
