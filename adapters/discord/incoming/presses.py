"""Presses of buttons and choices in selects: what each comes to."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any

from adapters.discord.incoming.event import PLATFORM
from adapters.discord.incoming.form_submissions import FormSubmissions
from adapters.discord.incoming.interaction_context import InteractionResponse, age_of
from adapters.discord.incoming.prompt_intake import PromptIntake
from adapters.discord.incoming.review_presses import ReviewPresses
from adapters.discord.rendering import components, modals, returned_forms
from adapters.discord.rendering.cards import with_line
from bot.core.buttons import REVIEWS, Action, ActionKind
from bot.core.domain import Account, Idea, Repositories
from bot.interactions.actions import Actions
from bot.interactions.idea_opinions import CHANGES_LINE, OPINIONS
from bot.jobs.inbox_worker import Moderates
from bot.language import _
from bot.session import session_presses

_TOLD = {
    ActionKind.VOTE,
    ActionKind.REMEMBER,
    ActionKind.DECLINE,
}
"""Presses that come to a sentence, which may come a moment later."""
_IN_LINE = frozenset({ActionKind.LIKE, ActionKind.SAVE})
"""What the line under the ideas says, so that its person is told nothing more."""
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
        elif action is not None and action.kind in OPINIONS:
            await self._opinion(exchange, action.kind, (action.target,))
        elif action is not None:
            await self._perform(exchange, action, values)
        elif custom_id.startswith(components.PICK):
            self._picks.note(exchange.user, custom_id.removeprefix(components.PICK), values)
            await exchange.nothing()
        elif pressed := components.parsed(custom_id, components.DO):
            await self._with_picked(exchange, pressed, self._picks.of(exchange.user, pressed[1]))
        elif chosen := components.parsed(custom_id, components.WHICH):
            await self._with_picked(exchange, chosen, values)
        elif rest := modals.rest_in(custom_id):
            await self._forms.open_rest(exchange, rest)
        elif again := returned_forms.again_in(custom_id):
            await self._forms.open_again(exchange, again)
        else:
            await exchange.tell(_("I don't know that button any more."))

    async def _with_picked(
        self, exchange: InteractionResponse, pressed: tuple[ActionKind, str, str], picked: tuple[str, ...]
    ) -> None:
        """Act on the picked ideas; with too few picked, ask which are meant."""
        kind, answer, card = pressed
        if len(picked) < (2 if kind is ActionKind.COMBINE else 1):
            await self._ask_which(exchange, kind, answer)
        elif kind is ActionKind.COMBINE:
            event = await self._intake.event(exchange.interaction)
            await self._intake.show(exchange, await self._actions.combine(picked, event.account, event.place))
        elif kind is ActionKind.MORE:
            await self._perform(exchange, Action(kind, picked[0]))
        else:
            await self._opinion(exchange, kind, picked, card)

    async def _opinion(
        self, exchange: InteractionResponse, kind: ActionKind, targets: tuple[str, ...], card: str = ""
    ) -> None:
        """Noted, or taken back where it was held of all; what all may know stands under the ideas.

        `card` is the message with the ideas, where they were chosen in another one.
        """
        if _is_late(exchange):
            return
        event = await self._intake.event(exchange.interaction)
        on_card = kind in CHANGES_LINE and not card
        work = self._actions.note(kind, targets, event.account, event.place)
        noted = await exchange.patiently(work, unseen=on_card)
        if not on_card:
            await exchange.tell(noted.notice.text)
        if kind not in CHANGES_LINE:
            return
        is_shown = await exchange.change_card(card, partial(with_line, line=noted.line))
        if on_card and not (is_shown and kind in _IN_LINE):
            await exchange.tell(noted.notice.text)

    async def _ask_which(self, exchange: InteractionResponse, kind: ActionKind, answer: str) -> None:
        event = await self._intake.event(exchange.interaction)
        stored = await self._actions.choices(answer, event.account, event.place)
        ideas = [Idea(idea.position, idea.title, idea.body, idea.id) for idea in stored]
        source = exchange.interaction.message
        row = components.which_row(kind, answer, ideas, str(source.id) if source else "")
        await exchange.tell(components.question(kind), [row])

    async def _perform(
        self, exchange: InteractionResponse, action: Action, values: tuple[str, ...] = ()
    ) -> None:
        is_late = exchange.is_replayed and age_of(exchange.interaction) > _ANSWERED_WITHIN_SECONDS
        if is_late and (action.kind is ActionKind.VOTE or action.kind in session_presses.KINDS):
            return  # it was counted before, or the person saw that it was not: a second time would take it back
        event = await self._intake.event(exchange.interaction)
        exchange.in_place = action.kind in session_presses.KINDS
        work = self._actions.perform(
            action, event.account, event.place, event.author_name, values=values, by_admin=event.by_admin
        )
        is_told = action.kind in _TOLD or (exchange.in_place and action.kind is not ActionKind.EDIT)
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


def _is_late(exchange: InteractionResponse) -> bool:
    """Whether a press that a second one takes back is not to be counted.

    It was counted before, or the person saw that it was not: a second time would take it back.
    """
    return exchange.is_replayed and age_of(exchange.interaction) > _ANSWERED_WITHIN_SECONDS
