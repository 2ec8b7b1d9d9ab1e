"""The messages of one answer: posted, streamed, edited, and found again after a crash.

Every message carries the id of the event that it answers, as message metadata
(https://docs.slack.dev/messaging/message-metadata). A native stream takes metadata only when it stops: one that
was cut off is known by having none, for nothing else of Riff's is without, and a thread has one answer at a time.

A stream is for one person, its recipient: in a channel the others see the first piece, and no more until it ends. So
only direct messages are streamed; in channels answers grow by edits, which all see.
"""

import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from slack_sdk.errors import SlackApiError
from tenacity import AsyncRetrying, retry_if_exception, retry_if_exception_type, stop_after_attempt

from adapters.slack.rendering.block_kit import Block, Look
from adapters.slack.transport.api import Api, Unsure, code_of

log = logging.getLogger("riff.slack")

EVENT_TYPE = "riff_answer"
STREAM_SECONDS = 240.0
"""Slack closes a stream after about five minutes."""
_PAGES = 10
_TRIES = 3
_STREAMS_YET = frozenset({"streaming_state_conflict", "message_is_streaming"})


@dataclass(frozen=True, slots=True)
class Spot:
    """Where an answer goes; `thread` is "" for a direct message outside of any, `user` where nobody asked."""

    channel: str
    thread: str
    user: str
    recipient_team: str
    since: str
    """The ts that all of the answer's messages are later than."""


@dataclass
class Post:
    """One message: what it shows of Markdown (None: not known) while it is written, and whether it streams."""

    ts: str
    role: str
    shown: str | None = None
    look: Look | None = None
    streaming_since: float | None = None

    @property
    def is_open(self) -> bool:
        """Whether it streams or has a button: then it is not as it will stay."""
        return self.streaming_since is not None or (self.look is not None and len(self.look.blocks) > 1)


@dataclass(frozen=True, slots=True)
class Found:
    """Messages of one answer: its parts, notices beside it, the message that its thread hangs on, canvases.

    `files` are the names and sizes of what was uploaded there meanwhile, which carries no event's id.
    """

    parts: list[Post] = field(default_factory=list)
    notes: list[Post] = field(default_factory=list)
    roots: list[Post] = field(default_factory=list)
    canvases: list[Post] = field(default_factory=list)
    files: list[tuple[str, int]] = field(default_factory=list)

    def of_role(self, role: str) -> list[Post]:
        """Where a message of this role belongs."""
        kinds = {"root": self.roots, "note": self.notes, "canvas": self.canvases}
        return kinds.get(role.partition("-")[0], self.parts)


