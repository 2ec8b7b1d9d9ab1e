"""Scheduled events of servers: made, listed, changed and removed by who may.

https://docs.discord.com/developers/resources/guild-scheduled-event
"""

from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from tests.support.discord_server.errors import ApiError, Faults
from tests.support.discord_server.validation import fields, text
from tests.support.discord_server.world import World, snowflake

CREATE_EVENTS = 1 << 44
_KNOWN = (
    "name",
    "description",
    "privacy_level",
    "entity_type",
    "entity_metadata",
    "scheduled_start_time",
    "scheduled_end_time",
    "status",
)


class ServerEvents:
    """The events by id; only external ones, which Riff makes."""

    def __init__(self, world: World, rest: Any) -> None:
        self.world = world
        self.rest = rest
        self.all: dict[str, dict[str, Any]] = {}

    def add_to(self, app: web.Application, base: str) -> None:
        """Register the routes under `base`."""
        path = f"{base}/guilds/{{guild}}/scheduled-events"
        app.add_routes(
            [
                web.get(path, self.list),
                web.post(path, self.add),
                web.patch(f"{path}/{{event}}", self.change),
                web.delete(f"{path}/{{event}}", self.remove),
            ]
        )

    async def list(self, request: web.Request) -> web.Response:
        guild = request.match_info["guild"]
        return web.json_response([event for event in self.all.values() if event["guild_id"] == guild])

    async def add(self, request: web.Request) -> web.Response:
        body = await self._checked(request, new=True)
        event = {
            "id": str(snowflake()),
            "guild_id": request.match_info["guild"],
            "creator_id": self.world.bot["id"],
            "status": 1,
            **body,
        }
        self.all[event["id"]] = event
        return web.json_response(event)

    async def change(self, request: web.Request) -> web.Response:
        event = self._event(request)
        event |= await self._checked(request, new=False)
        return web.json_response(event)

    async def remove(self, request: web.Request) -> web.Response:
        del self.all[self._event(request)["id"]]
        return web.Response(status=204)

    def _event(self, request: web.Request) -> dict[str, Any]:
        if request.match_info["event"] not in self.all:
            raise ApiError(404, 10070)
        return self.all[request.match_info["event"]]

    async def _checked(self, request: web.Request, *, new: bool) -> dict[str, Any]:
        guild = self.world.guilds[int(request.match_info["guild"])]
        if not int(guild["roles"][0]["permissions"]) & CREATE_EVENTS:
            raise ApiError(403, 50013)
        body: dict[str, Any] = await self.rest.json(request)
        faults = Faults()
        fields(faults, "", body, _KNOWN)
        if new or "name" in body:
            text(faults, "name", body.get("name"), 100, 1)
            text(faults, "entity_metadata.location", body["entity_metadata"].get("location"), 100, 1)
            starts, ends = (
                datetime.fromisoformat(body[f"scheduled_{name}_time"]) for name in ("start", "end")
            )
            if not datetime.now(UTC) < starts < ends or (body["privacy_level"], body["entity_type"]) != (
                2,
                3,
            ):
                faults.add("scheduled_start_time", "INVALID", "It must lie ahead, before its end.")
        faults.check()
        return body
