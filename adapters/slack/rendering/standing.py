"""Panels that stand: each has one place in its thread, or above it, and is changed there when it says something else.

Where it stands is noted beside the inbox, so that any process, and one after a restart, finds it again.
"""

import asyncio
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Protocol

from slack_sdk.errors import SlackApiError

from adapters.slack.incoming.event import PLATFORM
from adapters.slack.rendering.block_kit import Look
from adapters.slack.rendering.documents import Documents
from adapters.slack.rendering.panels import IMAGE, PLAN, Attached, panel_looks, picture_of, plainer
from adapters.slack.rendering.sending import Found, Post, Posts
from adapters.slack.transport.api import Api, Gone, Unsure, code_of
from bot.core.buttons import CARD, Panel
from bot.core.domain import Document
from bot.jobs.inbox import TryLater

log = logging.getLogger("riff.slack")

_NOT_MINE = frozenset({"cant_update_message", "message_not_found", "edit_window_closed", "cant_edit_message"})
_BLOCKS_REFUSED = frozenset({"invalid_blocks", "invalid_arguments", "invalid_blocks_format"})
_READY_SECONDS = (0.5, 1.0, 2.0)
"""Slack takes a moment to know an uploaded picture before a message may show it."""
_PATIENCE_SECONDS = 2.0


class Notes(Protocol):
    """Where it is noted: the core's platform state."""

    async def get(self, platform: str, name: str) -> Any: ...
    async def put(self, platform: str, name: str, value: Any) -> None: ...


@dataclass(frozen=True, slots=True)
class _Stands:
    """The messages of a panel with their ts, its pictures, where it leads, and what it says, as a hash."""

    messages: tuple[str, ...] = ()
    pictures: tuple[tuple[str, str], ...] = ()
    link: str = ""
    file: str = ""
    said: str = ""

    @classmethod
    def read(cls, noted: Mapping[str, Any]) -> "_Stands":
        pictures = tuple((one[0], one[1]) for one in noted.get("pictures", ()))
        return cls(
            tuple(noted.get("messages", ())),
            pictures,
            noted.get("link", ""),
            noted.get("file", ""),
            noted["said"],
        )

    def values(self) -> dict[str, Any]:
        """As JSON holds it."""
        return {
            "messages": list(self.messages),
            "pictures": [list(one) for one in self.pictures],
            "link": self.link,
            "file": self.file,
            "said": self.said,
        }


