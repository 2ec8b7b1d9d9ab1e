"""Notes what a person thinks of ideas of the last list in the conversation; shared by the commands for it."""

import re

from bot.core.commands.base import Answer, Call, Command
from bot.core.errors import CommandError
from bot.core.notices import Notice
from bot.language import N_, _
from storage.values.common import FeedbackKind, StoredIdea

_NUMBERS = re.compile(r"#?\d{1,3}(?:(?:\s*,\s*|\s+and\s+|\s+)#?\d{1,3})*", re.IGNORECASE)
_NUMBER = re.compile(r"\d{1,3}")
_WITHOUT_CONSENT = N_("A model learns from it only after your /consent on.")


def opinion_command(kind: FeedbackKind, summary: str, done: str) -> Command:
    """A command that notes `kind` for the ideas whose numbers follow it, and answers `done`."""

    async def run(call: Call) -> Answer:
        for idea in await ideas_meant(call, kind.value):
            await call.repositories.feedback.add(call.person_id, idea.id, kind)
            if kind is FeedbackKind.SAVE:
                await call.repositories.ideas.save(call.person_id, idea.id)
        agreed = await call.repositories.feedback.has_consent(call.person_id)
        return Notice(_(done) if agreed else f"{_(done)} {_(_WITHOUT_CONSENT)}")

    return Command(kind.value, summary, f"/{kind.value} NUMBER [NUMBER ...]", f"/{kind.value} 2", run)


async def ideas_meant(call: Call, command: str) -> list[StoredIdea]:
    """The ideas with these numbers in the last list here; raises CommandError where there is none."""
    if not _NUMBERS.fullmatch(call.words):
        raise CommandError(
            _("Which idea? Give its number in the last list, for example: /{command} 2", command=command)
        )
    ideas: list[StoredIdea] = []
    for number in dict.fromkeys(map(int, _NUMBER.findall(call.words))):
        idea = await call.repositories.ideas.at(call.conversation_id, number)
        if idea is None:
            raise CommandError(
                _(
                    "The last list here has no idea number {number}; see /brainstorm for a new one.",
                    number=number,
                )
            )
        ideas.append(idea)
    return ideas
