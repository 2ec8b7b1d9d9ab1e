"""Commands, menus on messages, and what is offered while a command is typed."""

import asyncio
from collections.abc import Mapping
from typing import Any

from adapters.discord.commands import core_verbs
from adapters.discord.commands.admin import Admin
from adapters.discord.commands.completion import completions
from adapters.discord.commands.definitions import ADMIN
from adapters.discord.commands.prompts import command_prompt, flatten, menu_prompt
from adapters.discord.incoming.form_submissions import FormSubmissions
from adapters.discord.incoming.interaction_context import speak_as_chosen
from adapters.discord.incoming.interaction_response import PATIENCE_SECONDS, InteractionResponse
from adapters.discord.incoming.message_filter import thread_name
from adapters.discord.incoming.prompt_intake import PromptIntake
from adapters.discord.rendering import modals
from bot.config.settings import LimitSettings, SessionSettings
from bot.core.commands import all_commands
from bot.core.forms import Form
from bot.core.repositories import Repositories
from bot.interactions.form_opening import form_for
from bot.session.arguments import plan_asked


class CommandInteractions:
    """Takes native commands and menus."""

    def __init__(
        self,
        intake: PromptIntake,
        forms: FormSubmissions,
        repositories: Repositories,
        admin: Admin,
        limits: LimitSettings,
        sessions: SessionSettings,
    ) -> None:
        self._intake = intake
        self._forms = forms
        self._repositories = repositories
        self._admin = admin
        self._limits = limits
        self._sessions = sessions

    async def complete(self, exchange: InteractionResponse, data: Any) -> None:
        """Offer what fits the option that is being typed."""
        _sub, values, focused = flatten(data.get("options", ()))
        event = await self._intake.event(exchange.interaction)
        async with asyncio.timeout(PATIENCE_SECONDS):
            found = await completions(
                self._repositories,
                data["name"],
                focused,
                str(values.get(focused, "")),
                event.account,
                event.place,
            )
        await exchange.choices(found)

    async def take_menu(self, exchange: InteractionResponse, data: Any) -> None:
        """Keep what a menu on a message asks for."""
        message = data["resolved"]["messages"][data["target_id"]]
        await self._intake.keep(exchange, *menu_prompt(data["name"], message["content"], self._limits))

    async def take(self, exchange: InteractionResponse, data: Any) -> None:
        """Keep what a command asks for, or open the form that asks for what it needs."""
        name = data["name"]
        sub, options, _focused = flatten(data.get("options", ()))
        if name == ADMIN:
            await speak_as_chosen(exchange.interaction, self._repositories)
            event = await self._intake.event(exchange.interaction)
            await self._admin.run(exchange, sub, options, event.place)
        elif form := await self._wanted_form(exchange, name, sub, options):
            await exchange.open(modals.modal(form))
        elif name == "profile" and not options:
            await speak_as_chosen(exchange.interaction, self._repositories)
            await self._forms.open_profile(exchange)
        else:
            await self._keep(exchange, name, sub, options)

    async def _keep(
        self, exchange: InteractionResponse, name: str, sub: str, options: Mapping[str, Any]
    ) -> None:
        text, brief = command_prompt(name, sub, options, self._limits)
        private = all_commands()[name].private
        plan = plan_asked(text, self._sessions)
        topic = plan.topic if plan else str(options.get("topic", "")) if options.get("thread") else ""
        thread = thread_name(topic) if topic else ""
        await self._intake.keep(
            exchange, text, brief, private=private, thread=thread, needs_thread=plan is not None
        )

    async def _wanted_form(
        self, exchange: InteractionResponse, name: str, sub: str, options: Mapping[str, Any]
    ) -> Form | None:
        """The form of a command that was sent without what it is about."""
        if options.get("topic") or options.get("words") or options.get("value"):
            return None
        await speak_as_chosen(exchange.interaction, self._repositories)
        template = f" {options['name']}" if name == core_verbs.USE and "name" in options else ""
        event = await self._intake.event(exchange.interaction)
        return await form_for(
            f"/{name} {sub}".strip() + template,
            event.place,
            self._repositories,
            self._limits,
            by_admin=event.by_admin,
        )
