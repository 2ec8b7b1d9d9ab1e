"""What Slack tells of a person: their language, their name, whether they are a workspace admin.

https://docs.slack.dev/reference/methods/users.info
"""

import asyncio
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from slack_sdk.errors import SlackApiError

from adapters.slack.incoming.event import Heard
from adapters.slack.transport.api import Gone, Unsure
from adapters.slack.transport.installations import Apis
from bot.core.locales import locale_of
from bot.core.repositories import Memory
from bot.inbox import TryLater
from bot.language import LOCALE

log = logging.getLogger("riff.slack")

_KEPT_SECONDS = 600.0
_RETRY_SECONDS = 60.0
_LOCALE_SECONDS = 60.0
_PATIENCE_SECONDS = 2.0
_MOST_KEPT = 5_000


@dataclass(frozen=True, slots=True)
class Person:
    """`locale` is a BCP 47 tag such as "zh-CN", "" where Slack does not say; `name` is what others see."""

    locale: str = ""
    name: str = ""
    is_admin: bool = False


class People:
    """Asks Slack once in ten minutes for each person; who cannot be asked for is nobody in particular."""

    def __init__(self, apis: Apis, memory: Memory) -> None:
        self._apis = apis
        self._memory = memory
        self._kept: dict[tuple[str, str], tuple[float, Person]] = {}
        self._locales: dict[tuple[str, str], tuple[float, str]] = {}

    async def of(self, heard: Heard) -> Person:
        """The person who did what was heard."""
        key = (heard.workspace, heard.user)
        until, person = self._kept.get(key, (0.0, Person()))
        if time.monotonic() < until or not heard.user:
            return person
        found = await self._asked(heard)
        if len(self._kept) >= _MOST_KEPT:
            del self._kept[next(iter(self._kept))]
        seconds = _RETRY_SECONDS if found is None else _KEPT_SECONDS
        self._kept[key] = (time.monotonic() + seconds, found or person)
        return found or person

    async def speak_to(self, heard: Heard) -> None:
        """What this task says from now on is said in the language that the person chose, or that Slack knows."""
        LOCALE.set(await self._locale(heard) or LOCALE.get())

    def changed(self, heard: Heard) -> None:
        """The person may have chosen another language."""
        self._locales.pop((heard.workspace, heard.user), None)

    async def _locale(self, heard: Heard) -> str:
        """At most a minute old, for `changed` is not heard in other processes."""
        key = (heard.workspace, heard.user)
        until, locale = self._locales.get(key, (0.0, ""))
        if time.monotonic() < until:
            return locale
        locale = await locale_of(self._memory, heard.author, (await self.of(heard)).locale)
        if len(self._locales) >= _MOST_KEPT:
            del self._locales[next(iter(self._locales))]
        self._locales[key] = (time.monotonic() + _LOCALE_SECONDS, locale)
        return locale

    async def _asked(self, heard: Heard) -> Person | None:
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                api, _installed = await self._apis.of(heard.team, heard.enterprise)
                answer = await api.read(
                    "users.info", patience=_PATIENCE_SECONDS, user=heard.user, include_locale=True
                )
        except (SlackApiError, Gone, Unsure, TryLater, TimeoutError) as error:
            log.info("nothing known of a person: %s", error)
            return None
        user = answer.get("user") or {}
        profile = user.get("profile") or {}
        name = profile.get("display_name") or profile.get("real_name") or user.get("real_name") or ""
        return Person(str(user.get("locale") or ""), str(name), _manages(user, heard))


def _manages(user: Mapping[str, Any], heard: Heard) -> bool:
    """Whether the person manages this workspace, and not only another that a channel is shared with."""
    organisation = (user.get("enterprise_user") or {}).get("enterprise_id")
    is_here = user.get("team_id") == heard.team or bool(heard.enterprise and organisation == heard.enterprise)
    return is_here and any(user.get(key) for key in ("is_admin", "is_owner", "is_primary_owner"))
