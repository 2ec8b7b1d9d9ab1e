"""Files that Riff hands over: uploads, which Slack shows in place when they are pictures, and canvases.

https://docs.slack.dev/messaging/working-with-files and https://docs.slack.dev/surfaces/canvases
"""

import logging
from functools import partial

import aiohttp
from slack_sdk.errors import SlackApiError

from adapters.slack.rendering.block_kit import Look, section, summary
from adapters.slack.rendering.markdown import escape, inert
from adapters.slack.rendering.private_messages import PrivateMessages
from adapters.slack.rendering.sending import Found, Posts
from adapters.slack.transport.api import Gone, Unsure
from bot.core.domain import Document

log = logging.getLogger("riff.slack")

_SECONDS = 30
_CANVAS_CHARACTERS = 1_000_000
_ALT_CHARACTERS = 1000


class Documents:
    """Hands over the files of one answer, each once: `found` is what an earlier attempt had handed over."""

    def __init__(self, posts: Posts, private: PrivateMessages, found: Found) -> None:
        self._api = posts.api
        self._spot = posts.spot
        self._posts = posts
        self._private = private
        self._canvases = 0
        self._old = found

    async def give(self, document: Document, *, private: bool) -> None:
        """Into the direct message with the person where it is private and others read along, else into the thread.

        A text for all becomes a canvas where the workspace has canvases. Raises SlackApiError, Gone or Unsure.
        """
        if private and self._private.is_needed:
            await self._private.once(partial(self._apart, document))
            return
        is_known = (document.name, len(document.content)) in self._old.files
        if not await self._as_canvas(document) and not is_known:
            await self._upload(document, self._spot.channel, self._spot.thread)

    async def link_to(self, document: Document) -> str:
        """Where a text for all can be read: a canvas where the workspace has canvases, else a file of Riff's own."""
        if document.media_type == "text/markdown" and not self._spot.channel.startswith("D"):
            try:
                return await self._made_canvas(document)
            except (SlackApiError, Gone, Unsure) as error:
                log.info("no canvas: %s", error)
        await self._upload(document, self._spot.channel, self._spot.thread)
        return ""

    async def upload_apart(self, document: Document) -> str:
        """The id of a file that no channel shows by itself, for a message to show."""
        return await self._upload(document, "", "")

    async def _apart(self, document: Document) -> None:
        await self._upload(document, await self._private.direct_channel(), "")

    async def _as_canvas(self, document: Document) -> bool:
        """Whether it stands in a canvas now; a free workspace has none but in tabs of channels."""
        if document.media_type != "text/markdown" or self._spot.channel.startswith("D"):
            return False
        if self._canvases < len(self._old.canvases):
            self._canvases += 1
            return True
        try:
            look = await self._canvas(document)
        except (SlackApiError, Gone, Unsure) as error:
            log.info("no canvas: %s", error)
            return False
        await self._posts.post(look, f"canvas-{self._canvases}")
        self._canvases += 1
        return True

    async def _canvas(self, document: Document) -> Look:
        """A message that leads to a canvas."""
        title = document.title or document.name
        return Look(summary(title), (section(f"<{await self._made_canvas(document)}|{escape(title)}>"),))

    async def _made_canvas(self, document: Document) -> str:
        """The address of a new canvas which everybody in the channel may read."""
        title = document.title or document.name
        text = inert(document.content.decode("utf-8"))[:_CANVAS_CHARACTERS]
        content = {"type": "markdown", "markdown": text}
        made = await self._api.call("canvases.create", title=title, document_content=content)
        canvas, readers = str(made["canvas_id"]), [self._spot.channel]
        await self._api.call(
            "canvases.access.set", canvas_id=canvas, access_level="read", channel_ids=readers
        )
        return str((await self._api.read("files.info", file=canvas))["file"]["permalink"])

    async def _upload(self, document: Document, channel: str, thread: str) -> str:
        """The file's id; with no channel nobody sees it yet."""
        ticket = await self._api.read(
            "files.getUploadURLExternal",
            filename=document.name,
            length=len(document.content),
            alt_txt=document.alt_text[:_ALT_CHARACTERS] or None,
        )
        await _put(str(ticket["upload_url"]), document.content)
        await self._api.call(
            "files.completeUploadExternal",
            files=[{"id": ticket["file_id"], "title": document.title or document.name}],
            channel_id=channel or None,
            thread_ts=thread or None,
        )
        return str(ticket["file_id"])


async def _put(url: str, content: bytes) -> None:
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_SECONDS)) as session,
            session.post(url, data=content) as response,
        ):
            response.raise_for_status()
    except (aiohttp.ClientError, TimeoutError) as error:
        raise Unsure(f"upload: {type(error).__name__}") from error
