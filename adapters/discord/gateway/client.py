"""The connection to Discord: discord.py's AutoShardedBot and HTTP client with what Riff needs of them."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Protocol
from urllib.parse import urlsplit

import aiohttp
import discord
import yarl
from discord.ext import commands
from discord.gateway import DiscordWebSocket
from discord.http import HTTPClient, Route
from tenacity import RetryCallState, retry, stop_after_attempt, wait_exponential

from adapters.discord.gateway.edit_pace import Pace
from adapters.discord.gateway.identify_turns import IdentifyTurns
from bot.core.log_limits import CONNECTED
from bot.watching.meters import PAUSES

log = logging.getLogger("riff.discord")
connected = logging.getLogger(CONNECTED)

_REQUESTS_PER_SECOND = 40
"""Ten below Discord's global limit, which it only tells by refusing: requests may bunch on their way."""
_ATTEMPTS = 4


def is_tokenless(path: str) -> bool:
    """Whether requests there carry an interaction's token and not the bot's: they are outside its global limit.

    https://docs.discord.com/developers/interactions/receiving-and-responding#endpoints
    """
    return path.startswith(("/interactions/", "/webhooks/"))


async def leave_out_token(
    _: aiohttp.ClientSession, __: object, params: aiohttp.TraceRequestStartParams
) -> None:
    """Listens to requests that begin: the bot's token stays out of those that do not need it."""
    if is_tokenless(params.url.path.removeprefix(urlsplit(Route.BASE).path)):
        params.headers.popall("Authorization", None)


async def count_pause(_: aiohttp.ClientSession, __: object, params: aiohttp.TraceRequestEndParams) -> None:
    """Listens to requests that ended: those that Discord wants to be made again later."""
    if params.response.status == HTTPStatus.TOO_MANY_REQUESTS:
        PAUSES.labels("discord").inc()


class GlobalLimit:
    """At most so many requests start in any second.

    A leaky bucket (aiolimiter) lets twice as many through in one second as it allows on the average, or half as
    many on the average: 79 requests in the first second where this lets 40 through.
    """

    def __init__(self, per_second: int = _REQUESTS_PER_SECOND) -> None:
        self._most = per_second
        self._starts: deque[float] = deque()
        self._turn = asyncio.Lock()

    async def turn(self) -> None:
        """Wait until one more request may start; who came first goes first."""
        clock = asyncio.get_running_loop().time
        async with self._turn:
            while len(self._starts) >= self._most:
                wait = self._starts[0] + 1.0 - clock()
                if wait > 0:
                    await asyncio.sleep(wait)
                self._starts.popleft()
            self._starts.append(clock())


def _may_ask_again(state: RetryCallState) -> bool:
    """Whether the line broke, and asking twice does no harm: what was deleted would not be found again."""
    error = state.outcome.exception() if state.outcome else None
    route: Route = state.args[1]
    return isinstance(error, (aiohttp.ClientConnectionError, ConnectionError)) and route.method != "DELETE"


def _note_broken_line(state: RetryCallState) -> None:
    error = state.outcome.exception() if state.outcome else None
    log.warning("no line to Discord (%s), attempt %d", type(error).__name__, state.attempt_number)


class Http(HTTPClient):
    """Asks `/gateway/bot` of its own API for the gateway wherever discord.py would take the built-in address."""

    limit: GlobalLimit
    told: yarl.URL | None = None

    @retry(
        retry=_may_ask_again,
        wait=wait_exponential(multiplier=1.0),
        stop=stop_after_attempt(_ATTEMPTS),
        before_sleep=_note_broken_line,
        reraise=True,
    )
    async def request(self, route: Route, **kwargs: Any) -> Any:
        """One request; a line that breaks is tried again, which is safe: posts carry an enforced nonce."""
        if self.__dict__.get("limit") is None:
            self.limit = GlobalLimit()
        if not is_tokenless(route.path):
            await self.limit.turn()
        return await super().request(route, **kwargs)

    async def get_bot_gateway(self) -> Any:
        """Shards, address and session limits; remembers the address."""
        shards, url, limits = await super().get_bot_gateway()
        self.told = yarl.URL(url)
        return shards, url, limits

    async def ws_connect(self, url: str, *, compress: int = 0) -> aiohttp.ClientWebSocketResponse:
        """Connect to a gateway: a new session goes where `/gateway/bot` says now, a resume to its own address."""
        wanted = yarl.URL(url)
        if wanted.origin() == DiscordWebSocket.DEFAULT_GATEWAY.origin():
            wanted = (await self._gateway()).with_query(wanted.query)
        return await super().ws_connect(str(wanted), compress=compress)

    async def _gateway(self) -> yarl.URL:
        try:
            await self.get_bot_gateway()
        except (discord.GatewayNotFound, aiohttp.ClientError, OSError):
            if self.told is None:
                raise
        return self.told or DiscordWebSocket.DEFAULT_GATEWAY


NOBODY = discord.AllowedMentions.none()


class Intake(Protocol):
    """Takes what arrives, at once and in order; each call gives the work that keeping it needs."""

    async def message(self, message: discord.Message) -> None: ...
    async def interaction(self, interaction: discord.Interaction[Any], *, is_replayed: bool) -> None: ...
    async def edited(self, message: discord.Message) -> None: ...
    async def deleted(self, gone: discord.RawMessageDeleteEvent) -> None: ...
    async def reacted(self, reaction: discord.RawReactionActionEvent) -> None: ...
    async def joined(self, guild: discord.Guild) -> None: ...


