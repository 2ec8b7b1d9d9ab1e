"""Riff in Slack, put together: connections in, the inbox, the worker, answers out."""

import asyncio
import logging
from contextlib import AsyncExitStack
from functools import partial
from typing import TYPE_CHECKING

import aiohttp
from pydantic import SecretStr
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.handling.admin import Admin
from adapters.slack.handling.handler import SlackHandler
from adapters.slack.handling.modal_opener import ModalOpener
from adapters.slack.incoming.agent_view import AgentView
from adapters.slack.incoming.background_tasks import BackgroundTasks
from adapters.slack.incoming.event import PLATFORM
from adapters.slack.incoming.members import Members
from adapters.slack.incoming.receiver import Receiver
from adapters.slack.transport.api import code_of
from adapters.slack.transport.bolt_app import make_bolt
from adapters.slack.transport.http_server import HttpServer
from adapters.slack.transport.install_flow import InstallFlow
from adapters.slack.transport.installations import Apis, CachedInstalls, Installs, OneInstall
from adapters.slack.transport.message_pace import Pace
from adapters.slack.transport.oauth import ManyInstalls, open_store
from adapters.slack.transport.socket_mode import Sockets
from adapters.slack.transport.token_check import (
    UNREACHABLE,
    app_token_refused,
    check_app_token,
    check_bot_token,
    check_signing_secret,
)
from adapters.slack.transport.token_store import Rotation
from bot.config import Settings
from bot.core.errors import ConfigError
from bot.core.http_limits import HttpLimits
from bot.core.log_limits import CONNECTED
from bot.jobs.inbox import StorageError
from bot.jobs.inbox_worker import Worker
from bot.startup_checks import Check, Level

if TYPE_CHECKING:
    from bot.app import App
    from bot.config.settings import SlackSettings

log = logging.getLogger("riff.slack")
connected = logging.getLogger(CONNECTED)


class SlackAdapter:
    """One Slack app: one workspace by its token, or many by OAuth. `port` is where HTTP mode listens."""

    def __init__(self) -> None:
        self.port = 0

    def is_configured(self, settings: Settings) -> bool:
        """Whether the tokens that the mode needs are set."""
        slack = settings.slack
        if slack.mode == "http":
            return bool(slack.signing_secret and (slack.bot_token or slack.has_oauth))
        return bool(slack.bot_token and slack.app_token)

    async def check(self, settings: Settings) -> Check:
        """For `riff doctor`: whether Slack takes the tokens, and what they may not do."""
        slack, told, cure = settings.slack, "several workspaces can install it.", ""
        try:
            if slack.bot_token:
                told, cure = await check_bot_token(slack, _secret(slack.bot_token))
            if slack.mode == "socket":
                await check_app_token(slack, _secret(slack.app_token))
                told = f"{told} Socket Mode opens."
            else:
                check_signing_secret(_secret(slack.signing_secret))
        except ConfigError as error:
            return Check(PLATFORM, Level.ERROR, str(error))
        except UNREACHABLE as error:
            said = f"{slack.api_url} cannot be reached ({type(error).__name__}); check the network."
            return Check(PLATFORM, Level.ERROR, said)
        return Check(PLATFORM, Level.WARNING if cure else Level.OK, f"{told} {cure}".strip())

    async def run(self, starting: "asyncio.Task[App]") -> None:
        """Serve until cancelled. Until Riff is awake events wait at Slack, which delivers them again."""
        app = await asyncio.shield(starting)
        settings = app.settings.slack
        store = await open_store(settings, app.database.engine) if settings.has_oauth else None
        installs: Installs = (
            CachedInstalls(ManyInstalls(store, Rotation(store, settings), settings))
            if store
            else await _one_install(settings)
        )
        background = BackgroundTasks()
        async with AsyncExitStack() as stack:
            session = await stack.enter_async_context(aiohttp.ClientSession())
            stack.push_async_callback(background.close)
            apis = Apis(installs, settings.api_url, Pace(settings.message_interval_seconds), session)
            members = Members(apis, app.repositories)
            app.memberships.register(PLATFORM, members.can_read)
            app.channel_privacy.register(PLATFORM, members.is_private)
            admin = Admin(app, members)
            agents = AgentView(app.repositories.platform_state)
            answers = SlackHandler(app, apis, admin, members, agents, settings.message_interval_seconds)
            worker = Worker(app.inbox, PLATFORM, answers)
            opening = ModalOpener(app, apis, admin, members)
            reception = Receiver(app, apis, members, opening, worker, background, agents)
            bolt = make_bolt(installs, reception, _secret(settings.signing_secret))
            if settings.mode == "http":
                flow = InstallFlow(settings, store) if store else None
                limits = HttpLimits(settings.most_connections, settings.most_connections_of_address)
                server = HttpServer(bolt, settings.host, settings.port, partial(_is_ready, app), flow, limits)
                self.port = (await stack.enter_async_context(server)).port
                stack.enter_context(app.readiness.of(PLATFORM, partial(_fault, app, None)))
            else:
                token = _secret(settings.app_token)
                sockets = Sockets(bolt, token, settings.api_url, settings.connections)
                stack.enter_context(app.readiness.of(PLATFORM, partial(_fault, app, sockets)))
                await _connected(stack, sockets)
            background.start(_tell(installs, settings.api_url))
            await worker.run()


async def _connected(stack: AsyncExitStack, sockets: Sockets) -> None:
    try:
        await stack.enter_async_context(sockets)
    except SlackApiError as error:
        raise app_token_refused(error) from None


async def _tell(installs: Installs, api_url: str) -> None:
    """As whom Riff is connected, and on how many workspaces; the name only where Slack says it."""
    count, token = await installs.count()
    name = ""
    try:
        name = (
            str((await AsyncWebClient(token, base_url=api_url).auth_test()).get("user") or "")
            if token
            else ""
        )
    except (SlackApiError, *UNREACHABLE) as error:
        log.info("the name of the bot is not known: %s", type(error).__name__)
    workspaces = "1 workspace" if count == 1 else f"{count} workspaces"
    connected.info("connected to Slack%s on %s", f" as @{name}" if name else "", workspaces)


async def _is_ready(app: "App") -> bool:
    """Whether an event could be kept now: with no model too, for it is answered once there is one."""
    if app.readiness.is_ending:
        return False
    try:
        await app.inbox.refresh(PLATFORM)
    except StorageError:
        return False
    return app.inbox.unfinished(PLATFORM) < app.settings.inbox.backlog


async def _fault(app: "App", sockets: Sockets | None) -> str:
    if sockets is not None and not await sockets.is_connected():
        return "not connected"
    return "" if await _is_ready(app) else "the inbox is full or away"


async def _one_install(settings: "SlackSettings") -> Installs:
    client = AsyncWebClient(_secret(settings.bot_token), base_url=settings.api_url)
    try:
        return await OneInstall.ask(client)
    except SlackApiError as error:
        raise ConfigError(f"Slack refuses SLACK_BOT_TOKEN ({code_of(error)}); copy it anew.") from None
    except (aiohttp.ClientError, TimeoutError) as error:
        raise ConfigError(f"{settings.api_url} cannot be reached ({type(error).__name__}).") from None


def _secret(value: SecretStr | None) -> str:
    return value.get_secret_value() if value else ""
