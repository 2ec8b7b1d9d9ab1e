"""All pages as one application: every answer with a deadline, safe headers and a page of its own for trouble.

A room of pages adds its routes in `make_site`; its handlers answer with `pages.page`. What streams for longer than
PAGE_SECONDS is marked with `pages.streams`, and ends by itself.
"""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from aiohttp import web

from adapters.web.board_routes import BoardPages
from adapters.web.pages import PAGES, STATIC, Pages
from adapters.web.safe_headers import NONCE, SafeHeaders
from adapters.web.visitors import VISITORS, Visitors, language_of
from bot.jobs.inbox import StorageError
from bot.language import N_, _, speaking

if TYPE_CHECKING:
    from bot.app import App

log = logging.getLogger("riff.web")

PAGE_SECONDS = 20.0
"""A page that takes longer is given up."""
SITE_SECONDS = 3600.0
"""A stream that is longer is begun anew by the browser."""
_MOST_BYTES = 256_000
_TOLD = {
    403: N_("You may not see this page."),
    404: N_("There is no such page, or its link has expired."),
    405: N_("That cannot be done with this page."),
    413: N_("That is too much at once."),
    429: N_("That was too often. Please try again in a minute."),
    503: N_("Riff cannot answer right now. Please try again shortly."),
}
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def make_site(app: "App") -> web.Application:
    """The application, of all rooms of pages."""
    settings = app.settings.web
    site = web.Application(client_max_size=_MOST_BYTES, middlewares=[_dressed])
    site[PAGES] = Pages(settings)
    site[VISITORS] = Visitors(settings.trusted_proxies)
    site.on_response_prepare.append(SafeHeaders(settings).add)
    site.router.add_static("/static", STATIC)
    BoardPages(app).add_to(site)
    return site


@web.middleware
async def _dressed(request: web.Request, handler: Handler) -> web.StreamResponse:
    """In the visitor's language, within its time, and with a page for whatever goes wrong."""
    request[NONCE] = secrets.token_urlsafe(16)
    with speaking(language_of(request)):
        try:
            if getattr(request.match_info.handler, "is_stream", False):
                return await handler(request)
            async with asyncio.timeout(PAGE_SECONDS):
                return await handler(request)
        except web.HTTPException as error:
            if error.status < 400:
                raise
            return _trouble(request, error.status, dict(error.headers))
        except (StorageError, TimeoutError) as error:
            log.warning("a page could not be answered (%s): %s", type(error).__name__, _name_of(request))
            return _trouble(request, 503, {"Retry-After": "5"})
        except Exception as error:
            reference = secrets.token_hex(4)
            log.error("a page failed (%s): %s", reference, _name_of(request), exc_info=error)
            return _trouble(request, 500, {}, reference)


def _trouble(
    request: web.Request, status: int, headers: dict[str, str], reference: str = ""
) -> web.StreamResponse:
    said = _(_TOLD.get(status, N_("That request cannot be understood.")))
    if reference:
        said = _("Something went wrong. The log has it as {reference}.", reference=reference)
    kept = {name: value for name, value in headers.items() if name in {"Allow", "Retry-After"}}
    return request.app[PAGES].page(request, "trouble.html", status=status, headers=kept, said=said)


def _name_of(request: web.Request) -> str:
    """The page without what its address holds, which may be a secret."""
    resource = request.match_info.route.resource
    return resource.canonical if resource is not None else "no page"
