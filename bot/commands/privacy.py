"""`/privacy`: what Riff holds on a person, handed over as a file, or erased."""

import json

from bot.commands.base import Answer, Call, Command
from bot.domain import Document
from bot.notices import Notice

_CHOICE = Notice(
    "I keep what you ask me, my answers, your profile and what you think of ideas, in my team's own database."
    " Type /privacy export for a file with all of it, or /privacy forget to erase it, which cannot be undone."
)


async def _privacy(call: Call) -> Answer:
    match call.words.lower():
        case "export":
            held = await call.memory.privacy.export(call.person_id)
            content = json.dumps(held, indent=2, ensure_ascii=False).encode()
            return Document(
                "riff-export.json", "application/json", content, "What Riff holds on you", private=True
            )
        case "forget":
            return Notice((await call.memory.privacy.forget(call.person_id)).say)
        case _:
            return _CHOICE


COMMAND = Command(
    "privacy",
    "what I hold on you, as a file, or erased",
    "/privacy export|forget",
    "/privacy export",
    _privacy,
    private=True,
)
