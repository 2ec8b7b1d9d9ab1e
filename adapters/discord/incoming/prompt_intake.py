"""Takes what an interaction asks for into the inbox, and acknowledges it in time; shows what needs no answer.

Discord wants the first response within three seconds; what waits for an answer is kept before it is acknowledged.
"""

import asyncio
from contextlib import suppress
from dataclasses import replace
from typing import Any

import discord

from adapters.common.attachments import File
from adapters.discord.incoming.event import Event
from adapters.discord.incoming.interaction_context import (
    PATIENCE_SECONDS,
    InteractionResponse,
    Locales,
    event_of,
    is_apart,
    is_plain_channel,
    moment_of,
)
from adapters.discord.incoming.message_filter import thread_name
from adapters.discord.incoming.reply_chains import ReplyChains
from adapters.discord.rendering import modals
from adapters.discord.rendering.panels import panel_payloads
from adapters.discord.rendering.standing import message_link
from bot.config.settings import LimitSettings, SessionSettings
from bot.core.buttons import Panel
from bot.core.commands import Invocation, is_private
from bot.core.domain import Request, request_as_json
from bot.core.errors import CommandError
from bot.core.forms import Form
from bot.core.notices import Notice
from bot.interactions.actions import Outcome
from bot.interactions.asked_lines import asked_for
from bot.interactions.resolver import Ask
from bot.jobs.inbox import Inbox
from bot.language import N_, _
from bot.session.arguments import plan_asked
from bot.session.session_presses import SourceMessage

NO_THREAD = N_(
    "I can't open a thread here, which a brainstorm needs. Use a text channel in which I may write and create"
    " public threads."
)
_ACKNOWLEDGED_SECONDS = 3.0


class PromptIntake:
    """Keeps prompts; whoever answers one waits until it is `acknowledged`."""

    def __init__(
        self,
        inbox: Inbox,
        chains: ReplyChains,
        locales: Locales,
        limits: LimitSettings,
        sessions: SessionSettings,
    ) -> None:
        self._limits = limits
        self._sessions = sessions
        self._inbox = inbox
        self._chains = chains
        self._locales = locales
        self._waiting: dict[str, asyncio.Event] = {}

    async def event(self, interaction: discord.Interaction[Any], text: str = "") -> Event:
        """Who asks what and where; without a text, who acts and where."""
        return await event_of(interaction, text, self._chains, self._locales)

    async def acknowledged(self, event_id: str) -> None:
        """Wait until the interaction has its first response, where this process gives it."""
        waiting = self._waiting.get(event_id)
        if waiting is not None:
            with suppress(TimeoutError):
                async with asyncio.timeout(_ACKNOWLEDGED_SECONDS):
                    await waiting.wait()

    async def show(self, exchange: InteractionResponse, result: Outcome) -> None:
        """What a press came to."""
        match result:
            case Notice():
                await exchange.tell(result.text)
            case Ask():
                await self.keep(exchange, result)
            case Form():
                await exchange.open(modals.modal(result))
            case Panel():
                await exchange.lay_out(panel_payloads(result))
            case SourceMessage(event_id, place):
                conversation = place.thread or place.channel
                await exchange.tell(message_link(place.workspace, conversation, event_id))

    async def keep_command(
        self,
        exchange: InteractionResponse,
        ask: Ask,
        *,
        in_thread: bool = False,
        more: str = "",
        handed_over: tuple[str, tuple[File, ...]] = ("", ()),
    ) -> None:
        """Keep what a command or its form asks for; a team session has a thread of its own. Raises CommandError."""
        meant = ask.request if isinstance(ask.request, Invocation) else Invocation("")
        plan = plan_asked(meant, self._sessions)
        topic = plan.topic if plan else meant.text("topic") if in_thread else ""
        thread = thread_name(topic) if topic else ""
        await self.keep(
            exchange, ask, thread=thread, needs_thread=plan is not None, more=more, handed_over=handed_over
        )

    async def keep(
        self,
        exchange: InteractionResponse,
        ask: Ask,
        *,
        thread: str = "",
        needs_thread: bool = False,
        more: str = "",
        handed_over: tuple[str, tuple[File, ...]] = ("", ()),
    ) -> None:
        """Keep a prompt; with `thread` its answer is in a new one of that name, where one can be opened.

        `more` names the rest of a form, `handed_over` the option that files are for, and these. Raises CommandError
        where a thread is needed and cannot be opened.
        """
        interaction = exchange.interaction
        event = await self.event(interaction, ask.text)
        open_thread = thread if event.can_post and is_plain_channel(interaction) else ""
        if needs_thread and not open_thread and not is_apart(interaction):
            raise CommandError(_(NO_THREAD))
        event = replace(
            event,
            request=request_as_json(ask.request),
            private=_is_private(ask.request),
            open_thread=open_thread,
            needs_thread=needs_thread and bool(open_thread),
            more=more,
            file_option=handed_over[0],
            files=handed_over[1],
            said=asked_for(ask.request, ask.text, self._limits).sentence if open_thread else "",
        )
        await self._acknowledge(exchange, event)

    async def _acknowledge(self, exchange: InteractionResponse, event: Event) -> None:
        """Keep it, and say so: after it was kept, or when keeping it takes too long."""
        kept = event.kept(f"interaction:{event.id}", moment_of(exchange.interaction))
        self._waiting.setdefault(event.id, asyncio.Event())
        keeping = asyncio.ensure_future(self._inbox.add(kept))
        try:
            async with self._inbox.arriving():
                await asyncio.wait({keeping}, timeout=PATIENCE_SECONDS)
                if not keeping.done() or (keeping.exception() is None and keeping.result()):
                    await exchange.defer(private=event.private)
            await keeping
        finally:
            self._waiting.pop(event.id, asyncio.Event()).set()


def _is_private(request: Request | None) -> bool:
    return isinstance(request, Invocation) and is_private(request.command, request.verb)
