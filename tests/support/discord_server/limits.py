"""Rate limits as Discord enforces them: buckets per route and major parameter, and one global limit.

https://docs.discord.com/developers/topics/rate-limits
"""

import re
import time
from collections import deque
from dataclasses import dataclass, field

from aiohttp import web


@dataclass
class Window:
    """A fixed window that begins with the first request in it."""

    limit: int
    seconds: float
    used: int = 0
    ends_at: float = 0.0

    def take(self) -> bool:
        """Count one request; False when the window is full."""
        now = time.monotonic()
        if now >= self.ends_at:
            self.used, self.ends_at = 0, now + self.seconds
        if self.used >= self.limit:
            return False
        self.used += 1
        return True

    @property
    def remaining(self) -> int:
        return max(0, self.limit - self.used)

    @property
    def reset_after(self) -> float:
        return max(0.001, self.ends_at - time.monotonic())


Rule = tuple[str, str, int, float]
"""Method, path pattern, requests, seconds."""

RULES: tuple[Rule, ...] = (
    ("POST", r"/channels/\d+/messages$", 5, 5.0),
    ("PATCH", r"/channels/\d+/messages/\d+$", 5, 5.0),
    ("DELETE", r"/channels/\d+/messages/\d+$", 5, 1.0),
    ("POST", r"/channels/\d+/typing$", 5, 5.0),
    ("PUT", r"/channels/\d+/messages/\d+/reactions/", 1, 0.25),
    ("DELETE", r"/channels/\d+/messages/\d+/reactions/", 1, 0.25),
    ("POST", r"/channels/\d+(/messages/\d+)?/threads$", 5, 5.0),
    ("POST", r"/webhooks/\d+/[^/]+$", 5, 2.0),
    ("PATCH", r"/webhooks/\d+/[^/]+/messages/", 5, 2.0),
    ("PUT", r"/applications/\d+/(guilds/\d+/)?commands$", 2, 1.0),
    ("GET", r"/gateway/bot$", 2, 1.0),
)
"""Limits that the real service was seen to use; it publishes none and tells clients to read the headers."""

_MAJOR = re.compile(r"^/(channels/\d+|guilds/\d+|webhooks/\d+/[^/]+)")


@dataclass
class Limits:
    """All windows of one bot; `scale` shortens every bucket's, so that tests need not wait.

    The global limit is not shortened: requests in any second are counted, wherever the second begins.
    """

    scale: float = 1.0
    global_limit: int = 50
    rules: tuple[Rule, ...] = RULES
    refused: list[str] = field(default_factory=list)
    _windows: dict[tuple[str, str], Window] = field(default_factory=dict)
    _recent: deque[float] = field(default_factory=deque)

    def check(self, method: str, path: str) -> tuple[dict[str, str], web.Response | None]:
        """The rate-limit headers of one request, and the 429 that answers it where it is one too many."""
        if path.startswith("/interactions/"):
            return {}, None
        if not path.startswith("/webhooks/") and (wait := self._global_wait()):
            self.refused.append(f"{method} {path} (global)")
            return {}, _too_many(wait, "global", {}, is_global=True)
        number, window = self._window(method, path)
        if window is None:
            return {}, None
        passed = window.take()
        headers = {
            "X-RateLimit-Limit": str(window.limit),
            "X-RateLimit-Remaining": str(window.remaining),
            "X-RateLimit-Reset": f"{time.time() + window.reset_after:.3f}",
            "X-RateLimit-Reset-After": f"{window.reset_after:.3f}",
            "X-RateLimit-Bucket": f"bucket{number:02d}",
        }
        if passed:
            return headers, None
        self.refused.append(f"{method} {path}")
        return headers, _too_many(window.reset_after, "user", headers, is_global=False)

    def _global_wait(self) -> float:
        """Count one request; how long to wait where it is one too many in this second."""
        now = time.monotonic()
        while self._recent and now - self._recent[0] >= 1.0:
            self._recent.popleft()
        if len(self._recent) >= self.global_limit:
            return 1.0 - (now - self._recent[0])
        self._recent.append(now)
        return 0.0

    def _window(self, method: str, path: str) -> tuple[int, Window | None]:
        for number, (verb, pattern, limit, seconds) in enumerate(self.rules):
            if verb == method and re.match(pattern, path):
                major = match[0] if (match := _MAJOR.match(path)) else ""
                key = (f"{verb} {pattern}", major)
                if key not in self._windows:
                    self._windows[key] = Window(limit, seconds * self.scale)
                return number, self._windows[key]
        return 0, None


def _too_many(seconds: float, scope: str, headers: dict[str, str], *, is_global: bool) -> web.Response:
    extra = {"Retry-After": f"{seconds:.3f}", "X-RateLimit-Scope": scope, "Via": "1.1 google"}
    if is_global:
        extra["X-RateLimit-Global"] = "true"
    body = {"message": "You are being rate limited.", "retry_after": round(seconds, 3), "global": is_global}
    return web.json_response(body, status=429, headers=headers | extra)
