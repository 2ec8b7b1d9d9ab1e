"""`/privacy`: what Riff holds on a person, handed over as a file, or erased."""

import json

from bot.core import notices
from bot.core.commands.base import Answer, Call, Command
from bot.core.domain import Document
from bot.core.notices import Notice
from bot.language import N_, _

_CHOICE = Notice(
    N_(
        "I keep what you ask me, my answers, your profile and what you think of ideas, in my team's own"
        " database. Type /privacy export for a file with all of it, or /privacy forget to erase it, which cannot"
        " be undone."
    )
)


async def _privacy(call: Call) -> Answer:
    match call.words.lower():
        case "export":
            held = await call.repositories.privacy.export(call.person_id)
            content = json.dumps(held, indent=2, ensure_ascii=False).encode()
            return Document(
                "riff-export.json", "application/json", content, _("What Riff holds on you"), private=True
            )
        case "forget":
            return notices.erased(await call.repositories.privacy.forget(call.person_id))
        case _other:
            return _CHOICE


COMMAND = Command(
    "privacy",
    N_("what I hold on you, as a file, or erased"),
    "/privacy export|forget",
    "/privacy export",
    _privacy,
    private=True,
)