class Standing:
    """The named panels of one answer's thread."""

    def __init__(self, posts: Posts, documents: Documents, notes: Notes) -> None:
        self._posts = posts
        self._documents = documents
        self._notes = notes
        self._newest = ""
        self._count = 0

    async def show(self, panel: Panel, found: Found) -> None:
        """Post it, or change what stands there; raises what the calls to Slack raise.

        `found` is what an earlier attempt had posted, to be gone on from. The card is a courtesy to the channel:
        where it cannot stand, the thread goes on without.
        """
        try:
            await self._show(panel, found)
        except SlackApiError as error:
            if panel.name != CARD:
                raise
            log.info("no card in the channel: %s", code_of(error))

    async def _show(self, panel: Panel, found: Found) -> None:
        spot = self._posts.spot
        key = f"standing:{spot.channel}:{spot.thread}:{panel.name}"
        noted = await self._notes.get(PLATFORM, key) if panel.name else None
        stands = None if noted is None else _Stands.read(noted)
        if panel.name == CARD:
            stands = stands or _Stands(messages=(spot.thread,) if spot.thread else ())
            if not stands.messages:
                return
        if stands is not None:  # it is no longer for the answer to tidy away
            found.notes[:] = [note for note in found.notes if note.ts not in stands.messages]
        attached = await self._attach(panel, stands or _Stands())
        looks = panel_looks(panel, attached)
        said = sha256(json.dumps([look.blocks for look in looks]).encode()).hexdigest()
        if stands is not None and stands.said == said:
            return
        messages = await self._bring(panel, looks, stands, found)
        if panel.name:
            now = _Stands(messages, attached.pictures, attached.link, attached.file, said)
            await self._notes.put(PLATFORM, key, now.values())
        if panel.name != CARD and messages:
            self._newest = messages[0]

    async def _bring(
        self, panel: Panel, looks: list[Look], stands: _Stands | None, found: Found
    ) -> tuple[str, ...]:
        self._count += 1
        held = [] if stands is None else list(stands.messages)
        messages: list[str] = []
        for look in looks:
            if held:
                ts = held.pop(0)
                if await self._changed(Post(ts, "root" if panel.name == CARD else "note"), look):
                    messages.append(ts)
                    continue
                if panel.name == CARD:
                    return ()
            role = f"note-{panel.name or f'panel-{self._count}'}-{len(messages)}"
            messages.append(await self._posted(look, role, found))
        for ts in held:
            await self._posts.delete(Post(ts, "note"))
        return tuple(messages)

    async def _posted(self, look: Look, role: str, found: Found) -> str:
        known = next((note for note in found.notes if note.role == role), None)
        if known is not None:
            found.notes.remove(known)
            if await self._changed(known, look):
                return known.ts
        try:
            return (await self._posts.post(look, role)).ts
        except SlackApiError as error:
            if code_of(error) not in _BLOCKS_REFUSED or not _can_be_plainer(look):
                raise
            return (await self._posts.post(plainer(look), role)).ts

    async def _changed(self, post: Post, look: Look) -> bool:
        """Whether the message says it now; not one that somebody deleted, or that is not Riff's."""
        try:
            try:
                await self._posts.update(post, look)
            except SlackApiError as error:
                if code_of(error) not in _BLOCKS_REFUSED or not _can_be_plainer(look):
                    raise
                log.info("shown plainer: %s", code_of(error))
                await self._posts.update(post, plainer(look))
        except SlackApiError as error:
            if code_of(error) not in _NOT_MINE:
                raise
            return False
        return True

    async def _attach(self, panel: Panel, stands: _Stands) -> Attached:
        """What the panel needs elsewhere in Slack; what was there before is not made again."""
        pictures, file = stands.pictures, stands.file
        if panel.pictures and not pictures:
            uploaded = [(await self._picture(one), one) for one in panel.pictures]
            pictures = tuple(picture_of(file_id, one) for file_id, one in uploaded if file_id)
        if panel.file is not None and not file:
            file = await self._documents.link_to(panel.file)
        link = stands.link
        if panel.link and self._newest:
            link = await permalink(self._posts.api, self._posts.spot.channel, self._newest)
        return Attached(pictures, link, file)

    async def _picture(self, document: Document) -> str:
        """The id of the picture, uploaded and known to Slack, which takes a moment; "" where Slack refuses it."""
        try:
            return await self._uploaded(document)
        except SlackApiError as error:
            log.warning("no picture: %s", code_of(error))
            return ""

    async def _uploaded(self, document: Document) -> str:
        file_id = await self._documents.upload_apart(document)
        for seconds in _READY_SECONDS:
            answer = await self._posts.api.read("files.info", file=file_id)
            if answer["file"].get("mimetype"):
                break
            await asyncio.sleep(seconds)
        return file_id


async def permalink(api: Api, channel: str, ts: str) -> str:
    """The way to a message; one that is gone has none."""
    try:
        answer = await api.read(
            "chat.getPermalink", patience=_PATIENCE_SECONDS, channel=channel, message_ts=ts
        )
    except (SlackApiError, Gone, Unsure, TryLater) as error:
        log.info("no way to a message: %s", error)
        return ""
    return str(answer.get("permalink") or "")


def _can_be_plainer(look: Look) -> bool:
    return any(block["type"] in {PLAN, IMAGE} for block in look.blocks)
