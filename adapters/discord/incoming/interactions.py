"""Interactions as they arrive: each goes to what takes its kind, and trouble becomes a sentence for the person."""

import logging
from collections import OrderedDict
from typing import Any

import discord

from adapters.discord.commands.definitions import MESSAGE_MENU
from adapters.discord.gateway.api import Api
from adapters.discord.incoming.command_interactions import CommandInteractions
from adapters.discord.incoming.form_submissions import FormSubmissions
from adapters.discord.incoming.interaction_context import InteractionResponse, Locales, speak_as_chosen
from adapters.discord.incoming.presses import Presses
from adapters.discord.rendering.streamed_message import UNDELIVERED
from bot.core.domain import Repositories
from bot.core.errors import RiffError
from bot.core.notices import STORAGE_AWAY, failed
from bot.language import speaking

log = logging.getLogger("riff.discord")

_KINDS = discord.InteractionType
_SEEN = 10_000


class Interactions:
    """Takes interactions; each is answered within three seconds, if only by "thinking"."""

    def __init__(
        self,
        api: Api,
        locales: Locales,
        repositories: Repositories,
        commands: CommandInteractions,
        presses: Presses,
        forms: FormSubmissions,
    ) -> None:
        self._api = api
        self._locales = locales
        self._repositories = repositories
        self._commands = commands
        self._presses = presses
        self._forms = forms
        self._seen: OrderedDict[int, None] = OrderedDict()

    async def take(self, interaction: discord.Interaction[Any], *, is_replayed: bool = False) -> None:
        """Answer or keep one. A repeated dispatch is passed over."""
        if interaction.id in self._seen:
            return
        self._seen[interaction.id] = None
        while len(self._seen) > _SEEN:
            self._seen.popitem(last=False)
        exchange = InteractionResponse(self._api, interaction, is_replayed=is_replayed)
        with speaking(self._locales.note(interaction)):
            await self._take(exchange)

    async def _take(self, exchange: InteractionResponse) -> None:
        try:
            await self._dispatch(exchange)
        except RiffError as error:
            await _told(exchange, error.say)
        except UNDELIVERED as error:
            log.warning("an interaction is not answered: %s", error)
        except Exception as error:
            reference = f"{exchange.interaction.id % 0xFFFFFF:06x}"
            log.error("trouble with an interaction, %s", reference, exc_info=error)
            storage = type(error).__module__.startswith("storage.")
            await _told(exchange, STORAGE_AWAY.text if storage else failed(reference).text)

    async def _dispatch(self, exchange: InteractionResponse) -> None:
        interaction = exchange.interaction
        data: Any = interaction.data
        match interaction.type:
            case _KINDS.autocomplete:
                await self._commands.complete(exchange, data)
            case _KINDS.application_command if data.get("type") == MESSAGE_MENU:
                await self._commands.take_menu(exchange, data)
            case _KINDS.application_command:
                await self._commands.take(exchange, data)
            case _KINDS.component:
                await speak_as_chosen(interaction, self._repositories)
                await self._presses.take(exchange, data)
            case _KINDS.modal_submit:
                await speak_as_chosen(interaction, self._repositories)
                await self._forms.take(exchange, data)


async def _told(exchange: InteractionResponse, text: str) -> None:
    try:
        await exchange.tell(text)
    except UNDELIVERED as error:
        log.info("nobody could be told: %s", type(error).__name__)