class Posts:
    """Makes and changes the messages of the answer to one event."""

    def __init__(self, api: Api, spot: Spot, event_id: str, bot_user: str) -> None:
        self.api = api
        self.spot = spot
        self._event_id = event_id
        self._bot_user = bot_user
        self.can_stream = bool(spot.thread and spot.user) and spot.channel.startswith("D")

    async def find(self) -> "Found":
        """What an earlier attempt had posted, in order; its streams are stopped."""
        found = Found()
        for message in await self._own_messages():
            payload = _payload(message)
            found.files.extend((str(one["name"]), int(one["size"])) for one in message.get("files") or ())
            if payload.get("event_id") == self._event_id:
                post = Post(message["ts"], str(payload.get("role", "")))
                found.of_role(post.role).append(post)
            elif self._is_orphan(message):
                post = Post(message["ts"], f"part-{len(found.parts)}", streaming_since=0.0)
                await self.stop(post)
                found.parts.append(post)
        return found

    async def post(self, look: Look, role: str, *, shown: str | None = None) -> Post:
        """A new message; one whose fate is unknown is looked for before it is posted again.

        `role` ("part-0", "note-1") tells it from the answer's other messages.
        """
        content = {**self._content(look, role), **self._thread()}
        retrying = AsyncRetrying(
            retry=retry_if_exception_type(Unsure), stop=stop_after_attempt(_TRIES), reraise=True
        )
        ts = ""
        async for attempt in retrying:
            with attempt:
                ts = await self._lately(role) if attempt.retry_state.attempt_number > 1 else ""
                ts = ts or str((await self.api.call("chat.postMessage", **content))["ts"])
        return Post(ts, role, shown, look)

    async def start(self, text: str, role: str, below: Sequence[Block]) -> Post | None:
        """A native stream that begins with `text`, with the blocks `below`; None where Slack does not stream."""
        chunks: list[Mapping[str, Any]] = [{"type": "markdown_text", "text": text}]
        button: Mapping[str, Any] = {"type": "blocks", "blocks": list(below)}
        for more in ([button], []) if below else ([],):
            try:
                answer = await self.api.call(
                    "chat.startStream",
                    channel=self.spot.channel,
                    thread_ts=self.spot.thread,
                    recipient_user_id=self.spot.user,
                    recipient_team_id=self.spot.recipient_team,
                    chunks=[*chunks, *more],
                )
                return Post(str(answer["ts"]), role, text, streaming_since=time.monotonic())
            except Unsure:
                if orphans := [str(one["ts"]) for one in await self._own_messages() if self._is_orphan(one)]:
                    return Post(orphans[-1], role, streaming_since=0.0)
                break
            except SlackApiError as error:
                log.info("no native stream: %s", code_of(error))
                if code_of(error) not in {"invalid_arguments", "invalid_chunks", "invalid_blocks"}:
                    break
        self.can_stream = False
        return None

    async def append(self, post: Post, text: str) -> bool:
        """Lengthens a stream; False when it has ended, or nobody knows: then `update` sets the whole text."""
        if post.streaming_since is None or time.monotonic() - post.streaming_since > STREAM_SECONDS:
            return False
        try:
            chunk = {"type": "markdown_text", "text": text}
            await self.api.call("chat.appendStream", channel=self.spot.channel, ts=post.ts, chunks=[chunk])
        except (SlackApiError, Unsure) as error:
            log.info("the stream ended early: %s", error)
            return False
        post.shown = (post.shown or "") + text
        return True

    async def stop(self, post: Post) -> None:
        """Ends a stream; one that had ended already is no trouble."""
        if post.streaming_since is None:
            return
        post.streaming_since = None
        try:
            await self.api.call(
                "chat.stopStream", channel=self.spot.channel, ts=post.ts, metadata=self._metadata(post.role)
            )
        except (SlackApiError, Unsure) as error:
            log.info("the stream had ended: %s", error)

    async def update(self, post: Post, look: Look, *, shown: str | None = None) -> None:
        """Sets what a message shows; nothing is sent when it shows that already."""
        await self.stop(post)
        if post.look == look:
            return
        content = self._content(look, post.role)
        del content["unfurl_links"], content["unfurl_media"]
        retrying = AsyncRetrying(
            retry=retry_if_exception(_may_set_again), stop=stop_after_attempt(_TRIES), reraise=True
        )
        async for attempt in retrying:
            with attempt:
                await self.stop(post)
                try:
                    await self.api.call("chat.update", ts=post.ts, **content)
                except SlackApiError as error:
                    if code_of(error) in _STREAMS_YET:
                        post.streaming_since = 0.0
                    raise
        post.look, post.shown = look, shown

    async def delete(self, post: Post) -> None:
        """Removes a message; one that is gone already is no trouble."""
        await self.stop(post)
        try:
            await self.api.call("chat.delete", channel=self.spot.channel, ts=post.ts)
        except SlackApiError as error:
            if code_of(error) != "message_not_found":
                raise

    def _is_orphan(self, message: Mapping[str, Any]) -> bool:
        """Whether it can only be a stream that this event's answer was cut off in."""
        return (
            self.can_stream
            and not message.get("metadata")
            and not message.get("files")
            and str(message["ts"]) > self.spot.since
        )

    async def _lately(self, role: str) -> str:
        """The ts of the last message of this role for the event."""
        found = [
            message for message in await self._own_messages() if _payload(message) == self._payload(role)
        ]
        return str(found[-1]["ts"]) if found else ""

    async def _own_messages(self) -> list[dict[str, Any]]:
        method = "conversations.replies" if self.spot.thread else "conversations.history"
        given: dict[str, Any] = {"ts": self.spot.thread} if self.spot.thread else {}
        messages: list[dict[str, Any]] = []
        cursor = None
        for _ in range(_PAGES):
            answer = await self.api.read(
                method,
                channel=self.spot.channel,
                oldest=self.spot.since or None,
                include_all_metadata=True,
                limit=200,
                cursor=cursor,
                **given,
            )
            messages += [one for one in answer.get("messages", []) if one.get("user") == self._bot_user]
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or None
            if not cursor:
                break
        return sorted(messages, key=lambda one: str(one["ts"]))

    def _content(self, look: Look, role: str) -> dict[str, Any]:
        return {
            "channel": self.spot.channel,
            "text": look.text,
            "blocks": list(look.blocks),
            "metadata": self._metadata(role),
            "unfurl_links": False,
            "unfurl_media": False,
        }

    def _thread(self) -> dict[str, Any]:
        return {"thread_ts": self.spot.thread} if self.spot.thread else {}

    def _metadata(self, role: str) -> dict[str, Any]:
        return {"event_type": EVENT_TYPE, "event_payload": self._payload(role)}

    def _payload(self, role: str) -> dict[str, str]:
        return {"event_id": self._event_id, "role": role}


def _may_set_again(error: BaseException) -> bool:
    """Whether the same content may be set once more: it was lost, or the message streamed when it was set."""
    return isinstance(error, Unsure) or (isinstance(error, SlackApiError) and code_of(error) in _STREAMS_YET)


def _payload(message: Mapping[str, Any]) -> dict[str, Any]:
    metadata = message.get("metadata") or {}
    payload = metadata.get("event_payload") if metadata.get("event_type") == EVENT_TYPE else None
    return payload if isinstance(payload, dict) else {}
