"""`/privacy`: what Riff holds on a person, handed over as a file, or erased."""

import json

from bot.core.commands.call import Answer, Call
from bot.core.commands.declaration import Command, Verb
from bot.core.domain import Document
from bot.core.notices import Notice
from bot.language import N_, _
from bot.personalization.erasure import CONFIRMATION, erase

_SUMMARY = N_("what I hold on you, as a file, or erased")
_CHOICE = Notice(
    N_(
        "I keep what you ask me, my answers, your profile and what you think of ideas, in my team's own"
        " database. Type /privacy export for a file with all of it, or /privacy forget to erase it; I ask"
        " before I do."
    )
)


async def _explain(_call: Call) -> Answer:
    return _CHOICE


async def _export(call: Call) -> Answer:
    held = await call.repositories.privacy.export(call.person_id)
    content = json.dumps(held, indent=2, ensure_ascii=False).encode()
    return Document(
        "riff-export.json", "application/json", content, _("What Riff holds on you"), private=True
    )


COMMAND = Command(
    "privacy",
    _SUMMARY,
    "/privacy export",
    (
        Verb("", _SUMMARY, run=_explain, private=True),
        Verb("export", N_("A file with all that I hold on you"), run=_export, private=True),
        Verb(
            "forget", N_("Erase all that I hold on you"), (CONFIRMATION,), erase, private=True, destroys=True
        ),
    ),
)
