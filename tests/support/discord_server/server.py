"""A Discord of one's own, on localhost: what people do there, and what the bot made of it."""

import asyncio
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, Self

from aiohttp import web

from tests.support.discord_server.commands import check_given
from tests.support.discord_server.errors import ApiError
from tests.support.discord_server.gateway import Gateway
from tests.support.discord_server.interactions import Interaction
from tests.support.discord_server.limits import Limits
from tests.support.discord_server.rest import BODY, Rest, Sent
from tests.support.discord_server.world import DM, FORUM, PUBLIC_THREAD, World, snowflake

BASE = "/api/v10"
Json = dict[str, Any]


class DiscordServer:
    """REST and gateway over one world. Use as an async context manager.

    `requests` are all requests; `refused` those the client should not have sent; `late` interactions that
    were answered after 3 s. `fail_next(status, ...)` breaks requests on purpose.
    """

    def __init__(self, *, shards: int = 1, token: str = "token-of-the-bot", scale: float = 0.1) -> None:  # noqa: S107
        self.world = World(shards)
        self.gateway = Gateway(self.world, token, identify_seconds=0.0)
        self.limits = Limits(scale=scale)
        self.rest = Rest(self.world, self)
        self.token = token
        self.requests: list[Sent] = []
        self.paths: list[str] = []
        self.late: list[Interaction] = []
        self.repeated_nonces: list[str] = []
        self.token_seconds = 900.0
        self.delay: Callable[[str, str], float] = lambda _method, _path: 0.0
        self.before: Callable[[str, str], Any] = lambda _method, _path: None
        self.after: Callable[[str, str], Any] = lambda _method, _path: None
        self._lost: list[tuple[str, str]] = []
        self._failures: list[tuple[str, str, int]] = []
        self._changed = asyncio.Event()
        self.gateway.on_change = self.changed
        self._runner: web.AppRunner | None = None
        self.port = 0

    async def __aenter__(self) -> Self:
        app = web.Application(middlewares=[self._middleware], client_max_size=32 * 1024 * 1024)
        self.rest.add_to(app, BASE)
        app.router.add_get("/", self._gateway)
        app.router.add_get("/gateway/", self._gateway)
        self._runner = web.AppRunner(app, shutdown_timeout=0.2, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port)
        await site.start()
        self.port = self._runner.addresses[0][1]
        self.gateway.url = f"ws://127.0.0.1:{self.port}/gateway/"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.gateway.close_all()
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def api_url(self) -> str:
        """What `RIFF_DISCORD__API_URL` takes."""
        return f"http://127.0.0.1:{self.port}{BASE}"

    async def _gateway(self, request: web.Request) -> web.StreamResponse:
        self.paths.append(request.path)
        return await self.gateway.handle(request)

    @web.middleware
    async def _middleware(self, request: web.Request, handler: Any) -> web.StreamResponse:
        if not request.path.startswith(BASE):
            return await handler(request)
        path = request.path.removeprefix(BASE)
        headers: dict[str, str] = {}
        self.before(request.method, path)
        if (delay := self.delay(request.method, path)) > 0:
            await asyncio.sleep(delay)
        try:
            response, headers, code = await self._answer(request, handler, path)
        except web.HTTPException as error:
            response, code = (
                web.json_response({"message": "404: Not Found", "code": 0}, status=error.status),
                0,
            )
        response.headers.update(headers)
        if response.content_type == "application/json":
            response.headers["Content-Type"] = "application/json"  # as Discord writes it, without a charset
        body = request.get(BODY)
        self.requests.append(Sent(request.method, path, body, response.status, time.monotonic(), code))
        self.after(request.method, path)
        for lost in [each for each in self._lost if each[0] == request.method and each[1] in path]:
            self._lost.remove(lost)
            if request.transport is not None:
                request.transport.abort()
        self.changed()
        return response

    async def _answer(
        self, request: web.Request, handler: Any, path: str
    ) -> tuple[web.StreamResponse, dict[str, str], int]:
        headers, refused = self.limits.check(request.method, path)
        if refused is not None:
            return refused, headers, 0
        for failure in self._failures:
            method, start, status = failure
            if method == request.method and start in path:
                self._failures.remove(failure)
                if status == 0 and request.transport is not None:
                    request.transport.abort()
                return web.Response(status=status or 500, text="broken on purpose"), headers, 0
        try:
            if not self._needs_token(path) and "Authorization" in request.headers:
                self.gateway.violations.append(f"the bot's token was sent to {path}")
            if self._needs_token(path) and request.headers.get("Authorization") != f"Bot {self.token}":
                raise ApiError(401, 0)
            return await handler(request), headers, 0
        except ApiError as error:
            return web.json_response(error.body, status=error.status), headers, error.body["code"]

    @staticmethod
    def _needs_token(path: str) -> bool:
        return not path.startswith(("/interactions/", "/webhooks/"))

    # What tests set up.

    def add_guild(self, name: str = "Studio", *, shard: int = 0) -> Json:
        return self.world.add_guild(name, shard=shard)

    def add_channel(self, guild: Json, name: str = "ideas", *, forum: bool = False) -> Json:
        return self.world.add_channel(guild, name, FORUM if forum else 0)

    def add_user(self, name: str = "person") -> Json:
        return self.world.add_user(name)

    def make_admin(self, guild: Json, user: Json) -> None:
        self.world.admins[int(guild["id"])].add(int(user["id"]))

    async def deny(self, channel: Json, *permissions: str) -> None:
        """Take permissions from the bot in a channel, and tell it."""
        from tests.support.discord_server.world import PERMISSIONS

        self.world.denied.setdefault(int(channel["id"]), set()).update(permissions)
        bits = sum(PERMISSIONS[name] for name in self.world.denied[int(channel["id"])])
        overwrite = {"id": channel["guild_id"], "type": 0, "allow": "0", "deny": str(bits)}
        channel["permission_overwrites"] = [overwrite]
        await self.publish_to(channel, "CHANNEL_UPDATE", channel)

    def fail_next(self, method: str, path: str, status: int, times: int = 1) -> None:
        """Answer the next requests with an error; status 0 cuts the connection."""
        self._failures += [(method, path, status)] * times

    def lose_answer(self, method: str, path: str) -> None:
        """Do what the next such request asks, and cut the connection before it is told."""
        self._lost.append((method, path))

    def keep_file(self, name: str, data: bytes, content_type: str = "text/plain") -> Json:
        """A file on the local CDN, as an attachment object."""
        key = f"{snowflake()}-{name}"
        self.world.files[key] = data
        url = f"http://127.0.0.1:{self.port}/attachments/{key}"
        return {
            "id": str(snowflake()),
            "filename": name,
            "size": len(data),
            "url": url,
            "proxy_url": url,
            "content_type": content_type,
        }

    # What people do.

    async def say(
        self, user: Json, channel: Json, content: str, *, mention: bool = False, repeat: int = 1, **rest: Any
    ) -> Json:
        """A person writes; with `mention` the bot is mentioned first, with `repeat` it is dispatched again."""
        text = f"<@{self.world.bot['id']}> {content}" if mention else content
        mentions = [self.world.bot] if mention else []
        message = self.world.add_message(channel, user, content=text, **{"mentions": mentions, **rest})
        shown = self.with_guild(channel, message)
        for _ in range(repeat):
            await self.publish_to(channel, "MESSAGE_CREATE", shown)
        return message

    async def edit(self, message: Json, content: str) -> None:
        """A person words their message anew."""
        channel = self.world.channels[int(message["channel_id"])]
        message |= {"content": content, "edited_timestamp": datetime.now(UTC).isoformat()}
        await self.publish_to(channel, "MESSAGE_UPDATE", self.with_guild(channel, message))

    async def react(self, user: Json, message: Json, emoji: str, *, taken: bool = False) -> None:
        """A person reacts to a message, or takes that away."""
        channel = self.world.channels[int(message["channel_id"])]
        ids = {"user_id": user["id"], "channel_id": channel["id"], "message_id": message["id"]}
        ids |= {"guild_id": channel["guild_id"]} if "guild_id" in channel else {}
        name = "MESSAGE_REACTION_REMOVE" if taken else "MESSAGE_REACTION_ADD"
        rest = {"emoji": {"id": None, "name": emoji}, "type": 0, "burst": False}
        await self.publish_to(channel, name, {**ids, **rest})

    async def reply(self, user: Json, to: Json, content: str, **rest: Any) -> Json:
        """A person answers a message; Discord mentions its author."""
        channel = self.world.channels[int(to["channel_id"])]
        reference = {"type": 0, "channel_id": channel["id"], "message_id": to["id"]}
        if "guild_id" in channel:
            reference["guild_id"] = channel["guild_id"]
        rest = {"mentions": [to["author"]], "type": 19, **rest}
        return await self.say(
            user, channel, content, message_reference=reference, referenced_message=to, **rest
        )

    async def post(self, user: Json, forum: Json, title: str, content: str) -> Json:
        """A person opens a post in a forum; gives its thread."""
        thread = self.world.add_thread(forum, title, user["id"])
        await self.publish_to(forum, "THREAD_CREATE", {**thread, "newly_created": True})
        await self.say(user, thread, content, id=thread["id"])
        return thread

    async def command(
        self,
        user: Json,
        channel: Json,
        name: str,
        options: dict[str, Any] | None = None,
        *,
        sub: str | None = None,
        target: Json | None = None,
        focused: str | None = None,
        repeat: int = 1,
        age: float = 0.0,
        by_user: bool = False,
    ) -> Interaction:
        """A slash command, with `sub` one of its sub-commands, with `target` a message's context menu.

        With `focused`, the autocomplete of that option; with `age` it was dispatched so many seconds late;
        `by_user` installed Riff, which is itself not in the server.
        """
        registered = self._registered(channel, name, 3 if target else 1)
        if target is None:
            check_given(registered, sub or "", options or {}, focused)
        values = [
            {
                "name": key,
                "type": _option_type(value),
                "value": value,
                **({"focused": True} if key == focused else {}),
            }
            for key, value in (options or {}).items()
        ]
        data: Json = {"id": registered["id"], "name": name, "type": registered["type"]}
        if target is not None:
            data |= {"target_id": target["id"], "resolved": {"messages": {target["id"]: target}}}
        elif sub:
            path = sub.split(" ")
            for part in reversed(path):
                values = [{"name": part, "type": 2 if part != path[-1] else 1, "options": values}]
        data |= {} if target else {"options": values}
        return await self._interact(
            user, channel, 4 if focused else 2, data, repeat=repeat, age=age, by_user=by_user
        )

    async def press(
        self, user: Json, message: Json, custom_id: str, values: list[str] | None = None
    ) -> Interaction:
        """A person presses a button or chooses in a select of a message."""
        component = next(c for c in buttons(message) if c["custom_id"] == custom_id)
        data: Json = {"custom_id": custom_id, "component_type": component["type"], "id": 1}
        if values is not None:
            data["values"] = values
        channel = self.world.channels[int(message["channel_id"])]
        return await self._interact(user, channel, 3, data, message=message)

    async def submit(
        self, user: Json, opened: Interaction, values: dict[str, Any], files: Sequence[Json] = ()
    ) -> Interaction:
        """A person fills in the modal that `opened` was answered with; `values` by custom id, of `files` their ids."""
        assert opened.response is not None
        modal = opened.response["data"]
        rows = [_filled(row, values) for row in modal["components"]]
        resolved = {"attachments": {each["id"]: each for each in files}} if files else {}
        data = {
            "custom_id": modal["custom_id"],
            "components": [row for row in rows if row],
            "resolved": resolved,
        }
        message = opened.source
        return await self._interact(user, opened.channel, 5, data, message=message)

    async def _interact(
        self,
        user: Json,
        channel: Json,
        kind: int,
        data: Json,
        *,
        message: Json | None = None,
        repeat: int = 1,
        age: float = 0.0,
        by_user: bool = False,
    ) -> Interaction:
        interaction = Interaction(snowflake(time.time() - age), kind, int(user["id"]), channel, message)
        interaction.started -= age
        self.rest.interactions[interaction.token] = interaction
        payload: Json = {
            "id": str(interaction.id),
            "application_id": self.world.bot["id"],
            "type": kind,
            "data": data,
            "channel_id": channel["id"],
            "channel": channel,
            "token": interaction.token,
            "version": 1,
            "locale": user.get("locale", "en-US"),
            "app_permissions": str(self.world.permissions(channel)),
            "entitlements": [],
            "authorizing_integration_owners": {"0": channel.get("guild_id", "0")},
            "context": 1 if channel["type"] == DM else 0,
            "attachment_size_limit": 10_485_760,
        }
        if message is not None:
            payload["message"] = {key: value for key, value in message.items() if not key.startswith("_")}
        if "guild_id" in channel:
            member = self.world.member(int(user["id"]), int(channel["guild_id"]))
            member["permissions"] = str(self.world.permissions(channel, int(user["id"])))
            payload |= {"guild_id": channel["guild_id"], "member": member, "guild_locale": "en-US"}
            payload["guild"] = {"id": channel["guild_id"], "locale": "en-US", "features": []}
        else:
            payload["user"] = user
        if by_user:
            payload |= {"authorizing_integration_owners": {"1": user["id"]}, "app_permissions": "0"}
        for _ in range(repeat):
            await self.gateway.publish(self.world.shard_of(channel), "INTERACTION_CREATE", payload)
        return interaction

    def _registered(self, channel: Json, name: str, kind: int) -> Json:
        places = (int(channel.get("guild_id", 0)), 0)
        for place in places:
            for command in self.rest.commands.get(place, []):
                if command["name"] == name and command["type"] == kind:
                    return command
        raise AssertionError(f"the bot registered no command {name!r}")

    async def delete_channel(self, channel: Json) -> None:
        """A channel and all in it goes."""
        del self.world.channels[int(channel["id"])]
        kind = "THREAD_DELETE" if channel["type"] == PUBLIC_THREAD else "CHANNEL_DELETE"
        await self.gateway.publish(self.world.shard_of(channel), kind, channel)

    async def remove(self, channel: Json, message: Json) -> None:
        """A message goes."""
        self.world.messages.pop(int(message["id"]), None)
        gone = {"id": message["id"], "channel_id": channel["id"]}
        if "guild_id" in channel:
            gone["guild_id"] = channel["guild_id"]
        await self.publish_to(channel, "MESSAGE_DELETE", gone)

    # What tests look at.

    def said(self, channel: Json) -> list[Json]:
        """The bot's messages in a channel as they stand, oldest first."""
        ids = self.world.by_channel.get(int(channel["id"]), [])
        messages = [self.world.messages[key] for key in ids if key in self.world.messages]
        return [message for message in messages if message["author"]["id"] == self.world.bot["id"]]

    async def until(self, condition: Callable[[], Any], seconds: float = 20.0) -> Any:
        """Wait until `condition()` is true and give its value; it is asked after every request."""
        try:
            async with asyncio.timeout(seconds):
                while not (value := condition()):
                    self._changed.clear()
                    await self._changed.wait()
                return value
        except TimeoutError:
            last = [
                (sent.method, sent.path, sent.status, str(sent.body)[:300]) for sent in self.requests[-12:]
            ]
            raise AssertionError(
                f"this did not come about within {seconds} s; last requests: {last}"
            ) from None

    @property
    def bad_requests(self) -> list[Sent]:
        """The requests that a correct client would not have sent."""
        return [
            sent for sent in self.requests if sent.status == 400 and sent.code in {50035, 50006, 50109, 0}
        ]

    def changed(self) -> None:
        """Wake who waits in `until`."""
        self._changed.set()

    async def publish_to(self, channel: Json, name: str, data: Json) -> None:
        """Send an event of a channel to the shard that has it."""
        shown = {key: value for key, value in data.items() if not key.startswith("_")}
        await self.gateway.publish(self.world.shard_of(channel), name, shown)

    def with_guild(self, channel: Json, message: Json) -> Json:
        """A message as the gateway sends it: with the server and its author's member."""
        shown = {key: value for key, value in message.items() if not key.startswith("_")}
        if "guild_id" not in channel:
            return shown
        member = {
            key: value
            for key, value in self.world.member(
                int(message["author"]["id"]), int(channel["guild_id"])
            ).items()
            if key != "user"
        }
        return {**shown, "guild_id": channel["guild_id"], "member": member}


