"""`/usage`: what the person used, and what is left of their quota."""

from bot.core.commands.call import Answer, Call
from bot.core.commands.declaration import command_of_one
from bot.core.notices import Notice
from bot.language import N_
from bot.places.quotas import Quotas


async def _usage(call: Call) -> Answer:
    quotas = Quotas(call.repositories.usage, call.repositories.scopes, call.limits)
    return Notice(await quotas.shown(call.person_id, call.incoming.place))


COMMAND = command_of_one(
    "usage", N_("what you used, and what is left of your quota"), "/usage", run=_usage, private=True
)
