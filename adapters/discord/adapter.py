"""Riff on Discord: one bot over the core's inbox, pipeline and commands."""

import asyncio
import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import aiohttp
import discord
from tenacity import RetryCallState, retry, retry_if_exception, wait_chain, wait_fixed

from adapters.discord.commands.admin import Admin, ServerRules
from adapters.discord.commands.definitions import definitions, register
from adapters.discord.gateway.api import Api
from adapters.discord.gateway.client import RiffBot, check_application
from adapters.discord.gateway.edit_pace import Pace
from adapters.discord.gateway.server_events import ServerEvents
from adapters.discord.gateway.session_resume import Sessions
from adapters.discord.gateway.token_kind import other_kind
from adapters.discord.handler import DiscordHandler
from adapters.discord.incoming.catch_up import CatchUp
from adapters.discord.incoming.channel_readers import Membership
from adapters.discord.incoming.command_interactions import CommandInteractions
from adapters.discord.incoming.event import PLATFORM, Files
from adapters.discord.incoming.form_submissions import FormSubmissions
from adapters.discord.incoming.guild_joins import introduction_in
from adapters.discord.incoming.interaction_context import Locales
from adapters.discord.incoming.interactions import Interactions
from adapters.discord.incoming.message_changes import MessageChanges
from adapters.discord.incoming.message_filter import AutoReplyChannels
from adapters.discord.incoming.messages import Messages
from adapters.discord.incoming.presses import Presses
from adapters.discord.incoming.prompt_intake import PromptIntake
from adapters.discord.incoming.reply_chains import ReplyChains
from adapters.discord.incoming.review_presses import ReviewPresses
from adapters.discord.incoming.rights import Rights
from adapters.discord.rendering.forum_tags import ForumTags
from adapters.discord.rendering.missing_permissions import missing_sentence
from adapters.discord.rendering.posts import Forum, is_forum
from bot.config import Settings
from bot.core.errors import ConfigError
from bot.interactions.actions import Actions
from bot.jobs.inbox import StorageError
from bot.jobs.inbox_worker import Worker
from bot.places.quotas import Quotas
from bot.places.titles import Titles
from bot.startup_checks import Check, Level

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
_WHERE = "copy the bot's token from the developer portal (Bot, Reset Token)"
_NOT_KNOWN = f"Discord does not know DISCORD_TOKEN; {_WHERE}."


def _note_trouble(state: RetryCallState) -> None:
    error = state.outcome.exception() if state.outcome else None
    if isinstance(error, discord.ConnectionClosed):
        log.error("Discord closed the connection for good (%s); connecting anew", error.code)
    elif isinstance(error, _UNREACHABLE):
        log.error("Discord cannot be reached: %s", error or type(error).__name__)
    else:
        log.error("trouble with the connection to Discord; connecting anew", exc_info=error)


def _is_passing(error: BaseException) -> bool:
    """Whether to connect anew: not with a wrong token, nor where the trouble is that Riff ends."""
    task = asyncio.current_task()
    is_ending = task is not None and task.cancelling() > 0
    return isinstance(error, Exception) and not isinstance(error, ConfigError) and not is_ending


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
        if kind := other_kind(token):
            return Check(PLATFORM, Level.ERROR, f"DISCORD_TOKEN is {kind}; {_WHERE}.")
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
        with app.readiness.of(PLATFORM, self._fault):
            await self._serve(app)

    async def _fault(self) -> str:
        return await self._connected.fault() if self._connected else "not connected"

    @retry(
        retry=retry_if_exception(_is_passing),
        wait=wait_chain(*map(wait_fixed, _AGAIN_SECONDS)),
        before_sleep=_note_trouble,
    )
    async def _serve(self, app: "App") -> None:
        """One connection after the other: the trouble of one is not the end of Riff, a wrong token is."""
        self._connected = _Connected(app)
        try:
            await self._connected.serve()
        except discord.LoginFailure:
            raise ConfigError(_NOT_KNOWN) from None
        except discord.ConnectionClosed as error:
            if error.code == _AUTHENTICATION_FAILED:
                raise ConfigError(_NOT_KNOWN) from None
            raise


