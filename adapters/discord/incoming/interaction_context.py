"""One interaction: who asks, in which language and where, and its first response.

Discord wants the first response within three seconds and takes it once:
https://docs.discord.com/developers/interactions/receiving-and-responding
"""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable, Coroutine, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

import discord

from adapters.discord.gateway.api import EPHEMERAL, UNKNOWN_INTERACTION, Api, Json
from adapters.discord.incoming.event import PLATFORM, Event
from adapters.discord.incoming.reply_chains import ReplyChains
from adapters.discord.rendering.cards import LAID_OUT, converted
from adapters.discord.rendering.sending import ORIGINAL, plain
from bot.core.domain import Account, Repositories
from bot.language import LOCALE, _
from bot.personalization.profile import locale_of

_REMEMBERED = 10_000


class Locales:
    """The locales of people who used commands or buttons since Riff started."""

    def __init__(self) -> None:
        self._known: OrderedDict[int, str] = OrderedDict()

    def note(self, interaction: discord.Interaction[Any]) -> str:
        """The locale that the interaction says, kept for the person's messages."""
        locale = str(interaction.locale.value)
        self._known[interaction.user.id] = locale
        self._known.move_to_end(interaction.user.id)
        while len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)
        return locale

    def of_author(self, message: discord.Message) -> str:
        """The author's locale, else the one that the server prefers, "" where nobody said."""
        guild = message.guild
        preferred = str(guild.preferred_locale.value) if guild is not None else ""
        return self._known.get(message.author.id, preferred)


async def speak_as_chosen(interaction: discord.Interaction[Any], repositories: Repositories) -> None:
    """What is said at once is in the language that the person chose; a prompt that is only kept cannot wait."""
    account = Account(PLATFORM, "", str(interaction.user.id))
    LOCALE.set(await locale_of(repositories, account, LOCALE.get()))


async def event_of(
    interaction: discord.Interaction[Any], text: str, chains: ReplyChains, locales: Locales
) -> Event:
    """Who asks what and where; with no `text`, who acts and where."""
    channel, own = str(interaction.channel_id), str(interaction.id)
    place_channel, thread, chain = channel, "", None
    if isinstance(interaction.channel, discord.Thread):
        place_channel, thread = str(interaction.channel.parent_id), channel
    elif interaction.guild_id is not None:
        if interaction.message is not None and text:
            found = await chains.of_press(channel, own, interaction.message)
            thread, chain = found.root, found.above
        else:
            chains.note(own, "")
            thread, chain = own, ()
    return Event(
        id=own,
        user=str(interaction.user.id),
        guild=str(interaction.guild_id or ""),
        channel=channel,
        place_channel=place_channel,
        thread=thread,
        text=text,
        direct=interaction.guild_id is None and interaction.context.dm_channel,
        token=interaction.token,
        app=str(interaction.application_id),
        can_post=_can_post(interaction),
        chain=chain,
        roles=tuple(str(role.id) for role in getattr(interaction.user, "roles", ())),
        mentioned=True,
        by_admin=interaction.guild_id is not None and interaction.permissions.manage_guild,
        author_name=interaction.user.display_name,
        locale=locales.note(interaction),
    )


def _can_post(interaction: discord.Interaction[Any]) -> bool:
    """Whether Riff itself may write there, and not only answer the interaction."""
    if interaction.guild_id is None:
        return interaction.context.dm_channel
    allowed = interaction.app_permissions
    in_thread = isinstance(interaction.channel, discord.Thread)
    may_send = allowed.send_messages_in_threads if in_thread else allowed.send_messages
    by_person_only = interaction.is_user_integration() and not interaction.is_guild_integration()
    return not by_person_only and allowed.view_channel and may_send


def is_apart(interaction: discord.Interaction[Any]) -> bool:
    """Whether a brainstorm has the place to itself as it is: a thread, or a direct message."""
    return interaction.guild_id is None or isinstance(interaction.channel, discord.Thread)


def is_plain_channel(interaction: discord.Interaction[Any]) -> bool:
    """Whether a thread can be opened on a message there."""
    return isinstance(interaction.channel, discord.TextChannel)


def moment_of(interaction: discord.Interaction[Any]) -> datetime:
    """When somebody acted."""
    return interaction.created_at.astimezone(UTC)


def age_of(interaction: discord.Interaction[Any]) -> float:
    """How many seconds ago somebody acted."""
    return (datetime.now(UTC) - moment_of(interaction)).total_seconds()


log = logging.getLogger("riff.discord")

T = TypeVar("T")
_SHOW, _DEFER, _DEFER_UPDATE, _UPDATE, _CHOICES, _MODAL = 4, 5, 6, 7, 8, 9
_ACKNOWLEDGED = 40060
PATIENCE_SECONDS = 1.0
"""Work that takes longer is first acknowledged: two of Discord's three seconds are left for the way."""


