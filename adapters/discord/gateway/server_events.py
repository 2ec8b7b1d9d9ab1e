"""Planned brainstorms as events of a server, where Riff and whoever planned one may have such.

https://docs.discord.com/developers/resources/guild-scheduled-event
"""

import logging
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import discord

from adapters.discord.gateway.api import Api, Json
from bot.core.domain import Repositories
from bot.language import _
from bot.places.calendars import PlannedSession

log = logging.getLogger("riff.discord")

_EXTERNAL, _GUILD_ONLY, _ACTIVE = 3, 2, 2
_NAME = 100


class ServerEvents:
    """An event that is there already is changed, also one whose making was not noted before a crash."""

    def __init__(self, client: discord.Client, api: Api, repositories: Repositories) -> None:
        self._client = client
        self._api = api
        self._people = repositories.people

    async def put(self, session: PlannedSession) -> tuple[str, str]:
        """The event's id and its link; ("", "") where one of the two may not have it."""
        guild = self._client.get_guild(int(session.place.workspace or 0))
        if guild is None or not await self._may(guild, session):
            return "", ""
        wanted = _payload(guild, session)
        there = session.calendar_id or await self._made_before(guild, wanted)
        if there:
            with suppress(discord.NotFound):
                await self._api.change_scheduled_event(str(guild.id), there, wanted)
                return there, _link(guild, there)
        made = str((await self._api.add_scheduled_event(str(guild.id), wanted))["id"])
        return made, _link(guild, made)

    async def begin(self, session: PlannedSession) -> None:
        """It is under way; Discord ends it by itself."""
        await self._api.change_scheduled_event(
            session.place.workspace, session.calendar_id, {"status": _ACTIVE}
        )

    async def drop(self, session: PlannedSession) -> None:
        """It goes; one that somebody removed is gone already."""
        with suppress(discord.NotFound):
            await self._api.delete_scheduled_event(session.place.workspace, session.calendar_id)

    async def _may(self, guild: discord.Guild, session: PlannedSession) -> bool:
        """Whether both may make events: nobody gets by way of Riff what they may not do."""
        if not _may_make_events(guild.me.guild_permissions):
            return False
        for account in await self._people.accounts(session.person_id):
            if account.platform == session.place.platform:
                member = await guild.fetch_member(int(account.external_id))
                return _may_make_events(member.guild_permissions)
        return False

    async def _made_before(self, guild: discord.Guild, wanted: Json) -> str:
        own = str(self._client.user.id) if self._client.user else ""
        starts = datetime.fromisoformat(wanted["scheduled_start_time"])
        for event in await self._api.scheduled_events(str(guild.id)):
            is_own = str(event.get("creator_id")) == own and event["name"] == wanted["name"]
            if is_own and datetime.fromisoformat(event["scheduled_start_time"]) == starts:
                return str(event["id"])
        return ""


def _may_make_events(allowed: discord.Permissions) -> bool:
    return allowed.create_events or allowed.manage_events


def _payload(guild: discord.Guild, session: PlannedSession) -> Json:
    place, plan = session.place, session.plan
    where = f"https://discord.com/channels/{guild.id}/{place.thread or place.channel}"
    ends = session.starts_at + timedelta(minutes=plan.minutes)
    return {
        "name": _("Brainstorm: {topic}", topic=" ".join(plan.topic.split()))[:_NAME],
        "privacy_level": _GUILD_ONLY,
        "entity_type": _EXTERNAL,
        "entity_metadata": {"location": where},
        "scheduled_start_time": session.starts_at.astimezone(UTC).isoformat(),
        "scheduled_end_time": ends.astimezone(UTC).isoformat(),
    }


def _link(guild: discord.Guild, event: str) -> str:
    return f"https://discord.com/events/{guild.id}/{event}"
