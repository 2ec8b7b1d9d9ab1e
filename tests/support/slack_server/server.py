"""The server as tests use it: what people do in Slack, and what they see."""

import asyncio
import hashlib
import hmac
import json
import time
from typing import Any
from urllib.parse import urlencode

import aiohttp
from aiohttp import web

from tests.support.slack_server.socket_mode import SocketMode
from tests.support.slack_server.state import APP, BOT, SIGNING_SECRET, TEAM, Message, Workspace
from tests.support.slack_server.web_api import WebApi


class SlackServer:
    """One workspace on a local port. Use as an async context manager."""

    def __init__(self) -> None:
        self.workspace = Workspace()
        self.api = WebApi(self.workspace)
        self.sockets = SocketMode()
        self.port = 0
        self.events_url = ""
        self._numbers = iter(range(1, 10**9))
        self._pressed_in: dict[str, str] = {}
        self._session: aiohttp.ClientSession | None = None

    @property
    def url(self) -> str:
        """Where `[slack] api_url` points."""
        return f"http://127.0.0.1:{self.port}/api/"

    async def __aenter__(self) -> "SlackServer":
        app = web.Application(client_max_size=10**8)
        app.router.add_route("*", "/api/{method}", self.api.handle)
        app.router.add_get("/socket", self.sockets.handle)
        app.router.add_post("/upload/{id}", self._upload)
        app.router.add_get("/files/{id}", self._download)
        app.router.add_post("/respond/{id}", self._respond)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port)
        await site.start()
        self.port = self._runner.addresses[0][1]
        self.api.address = f"http://127.0.0.1:{self.port}"
        self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        return self

    async def __aexit__(self, *_: object) -> None:
        for socket in list(self.sockets.connections):
            await socket.close()
        if self._session:
            await self._session.close()
        await self._runner.cleanup()

    # What people do.

    def say(
        self, channel: str, text: str, *, user: str = "U1", thread: str = "", **extra: Any
    ) -> dict[str, Any]:
        """A person's message as the `message` event that Slack sends; not yet delivered."""
        ts = self.workspace.next_ts()
        self.workspace.add(Message(channel, ts, user, text, thread))
        kind = "im" if channel.startswith("D") else "channel"
        event = {
            "type": "message",
            "channel": channel,
            "user": user,
            "text": text,
            "ts": ts,
            "channel_type": kind,
        }
        if thread:
            event["thread_ts"] = thread
        return {**event, "event_ts": ts, "team": TEAM, "client_msg_id": f"c{ts}", **extra}

    def callback(self, event: dict[str, Any], *, event_id: str = "", **extra: Any) -> dict[str, Any]:
        """The event in its envelope."""
        return {
            "token": "t",
            "team_id": TEAM,
            "api_app_id": APP,
            "event": event,
            "type": "event_callback",
            "event_id": event_id or f"Ev{next(self._numbers)}",
            "event_time": int(time.time()),
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": TEAM,
                    "user_id": BOT,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            "is_ext_shared_channel": False,
            **extra,
        }

    def mention(self, event: dict[str, Any]) -> dict[str, Any]:
        """The `app_mention` event that Slack sends beside the `message` event."""
        return {key: value for key, value in event.items() if key != "channel_type"} | {"type": "app_mention"}

    def command(
        self, text: str, *, user: str = "U1", channel: str = "C1", name: str = "/riff"
    ) -> dict[str, Any]:
        """A slash command's form."""
        number = next(self._numbers)
        return {
            "token": "t",
            "team_id": TEAM,
            "team_domain": "t",
            "channel_id": channel,
            "channel_name": "general",
            "user_id": user,
            "user_name": user.lower(),
            "command": name,
            "text": text,
            "api_app_id": APP,
            "is_enterprise_install": "false",
            "response_url": f"http://127.0.0.1:{self.port}/respond/{number}",
            "trigger_id": f"{number}.trigger",
        }

    def press(self, message: Message, button: dict[str, Any], *, user: str = "U1") -> dict[str, Any]:
        """The `block_actions` payload of a pressed button."""
        number = next(self._numbers)
        self._pressed_in[str(number)] = message.channel
        thread = {"thread_ts": message.thread_ts} if message.thread_ts else {}
        container = {"type": "message", "message_ts": message.ts, "channel_id": message.channel, **thread}
        action = {"type": button["type"], "action_ts": f"{time.time():.6f}", "block_id": button["block_id"]}
        pressed = ("action_id", "value", "text", "selected_option")
        action |= {key: button[key] for key in pressed if key in button}
        return self._interaction("block_actions", user, number) | {
            "container": container | {"is_ephemeral": bool(message.ephemeral_for)},
            "channel": {"id": message.channel, "name": "general"},
            "message": message.as_json(),
            "actions": [action],
            "response_url": f"http://127.0.0.1:{self.port}/respond/{number}",
        }

    def home_press(self, button: dict[str, Any], *, user: str = "U1") -> dict[str, Any]:
        """The `block_actions` payload of a button in App Home."""
        action = {"type": "button", "action_ts": "1.1", "block_id": "b"}
        action |= {key: button[key] for key in ("action_id", "value", "text") if key in button}
        number = next(self._numbers)
        return self._interaction("block_actions", user, number) | {
            "container": {"type": "view", "view_id": "V0"},
            "view": {"id": "V0", "type": "home"},
            "actions": [action],
        }

    def shortcut(self, callback_id: str, message: dict[str, Any], *, user: str = "U1") -> dict[str, Any]:
        """A message shortcut used on a message."""
        number = next(self._numbers)
        return self._interaction("message_action", user, number) | {
            "callback_id": callback_id,
            "channel": {"id": message["channel"], "name": "general"},
            "message": {key: message[key] for key in ("type", "user", "text", "ts")},
            "message_ts": message["ts"],
            "response_url": f"http://127.0.0.1:{self.port}/respond/{number}",
        }

    def submit(self, view: dict[str, Any], values: dict[str, Any], *, user: str = "U1") -> dict[str, Any]:
        """A filled modal; `values` by block id."""
        state: dict[str, Any] = {}
        for block in view["blocks"]:
            if block["type"] == "input":
                element = block["element"]
                state[block["block_id"]] = {
                    element["action_id"]: _filled(element, values.get(block["block_id"]))
                }
        sent = {**view, "state": {"values": state}, "team_id": TEAM, "app_id": APP, "bot_id": "B0RIFF"}
        return self._interaction("view_submission", user, next(self._numbers)) | {
            "view": sent,
            "response_urls": [],
        }

    def _interaction(self, kind: str, user: str, number: int) -> dict[str, Any]:
        return {
            "type": kind,
            "team": {"id": TEAM, "domain": "t"},
            "user": {"id": user, "username": user.lower(), "name": user.lower(), "team_id": TEAM},
            "api_app_id": APP,
            "token": "t",
            "trigger_id": f"{number}.trigger",
            "enterprise": None,
            "is_enterprise_install": False,
        }

    # How it reaches Riff.

    async def deliver_event(self, event: dict[str, Any], **extra: Any) -> Any:
        """Delivers an event by Socket Mode, or by HTTP when `events_url` is set."""
        return await self.deliver("events_api", self.callback(event, **extra))

    async def deliver(self, kind: str, payload: dict[str, Any]) -> Any:
        """Delivers an events_api, slash_commands or interactive payload; gives what the ack carried."""
        if not self.events_url:
            return await self.sockets.deliver(kind, payload)
        if kind == "events_api":
            body, media = json.dumps(payload), "application/json"
        else:
            form = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
            body, media = urlencode(form), "application/x-www-form-urlencoded"
        status, text = await self.post(body.encode(), media)
        assert status == 200, (status, text)
        return json.loads(text) if text.startswith("{") else None

    async def post(
        self,
        body: bytes,
        media: str = "application/json",
        *,
        at: float | None = None,
        signature: str = "",
        **headers: str,
    ) -> tuple[int, str]:
        """Posts a signed request to Riff; gives status and text."""
        assert self._session
        stamp = str(int(time.time() if at is None else at))
        signed = hmac.new(SIGNING_SECRET.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256)
        sent = {
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": signature or f"v0={signed.hexdigest()}",
        }
        async with self._session.post(
            self.events_url, data=body, headers={**sent, "Content-Type": media, **headers}
        ) as response:
            return response.status, await response.text()

    # What Slack's other addresses do.

    async def _upload(self, request: web.Request) -> web.Response:
        self.workspace.files[request.match_info["id"]] = await request.read()
        return web.Response(text="OK")

    async def _download(self, request: web.Request) -> web.Response:
        if not request.headers.get("Authorization", "").startswith("Bearer xoxb-test"):
            return web.Response(text="<html>Sign in</html>", content_type="text/html")
        return web.Response(body=self.workspace.files[request.match_info["id"]])

    async def _respond(self, request: web.Request) -> web.Response:
        answer = await request.json()
        allowed = {"text", "blocks", "response_type", "replace_original", "delete_original", "thread_ts"}
        if set(answer) - allowed:
            return web.json_response({"ok": False, "error": "invalid_payload"}, status=400)
        self.workspace.responses.append(answer)
        channel = self._pressed_in.get(request.match_info["id"], "?")
        message = Message(channel, self.workspace.next_ts(), BOT, answer.get("text", ""))
        message.blocks, message.ephemeral_for = answer.get("blocks", []), "?"
        self.workspace.add(message)
        return web.Response(text="ok")

    async def settled(self, condition: Any, seconds: float = 20) -> None:
        """Waits until `condition()` holds; looks less often where it may take long."""
        async with asyncio.timeout(seconds):
            while not condition():  # noqa: ASYNC110
                await asyncio.sleep(0.01 if seconds <= 20 else 0.1)


def _filled(element: dict[str, Any], value: Any) -> dict[str, Any]:
    kind = element["type"]
    if kind == "static_select":
        chosen = next((option for option in element["options"] if option["value"] == value), None)
        return {"type": kind, "selected_option": chosen or element.get("initial_option")}
    if kind in {"multi_static_select", "checkboxes"}:
        if value is None:
            return {"type": kind, "selected_options": element.get("initial_options", [])}
        return {
            "type": kind,
            "selected_options": [one for one in element["options"] if one["value"] in (value or ())],
        }
    if kind == "file_input":
        return {"type": kind, "files": value or []}
    if what := next((name for name in ("users", "conversations") if kind == f"multi_{name}_select"), ""):
        chosen = element.get(f"initial_{what}", []) if value is None else value
        return {"type": kind, f"selected_{what}": chosen}
    return {"type": kind, "value": element.get("initial_value") if value is None else value}