class _Connected:
    """One bot from login to farewell, and the tasks around it."""

    def __init__(self, app: "App") -> None:
        settings = app.settings.discord
        self._app = app
        self._token = settings.token.get_secret_value() if settings.token else ""
        self._guild = settings.test_server
        self._registered: dict[str, str] = {}
        self._pace = Pace(settings.edit_interval_seconds)
        self._bot = RiffBot(
            settings.api_url, self, self._pace, heartbeat_timeout=settings.heartbeat_timeout_seconds
        )
        self._api = Api(self._bot.http)
        self._auto_reply = AutoReplyChannels(app.repositories.platform_state)
        self._sessions = Sessions(self._bot, app.repositories.platform_state, self._bot.caught_up)
        self._messages: Messages | None = None
        self._interactions: Interactions | None = None
        self._changes: MessageChanges | None = None

    async def message(self, message: discord.Message) -> None:
        """A message arrived."""
        if self._messages is not None:
            await self._messages.take(message)

    async def interaction(self, interaction: discord.Interaction[Any], *, is_replayed: bool) -> None:
        """An interaction arrived."""
        if self._interactions is not None:
            await self._interactions.take(interaction, is_replayed=is_replayed)

    async def edited(self, message: discord.Message) -> None:
        """A message was edited."""
        if self._changes is not None:
            await self._changes.edited(message)

    async def deleted(self, gone: discord.RawMessageDeleteEvent) -> None:
        """A message was deleted."""
        if self._changes is not None:
            await self._changes.deleted(gone)

    async def reacted(self, reaction: discord.RawReactionActionEvent) -> None:
        """Somebody added or took away a reaction."""
        if self._changes is not None:
            await self._changes.reacted(reaction)

    async def joined(self, guild: discord.Guild) -> None:
        """A server added Riff."""
        if job := introduction_in(guild):
            await self._app.inbox.add(job.event(job.event_id))

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
        app, own = self._app, self._bot.user
        if own is None:  # discord.py sets it at login
            raise ConfigError(_NOT_KNOWN)
        chains, locales = ReplyChains(self._api, str(own.id)), Locales()
        await self._auto_reply.load()
        await self._sessions.load()
        channels = app.repositories.channels
        self._sessions.missed = CatchUp(self._bot, self._api, self._auto_reply, channels, str(own.id)).since
        await self._register()
        self._messages = Messages(
            own.id,
            self._api,
            app.inbox,
            chains,
            self._auto_reply,
            app.repositories,
            locales,
            app.settings.session,
        )
        self._changes = MessageChanges(own.id, app.inbox, app.repositories, self._bot.get_channel)
        app.memberships.register(PLATFORM, Membership(self._bot).can_read)
        app.calendars.register(PLATFORM, ServerEvents(self._bot, self._api, app.repositories))
        app.channel_privacy.register(PLATFORM, Membership(self._bot).is_private)
        intake, rules = self._intake_of(chains, locales), ServerRules(app.repositories)
        handler = self._handler(str(own.id), intake, rules)
        worker = Worker(app.inbox, PLATFORM, handler)
        self._interactions = self._interactions_of(intake, locales, rules, worker, handler)
        return worker

    def _intake_of(self, chains: ReplyChains, locales: Locales) -> PromptIntake:
        app = self._app
        return PromptIntake(app.inbox, chains, locales, app.settings.limits, app.settings.session)

    async def _register(self) -> None:
        """Tell Discord of the commands, where they changed."""
        app, own = self._app, str(self._bot.application_id)
        commands = definitions(app.settings.limits)
        notes = app.repositories.platform_state
        self._registered |= await register(self._api, notes, own, self._guild, commands)

    def _handler(self, own: str, intake: PromptIntake, rules: ServerRules) -> DiscordHandler:
        app, bot = self._app, self._bot
        settings, limits = app.settings.discord, app.settings.limits
        return DiscordHandler(
            app.pipeline,
            app.repositories,
            self._api,
            self._pace,
            own,
            intake,
            Files(settings.api_url, limits.prompt_characters, app.listener),
            rules,
            Rights(bot, app.repositories),
            lambda event: missing_sentence(bot, event),
            app.scheduled_jobs,
            Forum(self._api, own, lambda channel: is_forum(bot, channel)),
            Titles(app.moderator, app.policies),
            self._reads_content,
            self._registered,
            ForumTags(bot, self._api),
            file_characters=settings.file_characters,
            token_seconds=settings.token_seconds,
        )

    def _interactions_of(
        self,
        intake: PromptIntake,
        locales: Locales,
        rules: ServerRules,
        worker: Worker,
        handler: DiscordHandler,
    ) -> Interactions:
        app, repositories, limits = self._app, self._app.repositories, self._app.settings.limits
        quotas = Quotas(repositories.usage, repositories.scopes, limits)
        admin = Admin(
            repositories,
            app.policies,
            rules,
            self._auto_reply,
            self._reads_content,
            quotas,
            limits,
            app.review_desk,
        )
        reviews = ReviewPresses(app.review_desk, intake, Rights(self._bot, repositories), self._api)
        forms = FormSubmissions(intake, repositories, admin, limits, reviews)
        actions = Actions(repositories, app.session_presses)
        return Interactions(
            self._api,
            locales,
            repositories,
            CommandInteractions(intake, repositories, admin, limits),
            Presses(intake, forms, repositories, actions, worker.stop, reviews),
            forms,
        )

    def _reads_content(self) -> bool:
        return bool(self._bot.intents.message_content)

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
