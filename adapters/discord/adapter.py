"""Riff on Discord: one bot over the core's inbox, pipeline and commands."""

import asyncio
import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import aiohttp
import discord

from adapters.discord.commands.admin import Admin, ServerRules
from adapters.discord.commands.definitions import definitions, register
from adapters.discord.gateway.api import Api
from adapters.discord.gateway.client import RiffBot, check_application
from adapters.discord.gateway.rate_limits import Pace
from adapters.discord.gateway.session_resume import Sessions
from adapters.discord.handler import DiscordHandler, missing_sentence
from adapters.discord.incoming.attachments import Files
from adapters.discord.incoming.auto_reply_channels import AutoReplyChannels
from adapters.discord.incoming.catch_up import CatchUp
from adapters.discord.incoming.event import PLATFORM
from adapters.discord.incoming.interaction_context import Locales
from adapters.discord.incoming.interactions import Interactions, Parts
from adapters.discord.incoming.messages import Messages
from adapters.discord.incoming.reply_chains import ReplyChains
from adapters.discord.rendering.forum_posts import Forum, is_forum
from bot.config import Settings
from bot.core.errors import ConfigError
from bot.health import Check, Level
from bot.interactions.actions import Actions
from bot.interactions.form_answers import FormAnswers
from bot.jobs.inbox import StorageError
from bot.jobs.worker import Worker
from bot.places.quotas import Quotas
from bot.places.titles import Titles

if TYPE_CHECKING:
    from bot.app import App

log = logging.getLogger("riff.discord")

_AGAIN_SECONDS = (1.0, 2.0, 5.0, 15.0, 60.0)
_CHECK_SECONDS = 15.0
_LOST = (
    "Without MESSAGE_CONTENT, brainstorming channels, threads without a mention and replies without a ping are"
    " lost; commands, mentions and direct messages work. Switch on Message Content Intent (developer portal, Bot)."
)
_AUTHENTICATION_FAILED = 4004
_UNREACHABLE = (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError)
_NOT_KNOWN = "Discord does not know DISCORD_TOKEN; copy it anew from the developer portal (Bot, Reset Token)."


class DiscordAdapter:
    """One application on Discord, in every server that added it."""

    def __init__(self) -> None:
        self._connected: _Connected | None = None

    def is_configured(self, settings: Settings) -> bool:
        """Whether the token is set."""
        return settings.discord.token is not None

    async def check(self, settings: Settings) -> Check:
        """For `riff doctor`: whether the token works, and what is lost without MESSAGE_CONTENT."""
        token = settings.discord.token.get_secret_value() if settings.discord.token else ""
        try:
            async with asyncio.timeout(_CHECK_SECONDS):
                name, reads = await check_application(settings.discord.api_url, token)
        except discord.LoginFailure:
            return Check(PLATFORM, Level.ERROR, _NOT_KNOWN)
        except _UNREACHABLE as error:
            said = (
                f"{settings.discord.api_url} cannot be reached ({type(error).__name__}); check the network."
            )
            return Check(PLATFORM, Level.ERROR, said)
        if reads:
            return Check(PLATFORM, Level.OK, f"{name} can log in and may read messages.")
        return Check(PLATFORM, Level.WARNING, f"{name} can log in. {_LOST}")

    async def run(self, starting: "asyncio.Task[App]") -> None:
        """Serve until cancelled; while Discord cannot be reached, try again."""
        app = await asyncio.shield(starting)
        with app.vitals.of(PLATFORM, self._fault):
            await self._serve(app)

    async def _fault(self) -> str:
        return await self._connected.fault() if self._connected else "not connected"

    async def _serve(self, app: "App") -> None:
        for attempt in range(1_000_000):
            try:
                self._connected = _Connected(app)
                await self._connected.serve()
                return
            except discord.LoginFailure:
                raise ConfigError(_NOT_KNOWN) from None
            except discord.ConnectionClosed as error:
                if error.code == _AUTHENTICATION_FAILED:
                    raise ConfigError(_NOT_KNOWN) from None
                log.error("Discord closed the connection for good (%s); connecting anew", error.code)
            except _UNREACHABLE as error:
                log.error("Discord cannot be reached: %s", error or type(error).__name__)
            except ConfigError:
                raise
            except Exception as error:  # one connection's trouble is not the end of Riff
                log.error("trouble with the connection to Discord; connecting anew", exc_info=error)
            await asyncio.sleep(_AGAIN_SECONDS[min(attempt, len(_AGAIN_SECONDS) - 1)])


