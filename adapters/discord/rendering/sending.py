"""Where the messages of one answer go: a channel, or the interaction that asked for it.

Sending is safe to repeat: posts carry a nonce made of the event and the part, which Discord enforces for some
minutes, and whoever takes an answer up again first looks for what was posted.
"""

import itertools
import logging
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Protocol

import discord

from adapters.discord.gateway.api import EPHEMERAL, NO_MENTIONS, SUPPRESS_EMBEDS, Api, Json, Upload
from adapters.discord.incoming.event import Event
from adapters.discord.rendering.cards import converted, is_laid_out
from bot.language import N_, _

log = logging.getLogger("riff.discord")

TOKEN_SECONDS = 900.0
SPARE_SECONDS = 20.0
"""So long before its end a token is not relied on any more."""
ORIGINAL = "@original"
_SAID = (0, 19, 20)
"""Types of messages that somebody wrote; the others are Discord's own."""
_LOADING = 1 << 7
_GONE = "…"
_LATER = N_("This took longer than Discord lets me wait here; the answer is in the channel.")


class Target(Protocol):
    """Messages of one answer, numbered from 0; an id names each once it was sent."""

    key: str
    """By which the rate limit of edits goes."""

    async def earlier(self) -> list[Json]: ...
    async def send(self, part: int, payload: Json, files: Sequence[Upload] = ()) -> str: ...
    async def edit(self, message: str, payload: Json, files: Sequence[Upload] = ()) -> None: ...
    async def delete(self, message: str) -> None: ...
    async def typing(self) -> None: ...
    async def whisper(self, payload: Json, files: Sequence[Upload] = ()) -> bool: ...


class ChannelTarget:
    """Replies in a channel to `reply_to`, the first part to that message and the others to the first."""

    def __init__(self, api: Api, own_id: str, channel: str, event_id: str, reply_to: str = "") -> None:
        self.key = channel
        self._api = api
        self._own_id = own_id
        self._event_id = event_id
        self._reply_to = reply_to
        self._round = 0
        self._nonce = event_id

    def answers(self, message: str) -> None:
        """From now on the parts are replies to this message."""
        self._reply_to = message

    async def earlier(self) -> list[Json]:
        """The parts that an earlier attempt posted, in order."""
        try:
            messages = await self._api.messages_after(self.key, self._reply_to or self._event_id)
        except discord.HTTPException as error:
            if error.status >= 500:
                raise
            return []  # not to be read: then the nonces have to do
        said = [message for message in messages if message["type"] in _SAID]
        if not self._reply_to:
            own = itertools.takewhile(lambda message: message["author"]["id"] == self._own_id, said)
            return list(own)
        found: list[Json] = []
        for message in said:
            answered = (message.get("message_reference") or {}).get("message_id")
            first = {each["id"] for each in found[:1]}
            if message["author"]["id"] == self._own_id and answered in {self._reply_to, *first}:
                found.append(message)
        return found

    async def send(self, part: int, payload: Json, files: Sequence[Upload] = ()) -> str:
        """Post one part, or find it where it was posted before."""
        nonce = f"{self._nonce}.{part}" + (f".{self._round}" if self._round else "")
        body = {**payload, "nonce": nonce, "enforce_nonce": True}
        if self._reply_to:
            body["message_reference"] = {"message_id": self._reply_to, "fail_if_not_exists": False}
        try:
            message = await self._api.post(self.key, body, files)
        except discord.HTTPException as error:
            if error.code != 160002:  # replies need the right to read what is replied to
                raise
            body.pop("message_reference")
            message = await self._api.post(self.key, body, files)
        if part == 0:
            self._reply_to = str(message["id"]) if self._reply_to else ""
        return str(message["id"])

    async def edit(self, message: str, payload: Json, files: Sequence[Upload] = ()) -> None:
        await self._api.edit(self.key, message, payload, files)

    async def delete(self, message: str) -> None:
        """Remove a part; what takes its place is new to Discord, which knows the nonces of deleted messages too."""
        await self._api.delete(self.key, message)
        self._round += 1

    async def typing(self) -> None:
        await self._api.typing(self.key)

    async def whisper(self, payload: Json, files: Sequence[Upload] = ()) -> bool:
        """A channel's message is seen by all of the channel: there is no whispering."""
        return False