def wanted_intents(*, content: bool) -> discord.Intents:
    """The least that Riff needs: servers, messages and reactions in them and direct ones; content where allowed."""
    intents = discord.Intents.none()
    intents.guilds = intents.guild_messages = intents.dm_messages = True
    intents.guild_reactions = intents.dm_reactions = True
    intents.message_content = content
    return intents


def may_read_content(flags: discord.ApplicationFlags) -> bool:
    """Whether the application may ask for the content of messages that do not concern it."""
    return flags.gateway_message_content or flags.gateway_message_content_limited


class NoTree(discord.app_commands.CommandTree[Any]):
    """discord.py's own dispatch of commands, switched off: the intake reads them, as it does every interaction."""

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        """Never."""
        return False


class RiffBot(commands.AutoShardedBot):
    """One application on Discord; every event is handed to `intake` in the order of arrival."""

    http: Http

    def __init__(self, api_url: str, intake: Intake, pace: Pace, *, heartbeat_timeout: float = 60.0) -> None:
        Route.BASE = api_url.rstrip("/")
        self.pace = pace
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            tree_cls=NoTree,
            intents=wanted_intents(content=False),
            allowed_mentions=NOBODY,
            max_messages=None,
            heartbeat_timeout=heartbeat_timeout,
            guild_ready_timeout=0.5,
            chunk_guilds_at_startup=False,
        )
        self._connection.parsers = {name: _guarded(parse) for name, parse in self._connection.parsers.items()}
        self._intake = intake
        self._identifies = IdentifyTurns()
        self._keeping: set[asyncio.Task[None]] = set()
        self.replays = 0
        """How many sessions that were left are being drained just now."""

    def _get_state(self, **options: Any) -> Any:
        """discord.py builds its state with `self.http`; from here on that is Riff's own."""
        trace = self.pace.trace()
        trace.on_request_start.append(leave_out_token)
        trace.on_request_end.append(count_pause)
        self.http = Http(self.http.loop, http_trace=trace)
        return super()._get_state(**options)

    async def setup_hook(self) -> None:
        """After the login: ask for what the application may have, and where the gateway is."""
        self._connection._intents.message_content = may_read_content(self.application_flags)
        self.shard_count, _, limits = await self.http.get_bot_gateway()
        self._identifies.limit(limits)

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Wait for the shard's turn to identify."""
        await self._identifies.turn(shard_id or 0)

    def socket_of(self, shard: int) -> DiscordWebSocket:
        """The shard's connection, live or lost."""
        return self._get_websocket(shard_id=shard)

    def dispatch(self, event: str, /, *args: Any, **kwargs: Any) -> None:
        """Messages and interactions are taken here, in order, before any other listener."""
        if event == "message":
            self._keep(self._intake.message(*args))
        elif event == "interaction":
            self._keep(self._intake.interaction(*args, is_replayed=self.replays > 0))
        elif event == "raw_message_edit":
            self._keep(self._intake.edited(args[0].message))
        elif event == "raw_message_delete":
            self._keep(self._intake.deleted(args[0]))
        elif event in {"raw_reaction_add", "raw_reaction_remove"}:
            self._keep(self._intake.reacted(args[0]))
        elif event == "guild_join":
            self._keep(self._intake.joined(*args))
        else:
            if event == "ready":
                connected.info("connected to Discord as @%s in %s", self.user, _servers(len(self.guilds)))
            super().dispatch(event, *args, **kwargs)

    def hear(self, message: dict[str, Any]) -> None:
        """Take a message that was read over REST as if the gateway had told of it."""
        self._connection.parsers["MESSAGE_CREATE"](message)

    def _keep(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work, name="discord-intake")
        self._keeping.add(task)
        task.add_done_callback(self._kept)

    def _kept(self, task: asyncio.Task[None]) -> None:
        self._keeping.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("an event was not taken", exc_info=error)

    async def caught_up(self) -> None:
        """Wait until all that has arrived up to now is kept."""
        if waiting := set(self._keeping):
            await asyncio.wait(waiting)

    async def leave(self) -> None:
        """End every connection so that its session can be resumed, and with that what is said meanwhile."""
        for shard in self.shards:
            await self.socket_of(shard).close(code=4000)
        await self.caught_up()

    async def on_error(self, event_method: str, /, *args: Any, **kwargs: Any) -> None:
        """discord.py would print a traceback to standard error."""
        log.exception("trouble in %s", event_method)


def _servers(count: int) -> str:
    return "1 server" if count == 1 else f"{count} servers"


def _guarded(parse: Callable[[Any], None]) -> Callable[[Any], None]:
    """An event that discord.py cannot read costs itself, and not the connection."""

    def parse_or_pass(data: Any) -> None:
        try:
            parse(data)
        except Exception as error:
            log.error("an event cannot be read", exc_info=error)

    return parse_or_pass


async def check_application(api_url: str, token: str) -> tuple[str, bool]:
    """The application's name, and whether it may read messages; for `riff doctor`.

    Raises discord.DiscordException, aiohttp.ClientError or OSError.
    """
    Route.BASE = api_url.rstrip("/")
    client = Http(asyncio.get_running_loop())
    try:
        user = await client.static_login(token)
        info = await client.request(Route("GET", "/oauth2/applications/@me"))
    finally:
        await client.close()
    return user["username"], may_read_content(discord.ApplicationFlags._from_value(info.get("flags", 0)))