class _Connected:
    """One bot from login to farewell, and the tasks around it."""

    def __init__(self, app: "App") -> None:
        settings = app.settings.discord
        self._app = app
        self._token = settings.token.get_secret_value() if settings.token else ""
        self._guild = settings.test_server
        self._pace = Pace(settings.edit_seconds)
        self._bot = RiffBot(settings.api_url, self, self._pace, heartbeat_timeout=settings.heartbeat_seconds)
        self._api = Api(self._bot.http)
        self._auto_reply = AutoReplyChannels(app.repositories.platform_state)
        self._sessions = Sessions(self._bot, app.repositories.platform_state, self._bot.caught_up)
        self._messages: Messages | None = None
        self._interactions: Interactions | None = None

    async def message(self, message: discord.Message) -> None:
        """A message arrived."""
        if self._messages is not None:
            await self._messages.take(message)

    async def interaction(self, interaction: discord.Interaction[Any], *, is_replayed: bool) -> None:
        """An interaction arrived."""
        if self._interactions is not None:
            await self._interactions.take(interaction, is_replayed=is_replayed)

    async def serve(self) -> None:
        """Log in, connect and answer; ends when cancelled, or raises what ended the connection."""
        async with self._bot:
            await self._bot.login(self._token)
            worker = await self._prepare()
            log.info("logged in to Discord as %s", self._bot.user)
            tasks = [
                asyncio.create_task(self._bot.connect(), name="discord-gateway"),
                asyncio.create_task(self._work(worker), name="discord-worker"),
                asyncio.create_task(self._sessions.run(), name="discord-sessions"),
                asyncio.create_task(self._auto_reply.run(), name="discord-marked"),
            ]
            try:
                await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
                for task in tasks:
                    if task.done():
                        task.result()
            finally:
                await self._wind_up(tasks)

    async def fault(self) -> str:
        """What keeps Discord's events from being answered; "" for nothing."""
        if not self._bot.is_ready() or self._bot.is_closed():
            return "not connected"
        await self._app.inbox.refresh(PLATFORM)
        is_full = self._app.inbox.unfinished(PLATFORM) >= self._app.settings.inbox.backlog
        return "the inbox is full" if is_full else ""

    async def _work(self, worker: Worker) -> None:
        """Answer, once all that was said while Riff was away is in the inbox."""
        await self._sessions.settled()
        await worker.run()

    async def _prepare(self) -> Worker:
        app, bot = self._app, self._bot
        own, limits = bot.user, app.settings.limits
        if own is None:  # discord.py sets it at login
            raise ConfigError(_NOT_KNOWN)
        chains = ReplyChains(self._api, str(own.id))
        await self._auto_reply.load()
        await self._sessions.load()
        catch_up = CatchUp(bot, self._api, self._auto_reply, app.repositories.channels, str(own.id))
        self._sessions.missed = catch_up.since
        await register(
            self._api,
            app.repositories.platform_state,
            str(bot.application_id),
            self._guild,
            definitions(limits.ideas),
        )
        locales = Locales()
        self._messages = Messages(
            own.id,
            self._api,
            app.inbox,
            chains,
            self._auto_reply,
            app.repositories.brainstorms,
            locales,
            limits,
            app.settings.session,
        )
        rules = ServerRules(app.repositories)
        quotas = Quotas(app.repositories.usage, app.repositories.scopes, app.settings.limits)
        admin = Admin(
            app.repositories,
            app.policies,
            rules,
            self._auto_reply,
            lambda: bot.intents.message_content,
            quotas,
        )
        handler = DiscordHandler(
            app.pipeline,
            self._api,
            self._pace,
            str(own.id),
            self,
            Files(app.settings.discord.api_url, limits.prompt_characters, app.listener),
            rules,
            lambda event: missing_sentence(bot, event),
            app.scheduled_jobs,
            app.repositories.platform_state,
            Forum(self._api, str(own.id), lambda channel: is_forum(bot, channel)),
            Titles(app.moderator, app.policies),
            lambda: bot.intents.message_content,
            file_characters=app.settings.discord.file_characters,
            token_seconds=app.settings.discord.token_seconds,
        )
        worker = Worker(app.inbox, PLATFORM, handler)
        self._interactions = Interactions(
            Parts(
                self._api,
                app.inbox,
                app.repositories,
                Actions(app.repositories),
                FormAnswers(app.repositories, app.moderator, app.settings.limits),
                limits,
                app.settings.session,
                chains,
                locales,
                admin,
                worker.stop,
                handler.asked_by,
            )
        )
        return worker

    async def acknowledged(self, event_id: str) -> None:
        """Wait until an interaction has its first response."""
        if self._interactions is not None:
            await self._interactions.acknowledged(event_id)

    async def _wind_up(self, tasks: "Sequence[asyncio.Task[Any]]") -> None:
        """Hear nothing more, let answers under way end, and leave the sessions to be resumed."""
        gateway, *others = tasks
        gateway.cancel()
        await asyncio.wait({gateway})
        try:
            await self._bot.leave()
            await self._sessions.note()
        except (StorageError, *_UNREACHABLE) as error:
            log.warning("the sessions are not noted: %s", error)
        for task in others:
            task.cancel()
        await asyncio.wait(others)
