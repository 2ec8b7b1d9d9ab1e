"""Who writes, as Slack and their workspace tell: their language, their name, whether they are an admin and may ask.

https://docs.slack.dev/reference/methods/users.info
"""

import asyncio
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from slack_sdk.errors import SlackApiError

from adapters.slack.incoming.event import PLATFORM, Event
from adapters.slack.transport.api import Gone, Unsure
from adapters.slack.transport.installations import Apis
from bot.core.domain import Account, Place, Repositories
from bot.core.notices import Notice
from bot.jobs.inbox import TryLater
from bot.language import LOCALE, N_
from bot.personalization.profile import locale_of
from bot.places.access_rules import PlaceRules

log = logging.getLogger("riff.slack")

_KEPT_SECONDS = 600.0
_RETRY_SECONDS = 60.0
_LOCALE_SECONDS = 60.0
_PATIENCE_SECONDS = 2.0
_MOST_KEPT = 5_000
_PAGE, _MOST_PAGES = 1000, 10
NOT_HERE = Notice(
    N_("An admin of this workspace chose other channels for me. Write to me in one of those, or directly.")
)


@dataclass(frozen=True, slots=True)
class Person:
    """`locale` is a BCP 47 tag such as "zh-CN", "" where Slack does not say; `name` is what others see,
    `is_admin` of the workspace in which it was asked."""

    locale: str = ""
    name: str = ""
    is_admin: bool = False
    time_zone: str = ""


class Members:
    """Asks Slack once in ten minutes for each person; who cannot be asked for is nobody in particular."""

    def __init__(self, apis: Apis, repositories: Repositories) -> None:
        self._apis = apis
        self._repositories = repositories
        self._kept: dict[tuple[str, str, str], tuple[float, Person]] = {}
        self._locales: dict[tuple[str, str], tuple[float, str]] = {}
        self.rules = PlaceRules(repositories.scopes, PLATFORM)

    async def of(self, event: Event) -> Person:
        """The person who did what was heard, in that workspace: in an organisation rights differ among them."""
        key = (event.workspace, event.team, event.user)
        until, person = self._kept.get(key, (0.0, Person()))
        if time.monotonic() < until or not event.user:
            return person
        return await self._known(event) or person

    async def _known(self, event: Event) -> Person | None:
        """What Slack says now, kept for a while; None where it does not answer, and then what was known stays."""
        key = (event.workspace, event.team, event.user)
        _until, person = self._kept.get(key, (0.0, Person()))
        found = await self._asked(event)
        if len(self._kept) >= _MOST_KEPT:
            del self._kept[next(iter(self._kept))]
        seconds = _RETRY_SECONDS if found is None else _KEPT_SECONDS
        self._kept[key] = (time.monotonic() + seconds, found or person)
        return found

    async def refusal(self, event: Event) -> Notice | None:
        """Why the person may not ask here; None when they may."""
        if event.direct or not event.channel:
            return None
        unmet = await self.rules.unmet(event.team, channels={event.channel}, within=event.enterprise)
        return NOT_HERE if unmet else None

    async def is_admin(self, event: Event, *, anew: bool = False) -> bool:
        """Whether Slack, or another admin with `/riff admin admins`, made the person one, in that workspace.

        `anew` asks whatever was known: so that a demotion counts at once, and nobody is one whom Slack does not name.
        """
        if event.user in (await self.rules.of(event.team, anew=anew)).admins:
            return True
        person = await self._known(event) if anew and event.user else await self.of(event)
        return person is not None and person.is_admin

    async def workspace_name(self, event: Event) -> str:
        """What the workspace is called; "" where Slack does not say. Asked for links only, so it is not kept."""
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                api, _installed = await self._apis.of(event.team, event.enterprise)
                return str((await api.read("auth.test", patience=_PATIENCE_SECONDS)).get("team") or "")
        except (SlackApiError, Gone, Unsure, TryLater, TimeoutError) as error:
            log.info("the name of a workspace is not known: %s", error)
            return ""

    async def can_read(self, account: Account, channel: Place) -> bool:
        """Whether the person can read the channel now; raises where Slack does not say.

        In an organisation a public channel is one of some of its workspaces only, so that its members count there too.
        """
        api, _installed = await self._apis.of_workspace(channel.workspace)
        known = (await api.read("conversations.info", channel=channel.channel)).get("channel") or {}
        if known.get("is_private") is False and not channel.workspace.startswith("E"):
            return True
        cursor = ""
        for _page in range(_MOST_PAGES):
            asked = {"channel": channel.channel, "limit": _PAGE, "cursor": cursor or None}
            answer = await api.read("conversations.members", **asked)
            if account.external_id in answer.get("members", ()):
                return True
            cursor = str((answer.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor:
                break
        return False

    async def is_private(self, channel: Place) -> bool:
        """Whether only members of the workspace read it who were let in; one shared with others is not private."""
        api, _installed = await self._apis.of_workspace(channel.workspace)
        known = (await api.read("conversations.info", channel=channel.channel)).get("channel") or {}
        return known.get("is_private") is True and not known.get("is_ext_shared")

    async def speak_to(self, event: Event) -> None:
        """What this task says from now on is said in the language that the person chose, or that Slack knows."""
        LOCALE.set(await self._locale(event) or LOCALE.get())

    def changed(self, event: Event) -> None:
        """The person may have chosen another language."""
        self._locales.pop((event.workspace, event.user), None)

    async def _locale(self, event: Event) -> str:
        """At most a minute old, for `changed` is not heard in other processes."""
        key = (event.workspace, event.user)
        until, locale = self._locales.get(key, (0.0, ""))
        if time.monotonic() < until:
            return locale
        locale = await locale_of(self._repositories, event.author, (await self.of(event)).locale)
        if len(self._locales) >= _MOST_KEPT:
            del self._locales[next(iter(self._locales))]
        self._locales[key] = (time.monotonic() + _LOCALE_SECONDS, locale)
        return locale

    async def _asked(self, event: Event) -> Person | None:
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                api, _installed = await self._apis.of(event.team, event.enterprise)
                answer = await api.read(
                    "users.info", patience=_PATIENCE_SECONDS, user=event.user, include_locale=True
                )
        except (SlackApiError, Gone, Unsure, TryLater, TimeoutError) as error:
            log.info("nothing known of a person: %s", error)
            return None
        user = answer.get("user") or {}
        profile = user.get("profile") or {}
        name = profile.get("display_name") or profile.get("real_name") or user.get("real_name") or ""
        is_admin = _manages(user, event) or _manages_organisation(user, event)
        zone = str(user.get("tz") or "")
        return Person(str(user.get("locale") or ""), str(name), is_admin, zone)


_ROLES = ("is_admin", "is_owner", "is_primary_owner")


def _manages(user: Mapping[str, Any], event: Event) -> bool:
    """Whether they manage this workspace: not only another of its organisation, or one that shares a channel."""
    return user.get("team_id") == event.team and any(user.get(role) for role in _ROLES)


def _manages_organisation(user: Mapping[str, Any], event: Event) -> bool:
    """Whether the person manages all workspaces of the organisation that this one belongs to."""
    known = user.get("enterprise_user") or {}
    is_here = bool(event.enterprise) and known.get("enterprise_id") == event.enterprise
    return is_here and any(known.get(role) for role in _ROLES)
