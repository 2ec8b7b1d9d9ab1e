"""`/link`: makes the accounts that one person has on several platforms one person to Riff."""

from bot.core.commands.call import Answer, Call
from bot.core.commands.declaration import Option, command_of_one
from bot.core.errors import CommandError
from bot.core.notices import Notice
from bot.language import N_, _

_LINKED = Notice(N_("Done: this account and your other one are one person to me now, with one profile."))
_ALREADY = Notice(N_("That code is from this account. Type it where you use me with your other account."))


async def _link(call: Call) -> Answer:
    code = call.text("code")
    if not code:
        new = await call.repositories.links.new_code(call.person_id)
        return Notice(
            _(
                "Your code is {code}. Within 10 minutes, type /link {code} where you use me with your other account."
                " Give it to nobody else: it opens your profile, your ideas and your history.",
                code=new,
            )
        )
    owner = await call.repositories.links.take(code)
    if owner is None:
        raise CommandError(_("That code is wrong, used or older than 10 minutes; get a new one with /link."))
    if owner == call.person_id:
        return _ALREADY
    kept, *_others = await call.repositories.people.accounts(owner)
    await call.repositories.people.link(kept, call.incoming.author)
    return _LINKED


COMMAND = command_of_one(
    "link",
    N_("use me as the same person elsewhere"),
    "/link",
    (Option("code", N_("The code from your other account"), placeholder=N_("CODE"), positional=True),),
    _link,
    private=True,
)
