"""`/like`, `/dislike` and `/save`: what a person thinks of ideas of the last list in the conversation."""

from bot.core.commands.call import Answer, Call
from bot.core.commands.declaration import Command, Kind, Option, command_of_one
from bot.core.notices import Notice
from bot.interactions.last_lists import ideas_meant
from bot.language import N_, _
from storage.values.records import FeedbackKind

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
        for idea in await ideas_meant(call, call.invocation.numbers("ideas")):
            await call.repositories.feedback.add(call.person_id, idea.id, kind)
            if kind is FeedbackKind.SAVE:
                await call.repositories.ideas.save(call.person_id, idea.id)
        agreed = await call.repositories.feedback.has_consent(call.person_id)
        return Notice(_(done) if agreed else f"{_(done)} {_(_WITHOUT_CONSENT)}")

    return command_of_one(kind.value, summary, f"/{kind.value} 2", (_IDEAS,), run)


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
