"""Where the answer to an event goes: its channel and messages, its thread's status, reactions, the way to a person."""

import logging
from dataclasses import replace
from functools import partial

from slack_sdk.errors import SlackApiError

from adapters.slack.incoming.agent_view import AgentView
from adapters.slack.incoming.event import Event
from adapters.slack.rendering.block_kit import Look, section
from adapters.slack.rendering.channel import SlackChannel
from adapters.slack.rendering.markdown import escape
from adapters.slack.rendering.private_messages import PrivateMessages, Sent
from adapters.slack.rendering.sending import Posts, Spot
from adapters.slack.rendering.standing import Notes, permalink
from adapters.slack.rendering.thread_status import Status
from adapters.slack.transport.api import Api, Gone, Unsure
from adapters.slack.transport.installations import Apis
from bot.core.domain import Place
from bot.jobs.inbox import ClaimedEvent, InboxNotes, TryLater
from bot.language import _
from bot.session.session_presses import SourceMessage

log = logging.getLogger("riff.slack")

_PATIENCE_SECONDS = 5.0
_NAMES = {
    "💡": "bulb",
    "🤝": "handshake",
    "👋": "wave",
    "✅": "white_check_mark",
    "👍": "+1",
    "👀": "eyes",
    "🎉": "tada",
    "📌": "pushpin",
    "🔗": "link",
    "🔁": "repeat",
    "🗳": "ballot_box_with_ballot",
    "⏳": "hourglass_flowing_sand",
    "⏸": "double_vertical_bar",
    "🤔": "thinking_face",
    "❌": "x",
    "✍": "writing_hand",
    "➕": "heavy_plus_sign",
    "🧩": "jigsaw",
    "🙏": "pray",
}
"""Slack's names, which are those of https://github.com/iamcal/emoji-data."""
_OTHER = "white_check_mark"


async def mark(api: Api, channel: str, ts: str, sign: str) -> None:
    """React to the message with the emoji, if there is a message: it may be deleted, or the scope be missing."""
    if not (ts and sign):
        return
    try:
        await api.call(
            "reactions.add", patience=_PATIENCE_SECONDS, channel=channel, timestamp=ts, name=name_of(sign)
        )
    except (SlackApiError, Gone, Unsure, TryLater) as error:
        log.info("no reaction: %s", error)


def name_of(sign: str) -> str:
    """What Slack calls the emoji."""
    return _NAMES.get(sign.rstrip("\N{VARIATION SELECTOR-16}"), _OTHER)


_SENT = "sent privately"


class ChannelFactory:
    """Opens what an answer is shown with; each raises Gone where Riff is not installed any more."""

    def __init__(
        self, apis: Apis, notes: InboxNotes, standing: Notes, agents: AgentView, paint_seconds: float
    ) -> None:
        self._apis = apis
        self._standing = standing
        self._agents = agents
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
            Status(
                api,
                spot.channel,
                spot.thread,
                is_agent=await self._agents.is_on(event.team),
                first_words=event.text if spot.channel.startswith("D") else "",
                user=event.user,
            ),
            claimed.event_id,
            react=partial(mark, api, spot.channel, event.ts if is_message else ""),
            notes=self._standing,
            seconds=self._paint_seconds,
            all_private=private,
        )

    async def of_scheduled_job(self, claimed: ClaimedEvent, place: Place, to: str = "") -> SlackChannel:
        """The channel for what Riff does by itself: nobody asked, so nothing is private and nothing is streamed.

        With `to`, that person's direct messages.
        """
        api, installed = await self._apis.of_workspace(place.workspace)
        channel = place.channel
        if to:
            channel = await PrivateMessages(api, Spot("", "", to, "", "")).direct_channel()
        spot = Spot(channel, place.thread, "", "", _since(claimed))
        posts = Posts(api, spot, claimed.event_id, installed.bot_user)
        return SlackChannel(
            posts,
            partial(PrivateMessages, api, spot),
            Status(api, spot.channel, ""),
            claimed.event_id,
            react=partial(mark, api, spot.channel, ""),
            notes=self._standing,
            seconds=self._paint_seconds,
        )

    async def posts(self, claimed: ClaimedEvent, event: Event) -> Posts:
        """The messages of the answer."""
        api, installed = await self._apis.of(event.team, event.enterprise)
        return Posts(api, spot_of(claimed, event), claimed.event_id, installed.bot_user)

    async def private(self, claimed: ClaimedEvent, event: Event) -> PrivateMessages:
        """The way to the person alone."""
        api, _installed = await self._apis.of(event.team, event.enterprise)
        return self._private(api, spot_of(claimed, event), claimed, event)

    async def way_to(self, event: Event, source: SourceMessage) -> Look:
        """A link to the message that an event came of; the text of its id ends with the channel and the ts."""
        api, _installed = await self._apis.of(event.team, event.enterprise)
        *_rest, channel, ts = source.event_id.split(":")
        link = await permalink(api, channel, ts)
        said = _("To the message") if link else _("That message is gone.")
        return Look(said, (section(f"<{link}|{escape(said)}>" if link else escape(said)),))

    def _private(self, api: Api, spot: Spot, claimed: ClaimedEvent, event: Event) -> PrivateMessages:
        """What is private is told where the person is: a command is typed in the channel, and a card stands there."""
        is_in_channel = event.kind == "command" or (event.kind == "action" and event.thread in ("", event.ts))
        where = replace(spot, thread="") if is_in_channel and not event.direct else spot
        sent = Sent(self._notes.read(claimed, _SENT) or 0, partial(self._notes.put, claimed, _SENT))
        replaces = bool(event.values.get("is_private"))
        return PrivateMessages(api, where, event.response_url, sent, replaces=replaces)


def spot_of(claimed: ClaimedEvent, event: Event) -> Spot:
    """Where the answer goes."""
    team = event.recipient_team or event.team
    return Spot(event.channel, event.answer_thread, event.user, team, event.ts or _since(claimed))


def _since(claimed: ClaimedEvent) -> str:
    return f"{claimed.received_at.timestamp() - 5:.6f}"
