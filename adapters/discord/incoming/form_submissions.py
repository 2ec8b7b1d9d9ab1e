"""Forms: which opens, what is left of a long one, and what a filled one comes to, or what has to be changed in it."""

from typing import Any

from adapters.discord.commands.admin import COMMAND as SETTINGS
from adapters.discord.commands.admin import FORM as SETTINGS_FORM
from adapters.discord.commands.admin import Admin
from adapters.discord.incoming.event import Event
from adapters.discord.incoming.interaction_context import InteractionResponse
from adapters.discord.incoming.prompt_intake import PromptIntake
from adapters.discord.incoming.review_presses import ReviewPresses
from adapters.discord.rendering import modals, returned_forms
from adapters.discord.rendering.modals import ModalKey
from bot.config.settings import LimitSettings
from bot.core.commands import Command, Verb
from bot.core.domain import Invocation, Repositories, Values
from bot.core.errors import CommandError
from bot.core.forms import BETWEEN, Form, hidden_in
from bot.interactions.form_answers import FormAnswers, form_of_verb, opened
from bot.interactions.form_faults import declared_form, faults_in
from bot.interactions.resolver import Ask
from bot.language import N_, _
from bot.places.review_panel import RULE_FORM, TERM

GONE = N_("I don't know that form any more; please open it again.")


class FormSubmissions:
    """Opens modals and takes filled ones. Each method raises CommandError or StorageError."""

    def __init__(
        self,
        intake: PromptIntake,
        repositories: Repositories,
        admin: Admin,
        limits: LimitSettings,
        reviews: ReviewPresses,
    ) -> None:
        self._reviews = reviews
        self._intake = intake
        self._repositories = repositories
        self._admin = admin
        self._answers = FormAnswers(repositories)
        self._limits = limits

    async def take(self, exchange: InteractionResponse, data: Any) -> None:
        """Keep what one asks for; where something has to be changed, give back all that was typed."""
        key = modals.key_in(data["custom_id"])
        if key is None:
            raise CommandError(_(GONE))
        event = await self._intake.event(exchange.interaction)
        values = modals.filled(data["components"])
        if key.name == RULE_FORM:
            await self._reviews.add_rule(exchange, key.target, str(values.get(TERM, "")))
            return
        declared = await self._declared(key, event)
        faults = {} if declared is None else faults_in(*declared, values, self._limits)
        try:
            if not faults and key.name == SETTINGS_FORM:
                await self._set(exchange, key, event, values)
            elif not faults:
                ask = await self._answers.submit(key.name, key.target, values, event.account, event.place)
                rest, files = await self._rest_of(ask, key, event), modals.handed_over(data)
                await self._intake.keep_command(exchange, ask, more=rest, handed_over=files)
        except CommandError as error:
            if declared is None:
                raise
            faults = {"": error.say}
        if faults:
            form = await self._form(key, event, {})
            await exchange.show(returned_forms.returned(form, key, values, faults))

    async def open_named(self, exchange: InteractionResponse, name: str) -> None:
        """The form of any command, as a button names it, or what to type where there is none."""
        event = await self._intake.event(exchange.interaction)

        async def is_admin() -> bool:
            return event.by_admin

        repositories, limits = self._repositories, self._limits
        found = await opened(name, event.account, event.place, repositories, limits, is_admin=is_admin)
        await self._intake.show(exchange, found)

    async def open_rest(self, exchange: InteractionResponse, key: ModalKey) -> None:
        """The fields of a form that did not fit in the modals before."""
        form = await self._form(key, await self._intake.event(exchange.interaction), {})
        await exchange.open(modals.modal(form, key.start))

    async def open_again(self, exchange: InteractionResponse, key: ModalKey) -> None:
        """A form that was given back, with what had been typed in it."""
        event = await self._intake.event(exchange.interaction)
        message = exchange.interaction.message
        blank = await self._form(key, event, {})
        typed = returned_forms.typed_in(blank, message.components if message is not None else ())
        await exchange.open(modals.modal(await self._form(key, event, typed), key.start))

    async def _set(self, exchange: InteractionResponse, key: ModalKey, event: Event, values: Values) -> None:
        """What an admin filled in holds at once; what did not fit in the form comes after it."""
        told = await exchange.patiently(self._admin.keep(exchange, event, values))
        start = key.start + modals.MOST_FIELDS
        has_more = len(SETTINGS.verbs[0].form) > start
        rows = [modals.more_row(str(ModalKey(key.name, start, key.target)))] if has_more else []
        await exchange.tell(told, rows)

    async def _form(self, key: ModalKey, event: Event, given: Values) -> Form:
        if key.name == SETTINGS_FORM:
            return await self._admin.form(event, given)
        command, verb = await self._declared(key, event) or (None, None)
        if command is None or verb is None:
            raise CommandError(_(GONE))
        return await form_of_verb(
            command,
            verb,
            event.account,
            event.place,
            self._repositories,
            self._limits,
            given=given,
            hidden=hidden_in(key.target),
        )

    async def _declared(self, key: ModalKey, event: Event) -> tuple[Command, Verb] | None:
        """The command and verb that a form is of; None for a form of another kind."""
        if key.name == SETTINGS_FORM:
            return SETTINGS, SETTINGS.verbs[0]
        return await declared_form(key.name, self._repositories.templates, event.place)

    async def _rest_of(self, ask: Ask, key: ModalKey, event: Event) -> str:
        """Names the fields that come next and can be kept by themselves; "" where there are none."""
        if not isinstance(ask.request, Invocation):
            return ""
        start = key.start + modals.MOST_FIELDS
        rest = ModalKey(f"{ask.request.command}{BETWEEN}{ask.request.verb}", start, key.target)
        declared = await self._declared(rest, event)
        has_more = declared is not None and declared[1].takes_blanks and len(declared[1].form) > start
        return str(rest) if has_more else ""
