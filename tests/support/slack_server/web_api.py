"""The Web API methods that Riff uses; unknown methods and arguments are refused, limits are kept.

https://docs.slack.dev/reference/methods
"""

import json
import re
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from tests.support.slack_server.blocks import Invalid, check_message_blocks, check_view
from tests.support.slack_server.state import APP_TOKEN, BOT, BOT_ID, BOT_TOKEN, TEAM, Message, Workspace

Answer = dict[str, Any]
Hook = Callable[[str, dict[str, Any]], Awaitable[None]]

_POST = {
    "channel",
    "text",
    "blocks",
    "thread_ts",
    "metadata",
    "unfurl_links",
    "unfurl_media",
    "link_names",
    "parse",
}
_PAGE = {"channel", "cursor", "include_all_metadata", "inclusive", "latest", "limit", "oldest"}
_STREAM_LIMIT = 12_000
_CANVAS_LIMIT = 1_048_576
_EMOJI = re.compile(r"[a-z0-9_+'-]{1,100}")
ARGUMENTS: dict[str, set[str]] = {
    "api.test": set(),
    "auth.test": set(),
    "auth.revoke": {"test"},
    "apps.connections.open": set(),
    "chat.postMessage": _POST | {"mrkdwn", "reply_broadcast"},
    "chat.update": (_POST - {"thread_ts"}) | {"ts"},
    "chat.delete": {"channel", "ts"},
    "chat.getPermalink": {"channel", "message_ts"},
    "chat.postEphemeral": (_POST - {"metadata", "unfurl_links", "unfurl_media"}) | {"user"},
    "chat.startStream": {
        "channel", "thread_ts", "markdown_text", "chunks", "recipient_team_id", "recipient_user_id",
        "task_display_mode",
    },
    "chat.appendStream": {"channel", "ts", "markdown_text", "chunks"},
    "chat.stopStream": {"channel", "ts", "markdown_text", "chunks", "blocks", "metadata"},
    "conversations.replies": _PAGE | {"ts"},
    "conversations.history": _PAGE,
    "assistant.threads.setStatus": {"channel_id", "thread_ts", "status", "loading_messages"},
    "assistant.threads.setTitle": {"channel_id", "thread_ts", "title"},
    "assistant.threads.setSuggestedPrompts": {"channel_id", "thread_ts", "title", "prompts"},
    "agents.sessions.setStatus": {"channel_id", "thread_ts", "status", "title", "initiator_user_id"},
    "views.open": {"trigger_id", "view"},
    "views.publish": {"user_id", "view", "hash"},
    "users.info": {"user", "include_locale"},
    "files.getUploadURLExternal": {"filename", "length", "alt_txt", "snippet_type"},
    "files.completeUploadExternal": {"files", "channel_id", "thread_ts", "initial_comment"},
    "conversations.info": {"channel", "include_locale", "include_num_members"},
    "conversations.members": {"channel", "cursor", "limit"},
    "conversations.open": {"users", "return_im"},
    "reactions.add": {"channel", "timestamp", "name"},
    "canvases.create": {"title", "document_content", "channel_id"},
    "canvases.access.set": {"canvas_id", "access_level", "channel_ids", "user_ids"},
    "files.info": {"file", "cursor", "limit"},
    "oauth.v2.access": {
        "client_id", "client_secret", "code", "redirect_uri", "grant_type", "refresh_token",
    },
}  # fmt: skip
_NO_JSON = {
    "conversations.history", "conversations.info", "conversations.members", "conversations.open",
    "conversations.replies", "files.getUploadURLExternal", "files.info", "users.info",
}  # fmt: skip
"""Methods that take a form or a query; what comes as JSON they do not see."""


class Refused(Exception):
    """An answer with `ok: false`."""

    def __init__(self, error: str, **more: Any) -> None:
        super().__init__(error)
        self.answer = {"ok": False, "error": error, **more}


