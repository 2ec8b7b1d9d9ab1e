"""Commands, menus on messages, and what is offered while a command is typed."""

import asyncio
from typing import Any

from adapters.discord.commands.admin import Admin
from adapters.discord.commands.definitions import ADMIN, THREAD
from adapters.discord.commands.invocations import asked_by_menu, flatten, handed_over, invoked, option_named
from adapters.discord.incoming.event import Event
from adapters.discord.incoming.interaction_context import (
    PATIENCE_SECONDS,
    InteractionResponse,
    speak_as_chosen,
)
from adapters.discord.incoming.message_content import said_in
from adapters.discord.incoming.prompt_intake import PromptIntake
from adapters.discord.rendering import modals
from bot.config.settings import LimitSettings
from bot.core.domain import Repositories
from bot.core.forms import Form
from bot.interactions.completion import completions
from bot.interactions.form_answers import form_for, wants_form
from bot.interactions.resolver import Resolved, resolve


class CommandInteractions:
    """Takes native commands and menus."""

    def __init__(
        self,
        intake: PromptIntake,
        repositories: Repositories,
        admin: Admin,
        limits: LimitSettings,
    ) -> None:
        self._intake = intake
        self._repositories = repositories
        self._admin = admin
        self._limits = limits

    async def complete(self, exchange: InteractionResponse, data: Any) -> None:
        """Offer what fits the option that is being typed."""
        sub, values, focused = flatten(data.get("options", ()))
        declared = option_named(data["name"], sub, focused)
        if declared is None:
            await exchange.choices([])
            return
        event = await self._intake.event(exchange.interaction)
        typed = str(values.get(focused, ""))
        async with asyncio.timeout(PATIENCE_SECONDS):
            found = await completions(self._repositories, declared, typed, event.account, event.place)
        await exchange.choices([(each.value, each.label) for each in found])

    async def take_menu(self, exchange: InteractionResponse, data: Any) -> None:
        """Keep what a menu on a message asks for."""
        message = data["resolved"]["messages"][data["target_id"]]
        await self._intake.keep(exchange, asked_by_menu(data["name"], said_in(message)))

    async def take(self, exchange: InteractionResponse, data: Any) -> None:
        """Keep what a command asks for, or open the form that asks for what it needs."""
        name, (sub, values, _focused) = data["name"], flatten(data.get("options", ()))
        event = await self._intake.event(exchange.interaction)
        if name == ADMIN:
            await speak_as_chosen(exchange.interaction, self._repositories)
            await self._admin.run(exchange, sub, values, event)
            return
        asked = await resolve(invoked(name, sub, values), self._repositories.templates, event.place)
        if asked is None:  # what is no command is a text, and this is none
            return
        if form := await self._wanted_form(exchange, asked, event):
            await exchange.open(modals.modal(form))
        else:
            await self._intake.keep_command(
                exchange,
                asked.asked(),
                in_thread=bool(values.get(THREAD)),
                handed_over=handed_over(asked.verb, values, data),
            )

    async def _wanted_form(self, exchange: InteractionResponse, asked: Resolved, event: Event) -> Form | None:
        """The form of a command that was sent without what it is about, in the language that the person chose."""
        if not wants_form(asked):
            return None
        await speak_as_chosen(exchange.interaction, self._repositories)
        return await form_for(
            asked,
            event.account,
            event.place,
            self._repositories,
            self._limits,
            by_admin=event.by_admin,
        )
