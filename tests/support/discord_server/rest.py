"""The REST API v10, as far as a bot like Riff uses it. Every request is checked, counted and kept."""

import json
import mimetypes
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.support.discord_server import interactions as kinds
from tests.support.discord_server.commands import check_commands
from tests.support.discord_server.errors import ApiError, Faults
from tests.support.discord_server.interactions import Interaction
from tests.support.discord_server.server_events import ServerEvents
from tests.support.discord_server.validation import (
    COMPONENTS_V2,
    CREATE,
    EDIT,
    EPHEMERAL,
    FORUM,
    REPLY,
    check_message,
    check_modal,
    fields,
    text,
)
from tests.support.discord_server.world import DM, THREADS, World, timestamp
from tests.support.discord_server.world import FORUM as FORUM_CHANNEL

BODY = web.RequestKey("body", object)
NAMES = web.RequestKey("names", dict)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
FIRST_RESPONSE_SECONDS = 3.0
TOKEN_SECONDS = 900.0
MAX_UPLOAD = 10 * 1024 * 1024


@dataclass(frozen=True)
class Sent:
    """One request as it arrived, and the status that it got."""

    method: str
    path: str
    body: Any
    status: int
    at: float
    code: int = 0


class Rest:
    """The routes over one world; `publish` tells the gateway."""

    def __init__(self, world: World, server: Any) -> None:
        self.world = world
        self.server = server
        self.interactions: dict[str, Interaction] = {}
        self.commands: dict[int, list[dict[str, Any]]] = {}
        self.overwrites = 0
        self.typing: list[int] = []
        self.events = ServerEvents(world, self)

    def add_to(self, app: web.Application, base: str) -> None:
        """Register every route under `base`."""
        channel = f"{base}/channels/{{channel}}"
        message = f"{channel}/messages/{{message}}"
        hook = f"{base}/webhooks/{{app}}/{{token}}"
        app.add_routes(
            [
                web.get(f"{base}/gateway/bot", self.gateway_bot),
                web.get(f"{base}/users/@me", self.me),
                web.get(f"{base}/users/{{user}}", self.get_user),
                web.get(f"{base}/oauth2/applications/@me", self.application),
                web.get(f"{base}/applications/@me", self.application),
                web.post(f"{base}/users/@me/channels", self.open_dm),
                web.get(channel, self.get_channel),
                web.patch(channel, self.edit_channel),
                web.get(f"{channel}/messages", self.list_messages),
                web.post(f"{channel}/messages", self.create_message),
                web.get(message, self.get_message),
                web.patch(message, self.edit_message),
                web.delete(message, self.delete_message),
                web.post(f"{channel}/typing", self.type),
                web.put(f"{channel}/messages/pins/{{message}}", self.pin),
                web.post(f"{message}/threads", self.thread_from_message),
                web.post(f"{channel}/threads", self.new_thread),
                web.put(f"{message}/reactions/{{emoji}}/@me", self.react),
                web.delete(f"{message}/reactions/{{emoji}}/@me", self.unreact),
                web.get(f"{base}/applications/{{app}}/commands", self.get_commands),
                web.put(f"{base}/applications/{{app}}/commands", self.put_commands),
                web.get(f"{base}/applications/{{app}}/guilds/{{guild}}/commands", self.get_commands),
                web.put(f"{base}/applications/{{app}}/guilds/{{guild}}/commands", self.put_commands),
                web.post(f"{base}/interactions/{{interaction}}/{{token}}/callback", self.callback),
                web.post(hook, self.follow_up),
                web.get(f"{hook}/messages/{{message}}", self.get_response),
                web.patch(f"{hook}/messages/{{message}}", self.edit_response),
                web.delete(f"{hook}/messages/{{message}}", self.delete_response),
                web.get(f"{base}/guilds/{{guild}}", self.get_guild),
                web.get(f"{base}/guilds/{{guild}}/channels", self.guild_channels),
                web.get(f"{base}/guilds/{{guild}}/threads/active", self.active_threads),
                web.get(f"{base}/guilds/{{guild}}/members/{{user}}", self.get_member),
                web.get("/attachments/{name}", self.attachment),
            ]
        )
        self.events.add_to(app, base)

    # Who and where.

    async def gateway_bot(self, _: web.Request) -> web.Response:
        gateway = self.server.gateway
        limit = {
            "total": 1000,
            "remaining": gateway.remaining,
            "reset_after": 14_400_000,
            "max_concurrency": gateway.max_concurrency,
        }
        return web.json_response(
            {"url": gateway.url, "shards": self.world.shards, "session_start_limit": limit}
        )

    async def me(self, _: web.Request) -> web.Response:
        return web.json_response({**self.world.bot, "mfa_enabled": False, "verified": True, "flags": 0})

    async def get_user(self, request: web.Request) -> web.Response:
        return web.json_response(self._find(self.world.users, request, "user", 10013))

    async def application(self, _: web.Request) -> web.Response:
        body = {
            "id": self.world.bot["id"],
            "name": "Riff",
            "description": "",
            "icon": None,
            "bot_public": True,
            "bot_require_code_grant": False,
            "verify_key": "0" * 64,
            "flags": self.server.gateway.app_flags,
            "owner": self.world.bot,
            "team": None,
            "summary": "",
            "rpc_origins": None,
            "integration_types_config": {"0": {}, "1": {}},
        }
        return web.json_response(body)

    async def get_guild(self, request: web.Request) -> web.Response:
        return web.json_response(self._find(self.world.guilds, request, "guild", 10004))

    async def guild_channels(self, request: web.Request) -> web.Response:
        guild = self._find(self.world.guilds, request, "guild", 10004)
        return web.json_response(
            [c for c in self.world.channels.values() if c.get("guild_id") == guild["id"]]
        )

    async def active_threads(self, request: web.Request) -> web.Response:
        guild = self._find(self.world.guilds, request, "guild", 10004)
        threads = [
            channel
            for channel in self.world.channels.values()
            if channel.get("guild_id") == guild["id"]
            and channel["type"] in THREADS
            and not channel["thread_metadata"]["archived"]
        ]
        return web.json_response({"threads": threads, "members": []})

    async def get_member(self, request: web.Request) -> web.Response:
        user = self._find(self.world.users, request, "user", 10013)
        return web.json_response(self.world.member(int(user["id"]), int(request.match_info["guild"])))

    async def open_dm(self, request: web.Request) -> web.Response:
        body = await self._json(request)
        faults = Faults()
        fields(faults, "", body, ("recipient_id", "recipients"))
        faults.check()
        if int(body["recipient_id"]) not in self.world.users:
            raise ApiError(400, 10013)
        return web.json_response(self.world.dm_with(int(body["recipient_id"])))

    async def get_channel(self, request: web.Request) -> web.Response:
        return web.json_response(self._channel(request))

    async def edit_channel(self, request: web.Request) -> web.Response:
        channel, body = self._channel(request), await self._json(request)
        faults = Faults()
        fields(
            faults, "", body, ("name", "archived", "locked", "auto_archive_duration", "topic", "applied_tags")
        )
        faults.check()
        meta = channel.get("thread_metadata", {})
        for name, value in body.items():
            (meta if name in meta else channel)[name] = value
        await self.server.publish_to(channel, "THREAD_UPDATE" if meta else "CHANNEL_UPDATE", channel)
        return web.json_response(channel)

    # Messages.

    async def list_messages(self, request: web.Request) -> web.Response:
        channel = self._channel(request, "read_message_history")
        limit = int(request.query.get("limit", 50))
        if not 1 <= limit <= 100:
            faults = Faults()
            faults.add("limit", "NUMBER_TYPE_MAX", "int value should be less than or equal to 100.")
            faults.check()
        ids = [key for key in self.world.by_channel.get(int(channel["id"]), []) if key in self.world.messages]
        if "before" in request.query:
            ids = [key for key in ids if key < int(request.query["before"])]
        if "after" in request.query:
            ids = [key for key in ids if key > int(request.query["after"])][:limit]
        return web.json_response([self.world.messages[key] for key in reversed(ids[-limit:])])

    async def get_message(self, request: web.Request) -> web.Response:
        self._channel(request, "read_message_history")
        return web.json_response(self._message(request))

    async def create_message(self, request: web.Request) -> web.Response:
        channel = self._channel(request)
        body, files = await self._form(request)
        in_thread = channel["type"] in THREADS
        self._need(channel, "send_messages_in_threads" if in_thread else "send_messages")
        if channel["type"] == FORUM_CHANNEL:
            raise ApiError(400, 50024)
        if in_thread and channel["thread_metadata"]["locked"]:
            raise ApiError(400, 50083)
        if channel["type"] == DM and int(channel["recipients"][0]["id"]) in self.world.closed_dms:
            raise ApiError(403, 50007)
        check_message(body, CREATE, files=len(files))
        self._need_parts(channel, body, files)
        self._check_reference(channel, body)
        nonce = (int(channel["id"]), str(body.get("nonce")))
        if body.get("enforce_nonce") and body.get("nonce") is not None and nonce in self.world.nonces:
            self.server.repeated_nonces.append(nonce[1])
            return web.json_response(self.world.nonces[nonce])
        message = self.world.add_message(channel, self.world.bot, **self._content(request, body, files))
        if body.get("nonce") is not None:
            message["nonce"] = body["nonce"]
            self.world.nonces[nonce] = message
        if in_thread:
            channel["thread_metadata"]["archived"] = False
        await self.server.publish_to(channel, "MESSAGE_CREATE", self.server.with_guild(channel, message))
        return web.json_response(message)

    async def edit_message(self, request: web.Request) -> web.Response:
        channel, message = self._channel(request), self._message(request)
        body, files = await self._form(request)
        if message["author"]["id"] != self.world.bot["id"]:
            raise ApiError(403, 50005)
        if channel.get("thread_metadata", {}).get("archived"):
            raise ApiError(400, 50083)
        check_message(body, EDIT, files=len(files), before=message)
        self._need_parts(channel, body, files)
        self._apply(request, message, body, files)
        await self.server.publish_to(channel, "MESSAGE_UPDATE", self.server.with_guild(channel, message))
        return web.json_response(message)

    async def delete_message(self, request: web.Request) -> web.Response:
        channel, message = self._channel(request), self._message(request)
        if message["author"]["id"] != self.world.bot["id"]:
            raise ApiError(403, 50013)
        await self.server.remove(channel, message)
        return web.Response(status=204)

    async def pin(self, request: web.Request) -> web.Response:
        channel, message = self._channel(request), self._message(request)
        self._need(channel, "pin_messages")
        message["pinned"] = True
        return web.Response(status=204)

    async def type(self, request: web.Request) -> web.Response:
        channel = self._channel(request)
        self._need(channel, "send_messages")
        self.typing.append(int(channel["id"]))
        return web.Response(status=204)

    async def react(self, request: web.Request) -> web.Response:
        channel, message = self._channel(request), self._message(request)
        self._need(channel, "add_reactions")
        self._need(channel, "read_message_history")
        emoji = request.match_info["emoji"]
        there = message.setdefault("reactions", [])
        if emoji.isascii() and ":" not in emoji:
            raise ApiError(400, 10014)
        if all(reaction["emoji"]["name"] != emoji for reaction in there):
            if len(there) >= 20:
                raise ApiError(400, 30010)
            there.append({"emoji": {"id": None, "name": emoji}, "count": 1, "me": True})
        self.server.changed()
        return web.Response(status=204)

    async def unreact(self, request: web.Request) -> web.Response:
        self._channel(request)
        message = self._message(request)
        gone = request.match_info["emoji"]
        message["reactions"] = [r for r in message.get("reactions", []) if r["emoji"]["name"] != gone]
        return web.Response(status=204)

    # Threads.

    async def thread_from_message(self, request: web.Request) -> web.Response:
        channel, message = self._channel(request), self._message(request)
        body = await self._json(request)
        self._need(channel, "create_public_threads")
        if channel["type"] in (*THREADS, DM, FORUM_CHANNEL):
            raise ApiError(400, 50024)
        if int(message["id"]) in self.world.channels:
            raise ApiError(400, 160004)
        self._check_thread(body, ("name", "auto_archive_duration", "rate_limit_per_user"))
        thread = self.world.add_thread(channel, body["name"], self.world.bot["id"], int(message["id"]))
        message["thread"], message["flags"] = thread, message["flags"] | 1 << 5
        await self.server.publish_to(channel, "THREAD_CREATE", {**thread, "newly_created": True})
        return web.json_response(thread, status=201)

    async def new_thread(self, request: web.Request) -> web.Response:
        channel = self._channel(request)
        body, files = await self._form(request)
        is_forum = channel["type"] == FORUM_CHANNEL
        self._need(channel, "send_messages" if is_forum else "create_public_threads")
        if channel["type"] in (*THREADS, DM):
            raise ApiError(400, 50024)
        known = ("name", "auto_archive_duration", "rate_limit_per_user", "type", "invitable")
        self._check_thread(body, (*known, "message", "applied_tags") if is_forum else known)
        if is_forum:
            check_message(body.get("message") or {}, FORUM, files=len(files))
        thread = self.world.add_thread(channel, body["name"], self.world.bot["id"])
        await self.server.publish_to(channel, "THREAD_CREATE", {**thread, "newly_created": True})
        if is_forum:
            rest = self._content(request, body["message"], files)
            message = self.world.add_message(thread, self.world.bot, **{**rest, "id": thread["id"]})
            await self.server.publish_to(thread, "MESSAGE_CREATE", self.server.with_guild(thread, message))
            return web.json_response({**thread, "message": message}, status=201)
        return web.json_response(thread, status=201)

    def _check_thread(self, body: Mapping[str, Any], known: tuple[str, ...]) -> None:
        faults = Faults()
        fields(faults, "", body, known)
        text(faults, "name", body.get("name"), 100, 1)
        if body.get("auto_archive_duration", 60) not in (60, 1440, 4320, 10080, None):
            faults.add(
                "auto_archive_duration", "BASE_TYPE_CHOICES", "Value must be one of (60, 1440, 4320, 10080)."
            )
        faults.check()

    # Application commands.

    async def get_commands(self, request: web.Request) -> web.Response:
        return web.json_response(self.commands.get(int(request.match_info.get("guild", 0)), []))

    async def put_commands(self, request: web.Request) -> web.Response:
        body = await self._json(request)
        if request.match_info["app"] != self.world.bot["id"]:
            raise ApiError(404, 10002)
        check_commands(body)
        guild = int(request.match_info.get("guild", 0))
        from tests.support.discord_server.world import snowflake

        kept = [
            {
                "id": str(snowflake()),
                "application_id": self.world.bot["id"],
                "version": str(snowflake()),
                "type": 1,
                "default_member_permissions": None,
                **({"guild_id": str(guild)} if guild else {}),
                **command,
            }
            for command in body
        ]
        self.commands[guild] = kept
        self.overwrites += 1
        return web.json_response(kept)

    # Interactions.

    async def callback(self, request: web.Request) -> web.Response:
        interaction = self._interaction(request.match_info["token"])
        if str(interaction.id) != request.match_info["interaction"]:
            raise ApiError(404, 10062)
        if interaction.response is not None:
            raise ApiError(400, 40060)
        if (
            time.monotonic() - interaction.started > FIRST_RESPONSE_SECONDS
            or interaction.answered_after == -1
        ):
            self.server.late.append(interaction)
            raise ApiError(404, 10062)
        body, files = await self._form(request)
        faults = Faults()
        fields(faults, "", body, ("type", "data"))
        faults.check()
        self._check_callback(interaction, body, len(files))
        interaction.answered(body)
        await self._act(request, interaction, body, files)
        interaction.note()
        if request.query.get("with_response") in {"1", "true", "True"}:
            return web.json_response(self._callback_object(interaction, body))
        return web.Response(status=204)

    def _check_callback(self, interaction: Interaction, body: dict[str, Any], files: int) -> None:
        kind, data = body.get("type"), body.get("data") or {}
        allowed = {
            2: {kinds.MESSAGE, kinds.DEFERRED, kinds.MODAL},
            3: {kinds.MESSAGE, kinds.DEFERRED, kinds.DEFERRED_UPDATE, kinds.UPDATE, kinds.MODAL},
            4: {kinds.CHOICES},
            5: {kinds.MESSAGE, kinds.DEFERRED, kinds.DEFERRED_UPDATE, kinds.UPDATE},
        }
        faults = Faults()
        if kind not in allowed[interaction.kind]:
            faults.add("type", "BASE_TYPE_CHOICES", "This type does not answer this interaction.")
        elif kind == kinds.CHOICES:
            if len(data.get("choices", ())) > 25:
                faults.add("data.choices", "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
            for number, choice in enumerate(data.get("choices", ())):
                text(faults, f"data.choices.{number}.name", choice.get("name"), 100, 1)
        elif kind == kinds.MODAL:
            check_modal(data)
        elif kind in (kinds.MESSAGE, kinds.UPDATE):
            check_message(data, REPLY if kind == kinds.MESSAGE else EDIT | {"tts"}, files=files)
        elif kind in (kinds.DEFERRED, kinds.DEFERRED_UPDATE):
            fields(faults, "data", data, ("flags",))
        faults.check()

    async def _act(
        self, request: web.Request, interaction: Interaction, body: dict[str, Any], files: dict[str, bytes]
    ) -> None:
        data = body.get("data") or {}
        if body["type"] in (kinds.MESSAGE, kinds.DEFERRED):
            interaction.ephemeral = bool(data.get("flags", 0) & EPHEMERAL)
            shown = data if body["type"] == kinds.MESSAGE else {"flags": data.get("flags", 0) | 1 << 7}
            interaction.original = await self._respond(request, interaction, shown, files)
        elif body["type"] == kinds.UPDATE and interaction.source is not None:
            self._apply(request, interaction.source, data, files)
            await self._publish_update(interaction, interaction.source)
        if body["type"] in (kinds.UPDATE, kinds.DEFERRED_UPDATE):
            interaction.original = interaction.source

    def _callback_object(self, interaction: Interaction, body: dict[str, Any]) -> dict[str, Any]:
        resource: dict[str, Any] = {"type": body["type"]}
        if interaction.original is not None:
            resource["message"] = interaction.original
        return {
            "interaction": {
                "id": str(interaction.id),
                "type": interaction.kind,
                "response_message_id": (interaction.original or {}).get("id"),
                "response_message_loading": body["type"] == kinds.DEFERRED,
                "response_message_ephemeral": interaction.ephemeral,
            },
            "resource": resource,
        }

    async def follow_up(self, request: web.Request) -> web.Response:
        interaction = self._hook(request)
        body, files = await self._form(request)
        check_message(
            body,
            CREATE - {"message_reference", "nonce", "enforce_nonce"}
            | {"username", "avatar_url", "thread_name"},
            files=len(files),
        )
        if interaction.original is not None and interaction.original["flags"] & 1 << 7:
            # The first follow-up after a deferred response takes its place.
            self._apply(request, interaction.original, body, files)
            interaction.note()
            return web.json_response(interaction.original)
        message = await self._respond(request, interaction, body, files)
        interaction.followups.append(message)
        interaction.note()
        return web.json_response(message)

    async def get_response(self, request: web.Request) -> web.Response:
        return web.json_response(self._response(self._hook(request), request.match_info["message"]))

    async def edit_response(self, request: web.Request) -> web.Response:
        interaction = self._hook(request)
        message = self._response(interaction, request.match_info["message"])
        body, files = await self._form(request)
        check_message(body, EDIT, files=len(files), before=message)
        self._apply(request, message, body, files)
        await self._publish_update(interaction, message)
        interaction.note()
        return web.json_response(message)

    async def delete_response(self, request: web.Request) -> web.Response:
        interaction = self._hook(request)
        message = self._response(interaction, request.match_info["message"])
        if message is interaction.original:
            interaction.original = None
        else:
            interaction.followups.remove(message)
        if not message["flags"] & EPHEMERAL:
            await self.server.remove(interaction.channel, message)
        interaction.note()
        return web.Response(status=204)

    async def _respond(
        self, request: web.Request, interaction: Interaction, body: Mapping[str, Any], files: dict[str, bytes]
    ) -> dict[str, Any]:
        rest = self._content(request, body, files)
        rest["interaction_metadata"] = {
            "id": str(interaction.id),
            "type": interaction.kind,
            "user": self.world.users[interaction.user_id],
            "authorizing_integration_owners": {},
        }
        rest["type"] = 20
        message = self.world.add_message(interaction.channel, self.world.bot, **rest)
        if message["flags"] & EPHEMERAL:
            self.world.by_channel[int(interaction.channel["id"])].remove(int(message["id"]))
        else:
            shown = self.server.with_guild(interaction.channel, message)
            await self.server.publish_to(interaction.channel, "MESSAGE_CREATE", shown)
        return message

    async def _publish_update(self, interaction: Interaction, message: dict[str, Any]) -> None:
        if not message["flags"] & EPHEMERAL:
            shown = self.server.with_guild(interaction.channel, message)
            await self.server.publish_to(interaction.channel, "MESSAGE_UPDATE", shown)

    def _hook(self, request: web.Request) -> Interaction:
        if request.match_info["app"] != self.world.bot["id"]:
            raise ApiError(404, 10015)
        interaction = self._interaction(request.match_info["token"])
        if time.monotonic() - interaction.started > self.server.token_seconds:
            raise ApiError(401, 50027)
        if interaction.response is None:
            raise ApiError(404, 10015)
        return interaction

    def _interaction(self, token: str) -> Interaction:
        if token not in self.interactions:
            raise ApiError(404, 10062)
        return self.interactions[token]

    def _response(self, interaction: Interaction, key: str) -> dict[str, Any]:
        if key == "@original":
            if interaction.original is None:
                raise ApiError(404, 10008)
            return interaction.original
        for message in interaction.followups:
            if message["id"] == key:
                return message
        raise ApiError(404, 10008)

    # Files.

    async def attachment(self, request: web.Request) -> web.Response:
        content = self.world.files.get(request.match_info["name"])
        return web.Response(status=404) if content is None else web.Response(body=content)

    # What the routes share.

    async def json(self, request: web.Request) -> dict[str, Any]:
        """The body, noted."""
        return await self._json(request)

    async def _json(self, request: web.Request) -> Any:
        try:
            body = await request.json()
        except ValueError:
            raise ApiError(400, 50109) from None
        request[BODY] = body
        return body

    async def _form(self, request: web.Request) -> tuple[dict[str, Any], dict[str, bytes]]:
        """The JSON body and the files, of a JSON or a multipart request."""
        if not request.content_type.startswith("multipart/"):
            return await self._json(request), {}
        body, files = {}, {}
        async for part in await request.multipart():
            content = bytes(await part.read(decode=False))
            if part.name == "payload_json":
                body = json.loads(content)
            elif part.name and part.name.startswith("files["):
                files[part.name[6:-1]] = content
                request.setdefault(NAMES, {})[part.name[6:-1]] = part.filename
        if sum(map(len, files.values())) > MAX_UPLOAD:
            raise ApiError(413, 40005)
        request[BODY] = {**body, "_files": sorted(files)}
        return body, files

    def _content(
        self, request: web.Request, body: Mapping[str, Any], files: dict[str, bytes]
    ) -> dict[str, Any]:
        names = ("content", "tts", "embeds", "components", "flags", "message_reference")
        kept = {name: body[name] for name in names if body.get(name) is not None}
        if files:
            kept["attachments"] = self._attached(request, body, files)
        if "message_reference" in kept:
            kept |= self._reply(str(request.match_info["channel"]), kept.pop("message_reference"))
        return {**kept, "_allowed_mentions": body.get("allowed_mentions")}

    def _reply(self, channel: str, reference: Mapping[str, Any]) -> dict[str, Any]:
        """What a message that replies to another has more; nothing where the other is gone."""
        answered = self.world.messages.get(int(reference["message_id"]))
        if answered is None:
            return {}
        known = {"type": 0, "message_id": answered["id"], "channel_id": channel}
        if "guild_id" in (where := self.world.channels[int(channel)]):
            known["guild_id"] = where["guild_id"]
        shown = {key: value for key, value in answered.items() if not key.startswith("_")}
        return {"type": 19, "message_reference": known, "referenced_message": shown}

    def _apply(
        self, request: web.Request, message: dict[str, Any], body: Mapping[str, Any], files: dict[str, bytes]
    ) -> None:
        empty: dict[str, Any] = {"content": "", "embeds": [], "components": []}
        for name in empty.keys() & body.keys():
            message[name] = empty[name] if body[name] is None else body[name]
        message["flags"] = int(body.get("flags") or 0) | message["flags"] & (EPHEMERAL | COMPONENTS_V2)
        if files:
            message["attachments"] = self._attached(request, body, files)
        message["edited_timestamp"] = timestamp()
        if "allowed_mentions" in body:
            message["_allowed_mentions"] = body["allowed_mentions"]
        self.world.edits.append((int(message["id"]), message["content"]))
        self.server.changed()

    def _attached(
        self, request: web.Request, body: Mapping[str, Any], files: dict[str, bytes]
    ) -> list[dict[str, Any]]:
        """Keep uploaded files and give their attachment objects; pictures are shown in place."""
        said = {str(each["id"]): each for each in body.get("attachments") or ()}
        kept = []
        for key, data in files.items():
            name = request.get(NAMES, {}).get(key) or f"file{key}"
            kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
            attachment = self.server.keep_file(name, data, kind)
            if said.get(key, {}).get("description"):
                attachment["description"] = said[key]["description"]
            kept.append(attachment)
        return kept

    def _need_parts(self, channel: dict[str, Any], body: Mapping[str, Any], files: dict[str, bytes]) -> None:
        if body.get("embeds"):
            self._need(channel, "embed_links")
        if files:
            self._need(channel, "attach_files")

    def _need(self, channel: dict[str, Any], permission: str) -> None:
        from tests.support.discord_server.world import PERMISSIONS

        if channel["type"] != DM and not self.world.permissions(channel) & PERMISSIONS[permission]:
            raise ApiError(403, 50013)

    def _check_reference(self, channel: dict[str, Any], body: Mapping[str, Any]) -> None:
        reference = body.get("message_reference")
        if not reference:
            return
        if channel["type"] != DM and "read_message_history" in self.world.denied.get(int(channel["id"]), ()):
            raise ApiError(403, 160002)
        if int(reference["message_id"]) not in self.world.messages and reference.get(
            "fail_if_not_exists", True
        ):
            faults = Faults()
            faults.add("message_reference", "REPLIES_UNKNOWN_MESSAGE", "Unknown message")
            faults.check()

    def _channel(self, request: web.Request, *needed: str) -> dict[str, Any]:
        channel = self._find(self.world.channels, request, "channel", 10003)
        if channel["type"] != DM:
            if "view_channel" in self.world.denied.get(int(channel["id"]), ()):
                raise ApiError(403, 50001)
            for name in needed:
                self._need(channel, name)
        return channel

    def _message(self, request: web.Request) -> dict[str, Any]:
        message = self._find(self.world.messages, request, "message", 10008)
        if message["channel_id"] != request.match_info["channel"]:
            raise ApiError(404, 10008)
        return message

    @staticmethod
    def _find(rows: dict[int, dict[str, Any]], request: web.Request, name: str, code: int) -> dict[str, Any]:
        key = request.match_info[name]
        if not key.isdigit() or int(key) not in rows:
            raise ApiError(404, code)
        return rows[int(key)]
