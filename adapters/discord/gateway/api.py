"""The REST calls that Riff makes, over discord.py's HTTP client with its rate limits. Payloads are plain JSON.

https://docs.discord.com/developers/reference
"""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import discord
from discord.http import HTTPClient, Route, handle_message_parameters

Json = dict[str, Any]

EPHEMERAL = 1 << 6
SUPPRESS_EMBEDS = 1 << 2
NO_MENTIONS: Json = {"parse": [], "replied_user": False}

UNKNOWN_CHANNEL, UNKNOWN_MESSAGE, UNKNOWN_INTERACTION = 10003, 10008, 10062
THREAD_EXISTS, MISSING_PERMISSIONS, MISSING_ACCESS = 160004, 50013, 50001


@dataclass(frozen=True, slots=True)
class Upload:
    """A file to send with a message."""

    name: str
    content: bytes
    description: str = ""


class Api:
    """Each method raises discord.HTTPException, aiohttp.ClientError or OSError."""

    def __init__(self, http: HTTPClient) -> None:
        self._http = http

    async def post(self, channel: str, payload: Json, files: Sequence[Upload] = ()) -> Json:
        """A new message; with a nonce that was used before, the message that has it."""
        return await self._send(
            Route("POST", "/channels/{channel_id}/messages", channel_id=channel), payload, files
        )

    async def edit(self, channel: str, message: str, payload: Json, files: Sequence[Upload] = ()) -> Json:
        """Change one of Riff's own messages."""
        path = "/channels/{channel_id}/messages/{message_id}"
        return await self._send(Route("PATCH", path, channel_id=channel, message_id=message), payload, files)

    async def delete(self, channel: str, message: str) -> None:
        """Remove one of Riff's own messages."""
        await self._http.delete_message(int(channel), int(message))

    async def message(self, channel: str, message: str) -> Json:
        """One message."""
        found: Json = dict(await self._http.get_message(int(channel), int(message)))
        return found

    async def messages_after(self, channel: str, message: str, limit: int = 100) -> list[Json]:
        """What was said after a message, oldest first."""
        found = await self._http.logs_from(int(channel), limit, after=int(message))
        return sorted((dict(each) for each in found), key=lambda each: int(each["id"]))

    async def typing(self, channel: str) -> None:
        """Show for ten seconds that Riff is typing."""
        await self._http.send_typing(int(channel))

    async def open_thread(self, channel: str, message: str, name: str) -> str:
        """A thread on a message, new or there already; a thread's id is its message's."""
        path = "/channels/{channel_id}/messages/{message_id}/threads"
        route = Route("POST", path, channel_id=channel, message_id=message)
        try:
            await self._http.request(route, json={"name": name, "auto_archive_duration": 1440})
        except discord.HTTPException as error:
            if error.code != THREAD_EXISTS:
                raise
        return message

    async def open_post(self, forum: str, name: str, message: Json, files: Sequence[Upload] = ()) -> str:
        """A new post in a forum channel; its thread's id."""
        route = Route("POST", "/channels/{channel_id}/threads", channel_id=forum)
        payload = {"name": name, "auto_archive_duration": 10080, "message": message}
        return str((await self._send(route, payload, files))["id"])

    async def active_threads(self, guild: str) -> list[Json]:
        """Every thread of a server that is not archived."""
        found: Json = dict(await self._http.get_active_threads(int(guild)))
        return [dict(thread) for thread in found["threads"]]

    async def channels(self, guild: str) -> list[Json]:
        """A server's channels, without threads."""
        return [dict(channel) for channel in await self._http.get_all_guild_channels(int(guild))]

    async def member(self, guild: str, user: str) -> Json:
        """A person as a member of a server."""
        found: Json = dict(await self._http.get_member(int(guild), int(user)))
        return {key: value for key, value in found.items() if key != "user"}

    async def scheduled_events(self, guild: str) -> list[Json]:
        """A server's events that are still to come or under way."""
        route = Route("GET", "/guilds/{guild_id}/scheduled-events", guild_id=guild)
        return [dict(event) for event in await self._http.request(route)]

    async def add_scheduled_event(self, guild: str, payload: Json) -> Json:
        """A new event of a server."""
        route = Route("POST", "/guilds/{guild_id}/scheduled-events", guild_id=guild)
        return dict(await self._http.request(route, json=payload))

    async def change_scheduled_event(self, guild: str, event: str, payload: Json) -> Json:
        """Change one of Riff's own events."""
        return dict(await self._http.request(_scheduled_event("PATCH", guild, event), json=payload))

    async def delete_scheduled_event(self, guild: str, event: str) -> None:
        """Remove one of Riff's own events."""
        await self._http.request(_scheduled_event("DELETE", guild, event))

    async def tag(self, thread: str, tags: list[str]) -> None:
        """Set the tags of a post in a forum."""
        route = Route("PATCH", "/channels/{channel_id}", channel_id=thread)
        await self._http.request(route, json={"applied_tags": tags})

    async def pin(self, channel: str, message: str) -> None:
        """Pin a message."""
        path = "/channels/{channel_id}/messages/pins/{message_id}"
        await self._http.request(Route("PUT", path, channel_id=channel, message_id=message))

    async def react(self, channel: str, message: str, emoji: str) -> None:
        """Add a reaction."""
        await self._http.add_reaction(int(channel), int(message), emoji)

    async def direct_channel(self, user: str) -> str:
        """The channel of direct messages with a person."""
        return str((await self._http.start_private_message(int(user)))["id"])

    async def respond(self, interaction: str, token: str, kind: int, data: Json | None = None) -> None:
        """The first response to an interaction."""
        path = "/interactions/{webhook_id}/{webhook_token}/callback"
        route = Route("POST", path, webhook_id=interaction, webhook_token=token)
        await self._http.request(route, json={"type": kind, **({"data": data} if data is not None else {})})

    async def response(self, app: str, token: str) -> Json:
        """The message that an interaction was first answered with."""
        found: Json = await self._http.request(_hook("GET", app, token, "@original"))
        return found

    async def follow_up(self, app: str, token: str, payload: Json, files: Sequence[Upload] = ()) -> Json:
        """A further message in answer to an interaction."""
        path = "/webhooks/{webhook_id}/{webhook_token}"
        route = Route("POST", path, webhook_id=app, webhook_token=token)
        return await self._send(route, payload, files)

    async def edit_response(
        self, app: str, token: str, message: str, payload: Json, files: Sequence[Upload] = ()
    ) -> Json:
        """Change a message that answers an interaction; "@original" is the first."""
        return await self._send(_hook("PATCH", app, token, message), payload, files)

    async def delete_response(self, app: str, token: str, message: str) -> None:
        """Remove a message that answers an interaction."""
        await self._http.request(_hook("DELETE", app, token, message))

    async def put_commands(self, app: str, guild: str, commands: list[Json]) -> list[Json]:
        """Register these commands, and no others, everywhere or ("guild") in one server; as Discord has them then."""
        if guild:
            path = "/applications/{application_id}/guilds/{guild_id}/commands"
            route = Route("PUT", path, application_id=app, guild_id=guild)
        else:
            route = Route("PUT", "/applications/{application_id}/commands", application_id=app)
        return [dict(command) for command in await self._http.request(route, json=commands)]

    async def _send(self, route: Route, payload: Json, files: Sequence[Upload]) -> Json:
        if not files:
            sent: Json = await self._http.request(route, json=payload)
            return sent
        uploads = [
            discord.File(BytesIO(file.content), file.name, description=file.description or None)
            for file in files
        ]
        with handle_message_parameters(files=uploads) as parameters:
            form = list(parameters.multipart or ())
            attached = {"attachments": [upload.to_dict(number) for number, upload in enumerate(uploads)]}
            inner = payload.get("message")  # of a forum's post
            kept = {**payload, "message": {**inner, **attached}} if inner else {**payload, **attached}
            form[0] = {"name": "payload_json", "value": discord.utils._to_json(kept)}
            answer: Json = await self._http.request(route, files=uploads, form=form)
            return answer


def _scheduled_event(method: str, guild: str, event: str) -> Route:
    return Route(method, "/guilds/{guild_id}/scheduled-events/{event_id}", guild_id=guild, event_id=event)


def _hook(method: str, app: str, token: str, message: str) -> Route:
    path = "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}"
    return Route(method, path, webhook_id=app, webhook_token=token, message_id=message)
