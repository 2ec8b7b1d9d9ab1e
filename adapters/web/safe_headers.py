"""What every answer says to browsers about safety: nothing from elsewhere, in no frame, told to nobody."""

from typing import TYPE_CHECKING

from aiohttp import web

if TYPE_CHECKING:
    from bot.config.web_settings import WebSettings

NONCE = web.RequestKey("nonce", str)
"""The key of a request under which it keeps the word that its own scripts and styles bear."""

_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
    "X-Robots-Tag": "noindex, nofollow",
    "Server": "riff",
}
_YEAR = 31_536_000
_STATIC_SECONDS = 3600


class SafeHeaders:
    """Adds them to whatever is answered, errors and files too."""

    def __init__(self, settings: "WebSettings") -> None:
        self._always = dict(_ALWAYS)
        if settings.is_secure:
            self._always["Strict-Transport-Security"] = f"max-age={_YEAR}"

    async def add(self, request: web.Request, response: web.StreamResponse) -> None:
        """For aiohttp's signal before an answer is sent."""
        response.headers.update(self._always)
        response.headers["Content-Security-Policy"] = _policy(request.get(NONCE, ""))
        is_file = isinstance(response, web.FileResponse)
        kept = f"public, max-age={_STATIC_SECONDS}" if is_file else "no-store"
        response.headers.setdefault("Cache-Control", kept)


def _policy(nonce: str) -> str:
    """Only what bears the nonce may run or style; pictures, calls and forms go to Riff itself."""
    bearing = f"'nonce-{nonce}'" if nonce else "'none'"
    return (
        f"default-src 'none'; script-src {bearing}; style-src {bearing}; img-src 'self'; connect-src 'self';"
        " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