class InteractionResponse:
    """Answers one interaction; a second answer goes where the first one stands."""

    def __init__(self, api: Api, interaction: discord.Interaction[Any], *, is_replayed: bool = False) -> None:
        self.interaction = interaction
        self.is_replayed = is_replayed
        """Whether it comes out of a session that an earlier process left."""
        self.in_place = False
        """Whether what comes of a press takes the place of what only its person sees."""
        self._api = api
        self._is_answered = False
        self._is_on_source = False  # then the first answer is the message that was acted on

    @property
    def _replaces(self) -> bool:
        message = self.interaction.message
        return self.in_place and message is not None and message.flags.ephemeral

    @property
    def user(self) -> str:
        """Who acted."""
        return str(self.interaction.user.id)

    async def defer(self, *, private: bool) -> None:
        """Show that it is being worked on."""
        await self._first(_DEFER, {"flags": EPHEMERAL if private else 0})

    async def nothing(self) -> None:
        """Acknowledge a press that changes nothing visible."""
        await self._first(_DEFER_UPDATE)
        self._is_on_source = True

    async def change_card(self, message: str, change: Callable[[Json], Json | None]) -> bool:
        """Change the message that was acted on, or the one with this id there, from what it shows now.

        Whether it was changed: not where `change` gives nothing, or Discord does not let Riff.
        """
        app, token = str(self.interaction.application_id), self.interaction.token
        channel = str(self.interaction.channel_id)
        try:
            if not message:
                await self.nothing()
            shown = await (self._api.message(channel, message) if message else self._api.response(app, token))
            payload = change(shown)
            if payload is None:
                return False
            if message:
                await self._api.edit(channel, message, payload)
            else:
                await self._api.edit_response(app, token, ORIGINAL, payload)
        except discord.HTTPException as error:
            log.info("a card is not changed: %s", error)
            return False
        return True

    async def choices(self, values: Sequence[tuple[str, str]]) -> None:
        """What may be completed: each value with what it is called."""
        shown = [{"name": label[:100], "value": value[:100]} for value, label in values[:25] if value.strip()]
        await self._first(_CHOICES, {"choices": shown})

    async def open(self, modal: Json) -> None:
        """Open a form; where something was answered already, the person presses once more."""
        if self._is_answered:
            await self.tell(_("That took me a moment. Please press it again."))
        else:
            await self._first(_MODAL, modal)

    async def tell(self, text: str, rows: Sequence[Json] = ()) -> None:
        """A sentence for the person alone."""
        await self.show(plain(text, list(rows)))

    async def lay_out(self, payloads: Sequence[Json]) -> None:
        """Messages for the person alone, the first in place of what they pressed where they alone see that."""
        await self.show(payloads[0])
        app, token = str(self.interaction.application_id), self.interaction.token
        for payload in payloads[1:]:
            await self._api.follow_up(app, token, {**payload, "flags": payload["flags"] | EPHEMERAL})

    async def show(self, payload: Json) -> None:
        """A message for the person alone."""
        if self._replaces and self.interaction.message is not None:
            was_laid_out = bool(self.interaction.message.flags.value & LAID_OUT)
            payload = converted(payload, from_laid_out=was_laid_out)
        if not self._is_answered:
            if self._replaces:
                await self._first(_UPDATE, payload)
            else:
                await self._first(_SHOW, {**payload, "flags": payload["flags"] | EPHEMERAL})
            return
        app, token = str(self.interaction.application_id), self.interaction.token
        if self._is_on_source:
            await self._api.follow_up(app, token, {**payload, "flags": payload["flags"] | EPHEMERAL})
        else:
            await self._api.edit_response(app, token, ORIGINAL, payload)

    async def patiently(self, work: Coroutine[Any, Any, T], *, unseen: bool = False) -> T:
        """The result of `work`, acknowledged where it takes long: privately, or `unseen` in no new message."""
        task = asyncio.ensure_future(work)
        try:
            done, _ = await asyncio.wait({task}, timeout=PATIENCE_SECONDS)
            if not done:
                await (self.nothing() if unseen or self._replaces else self.defer(private=True))
            return await task
        except asyncio.CancelledError:
            task.cancel()
            raise

    async def _first(self, kind: int, data: Json | None = None) -> None:
        if self._is_answered:
            return
        self._is_answered = True
        try:
            await self._api.respond(str(self.interaction.id), self.interaction.token, kind, data)
        except discord.HTTPException as error:
            if error.code not in {_ACKNOWLEDGED, UNKNOWN_INTERACTION}:
                raise
            log.info("an interaction was answered before, or too late (%s)", error.code)
