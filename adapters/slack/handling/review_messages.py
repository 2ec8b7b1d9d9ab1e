"""What moderators press in Slack: the message that shows decisions is drawn anew in place after each press."""

from functools import partial
from typing import TYPE_CHECKING

from slack_sdk.errors import SlackApiError

from adapters.slack.handling.prompt_runner import PromptRunner
from adapters.slack.incoming.event import Event
from adapters.slack.incoming.members import Members
from adapters.slack.rendering.panels import panel_looks
from adapters.slack.transport.api import code_of
from adapters.slack.transport.installations import Apis
from bot.core.buttons import Action
from bot.core.errors import RiffError
from bot.core.notices import Notice
from bot.interactions.actions import number_in
from bot.jobs.inbox import ClaimedEvent
from bot.places.review_desk import Pressed

if TYPE_CHECKING:
    from bot.app import App


class ReviewPresses:
    """Presses on one message are done in their turn, so that the last drawing is the newest."""

    def __init__(self, app: "App", apis: Apis, members: Members, asking: PromptRunner) -> None:
        self._desk = app.review_desk
        self._apis = apis
        self._members = members
        self._asking = asking

    async def press(self, claimed: ClaimedEvent, event: Event, action: Action) -> None:
        """Approve or uphold; who may not, or came second, is told alone."""
        name, manages = (
            (await self._members.of(event)).name,
            partial(self._members.is_admin, event, anew=True),
        )
        try:
            pressed = await self._desk.decide(
                action.kind, number_in(action.target), event.author, event.place, name, manages
            )
        except RiffError as error:
            await self._asking.follow(claimed, event, Notice(error.say))
            return
        await self._show(claimed, event, event.ts, pressed)

    async def add_rule(self, claimed: ClaimedEvent, event: Event, target: str, term: str) -> None:
        """Add the rule that was filled in; `target` names the decision and the message that shows it."""
        entry, _colon, ts = target.partition(":")
        name, manages = (
            (await self._members.of(event)).name,
            partial(self._members.is_admin, event, anew=True),
        )
        try:
            pressed = await self._desk.add_rule(
                number_in(entry), term, event.author, event.place, name, manages
            )
        except RiffError as error:
            await self._asking.follow(claimed, event, Notice(error.say))
            return
        await self._show(claimed, event, ts, pressed)

    async def _show(self, claimed: ClaimedEvent, event: Event, ts: str, pressed: Pressed) -> None:
        look = panel_looks(pressed.panel)[0]
        api, _installed = await self._apis.of(event.team, event.enterprise)
        try:
            await api.call(
                "chat.update", channel=event.channel, ts=ts, text=look.text, blocks=list(look.blocks)
            )
        except SlackApiError as error:
            if code_of(error) != "message_not_found":  # somebody deleted it: what was decided stands
                raise
        if pressed.told is not None:
            await self._asking.follow(claimed, event, pressed.told)
