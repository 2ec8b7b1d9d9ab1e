"""What moderators press in Discord: the message that shows decisions is changed in place after each press."""

import asyncio
from collections.abc import Coroutine
from functools import partial
from typing import Any

from adapters.discord.gateway.api import EPHEMERAL, Api
from adapters.discord.incoming.event import Event
from adapters.discord.incoming.interaction_context import InteractionResponse
from adapters.discord.incoming.prompt_intake import PromptIntake
from adapters.discord.incoming.rights import Rights
from adapters.discord.rendering import modals
from adapters.discord.rendering.panels import panel_payloads
from adapters.discord.rendering.sending import plain
from bot.core.buttons import Action, ActionKind
from bot.core.errors import RiffError
from bot.interactions.actions import number_in
from bot.places.review_desk import Pressed, ReviewDesk


class ReviewPresses:
    """Presses are done one after the other, so that the last drawing of a message is the newest."""

    def __init__(self, desk: ReviewDesk, intake: PromptIntake, rights: Rights, api: Api) -> None:
        self._desk = desk
        self._intake = intake
        self._rights = rights
        self._api = api
        self._turn = asyncio.Lock()

    async def take(self, exchange: InteractionResponse, action: Action) -> None:
        """Approve, uphold, or open the form of a rule; raises CommandError for who may not do the last."""
        event, entry = await self._intake.event(exchange.interaction), number_in(action.target)
        if action.kind is ActionKind.RULE:
            form = await self._desk.form(entry, event.account, event.place, self._manages(event))
            await exchange.open(modals.modal(form))
            return
        decided = self._desk.decide(
            action.kind, entry, event.account, event.place, event.author_name, self._manages(event)
        )
        await self._show(exchange, event, decided)

    async def add_rule(self, exchange: InteractionResponse, target: str, term: str) -> None:
        """Add the rule that was filled in."""
        event = await self._intake.event(exchange.interaction)
        added = self._desk.add_rule(
            number_in(target), term, event.account, event.place, event.author_name, self._manages(event)
        )
        await self._show(exchange, event, added)

    def _manages(self, event: Event) -> "partial[Coroutine[Any, Any, bool]]":
        return partial(self._rights.manages, event.account, event.guild)

    async def _show(
        self, exchange: InteractionResponse, event: Event, work: Coroutine[Any, Any, Pressed]
    ) -> None:
        """The message as it stands now; who may not, or came second, is told alone."""
        await exchange.nothing()
        try:
            async with self._turn:
                pressed = await work
                message = exchange.interaction.message
                if message is not None:
                    await self._api.edit(event.channel, str(message.id), panel_payloads(pressed.panel)[0])
        except RiffError as error:
            await self._tell(event, error.say)
            return
        if pressed.told is not None:
            await self._tell(event, pressed.told.text)

    async def _tell(self, event: Event, text: str) -> None:
        hidden = plain(text)
        await self._api.follow_up(event.app, event.token, {**hidden, "flags": hidden["flags"] | EPHEMERAL})
