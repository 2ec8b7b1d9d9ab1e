"""Pages out of templates: everything that is filled in is escaped, and said in the visitor's language."""

from collections.abc import Awaitable, Callable
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from adapters.web.safe_headers import NONCE
from bot.language import LOCALE, _, listed, negotiate, ngettext, number

if TYPE_CHECKING:
    from bot.config.web_settings import WebSettings

Handler = TypeVar("Handler", bound=Callable[..., Awaitable[web.StreamResponse]])
_TEMPLATES = Path(__file__).parent / "templates"
STATIC = Path(__file__).parent / "static"
"""Style sheets and scripts."""


class Pages:
    """Fills templates in. `path` stands before the path of every page, where a proxy serves Riff under one."""

    def __init__(self, settings: "WebSettings") -> None:
        self.path = settings.path
        self._environment = Environment(
            loader=FileSystemLoader(_TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals.update(
            _=_, ngettext=ngettext, listed=listed, number=number, url=self.url, language=language
        )
        digests = {file.name: sha256(file.read_bytes()).hexdigest()[:12] for file in STATIC.iterdir()}
        self._environment.globals["asset"] = lambda name: self.url(f"/static/{name}?v={digests[name]}")

    def url(self, path: str) -> str:
        """A page's path as browsers see it."""
        return f"{self.path}{path}"

    def text(self, template: str, **values: Any) -> str:
        """A template, or a part of a page, filled in."""
        return self._environment.get_template(template).render(values)

    def page(
        self,
        request: web.Request,
        template: str,
        *,
        status: int = 200,
        headers: dict[str, str] | None = None,
        **values: Any,
    ) -> web.Response:
        """A whole page, whose scripts and styles bear the request's nonce."""
        text = self.text(template, nonce=request[NONCE], **values)
        told = {"Vary": "Accept-Language", **(headers or {})}
        return web.Response(text=text, status=status, headers=told, content_type="text/html")


PAGES = web.AppKey("pages", Pages)


def language() -> str:
    """The tag of the language that is spoken now, for the `lang` of a page."""
    return negotiate(LOCALE.get()).replace("_", "-")


def streams(handler: Handler) -> Handler:
    """Marks a handler whose answer goes on for longer than a page's."""
    handler.is_stream = True  # type: ignore[attr-defined]
    return handler
