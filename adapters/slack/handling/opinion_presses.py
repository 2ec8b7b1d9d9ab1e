"""Likes, saves and picked favourites: noted, taken back, and shown in one line under the ideas, edited in place."""

import logging
from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from slack_sdk.errors import SlackApiError

from adapters.slack.handling.prompt_runner import PromptRunner
from adapters.slack.incoming.event import Event
from adapters.slack.rendering.channel_factory import ChannelFactory
from adapters.slack.rendering.idea_cards import are_cards, with_line
from adapters.slack.transport.api import Gone
from bot.core.buttons import Action, ActionKind
from bot.core.domain import Values
from bot.core.errors import RiffError
from bot.core.notices import Notice
from bot.interactions.actions import Actions
from bot.jobs.inbox import ClaimedEvent, InboxNotes
from bot.language import _

if TYPE_CHECKING:
    from bot.app import App

log = logging.getLogger("riff.slack")

_WANTED = "wanted"
_SEEN = frozenset({ActionKind.LIKE, ActionKind.SAVE})
"""What the line says itself, so that its person is told nothing more."""


class OpinionPresses:
    """Each method raises what kept Slack from showing it."""

    def __init__(self, app: "App", channels: ChannelFactory, asking: PromptRunner) -> None:
        self._actions = Actions(app.repositories)
        self._notes = InboxNotes(app.database)
        self._channels = channels
        self._asking = asking

    async def pressed(self, claimed: ClaimedEvent, event: Event, action: Action) -> None:
        """A button whose second press takes back the first; the same press, tried again, does not."""
        decided = partial(self._decided, claimed)
        try:
            noted = await self._actions.note(
                action.kind, [action.target], event.author, event.place, decided=decided
            )
        except RiffError as error:
            await self._asking.follow(claimed, event, Notice(error.say))
            return
        blocks = event.values.get("blocks") or ()
        is_shown = await self._redrawn(
            claimed, event, event.ts, blocks, str(event.values.get("said", "")), noted.line
        )
        if not (is_shown and action.kind in _SEEN):
            await self._asking.follow(claimed, event, noted.notice)

    async def picked(self, claimed: ClaimedEvent, event: Event, answer: str, filled: Values) -> None:
        """The form of favourites: the likes become what is picked there, then what else was asked for."""
        try:
            line, ask = await self._actions.choose(answer, filled, event.author, event.place)
        except RiffError as error:
            await self._asking.follow(claimed, event, Notice(error.say))
            return
        ts = str(event.values.get("card", ""))
        card = await self._card(claimed, event, ts)
        is_shown = await self._redrawn(
            claimed, event, ts, card.get("blocks") or (), str(card.get("text", "")), line
        )
        if ask is not None:
            await self._asking.follow(claimed, event, ask)
        elif not is_shown:
            await self._asking.follow(claimed, event, Notice(_("Noted your favourites.")))

    async def _decided(self, claimed: ClaimedEvent, wanted: bool) -> bool:
        """What the first attempt decided is kept beside the event before anything changes."""
        before = self._notes.read(claimed, _WANTED)
        if before is not None:
            return bool(before)
        await self._notes.put(claimed, _WANTED, wanted)
        return wanted

    async def _redrawn(
        self,
        claimed: ClaimedEvent,
        event: Event,
        ts: str,
        blocks: Sequence[Mapping[str, Any]],
        said: str,
        line: str,
    ) -> bool:
        """Whether the line stands under the ideas now; False where the message cannot be changed."""
        if not are_cards(blocks):
            return False
        posts = await self._channels.posts(claimed, event)
        shown = with_line(blocks, line)
        try:
            await posts.api.call("chat.update", channel=event.channel, ts=ts, text=said, blocks=shown)
        except (Gone, SlackApiError) as error:
            log.info("the line under ideas is not changed: %s", error)
            return False
        return True

    async def _card(self, claimed: ClaimedEvent, event: Event, ts: str) -> Mapping[str, Any]:
        """The message of cards as it stands: a form does not come with the message that it was opened from."""
        if not ts:
            return {}
        posts = await self._channels.posts(claimed, event)
        bounds = {"channel": event.channel, "oldest": ts, "latest": ts, "inclusive": True, "limit": 10}
        try:
            if event.thread:
                found = await posts.api.read("conversations.replies", ts=event.thread, **bounds)
            else:
                found = await posts.api.read("conversations.history", **bounds)
        except (Gone, SlackApiError) as error:
            log.info("the ideas of a form are not found: %s", error)
            return {}
        return next((one for one in found.get("messages", ()) if one.get("ts") == ts), {})
