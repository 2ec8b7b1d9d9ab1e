"""Where the answer to an event goes: its channel, its messages, the way to its person."""

from dataclasses import replace
from functools import partial

from adapters.slack.channel import SlackChannel
from adapters.slack.incoming.event import Heard
from adapters.slack.rendering.documents import Documents
from adapters.slack.rendering.private_messages import Private, Sent
from adapters.slack.rendering.reactions import mark
from adapters.slack.rendering.sending import Posts, Spot
from adapters.slack.status import Status
from adapters.slack.transport.api import Api
from adapters.slack.transport.installations import Apis
from bot.core.domain import Place
from bot.inbox import ClaimedEvent
from bot.inbox_notes import InboxNotes

_SENT = "sent privately"


class Channels:
    """Opens what an answer is shown with; each raises Gone where Riff is not installed any more."""

    def __init__(self, apis: Apis, notes: InboxNotes, paint_seconds: float) -> None:
        self._apis = apis
        self._notes = notes
        self._paint_seconds = paint_seconds

    async def of(self, event: ClaimedEvent, heard: Heard, *, private: bool = False) -> SlackChannel:
        """The channel for what a person did."""
        api, installed = await self._apis.of(heard.team, heard.enterprise)
        spot = spot_of(event, heard)
        posts = Posts(api, spot, event.event_id, installed.bot_user)
        apart = self._private(api, spot, event, heard)
        is_message = heard.kind in {"message", "shortcut"}
        return SlackChannel(
            posts,
            apart,
            Documents(api, spot, posts, apart),
            Status(api, spot.channel, spot.thread),
            event.event_id,
            react=partial(mark, api, spot.channel, heard.ts if is_message else ""),
            seconds=self._paint_seconds,
            all_private=private,
        )

    async def of_errand(self, event: ClaimedEvent, place: Place) -> SlackChannel:
        """The channel for what Riff does by itself: nobody asked, so nothing is private and nothing is streamed."""
        api, installed = await self._apis.of_workspace(place.workspace)
        spot = Spot(place.channel, place.thread, "", "", _since(event))
        posts = Posts(api, spot, event.event_id, installed.bot_user)
        apart = Private(api, spot)
        return SlackChannel(
            posts,
            apart,
            Documents(api, spot, posts, apart),
            Status(api, spot.channel, ""),
            event.event_id,
            react=partial(mark, api, spot.channel, ""),
            seconds=self._paint_seconds,
        )

    async def posts(self, event: ClaimedEvent, heard: Heard) -> Posts:
        """The messages of the answer."""
        api, installed = await self._apis.of(heard.team, heard.enterprise)
        return Posts(api, spot_of(event, heard), event.event_id, installed.bot_user)

    async def private(self, event: ClaimedEvent, heard: Heard) -> Private:
        """The way to the person alone."""
        api, _ = await self._apis.of(heard.team, heard.enterprise)
        return self._private(api, spot_of(event, heard), event, heard)

    def _private(self, api: Api, spot: Spot, event: ClaimedEvent, heard: Heard) -> Private:
        """A command is typed in the channel, where its thread may not be open: what is private is told there."""
        where = replace(spot, thread="") if heard.kind == "command" else spot
        sent = Sent(self._notes.read(event, _SENT) or 0, partial(self._notes.put, event, _SENT))
        return Private(api, where, heard.response_url, sent)


def spot_of(event: ClaimedEvent, heard: Heard) -> Spot:
    """Where the answer goes."""
    team = heard.recipient_team or heard.team
    return Spot(heard.channel, heard.answer_thread, heard.user, team, heard.ts or _since(event))


def _since(event: ClaimedEvent) -> str:
    return f"{event.received_at.timestamp() - 5:.6f}"
