"""A server's own rules: in which channels Riff answers, and whom."""

from adapters.discord.incoming.event import PLATFORM, Event
from bot.core.notices import Notice
from bot.core.repositories import Repositories
from bot.language import N_
from bot.places.place_rules import PlaceRules

NOT_HERE = Notice(
    N_("An admin of this server chose other channels for me. Write to me in one of those, or directly.")
)
NOT_YOU = Notice(N_("An admin of this server chose who may use me here; ask for one of those roles."))


class ServerRules(PlaceRules):
    """The rules of Discord's servers."""

    def __init__(self, repositories: Repositories) -> None:
        super().__init__(repositories.scopes, PLATFORM)

    async def refusal(self, event: Event) -> Notice | None:
        """Why the person may not ask here; None when they may."""
        if not event.guild:
            return None
        where = {event.channel, event.place_channel}
        unmet = await self.unmet(event.guild, channels=where, roles=event.roles)
        return {"channels": NOT_HERE, "roles": NOT_YOU, "admins": None, None: None}[unmet]