class WebApi:
    """Answers Web API calls on the workspace; `before` and `after` see each call, and may fail or wait."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.failures: dict[str, list[tuple[str, float]]] = defaultdict(list)
        self.refuse_streams_in: set[str] = set()
        self.stream_seconds = 300.0
        self.message_seconds = 0.0
        self.before: Hook | None = None
        self.after: Hook | None = None
        self.admins: set[str] = set()
        self.organisation_admins: set[str] = set()
        self.enterprise = ""
        self.scopes: list[str] | None = None
        self.is_agent = False
        """Whether the app has the agent view, and not the assistant pane."""
        self.private: dict[str, list[str]] = {}
        self.locales: dict[str, str] = {}
        self.teams: dict[str, str] = {}
        self.zones: dict[str, str] = {}
        self.has_canvases = True
        self.tokens: list[str] = []
        self.token_seconds = 0
        """How long a token of an installation holds; 0 for ever."""
        self.invalid: list[str] = []
        self.rate_limited = 0
        self._refreshed: set[str] = set()
        self._last_post: dict[str, float] = {}
        self._stream_started: dict[str, float] = {}

    async def handle(self, request: web.Request) -> web.Response:
        """One call, as a form, a query or JSON."""
        method = request.match_info["method"]
        arguments = await _arguments(request)
        self.calls.append((method, arguments))
        if self.failures[method]:
            error, retry_after = self.failures[method].pop(0)
            if error == "drop" and request.transport:
                request.transport.close()
            if retry_after:
                headers = {"Retry-After": str(int(retry_after))}
                return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers=headers)
            return web.json_response({"ok": False, "error": error})
        if self.before:
            await self.before(method, arguments)
        answer = self._answer(request, method, arguments)
        if self.after:
            try:
                await self.after(method, arguments)
            except ConnectionResetError:
                if request.transport:
                    request.transport.abort()
        if answer.get("error") == "ratelimited":
            self.rate_limited += 1
            return web.json_response(answer, status=429, headers={"Retry-After": "1"})
        headers = {"x-oauth-scopes": ",".join(self.scopes)} if self.scopes is not None else {}
        return web.json_response(answer, headers=headers)

    def _answer(self, request: web.Request, method: str, arguments: dict[str, Any]) -> Answer:
        try:
            if method not in ARGUMENTS:
                raise Refused("unknown_method")
            expected = APP_TOKEN if method == "apps.connections.open" else BOT_TOKEN
            token = request.headers.get("Authorization", "").removeprefix("Bearer ")
            self.tokens.append(token)
            if method != "oauth.v2.access" and not token.startswith(expected):
                raise Refused("invalid_auth")
            if method in _NO_JSON and request.content_type == "application/json":
                raise Refused("invalid_arguments", response_metadata={"messages": ["JSON is not read"]})
            if unknown := set(arguments) - ARGUMENTS[method] - {"token"}:
                raise Refused("invalid_arguments", response_metadata={"messages": sorted(unknown)})
            handler = getattr(self, "_" + method.replace(".", "_"))
            return {"ok": True, **handler(arguments)}
        except Invalid as error:
            self.invalid.append(f"{method}: {error}")
            name = "msg_blocks_too_long" if "too_long" in str(error) else "invalid_blocks"
            return {"ok": False, "error": name, "response_metadata": {"messages": [str(error)]}}
        except Refused as error:
            return error.answer

    def _auth_test(self, _: Answer) -> Answer:
        return {
            "url": "https://t.slack.com/",
            "team": "t",
            "user": "riff",
            "team_id": TEAM,
            "user_id": BOT,
        } | {
            "bot_id": BOT_ID,
            "is_enterprise_install": False,
        }

    def _auth_revoke(self, _: Answer) -> Answer:
        return {"revoked": True}

    def _apps_connections_open(self, _: Answer) -> Answer:
        return {"url": self.address.replace("http", "ws", 1) + "/socket"}

    def _api_test(self, _: Answer) -> Answer:
        return {}

    def _chat_postMessage(self, given: Answer) -> Answer:  # noqa: N802
        self._check_channel(given["channel"])
        self._check_pace(given["channel"])
        self._check_content(given)
        if thread := given.get("thread_ts"):
            self._need_thread(given["channel"], thread)
        message = Message(
            given["channel"], self.workspace.next_ts(), BOT, given.get("text", ""), given.get("thread_ts", "")
        )
        message.blocks, message.metadata = given.get("blocks", []), _metadata(given)
        self.workspace.add(message)
        return {"channel": message.channel, "ts": message.ts, "message": message.as_json()}

    def _chat_postEphemeral(self, given: Answer) -> Answer:  # noqa: N802
        self._check_channel(given["channel"])
        self._check_content(given)
        message = Message(given["channel"], self.workspace.next_ts(), BOT, given.get("text", ""))
        message.thread_ts, message.ephemeral_for = given.get("thread_ts", ""), given["user"]
        message.blocks = given.get("blocks", [])
        self.workspace.add(message)
        return {"message_ts": message.ts}

    def _chat_update(self, given: Answer) -> Answer:
        message = self._own(given)
        if message.streaming:
            raise Refused("streaming_state_conflict")
        self._check_content(given)
        message.text, message.blocks = given.get("text", ""), given.get("blocks", [])
        message.metadata = _metadata(given) or message.metadata
        message.history.append(message.shown)
        return {"channel": message.channel, "ts": message.ts, "text": message.text}

    def _chat_delete(self, given: Answer) -> Answer:
        self._own(given).deleted = True
        return {"channel": given["channel"], "ts": given["ts"]}

    def _chat_getPermalink(self, given: Answer) -> Answer:  # noqa: N802
        if (given["channel"], given["message_ts"]) not in self.workspace.messages:
            raise Refused("message_not_found")
        number = given["message_ts"].replace(".", "")
        return {
            "channel": given["channel"],
            "permalink": f"https://t.slack.com/archives/{given['channel']}/p{number}",
        }

    def _chat_startStream(self, given: Answer) -> Answer:  # noqa: N802
        channel = given["channel"]
        self._check_channel(channel)
        if channel in self.refuse_streams_in:
            raise Refused("channel_type_not_supported")
        if not given.get("thread_ts"):
            raise Refused("invalid_arguments")
        if not channel.startswith("D") and not (
            given.get("recipient_team_id") and given.get("recipient_user_id")
        ):
            raise Refused("missing_recipient_user_id")
        self._need_thread(channel, given["thread_ts"])
        message = Message(channel, self.workspace.next_ts(), BOT, "", given["thread_ts"], streaming=True)
        self._stream_started[message.ts] = time.monotonic()
        self.workspace.add(message)
        self._append(message, given)
        return {"channel": channel, "ts": message.ts}

    def _chat_appendStream(self, given: Answer) -> Answer:  # noqa: N802
        message = self._streaming(given)
        self._append(message, given)
        return {"channel": message.channel, "ts": message.ts}

    def _chat_stopStream(self, given: Answer) -> Answer:  # noqa: N802
        message = self._streaming(given)
        self._append(message, given)
        message.streaming = False
        message.metadata = _metadata(given)
        if given.get("blocks"):
            check_message_blocks(given["blocks"])
        return {"channel": message.channel, "ts": message.ts, "message": message.as_json()}

    def _append(self, message: Message, given: Answer) -> None:
        texts = [given["markdown_text"]] if given.get("markdown_text") else []
        for chunk in given.get("chunks", []):
            if chunk["type"] == "markdown_text":
                texts.append(chunk["text"])
            elif chunk["type"] == "blocks":
                check_message_blocks(chunk["blocks"])
            else:
                raise Refused("invalid_chunks")
        text = "".join(texts)
        if len(text) > _STREAM_LIMIT or len(message.text) + len(text) > 39_000:
            raise Refused("msg_too_long")
        message.text += text
        message.history.append(message.text)

    def _conversations_replies(self, given: Answer) -> Answer:
        messages = self.workspace.in_thread(given["channel"], given["ts"])
        if not messages:
            raise Refused("thread_not_found")
        return _page([one for one in messages if _is_within(one, given) or one.ts == given["ts"]], given)

    def _conversations_history(self, given: Answer) -> Answer:
        channel = [
            one
            for one in self.workspace.messages.values()
            if one.channel == given["channel"] and not one.deleted and one.thread_ts in ("", one.ts)
        ]
        newest = sorted((one for one in channel if _is_within(one, given)), key=lambda one: one.ts)
        return _page(newest[::-1], given)

    def _assistant_threads_setStatus(self, given: Answer) -> Answer:  # noqa: N802
        if len(given.get("loading_messages", [])) > 10:
            raise Refused("too_many_loading_messages")
        self.workspace.statuses.append((given["channel_id"], given["thread_ts"], given["status"]))
        return {}

    def _agents_sessions_setStatus(self, given: Answer) -> Answer:  # noqa: N802
        if not self.is_agent:
            raise Refused("access_denied")
        if (
            given["status"] not in {"active", "processing", "suspended", "closed"}
            or len(given.get("title", "")) > 200
        ):
            raise Refused("invalid_arguments")
        self._need_thread(given["channel_id"], given["thread_ts"])
        self.workspace.sessions.append((given["channel_id"], given["thread_ts"], given["status"]))
        key = given["channel_id"], given["thread_ts"]
        self.workspace.titles.setdefault(key, given.get("title", ""))
        return {"status": given["status"]}

    def _assistant_threads_setTitle(self, given: Answer) -> Answer:  # noqa: N802
        self.workspace.titles[given["channel_id"], given["thread_ts"]] = given["title"]
        return {}

    def _assistant_threads_setSuggestedPrompts(self, given: Answer) -> Answer:  # noqa: N802
        if not 1 <= len(given["prompts"]) <= 4:
            raise Refused("invalid_arguments")
        if not (
            self.is_agent and given.get("thread_ts")
        ):  # an agent's are then not shown, and nothing says so
            self.workspace.prompts.append(given)
        return {}

    def _views_open(self, given: Answer) -> Answer:
        check_view(given["view"])
        view = {
            **given["view"],
            "id": f"V{len(self.workspace.views)}",
            "hash": "h",
            "trigger": given["trigger_id"],
        }
        self.workspace.views.append(view)
        return {"view": view}

    def _views_publish(self, given: Answer) -> Answer:
        check_view(given["view"])
        self.workspace.homes[given["user_id"]] = given["view"]
        return {"view": given["view"]}

    def _users_info(self, given: Answer) -> Answer:
        user = given["user"]
        known: Answer = {
            "id": user,
            "team_id": self.teams.get(user, TEAM),
            "is_admin": user in self.admins,
            "is_owner": False,
            "tz": self.zones.get(user, "Etc/UTC"),
        }
        if self.enterprise:
            known["enterprise_user"] = {
                "enterprise_id": self.enterprise,
                "is_admin": user in self.organisation_admins,
                "is_owner": False,
            }
        profile = {"profile": {"display_name": f"name of {user}", "real_name": f"name of {user}"}}
        asked = str(given.get("include_locale", "")).lower() in {"true", "1"}
        return {"user": known | profile | ({"locale": self.locales.get(user, "en-US")} if asked else {})}

    def _reactions_add(self, given: Answer) -> Answer:
        self._check_channel(given["channel"])
        if not _EMOJI.fullmatch(given["name"]):
            raise Refused("invalid_name")
        message = self.workspace.messages.get((given["channel"], given["timestamp"]))
        if message is None or message.deleted:
            raise Refused("message_not_found")
        if given["name"] in message.reactions:
            raise Refused("already_reacted")
        message.reactions.append(given["name"])
        return {}

    def _canvases_create(self, given: Answer) -> Answer:
        if not self.has_canvases:
            raise Refused("free_teams_cannot_create_non_tabbed_canvases")
        content = given.get("document_content", {})
        if set(content) != {"type", "markdown"} or content["type"] != "markdown":
            raise Refused("invalid_arguments")
        if len(content["markdown"]) > _CANVAS_LIMIT:
            raise Refused("canvas_creation_failed")
        number = f"FC{len(self.workspace.canvases) + 1}"
        self.workspace.canvases[number] = {"title": given.get("title", ""), "markdown": content["markdown"]}
        return {"canvas_id": number}

    def _canvases_access_set(self, given: Answer) -> Answer:
        if given["access_level"] not in {"read", "write", "owner"}:
            raise Refused("invalid_arguments")
        if bool(given.get("channel_ids")) == bool(given.get("user_ids")):
            raise Refused("invalid_parameters")
        canvas = self.workspace.canvases.get(given["canvas_id"])
        if canvas is None:
            raise Refused("canvas_not_found")
        canvas["readers"] = given.get("channel_ids") or given.get("user_ids")
        return {}

    def _files_info(self, given: Answer) -> Answer:
        if given["file"] in self.workspace.files:
            return {"file": {"id": given["file"], "mimetype": "image/png"}}
        if given["file"] not in self.workspace.canvases:
            raise Refused("file_not_found")
        return {
            "file": {"id": given["file"], "permalink": f"https://t.slack.com/docs/{TEAM}/{given['file']}"}
        }

    def _conversations_info(self, given: Answer) -> Answer:
        return {"channel": {"id": given["channel"], "is_private": given["channel"] in self.private}}

    def _conversations_members(self, given: Answer) -> Answer:
        """In pages of two, whatever the limit."""
        start, members = int(given.get("cursor") or 0), self.private[given["channel"]]
        cursor = str(start + 2) if start + 2 < len(members) else ""
        return {"members": members[start : start + 2], "response_metadata": {"next_cursor": cursor}}

    def _conversations_open(self, given: Answer) -> Answer:
        return {"channel": {"id": "D" + given["users"][1:]}}

    def _files_getUploadURLExternal(self, given: Answer) -> Answer:  # noqa: N802
        number = f"F{len(self.workspace.uploads) + 1}"
        if int(given["length"]) < 1:
            raise Refused("invalid_arguments")
        self.workspace.uploads.append({"id": number, **given})
        return {"file_id": number, "upload_url": f"{self.address}/upload/{number}"}

    def _files_completeUploadExternal(self, given: Answer) -> Answer:  # noqa: N802
        """A message with the file appears where it is shared; a message of files carries no metadata."""
        channel, thread = given.get("channel_id", ""), given.get("thread_ts", "")
        if channel:
            self._check_channel(channel)
        if thread:
            self._need_thread(channel, thread)
        shared = []
        for file in given["files"]:
            upload = next(one for one in self.workspace.uploads if one["id"] == file["id"])
            if file["id"] not in self.workspace.files:
                raise Refused("file_not_found")
            upload.update(given, **file)
            shared.append({"id": file["id"], "name": upload["filename"], "title": file.get("title", "")})
            shared[-1]["size"] = int(upload["length"])
        if channel:
            message = Message(channel, self.workspace.next_ts(), BOT, "", thread)
            message.files = shared
            self.workspace.add(message)
        return {"files": shared}

    def _oauth_v2_access(self, given: Answer) -> Answer:
        base = {"token_type": "bot", "scope": "chat:write", "bot_user_id": BOT, "app_id": "A0RIFF"}
        base |= {"enterprise": None, "authed_user": {"id": "U9"}}
        if given.get("grant_type") == "refresh_token":
            number, _, team = given["refresh_token"].removeprefix("xoxe-").partition("-")
            if given["refresh_token"] in self._refreshed:
                raise Refused("invalid_refresh_token")
            self._refreshed.add(given["refresh_token"])
            return base | self._tokens(team, int(number) + 1, 43_200)
        team = given["code"].upper()
        return base | {"team": {"id": team, "name": "other team"}} | self._tokens(team, 1, self.token_seconds)

    def _tokens(self, team: str, number: int, seconds: int) -> Answer:
        if not seconds:
            return {"access_token": f"{BOT_TOKEN}-{team}"}
        token = {"access_token": f"{BOT_TOKEN}-{number}-{team}", "refresh_token": f"xoxe-{number}-{team}"}
        return token | {"expires_in": seconds}

    def _check_channel(self, channel: str) -> None:
        members = self.workspace.members
        if members is not None and not channel.startswith("D") and channel not in members:
            raise Refused("not_in_channel")

    def _check_pace(self, channel: str) -> None:
        """About one message a second in each channel, with a short burst."""
        moment = time.monotonic()
        earliest = self._last_post.get(channel, 0.0) + self.message_seconds
        if self.message_seconds and moment < earliest - 3 * self.message_seconds:
            raise Refused("ratelimited")
        self._last_post[channel] = max(moment, earliest)

    def _check_content(self, given: Answer) -> None:
        if not given.get("text") and not given.get("blocks"):
            raise Refused("no_text")
        if len(given.get("text", "")) > 4000:
            raise Refused("msg_too_long")
        if given.get("blocks"):
            check_message_blocks(given["blocks"])

    def _need_thread(self, channel: str, ts: str) -> None:
        if (channel, ts) not in self.workspace.messages:
            raise Refused("thread_not_found")

    def _own(self, given: Answer) -> Message:
        message = self.workspace.messages.get((given["channel"], given["ts"]))
        if message is None or message.deleted:
            raise Refused("message_not_found")
        if message.user != BOT:
            raise Refused("cant_update_message")
        return message

    def _streaming(self, given: Answer) -> Message:
        message = self._own(given)
        if time.monotonic() - self._stream_started.get(message.ts, 0) > self.stream_seconds:
            message.streaming = False
        if not message.streaming:
            raise Refused("message_not_in_streaming_state")
        return message

    address = ""


def _metadata(given: Answer) -> Answer | None:
    metadata = given.get("metadata")
    if metadata is not None and set(metadata) != {"event_type", "event_payload"}:
        raise Refused("invalid_metadata_format")
    return metadata


def _is_within(message: Message, given: Answer) -> bool:
    """Whether it lies between the bounds, which count themselves where they are inclusive."""
    oldest, latest = given.get("oldest", ""), given.get("latest") or "9"
    if str(given.get("inclusive", "")).lower() in {"true", "1"} and message.ts in {oldest, latest}:
        return True
    return bool(oldest < message.ts < latest)


def _page(messages: list[Message], given: Answer) -> Answer:
    limit, start = int(given.get("limit", 100)), int(given.get("cursor") or 0)
    has_more = len(messages) > start + limit
    cursor = str(start + limit) if has_more else ""
    found = [one.as_json() for one in messages[start : start + limit]]
    if str(given.get("include_all_metadata", "")).lower() not in {"true", "1"}:
        found = [{key: value for key, value in one.items() if key != "metadata"} for one in found]
    return {"messages": found, "has_more": has_more, "response_metadata": {"next_cursor": cursor}}


async def _arguments(request: web.Request) -> dict[str, Any]:
    given: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        given |= await request.json()
    else:
        given |= {key: value for key, value in (await request.post()).items() if isinstance(value, str)}
    for name in (
        "blocks",
        "metadata",
        "view",
        "prompts",
        "files",
        "chunks",
        "loading_messages",
        "channel_ids",
    ):
        if isinstance(given.get(name), str):
            given[name] = json.loads(given[name])
    return given