def text_of(message: Json) -> str:
    """All that a message says: its content, or the texts of its components in their order."""
    found, stack = [message.get("content") or ""], list(message.get("components", []))
    while stack:
        component = stack.pop(0)
        if component["type"] == 10:
            found.append(component["content"])
        stack[:0] = component.get("components", [])
    return "\n".join(part for part in found if part)


def buttons(message: Json) -> list[Json]:
    """Every component of a message that can be pressed."""
    found: list[Json] = []
    stack = list(message.get("components", []))
    while stack:
        component = stack.pop(0)
        if "custom_id" in component:
            found.append(component)
        stack[:0] = [
            *component.get("components", []),
            *([component["accessory"]] if "accessory" in component else []),
        ]
    return found


def _option_type(value: Any) -> int:
    return 5 if isinstance(value, bool) else 4 if isinstance(value, int) else 3


def _filled(row: Json, values: dict[str, Any]) -> Json | None:
    if row["type"] == 10:
        return None
    item = row["component"] if row["type"] == 18 else row["components"][0]
    held = [each["id"] for each in item.get("default_values", ())]
    held += [each["value"] for each in item.get("options", ()) if each.get("default")]
    value = values.get(item["custom_id"], item.get("value") or (held if item["type"] != 4 else ""))
    answer: Json = {"type": item["type"], "custom_id": item["custom_id"], "id": 2}
    answer |= (
        {"value": value} if item["type"] == 4 else {"values": value if isinstance(value, list) else [value]}
    )
    return (
        {"type": 18, "id": 1, "component": answer}
        if row["type"] == 18
        else {"type": 1, "components": [answer]}
    )
