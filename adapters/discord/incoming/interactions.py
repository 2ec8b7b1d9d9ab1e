"""Interactions: commands, menus, buttons, selects and forms. What wants an answer goes into the inbox."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

import discord

from adapters.discord.commands import core_verbs
from adapters.discord.commands.admin import Admin
from adapters.discord.commands.completion import completions
from adapters.discord.commands.definitions import ADMIN, MESSAGE_MENU
from adapters.discord.commands.prompts import as_kept, command_prompt, flatten, menu_prompt
from adapters.discord.gateway.api import Api, Upload
from adapters.discord.incoming.event import PLATFORM, Event
from adapters.discord.incoming.interaction_context import (
    Locales,
    age_of,
    event_of,
    is_apart,
    is_plain_channel,
    moment_of,
)
from adapters.discord.incoming.interaction_response import PATIENCE_SECONDS, InteractionResponse
from adapters.discord.incoming.message_filter import thread_name
from adapters.discord.incoming.reply_chains import ReplyChains
from adapters.discord.rendering import components, modals
from adapters.discord.rendering.layout import panel_payloads
from adapters.discord.rendering.sending import plain
from adapters.discord.rendering.streamed_message import UNDELIVERED
from bot.config.settings import LimitSettings, SessionSettings
from bot.core.buttons import Action, ActionKind, Panel
from bot.core.commands import all_commands, read
from bot.core.domain import Account, Brief, Document, Idea
from bot.core.errors import CommandError, RiffError
from bot.core.forms import Form, profile_form
from bot.core.locales import locale_of
from bot.core.notices import STORAGE_AWAY, Notice, failed
from bot.core.repositories import Repositories
from bot.interactions.actions import Actions, Ask
from bot.interactions.form_answers import FormAnswers
from bot.interactions.form_opening import form_for
from bot.jobs.inbox import Inbox
from bot.language import LOCALE, N_, _, speaking
from bot.session.arguments import plan_asked

log = logging.getLogger("riff.discord")

MORE_FIELDS = "riff:fields:"
NO_THREAD = N_(
    "I can't open a thread here, which a brainstorm needs. Use a text channel in which I may write and create"
    " public threads."
)
_KINDS = discord.InteractionType
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
_SEEN = 10_000


@dataclass(frozen=True)
class Parts:
    """What interactions work with."""

    api: Api
    inbox: Inbox
    repositories: Repositories
    actions: Actions
    answers: FormAnswers
    limits: LimitSettings
    sessions: SessionSettings
    chains: ReplyChains
    locales: Locales
    admin: Admin
    stop: Callable[[str], Awaitable[bool]]
    asked_by: Callable[[str], str]


class Interactions:
    """Takes interactions; each is answered within three seconds, if only by "thinking"."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._picks = components.Picks()
        self._waiting: dict[str, asyncio.Event] = {}
        self._seen: OrderedDict[int, None] = OrderedDict()

    async def acknowledged(self, event_id: str) -> None:
        """Wait until the interaction has its first response, where this process gives it."""
        waiting = self._waiting.get(event_id)
        if waiting is not None:
            with suppress(TimeoutError):
                async with asyncio.timeout(3.0):
                    await waiting.wait()

    async def take(self, interaction: discord.Interaction[Any], *, is_replayed: bool = False) -> None:
        """Answer or keep one; trouble becomes a sentence for the person alone. A repeated dispatch is passed over."""
        if interaction.id in self._seen:
            return
        self._seen[interaction.id] = None
        while len(self._seen) > _SEEN:
            self._seen.popitem(last=False)
        exchange = InteractionResponse(self._parts.api, interaction, is_replayed=is_replayed)
        with speaking(self._parts.locales.note(interaction)):
            await self._take(exchange, interaction)

    async def _speak_as_chosen(self, exchange: InteractionResponse) -> None:
        """What is said at once is in the language that the person chose; a prompt that is only kept cannot wait."""
        account = Account(PLATFORM, "", exchange.user)
        LOCALE.set(await locale_of(self._parts.repositories, account, LOCALE.get()))

    async def _take(self, exchange: InteractionResponse, interaction: discord.Interaction[Any]) -> None:
        try:
            await self._dispatch(exchange, interaction)
        except RiffError as error:
            await _told(exchange, error.say)
        except UNDELIVERED as error:
            log.warning("an interaction is not answered: %s", error)
        except Exception as error:
            reference = f"{interaction.id % 0xFFFFFF:06x}"
            log.error("trouble with an interaction, %s", reference, exc_info=error)
            storage = type(error).__module__.startswith("storage.")
            await _told(exchange, STORAGE_AWAY.text if storage else failed(reference).text)

    async def _dispatch(self, exchange: InteractionResponse, interaction: discord.Interaction[Any]) -> None:
        data: Any = interaction.data
        match interaction.type:
            case _KINDS.autocomplete:
                await self._complete(exchange, data)
            case _KINDS.application_command if data.get("type") == MESSAGE_MENU:
                message = data["resolved"]["messages"][data["target_id"]]
                await self._ask(exchange, *menu_prompt(data["name"], message["content"], self._parts.limits))
            case _KINDS.application_command:
                await self._command(exchange, data)
            case _KINDS.component:
                await self._speak_as_chosen(exchange)
                await self._component(exchange, data)
            case _KINDS.modal_submit:
                await self._speak_as_chosen(exchange)
                await self._form(exchange, data)

    async def _complete(self, exchange: InteractionResponse, data: Any) -> None:
        _sub, values, focused = flatten(data.get("options", ()))
        event = await self._event(exchange.interaction, "")
        async with asyncio.timeout(PATIENCE_SECONDS):
            found = await completions(
                self._parts.repositories,
                data["name"],
                focused,
                str(values.get(focused, "")),
                event.account,
                event.place,
            )
        await exchange.choices(found)

    async def _command(self, exchange: InteractionResponse, data: Any) -> None:
        name = data["name"]
        sub, options, _focused = flatten(data.get("options", ()))
        if name == ADMIN:
            await self._speak_as_chosen(exchange)
            event = await self._event(exchange.interaction, "")
            await self._parts.admin.run(exchange, sub, options, event.place)
        elif form := await self._wanted_form(exchange, name, sub, options):
            await exchange.open(modals.modal(form))
        elif name == "profile" and not options:
            await self._speak_as_chosen(exchange)
            await self._profile(exchange)
        else:
            text, brief = command_prompt(name, sub, options, self._parts.limits)
            private = all_commands()[name].private
            plan = plan_asked(text, self._parts.sessions)
            topic = plan.topic if plan else str(options.get("topic", "")) if options.get("thread") else ""
            thread = thread_name(topic) if topic else ""
            await self._ask(
                exchange, text, brief, private=private, thread=thread, needs_thread=plan is not None
            )

    async def _wanted_form(
        self, exchange: InteractionResponse, name: str, sub: str, options: Mapping[str, Any]
    ) -> Form | None:
        """The form of a command that was sent without what it is about."""
        if options.get("topic") or options.get("words") or options.get("value"):
            return None
        await self._speak_as_chosen(exchange)
        template = f" {options['name']}" if name == core_verbs.USE and "name" in options else ""
        event = await self._event(exchange.interaction, "")
        return await form_for(
            f"/{name} {sub}".strip() + template,
            event.place,
            self._parts.repositories,
            self._parts.limits,
            by_admin=event.by_admin,
        )

    async def _profile(self, exchange: InteractionResponse) -> None:
        people = self._parts.repositories.people
        account = (await self._event(exchange.interaction, "")).account
        person = await people.find_or_create(account)
        await exchange.open(modals.modal(profile_form(await people.profile(person))))

    async def _component(self, exchange: InteractionResponse, data: Any) -> None:
        custom_id, values = data["custom_id"], tuple(data.get("values", ()))
        action = Action.parse(custom_id)
        if action is not None and action.kind is ActionKind.STOP:
            await self._stop(exchange, action.target)
        elif action is not None:
            await self._perform(exchange, action)
        elif custom_id.startswith(components.PICK):
            self._picks.note(exchange.user, custom_id.removeprefix(components.PICK), values)
            await exchange.nothing()
        elif pressed := components.parsed(custom_id, components.DO):
            await self._with_picked(exchange, *pressed, self._picks.of(exchange.user, pressed[1]))
        elif chosen := components.parsed(custom_id, components.WHICH):
            await self._with_picked(exchange, *chosen, values)
        elif custom_id.startswith(MORE_FIELDS):
            await self._rest_of_profile(exchange)
        else:
            await exchange.tell(_("I don't know that button any more."))

    async def _rest_of_profile(self, exchange: InteractionResponse) -> None:
        people = self._parts.repositories.people
        person = await people.find_or_create((await self._event(exchange.interaction, "")).account)
        await exchange.open(modals.modal(profile_form(await people.profile(person)), modals.MOST_FIELDS))

    async def _with_picked(
        self, exchange: InteractionResponse, kind: ActionKind, answer: str, picked: tuple[str, ...]
    ) -> None:
        """Act on the picked ideas; with too few picked, ask which are meant."""
        if len(picked) < (2 if kind is ActionKind.COMBINE else 1):
            stored = await self._parts.repositories.ideas.of_answer(int(answer))
            ideas = [Idea(idea.position, idea.title, idea.body, idea.id) for idea in stored]
            if not ideas:
                raise CommandError(_("Those ideas were erased meanwhile; ask for new ones."))
            await exchange.tell(components.question(kind), [components.which_row(kind, answer, ideas)])
        elif kind is ActionKind.COMBINE:
            first, *others = map(int, picked)
            await self._result(exchange, await self._parts.actions.combine(first, others))
        elif kind is ActionKind.MORE:
            await self._perform(exchange, Action(kind, picked[0]))
        else:
            account = (await self._event(exchange.interaction, "")).account
            for idea in picked:
                result = await exchange.patiently(self._parts.actions.perform(Action(kind, idea), account))
            await self._result(exchange, result)

    async def _perform(self, exchange: InteractionResponse, action: Action) -> None:
        is_late = exchange.is_replayed and age_of(exchange.interaction) > _ANSWERED_WITHIN_SECONDS
        if action.kind is ActionKind.VOTE and is_late:
            return  # it was counted before, or the person saw that it was not: a second time would take it back
        account = (await self._event(exchange.interaction, "")).account
        work = self._parts.actions.perform(action, account)
        is_told = action.kind in _TOLD
        await self._result(exchange, await (exchange.patiently(work) if is_told else work))

    async def _result(
        self, exchange: InteractionResponse, result: Notice | Ask | Form | Panel | Document
    ) -> None:
        match result:
            case Notice():
                await exchange.tell(result.text)
            case Ask():
                typed = read(result.text)
                command = all_commands().get(typed.name) if typed and result.brief is None else None
                private = command is not None and command.private
                await self._ask(exchange, result.text, result.brief, private=private)
            case Form():
                await exchange.open(modals.modal(result))
            case Panel():
                for payload in panel_payloads(result):
                    await exchange.show(payload)
            case Document():
                file = Upload(result.name, result.content, result.alt_text)
                await exchange.show(plain(result.title or result.name), [file])

    async def _stop(self, exchange: InteractionResponse, event_id: str) -> None:
        asker = self._parts.asked_by(event_id)
        if asker and asker != exchange.user and not exchange.interaction.permissions.manage_messages:
            raise CommandError(_("Only the person who asked can stop this answer."))
        if await self._parts.stop(event_id):
            await exchange.nothing()
        else:
            await exchange.tell(_("That answer is complete already."))

    async def _form(self, exchange: InteractionResponse, data: Any) -> None:
        known = modals.form_of(data["custom_id"])
        if known is None:
            raise CommandError(_("I don't know that form any more; please open it again."))
        name, start, target = known
        if name == "voice" and not exchange.interaction.permissions.manage_guild:
            raise CommandError(_("Only people who may manage this server can do that."))
        event = await self._event(exchange.interaction, "")
        values = modals.filled(data["components"])
        work = self._parts.answers.submit(name, target, values, event.account, event.place)
        result = await exchange.patiently(work)
        if isinstance(result, Notice) and name == "profile" and start == 0:
            more = {"type": 2, "style": 2, "label": _("More fields"), "custom_id": f"{MORE_FIELDS}profile"}
            await exchange.tell(result.text, [components.row(more)])
        else:
            await self._result(exchange, result)

    async def _event(self, interaction: discord.Interaction[Any], text: str) -> Event:
        return await event_of(interaction, text, self._parts.chains, self._parts.locales)

    async def _ask(
        self,
        exchange: InteractionResponse,
        text: str,
        brief: Brief | None = None,
        *,
        private: bool = False,
        thread: str = "",
        needs_thread: bool = False,
    ) -> None:
        """Keep a prompt, and acknowledge it: after it was kept, or when keeping it takes too long."""
        interaction = exchange.interaction
        event = await self._event(interaction, text)
        open_thread = thread if event.can_post and is_plain_channel(interaction) else ""
        if needs_thread and not open_thread and not is_apart(interaction):
            raise CommandError(_(NO_THREAD))
        event = replace(
            event,
            brief=as_kept(brief),
            private=private,
            open_thread=open_thread,
            needs_thread=needs_thread and bool(open_thread),
        )
        self._waiting.setdefault(event.id, asyncio.Event())
        keeping = asyncio.ensure_future(
            self._parts.inbox.add(event.kept(f"interaction:{event.id}", moment_of(interaction)))
        )
        try:
            async with self._parts.inbox.arriving():
                await asyncio.wait({keeping}, timeout=PATIENCE_SECONDS)
                if not keeping.done() or (keeping.exception() is None and keeping.result()):
                    await exchange.defer(private=private)
            await keeping
        finally:
            self._waiting.pop(event.id, asyncio.Event()).set()


async def _told(exchange: InteractionResponse, text: str) -> None:
    try:
        await exchange.tell(text)
    except UNDELIVERED as error:
        log.info("nobody could be told: %s", type(error).__name__)
