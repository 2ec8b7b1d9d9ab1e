"""`/forget`: start the conversation anew, or erase all that is held on the person."""

from bot.core import notices
from bot.core.commands.base import Answer, Call, Command
from bot.core.notices import Notice
from bot.language import N_

_CHOICE = Notice(
    N_(
        "Type /forget conversation to start this conversation anew, or /forget everything to erase all that I"
        " hold on you: profile, messages and ideas. It cannot be undone."
    )
)
_ANEW = Notice(N_("Done: I start anew and no longer look at what was said here before."))


async def _forget(call: Call) -> Answer:
    match call.words.lower():
        case "conversation":
            await call.repositories.conversations.clear(call.conversation_id)
            await call.repositories.threads.drop_summary(call.conversation_id)
            return _ANEW
        case "everything":
            return notices.erased(await call.repositories.privacy.forget(call.person_id))
        case _:
            return _CHOICE


COMMAND = Command(
    "forget",
    N_("start anew, or erase what I hold on you"),
    "/forget conversation|everything",
    "/forget conversation",
    _forget,
    private=True,
)
