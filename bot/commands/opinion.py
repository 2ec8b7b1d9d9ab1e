"""`/like`, `/dislike` and `/save`: what a person thinks of ideas of the last list in the conversation."""

from bot.core.commands.call import Answer, Call
from bot.core.commands.declaration import Command, Kind, Option, command_of_one
from bot.core.errors import CommandError
from bot.core.notices import Notice
from bot.language import N_, _
from storage.values.records import FeedbackKind, StoredIdea

_WITHOUT_CONSENT = N_("A model learns from it only after your /consent on.")
_IDEAS = Option(
    "ideas",
    N_("Which ideas?"),
    Kind.NUMBERS,
    positional=True,
    required=True,
    asks=N_("Which idea? Give its number in the last list, for example: /{command} 2"),
)


def _opinion_command(kind: FeedbackKind, summary: str, done: str) -> Command:
    """A command that notes `kind` for the ideas whose numbers follow it, and answers `done`."""

    async def run(call: Call) -> Answer:
        for idea in await _ideas_meant(call):
            await call.repositories.feedback.add(call.person_id, idea.id, kind)
            if kind is FeedbackKind.SAVE:
                await call.repositories.ideas.save(call.person_id, idea.id)
        agreed = await call.repositories.feedback.has_consent(call.person_id)
        return Notice(_(done) if agreed else f"{_(done)} {_(_WITHOUT_CONSENT)}")

    return command_of_one(kind.value, summary, f"/{kind.value} 2", (_IDEAS,), run)


async def _ideas_meant(call: Call) -> list[StoredIdea]:
    """The ideas with these numbers in the last list here; raises CommandError where there is none."""
    ideas: list[StoredIdea] = []
    for number in call.invocation.numbers("ideas"):
        idea = await call.repositories.ideas.at(call.conversation_id, number, call.person_id)
        if idea is None:
            raise CommandError(
                _(
                    "The last list here has no idea number {number}; see /brainstorm for a new one.",
                    number=number,
                )
            )
        ideas.append(idea)
    return ideas


COMMANDS = (
    _opinion_command(
        FeedbackKind.LIKE, N_("say that you like an idea of the last list"), N_("Noted that you like it.")
    ),
    _opinion_command(
        FeedbackKind.DISLIKE,
        N_("say that an idea of the last list is not for you"),
        N_("Noted that it is not for you."),
    ),
    _opinion_command(FeedbackKind.SAVE, N_("keep an idea of the last list"), N_("Kept.")),
)
