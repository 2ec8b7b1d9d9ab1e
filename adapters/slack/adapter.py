"""Riff in Slack, put together: connections in, the inbox, the worker, answers out."""

import asyncio
import logging
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.answers import Answers
from adapters.slack.bolt import make_bolt
from adapters.slack.errands import Errands
from adapters.slack.heard import PLATFORM
from adapters.slack.installs import Apis, Installs, OneInstall
from adapters.slack.reception import Reception
from adapters.slack.socket import Sockets
from adapters.slack.web import Pace, code_of
from bot.config import Settings
from bot.errors import ConfigError
from bot.worker import Worker

if TYPE_CHECKING:
    from bot.app import App
    from bot.config.platforms import SlackSettings

log = logging.getLogger("riff.slack")


class SlackAdapter:
    """One Slack app: one workspace by its token, or many by OAuth."""

    def is_configured(self, settings: Settings) -> bool:
        """Whether the tokens that the mode needs are set."""
        slack = settings.slack
        second = slack.app_token if slack.mode == "socket" else slack.signing_secret
        return bool(slack.bot_token and second)

    async def run(self, starting: "asyncio.Task[App]") -> None:
        """Serve until cancelled. Events wait at Slack until Riff is awake."""
        app = await asyncio.shield(starting)
        settings = app.settings.slack
        installs = await _installs(settings)
        apis = Apis(installs, settings.api_url, Pace(settings.message_seconds))
        worker = Worker(app.inbox, PLATFORM, Answers(app, apis, settings.message_seconds))
        errands = Errands()
        reception = Reception(app, apis, worker, errands)
        secret = settings.signing_secret.get_secret_value() if settings.signing_secret else ""
        bolt = make_bolt(installs, reception, secret)
        async with AsyncExitStack() as stack:
            stack.push_async_callback(errands.close)
            token = settings.app_token.get_secret_value() if settings.app_token else ""
            await stack.enter_async_context(Sockets(bolt, token, settings.api_url, settings.connections))
            log.info("connected to Slack")
            await worker.run()


async def _installs(settings: "SlackSettings") -> Installs:
    token = settings.bot_token.get_secret_value() if settings.bot_token else ""
    try:
        return await OneInstall.ask(AsyncWebClient(token, base_url=settings.api_url))
    except SlackApiError as error:
        raise ConfigError(f"Slack refuses SLACK_BOT_TOKEN ({code_of(error)}); copy it anew.") from None
