"""`/consent`: whether a model may learn from the person's feedback; not before they say so."""

from bot.core.commands.call import Answer, Call
from bot.core.commands.declaration import Command, Verb
from bot.core.notices import Notice
from bot.language import N_, _

_WHAT = N_(
    "With it, a model that your team trains may learn from the ideas you asked for and from your likes,"
    " dislikes, saves and edits, with personal data taken out."
)
_GIVEN = N_("You agreed that a model learns from your feedback; /consent off takes that back.")
_NOT_GIVEN = N_("You have not agreed that a model learns from your feedback; /consent on does.")
_TAKEN_BACK = Notice(
    N_("Noted: no training from now on uses your feedback. A model trained before keeps what it learned.")
)


def _explained(answer: str) -> Notice:
    return Notice(f"{_(answer)} {_(_WHAT)}")


async def _show(call: Call) -> Answer:
    has_consent = await call.repositories.feedback.has_consent(call.person_id)
    return _explained(_GIVEN if has_consent else _NOT_GIVEN)


async def _on(call: Call) -> Answer:
    await call.repositories.feedback.set_consent(call.person_id, given=True)
    return _explained(_GIVEN)


async def _off(call: Call) -> Answer:
    await call.repositories.feedback.set_consent(call.person_id, given=False)
    return _TAKEN_BACK


COMMAND = Command(
    "consent",
    N_("whether a model may learn from your feedback"),
    "/consent on",
    (
        Verb("show", N_("Whether you agreed"), run=_show, private=True),
        Verb("on", N_("Agree that a model learns from your feedback"), run=_on, private=True),
        Verb("off", N_("Take that back"), run=_off, private=True),
    ),
    default="show",
)
