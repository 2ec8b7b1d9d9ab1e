"""Where the answer to an event goes: its channel, its messages, the way to its person."""

from dataclasses import replace
from functools import partial

from adapters.slack.incoming.event import Event
from adapters.slack.rendering.channel import SlackChannel
from adapters.slack.rendering.private_messages import PrivateMessages, Sent
from adapters.slack.rendering.sending import Posts, Spot
from adapters.slack.rendering.status import Status, mark
from adapters.slack.transport.api import Api
from adapters.slack.transport.installations import Apis
from bot.core.domain import Place
from bot.jobs.inbox import ClaimedEvent, InboxNotes

_SENT = "sent privately"


class ChannelFactory:
    """Opens what an answer is shown with; each raises Gone where Riff is not installed any more."""

    def __init__(self, apis: Apis, notes: InboxNotes, paint_seconds: float) -> None:
        self._apis = apis
        self._notes = notes
        self._paint_seconds = paint_seconds

    async def of(self, claimed: ClaimedEvent, event: Event, *, private: bool = False) -> SlackChannel:
        """The channel for what a person did."""
        api, installed = await self._apis.of(event.team, event.enterprise)
        spot = spot_of(claimed, event)
        posts = Posts(api, spot, claimed.event_id, installed.bot_user)
        is_message = event.kind in {"message", "shortcut"}
        return SlackChannel(
            posts,
            partial(self._private, api, spot, claimed, event),
            Status(api, spot.channel, spot.thread),
            claimed.event_id,
            react=partial(mark, api, spot.channel, event.ts if is_message else ""),
            seconds=self._paint_seconds,
            all_private=private,
        )

    async def of_scheduled_job(self, claimed: ClaimedEvent, place: Place) -> SlackChannel:
        """The channel for what Riff does by itself: nobody asked, so nothing is private and nothing is streamed."""
        api, installed = await self._apis.of_workspace(place.workspace)
        spot = Spot(place.channel, place.thread, "", "", _since(claimed))
        posts = Posts(api, spot, claimed.event_id, installed.bot_user)
        return SlackChannel(
            posts,
            partial(PrivateMessages, api, spot),
            Status(api, spot.channel, ""),
            claimed.event_id,
            react=partial(mark, api, spot.channel, ""),
            seconds=self._paint_seconds,
        )

    async def posts(self, claimed: ClaimedEvent, event: Event) -> Posts:
        """The messages of the answer."""
        api, installed = await self._apis.of(event.team, event.enterprise)
        return Posts(api, spot_of(claimed, event), claimed.event_id, installed.bot_user)

    async def private(self, claimed: ClaimedEvent, event: Event) -> PrivateMessages:
        """The way to the person alone."""
        api, _ = await self._apis.of(event.team, event.enterprise)
        return self._private(api, spot_of(claimed, event), claimed, event)

    def _private(self, api: Api, spot: Spot, claimed: ClaimedEvent, event: Event) -> PrivateMessages:
        """A command is typed in the channel, where its thread may not be open: what is private is told there."""
        where = replace(spot, thread="") if event.kind == "command" else spot
        sent = Sent(self._notes.read(claimed, _SENT) or 0, partial(self._notes.put, claimed, _SENT))
        return PrivateMessages(api, where, event.response_url, sent)


def spot_of(claimed: ClaimedEvent, event: Event) -> Spot:
    """Where the answer goes."""
    team = event.recipient_team or event.team
    return Spot(event.channel, event.answer_thread, event.user, team, event.ts or _since(claimed))


def _since(claimed: ClaimedEvent) -> str:
    return f"{claimed.received_at.timestamp() - 5:.6f}"
