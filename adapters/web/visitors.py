"""Who comes: from which address, in which language, and how often with what is not right."""

import re
import time
from collections import Counter
from collections.abc import Callable, Sequence
from ipaddress import ip_address, ip_network

from aiohttp import web

from bot.language import spoken

_MINUTE = 60.0
_WRONG_OF_ADDRESS, _WRONG_OF_ALL = 30, 600
_MOST_PROXIES = 8
_LANGUAGE = re.compile(r"\s*([A-Za-z0-9-]{1,35})\s*(?:;\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*)?")
_MOST_LANGUAGES = 12


class Visitors:
    """Tells visitors apart by address; `wrong` counts what somebody who guesses would do."""

    def __init__(self, trusted: Sequence[str], clock: Callable[[], float] = time.monotonic) -> None:
        self._trusted = [ip_network(one) for one in trusted]
        self._clock = clock
        self._since = clock()
        self._wrong: Counter[str] = Counter()

    def address_of(self, request: web.Request) -> str:
        """The visitor's own: the last address on the way here that is no trusted proxy."""
        address = request.remote or ""
        named = ",".join(request.headers.getall("X-Forwarded-For", [])).split(",")
        for before in reversed(named[-_MOST_PROXIES:]):
            if not self._is_trusted(address) or not _is_address(before.strip()):
                break
            address = before.strip()
        return address

    def wrong(self, request: web.Request) -> None:
        """Count a wrong secret. Raises 429 for one too many in a minute, of this address or of all."""
        if self._clock() - self._since >= _MINUTE:
            self._since = self._clock()
            self._wrong.clear()
        address = self.address_of(request)
        self._wrong[address] += 1
        if self._wrong[address] > _WRONG_OF_ADDRESS or self._wrong.total() > _WRONG_OF_ALL:
            raise web.HTTPTooManyRequests

    def _is_trusted(self, address: str) -> bool:
        return _is_address(address) and any(ip_address(address) in network for network in self._trusted)


VISITORS = web.AppKey("visitors", Visitors)


def language_of(request: web.Request) -> str:
    """The first language that the browser asks for and Riff speaks; "" for none of them."""
    parts = request.headers.get("Accept-Language", "").split(",")[:_MOST_LANGUAGES]
    found = [one for part in parts if (one := _LANGUAGE.fullmatch(part))]
    asked = [(float(one[2] or 1), one[1]) for one in found]
    best = sorted((one for one in asked if one[0] > 0), key=lambda one: -one[0])
    return next((tag for _weight, tag in best if spoken(tag)), "")


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
