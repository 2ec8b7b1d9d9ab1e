"""HTTP mode: Slack's requests on /slack/events, and /healthz, /readyz for whoever watches over Riff.

A body is read up to its limit and no further; one that is no JSON or form is a 4xx; a request that was seen
before (a replay within the five minutes that its signature holds) has no second effect, for its event is known.
"""

import json
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from urllib.parse import parse_qs

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.async_app import AsyncApp
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.core.http_limits import HttpLimits, LimitedServer

MOST_BYTES = 1_000_000
PATH = "/slack/events"
_VISIT_SECONDS, _VISITS, _VISITS_OF_ADDRESS = 60.0, 120, 20
_LIMITS = HttpLimits()
Ready = Callable[[], Awaitable[bool]]


class HttpServer(LimitedServer):
    """The server. Use as an async context manager; `port` is the one in use."""

    def __init__(
        self,
        app: AsyncApp,
        host: str,
        port: int,
        ready: Ready,
        oauth: AsyncOAuthFlow | None = None,
        limits: HttpLimits = _LIMITS,
    ) -> None:
        self._bolt = app
        self._ready = ready
        self._visits = Visits()
        routes = web.Application(client_max_size=MOST_BYTES)
        routes.router.add_post(PATH, self._events)
        routes.router.add_get("/healthz", self._healthy)
        routes.router.add_get("/readyz", self._is_ready)
        if oauth is not None:
            routes.router.add_get("/slack/install", partial(self._flow, oauth.handle_installation))
            routes.router.add_get("/slack/oauth_redirect", partial(self._flow, oauth.handle_callback))
        super().__init__(routes, host, port, limits)

    async def _events(self, request: web.Request) -> web.Response:
        body = await _body(request)
        bolt_request = AsyncBoltRequest(body=body, query=request.query_string, headers=_headers(request))
        return await to_aiohttp_response(await self._bolt.async_dispatch(bolt_request))

    async def _healthy(self, _: web.Request) -> web.Response:
        return web.Response(text="ok")

    async def _is_ready(self, _: web.Request) -> web.Response:
        """Ready when an event could be kept now."""
        if await self._ready():
            return web.Response(text="ready")
        return web.Response(status=503, text="not ready")

    async def _flow(
        self, step: Callable[[AsyncBoltRequest], Awaitable[BoltResponse]], request: web.Request
    ) -> web.Response:
        """A step of the installation, as a browser asks for it."""
        if not self._visits.allow(request.remote or ""):
            return web.Response(status=429, text="too many attempts; try again in a minute")
        asked = AsyncBoltRequest(body="", query=request.query_string, headers=_headers(request))
        return await to_aiohttp_response(await step(asked))


class Visits:
    """How often people come to install Riff: rarely, so that whoever comes often is no person."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._since = clock()
        self._of_address: Counter[str] = Counter()

    def allow(self, address: str) -> bool:
        """Count a visit; False over the limit of a minute, of this address or of all."""
        if self._clock() - self._since >= _VISIT_SECONDS:
            self._since = self._clock()
            self._of_address.clear()
        if self._of_address[address] >= _VISITS_OF_ADDRESS or self._of_address.total() >= _VISITS:
            return False
        self._of_address[address] += 1
        return True


async def _body(request: web.Request) -> str:
    """The body as text. Raises 413 while it is read, 400 for what is no JSON or form, 415 for other kinds."""
    try:
        text = (await request.read()).decode("utf-8")
    except UnicodeDecodeError:
        raise web.HTTPBadRequest(text="not UTF-8") from None
    match request.content_type:
        case "application/json":
            _need_object(text)
        case "application/x-www-form-urlencoded":
            form = parse_qs(text)
            if not form:
                raise web.HTTPBadRequest(text="an empty form")
            if "payload" in form:
                _need_object(form["payload"][0])
        case _:
            raise web.HTTPUnsupportedMediaType
    return text


def _need_object(text: str) -> None:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        raise web.HTTPBadRequest(text="malformed JSON") from None
    if not isinstance(value, dict):
        raise web.HTTPBadRequest(text="JSON, but no object")


def _headers(request: web.Request) -> dict[str, str | Sequence[str]]:
    return {name: [value] for name, value in request.headers.items()}
