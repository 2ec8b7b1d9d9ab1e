"""Forms that were filled in; one with more fields than a modal holds goes on behind a button."""

from typing import Any

from adapters.discord.incoming.interaction_response import InteractionResponse
from adapters.discord.incoming.prompt_intake import PromptIntake
from adapters.discord.rendering import components, modals
from bot.core.errors import CommandError
from bot.core.forms import profile_form
from bot.core.notices import Notice
from bot.core.repositories import Repositories
from bot.interactions.form_answers import FormAnswers
from bot.language import _

MORE_FIELDS = "riff:fields:"
"""What a button's custom id begins with that opens the rest of a form; the form's name follows."""


class FormSubmissions:
    """Takes filled modals."""

    def __init__(self, intake: PromptIntake, repositories: Repositories, answers: FormAnswers) -> None:
        self._intake = intake
        self._repositories = repositories
        self._answers = answers

    async def take(self, exchange: InteractionResponse, data: Any) -> None:
        """Act on one; raises CommandError or StorageError."""
        known = modals.form_of(data["custom_id"])
        if known is None:
            raise CommandError(_("I don't know that form any more; please open it again."))
        name, start, target = known
        if name == "voice" and not exchange.interaction.permissions.manage_guild:
            raise CommandError(_("Only people who may manage this server can do that."))
        event = await self._intake.event(exchange.interaction)
        values = modals.filled(data["components"])
        work = self._answers.submit(name, target, values, event.account, event.place)
        result = await exchange.patiently(work)
        if isinstance(result, Notice) and name == "profile" and start == 0:
            more = {"type": 2, "style": 2, "label": _("More fields"), "custom_id": f"{MORE_FIELDS}profile"}
            await exchange.tell(result.text, [components.row(more)])
        else:
            await self._intake.show(exchange, result)

    async def open_profile(self, exchange: InteractionResponse, start: int = 0) -> None:
        """What Riff remembers of the person, to change; from the field `start` on."""
        people = self._repositories.people
        account = (await self._intake.event(exchange.interaction)).account
        person = await people.find_or_create(account)
        await exchange.open(modals.modal(profile_form(await people.profile(person)), start))

    async def open_rest(self, exchange: InteractionResponse, name: str) -> None:
        """The fields of the form that did not fit in its first modal."""
        await self.open_profile(exchange, modals.MOST_FIELDS)
