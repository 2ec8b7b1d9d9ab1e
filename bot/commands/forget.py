"""`/forget`: start the conversation anew, or erase all that is held on the person."""

from bot.commands.base import Answer, Call, Command
from bot.notices import Notice

_CHOICE = Notice(
    "Type /forget conversation to start this conversation anew, "
    "or /forget everything to erase all that I hold on you: profile, messages and ideas. It cannot be undone."
)
_ANEW = Notice("Done: I start anew and no longer look at what was said here before.")


async def _forget(call: Call) -> Answer:
    match call.words.lower():
        case "conversation":
            await call.memory.conversations.clear(call.conversation_id)
            return _ANEW
        case "everything":
            return Notice((await call.memory.privacy.forget(call.person_id)).say)
        case _:
            return _CHOICE


COMMAND = Command(
    "forget",
    "start anew, or erase what I hold on you",
    "/forget conversation|everything",
    "/forget conversation",
    _forget,
    private=True,
)
