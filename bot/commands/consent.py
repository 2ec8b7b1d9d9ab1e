"""`/consent`: whether a model may learn from the person's feedback; not before they say so."""

from bot.commands.base import Answer, Call, Command
from bot.notices import Notice

_WHAT = (
    " With it, a model that your team trains may learn from the ideas you asked for and from your likes,"
    " dislikes, saves and edits, with personal data taken out."
)
_GIVEN = Notice(f"You agreed that a model learns from your feedback; /consent off takes that back.{_WHAT}")
_NOT_GIVEN = Notice(f"You have not agreed that a model learns from your feedback; /consent on does.{_WHAT}")
_TAKEN_BACK = Notice(
    "Noted: no training from now on uses your feedback. A model trained before keeps what it learned."
)


async def _consent(call: Call) -> Answer:
    match call.words.lower():
        case "on":
            await call.memory.feedback.set_consent(call.person_id, given=True)
            return _GIVEN
        case "off":
            await call.memory.feedback.set_consent(call.person_id, given=False)
            return _TAKEN_BACK
        case _:
            return _GIVEN if await call.memory.feedback.has_consent(call.person_id) else _NOT_GIVEN


COMMAND = Command(
    "consent",
    "whether a model may learn from your feedback",
    "/consent [on|off]",
    "/consent on",
    _consent,
    private=True,
)
