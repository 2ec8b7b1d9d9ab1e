"""Forms that were filled in; one with more fields than a modal holds goes on behind a button."""

from typing import Any

from adapters.discord.incoming.interaction_response import InteractionResponse
from adapters.discord.incoming.prompt_intake import PromptIntake
from adapters.discord.rendering import modals
from adapters.discord.rendering.modals import ModalKey
from bot.config.settings import LimitSettings
from bot.core.commands import Command, Verb, all_commands
from bot.core.domain import Invocation
from bot.core.errors import CommandError
from bot.core.forms import BETWEEN, hidden_in
from bot.core.repositories import Repositories
from bot.interactions.form_answers import FormAnswers
from bot.interactions.form_opening import form_of_verb
from bot.interactions.requests import Ask
from bot.language import N_, _

GONE = N_("I don't know that form any more; please open it again.")


class FormSubmissions:
    """Takes filled modals, and opens what is left of their forms."""

    def __init__(
        self, intake: PromptIntake, repositories: Repositories, answers: FormAnswers, limits: LimitSettings
    ) -> None:
        self._intake = intake
        self._repositories = repositories
        self._answers = answers
        self._limits = limits

    async def take(self, exchange: InteractionResponse, data: Any) -> None:
        """Keep what one asks for; raises CommandError or StorageError."""
        key = modals.key_in(data["custom_id"])
        if key is None:
            raise CommandError(_(GONE))
        event = await self._intake.event(exchange.interaction)
        values = modals.filled(data["components"])
        ask = await self._answers.submit(key.name, key.target, values, event.place)
        await self._intake.keep(exchange, ask, more=_rest_of(ask, key))

    async def open_rest(self, exchange: InteractionResponse, key: ModalKey) -> None:
        """The fields of a form that did not fit in the modals before."""
        command, verb = _declared(key) or (None, None)
        if command is None or verb is None:
            raise CommandError(_(GONE))
        event = await self._intake.event(exchange.interaction)
        form = await form_of_verb(
            command,
            verb,
            event.account,
            event.place,
            self._repositories,
            self._limits,
            hidden=hidden_in(key.target),
        )
        await exchange.open(modals.modal(form, key.start))


def _rest_of(ask: Ask, key: ModalKey) -> str:
    """Names the fields that come next and can be kept by themselves; "" where there are none."""
    if not isinstance(ask.request, Invocation):
        return ""
    start = key.start + modals.MOST_FIELDS
    rest = ModalKey(f"{ask.request.command}{BETWEEN}{ask.request.verb}", start, key.target)
    declared = _declared(rest)
    has_more = declared is not None and declared[1].takes_blanks and len(declared[1].form) > start
    return str(rest) if has_more else ""


def _declared(key: ModalKey) -> tuple[Command, Verb] | None:
    """The command and verb that a form is of; None for a form of another kind."""
    name, _between, verb_name = key.name.partition(BETWEEN)
    command = all_commands().get(name)
    verb = command.verb(verb_name) if command else None
    return None if command is None or verb is None else (command, verb)