class InteractionTarget:
    """Answers an interaction as long as its token is good, then goes on in the channel."""

    def __init__(
        self, api: Api, event: Event, later: ChannelTarget, received: float, seconds: float = TOKEN_SECONDS
    ) -> None:
        self.key = event.token
        self._api = api
        self._event = event
        self._later = later
        self._ends = received + seconds
        self._is_later = False
        self._is_laid_out = False
        self._has_whispered = False

    @property
    def _is_running_out(self) -> bool:
        """Whether the token may end before the answer does."""
        return time.time() > self._ends - SPARE_SECONDS

    async def earlier(self) -> list[Json]:
        """What an earlier attempt had shown, also beside the interaction."""
        try:
            original = await self._api.response(self._event.app, self.key)
        except discord.HTTPException as error:
            if not _is_over(error):
                raise
            self._is_later = True
            return await self._later.earlier()
        if original["flags"] & _LOADING:
            return []
        self._is_laid_out = is_laid_out(original)
        self._later.answers(original["id"])
        more = await self._later.earlier() if self._may_post else []
        return [{**original, "id": f"{ORIGINAL}:{original['id']}"}, *more]

    @property
    def _may_post(self) -> bool:
        """Whether further parts go to the channel, where an enforced nonce keeps them from coming twice."""
        return self._event.can_post and not self._event.private

    async def send(self, part: int, payload: Json, files: Sequence[Upload] = ()) -> str:
        """The first part takes the place of "thinking"; others follow it."""
        if self._is_later or (part > 0 and self._may_post):
            return await self._later.send(part, payload, files)
        if self._is_running_out:
            return await self._move(part, payload, files)
        try:
            if part == 0:
                fitting = converted(payload, from_laid_out=self._is_laid_out)
                sent = await self._api.edit_response(self._event.app, self.key, ORIGINAL, fitting, files)
                self._is_laid_out = is_laid_out(sent)
                self._later.answers(sent["id"])
                self._has_whispered |= self._event.private
                return f"{ORIGINAL}:{sent['id']}"
            flags = payload.get("flags", 0) | (EPHEMERAL if self._event.private else 0)
            sent = await self._api.follow_up(self._event.app, self.key, {**payload, "flags": flags}, files)
            return f"hook:{sent['id']}"
        except discord.HTTPException as error:
            if not _is_over(error):
                raise
            return await self._move(part, payload, files)

    async def edit(self, message: str, payload: Json, files: Sequence[Upload] = ()) -> None:
        """Change a part; where the token has ended meanwhile the channel's own way still leads to it."""
        kind, _, number = message.partition(":")
        if not number:
            return await self._later.edit(message, payload, files)
        try:
            target = ORIGINAL if kind == ORIGINAL else number
            await self._api.edit_response(self._event.app, self.key, target, payload, files)
        except discord.HTTPException as error:
            if not _is_over(error):
                raise
            await self._later.edit(number, payload, files)
        if kind == ORIGINAL:
            self._is_laid_out |= is_laid_out(payload)
        return None

    async def delete(self, message: str) -> None:
        kind, _, number = message.partition(":")
        if not number:
            return await self._later.delete(message)
        if kind == ORIGINAL:  # what takes its place comes next, and needs it
            gone = converted(plain(_GONE), from_laid_out=self._is_laid_out)
            await self._api.edit_response(self._event.app, self.key, ORIGINAL, gone)
        else:
            await self._api.delete_response(self._event.app, self.key, number)
        return None

    async def typing(self) -> None:
        """Discord shows by itself that an interaction is being worked on."""
        if self._is_later:
            await self._later.typing()

    async def whisper(self, payload: Json, files: Sequence[Upload] = ()) -> bool:
        """Answer for the person alone, first in place of "thinking", then below; False when the token has ended."""
        try:
            is_first, self._has_whispered = not self._has_whispered, True
            if is_first and self._event.private:
                fitting = converted(payload, from_laid_out=self._is_laid_out)
                await self._api.edit_response(self._event.app, self.key, ORIGINAL, fitting, files)
                return True
            if is_first:
                await self._api.delete_response(self._event.app, self.key, ORIGINAL)
            hidden = {**payload, "flags": payload.get("flags", 0) | EPHEMERAL}
            await self._api.follow_up(self._event.app, self.key, hidden, files)
        except discord.HTTPException as error:
            if not _is_over(error):
                raise
            return False
        return True

    async def _move(self, part: int, payload: Json, files: Sequence[Upload]) -> str:
        """Go on in the channel; where "thinking" still stands, say so there."""
        self._is_later = True
        with suppress(discord.HTTPException):
            await self._api.edit_response(self._event.app, self._event.token, ORIGINAL, plain(_(_LATER)))
        self.key = self._later.key
        return await self._later.send(part, payload, files)


def _is_over(error: discord.HTTPException) -> bool:
    """Whether the interaction cannot be answered any more: unknown, never acknowledged, or its token too old."""
    return error.status in {401, 404} or error.code in {10008, 10015, 10062, 50027}


def plain(content: str, components: list[Json] | None = None) -> Json:
    """A message's payload: no mentions, no previews of links."""
    return {
        "content": content,
        "flags": SUPPRESS_EMBEDS,
        "allowed_mentions": NO_MENTIONS,
        "components": components or [],
    }
