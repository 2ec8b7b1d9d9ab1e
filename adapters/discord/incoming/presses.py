"""Presses of buttons, choices in selects and filled forms: what each comes to."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from adapters.discord.incoming.event import PLATFORM
from adapters.discord.incoming.interaction_context import InteractionResponse, age_of
from adapters.discord.incoming.prompt_intake import PromptIntake
from adapters.discord.incoming.review_presses import ReviewPresses
from adapters.discord.rendering import components, modals
from adapters.discord.rendering.modals import ModalKey
from bot.config.settings import LimitSettings
from bot.core.buttons import REVIEWS, Action, ActionKind
from bot.core.commands import Command, Verb, all_commands
from bot.core.domain import Account, Idea, Invocation, Repositories
from bot.core.errors import CommandError
from bot.core.forms import BETWEEN, hidden_in
from bot.interactions.actions import Actions
from bot.interactions.form_answers import FormAnswers, form_of_verb, opened
from bot.interactions.resolver import Ask
from bot.jobs.inbox_worker import Moderates
from bot.language import N_, _
from bot.places.review_panel import RULE_FORM, TERM

GONE = N_("I don't know that form any more; please open it again.")


class FormSubmissions:
    """Takes filled modals, and opens what is left of their forms."""

    def __init__(
        self,
        intake: PromptIntake,
        repositories: Repositories,
        answers: FormAnswers,
        limits: LimitSettings,
        reviews: ReviewPresses,
    ) -> None:
        self._reviews = reviews
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
        if key.name == RULE_FORM:
            await self._reviews.add_rule(exchange, key.target, str(values.get(TERM, "")))
            return
        ask = await self._answers.submit(key.name, key.target, values, event.account, event.place)
        await self._intake.keep(exchange, ask, more=_rest_of(ask, key))

    async def open_named(self, exchange: InteractionResponse, name: str) -> None:
        """The form of any command, as a button names it, or what to type where there is none."""
        event = await self._intake.event(exchange.interaction)

        async def is_admin() -> bool:
            interaction = exchange.interaction
            return interaction.guild_id is not None and interaction.permissions.manage_guild

        found = await opened(
            name, event.account, event.place, self._repositories, self._limits, is_admin=is_admin
        )
        await self._intake.show(exchange, found)

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


_TOLD = {
    ActionKind.VOTE,
    ActionKind.LIKE,
    ActionKind.DISLIKE,
    ActionKind.SAVE,
    ActionKind.REMEMBER,
    ActionKind.DECLINE,
}
"""Presses that come to a sentence, which may come a moment later."""
_ANSWERED_WITHIN_SECONDS = 3.0


class Presses:
    """Acts on buttons and selects. `stop` ends an answer that is being written, where whoever pressed may do that."""

    def __init__(
        self,
        intake: PromptIntake,
        forms: FormSubmissions,
        repositories: Repositories,
        actions: Actions,
        stop: Callable[[str, Account, Moderates], Awaitable[bool]],
        reviews: ReviewPresses,
    ) -> None:
        self._reviews = reviews
        self._intake = intake
        self._forms = forms
        self._repositories = repositories
        self._actions = actions
        self._stop = stop
        self._picks = components.Picks()

    async def take(self, exchange: InteractionResponse, data: Any) -> None:
        """Act on one; raises CommandError or StorageError."""
        custom_id, values = data["custom_id"], tuple(data.get("values", ()))
        action = Action.parse(custom_id)
        if action is not None and action.kind is ActionKind.STOP:
            await self._stopped(exchange, action.target)
        elif action is not None and action.kind is ActionKind.OPEN:
            await self._forms.open_named(exchange, action.target)
        elif action is not None and action.kind in REVIEWS:
            await self._reviews.take(exchange, action)
        elif action is not None:
            await self._perform(exchange, action)
        elif custom_id.startswith(components.PICK):
            self._picks.note(exchange.user, custom_id.removeprefix(components.PICK), values)
            await exchange.nothing()
        elif pressed := components.parsed(custom_id, components.DO):
            await self._with_picked(exchange, *pressed, self._picks.of(exchange.user, pressed[1]))
        elif chosen := components.parsed(custom_id, components.WHICH):
            await self._with_picked(exchange, *chosen, values)
        elif rest := modals.rest_in(custom_id):
            await self._forms.open_rest(exchange, rest)
        else:
            await exchange.tell(_("I don't know that button any more."))

    async def _with_picked(
        self, exchange: InteractionResponse, kind: ActionKind, answer: str, picked: tuple[str, ...]
    ) -> None:
        """Act on the picked ideas; with too few picked, ask which are meant."""
        if len(picked) < (2 if kind is ActionKind.COMBINE else 1):
            await self._ask_which(exchange, kind, answer)
        elif kind is ActionKind.COMBINE:
            event = await self._intake.event(exchange.interaction)
            await self._intake.show(exchange, await self._actions.combine(picked, event.account, event.place))
        elif kind is ActionKind.MORE:
            await self._perform(exchange, Action(kind, picked[0]))
        else:
            event = await self._intake.event(exchange.interaction)
            for idea in picked:
                acting = self._actions.perform(Action(kind, idea), event.account, event.place)
                result = await exchange.patiently(acting)
            await self._intake.show(exchange, result)

    async def _ask_which(self, exchange: InteractionResponse, kind: ActionKind, answer: str) -> None:
        event = await self._intake.event(exchange.interaction)
        stored = await self._actions.choices(answer, event.account, event.place)
        ideas = [Idea(idea.position, idea.title, idea.body, idea.id) for idea in stored]
        await exchange.tell(components.question(kind), [components.which_row(kind, answer, ideas)])

    async def _perform(self, exchange: InteractionResponse, action: Action) -> None:
        is_late = exchange.is_replayed and age_of(exchange.interaction) > _ANSWERED_WITHIN_SECONDS
        if action.kind is ActionKind.VOTE and is_late:
            return  # it was counted before, or the person saw that it was not: a second time would take it back
        event = await self._intake.event(exchange.interaction)
        work = self._actions.perform(action, event.account, event.place, event.author_name)
        is_told = action.kind in _TOLD
        await self._intake.show(exchange, await (exchange.patiently(work) if is_told else work))

    async def _stopped(self, exchange: InteractionResponse, event_id: str) -> None:
        interaction = exchange.interaction

        async def moderates(_author: Account, payload: Mapping[str, Any]) -> bool:
            allowed, guild = interaction.permissions, str(interaction.guild_id or "")
            is_here = bool(guild) and payload.get("guild") == guild
            return is_here and (allowed.manage_messages or allowed.manage_guild)

        if await self._stop(event_id, Account(PLATFORM, "", exchange.user), moderates):
            await exchange.nothing()
        else:
            await exchange.tell(_("That answer is complete already."))
