"""What only one person shall see: ephemeral messages, answers to a slash command, files in a direct message.

https://docs.slack.dev/reference/methods/chat.postEphemeral
https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
"""

import logging
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError

from adapters.slack.rendering.block_kit import Look
from adapters.slack.rendering.sending import Spot
from adapters.slack.transport.api import Api, Gone

log = logging.getLogger("riff.slack")

_SECONDS = 30


class Sent:
    """How much an event's person was sent privately, which Slack does not tell: it is noted beside the event."""

    def __init__(self, before: int = 0, note: Callable[[int], Awaitable[None]] | None = None) -> None:
        self._before = before
        self._count = 0
        self._note = note

    async def once(self, step: Callable[[], Awaitable[None]]) -> None:
        """The next step, unless an earlier attempt took it."""
        self._count += 1
        if self._count <= self._before:
            return
        await step()
        if self._note is not None:
            await self._note(self._count)


class PrivateMessages:
    """The way to one person; `is_needed` where there is one and others read along.

    What answers a press in a message that only they see `replaces` that message.
    """

    def __init__(
        self,
        api: Api,
        spot: Spot,
        response_url: str = "",
        sent: Sent | None = None,
        *,
        replaces: bool = False,
    ) -> None:
        self._replaces = replaces
        self._api = api
        self._spot = spot
        self._response_url = response_url
        self._sent = sent or Sent()
        self.is_needed = bool(spot.user) and not spot.channel.startswith("D")

    async def send(self, looks: Sequence[Look]) -> None:
        """Messages for the person, by the first way that works. Raises what the last one raised."""
        for number, look in enumerate(looks):
            await self._sent.once(partial(self._send, look, replaces=self._replaces and not number))

    async def once(self, step: Callable[[], Awaitable[None]]) -> None:
        """Something else for the person alone; not where an earlier attempt had done it."""
        await self._sent.once(step)

    async def _send(self, look: Look, *, replaces: bool) -> None:
        if not self.is_needed and not self._response_url:
            await self._post(self._spot.channel, look, self._spot.thread)
            return
        if self._response_url and await self._respond(look, replaces=replaces):
            return
        try:
            await self._api.call(
                "chat.postEphemeral",
                channel=self._spot.channel,
                user=self._spot.user,
                thread_ts=self._spot.thread or None,
                text=look.text,
                blocks=list(look.blocks),
            )
        except (Gone, SlackApiError) as error:  # Riff is not in the channel: the direct message is left
            log.info("not told in the channel: %s", error)
            await self._post(await self.direct_channel(), look, "")

    async def direct_channel(self) -> str:
        """The direct message with the person."""
        answer = await self._api.read("conversations.open", users=self._spot.user)
        return str(answer["channel"]["id"])

    async def _respond(self, look: Look, *, replaces: bool) -> bool:
        """By the response URL, which works for half an hour and five messages, also where Riff is no member."""
        body: dict[str, Any] = {"response_type": "ephemeral", "replace_original": replaces, "text": look.text}
        body |= {"thread_ts": self._spot.thread} if self._spot.thread and not replaces else {}
        try:
            async with (
                aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_SECONDS)) as session,
                session.post(self._response_url, json=body | {"blocks": list(look.blocks)}) as response,
            ):
                return response.status == 200
        except (aiohttp.ClientError, TimeoutError) as error:
            log.info("the response URL does not answer: %s", type(error).__name__)
            return False

    async def _post(self, channel: str, look: Look, thread: str) -> None:
        await self._api.call(
            "chat.postMessage",
            channel=channel,
            thread_ts=thread or None,
            text=look.text,
            blocks=list(look.blocks),
            metadata={"event_type": "riff_note", "event_payload": {}},
        )
