"""`/forget`: start the conversation anew, or erase all that is held on the person."""

from bot.core.commands.call import Answer, Call
from bot.core.commands.declaration import Command, Verb
from bot.core.notices import Notice
from bot.language import N_
from bot.personalization.erasure import CONFIRMATION, erase

_SUMMARY = N_("start anew, or erase what I hold on you")
_CHOICE = Notice(
    N_(
        "Type /forget conversation to start this conversation anew, or /forget everything to erase all that I"
        " hold on you: profile, messages and ideas. I ask before I erase that."
    )
)
_ANEW = Notice(N_("Done: I start anew and no longer look at what was said here before."))


async def _explain(_call: Call) -> Answer:
    return _CHOICE


async def _conversation(call: Call) -> Answer:
    await call.repositories.conversations.clear(call.conversation_id)
    await call.repositories.threads.drop_summary(call.conversation_id)
    return _ANEW


COMMAND = Command(
    "forget",
    _SUMMARY,
    "/forget conversation",
    (
        Verb("", _SUMMARY, run=_explain, private=True),
        Verb(
            "conversation", N_("Start this conversation anew"), run=_conversation, private=True, destroys=True
        ),
        Verb(
            "everything",
            N_("Erase all that I hold on you"),
            (CONFIRMATION,),
            erase,
            private=True,
            destroys=True,
        ),
    ),
)
