"""Erasing all that is held on a person asks first: it tells what goes, and hands the file over before, if wished."""

from bot.core import notices
from bot.core.buttons import Action, ActionKind, Button, Panel
from bot.core.commands.call import Answer, Call
from bot.core.commands.declaration import Option
from bot.core.domain import Invocation
from bot.core.errors import CommandError
from bot.core.notices import Notice
from bot.language import N_, _, listed, ngettext
from storage.values.personal import Held

WORD = N_("erase")
CONFIRMATION = Option(
    "word", N_("The word that confirms it"), placeholder=N_("WORD"), positional=True, most_characters=40
)
KEPT = Notice(N_("Nothing was erased."))
_NOT_YOURS = N_("Only the person who was asked can answer that.")


async def erase(call: Call) -> Answer:
    """Erases, where the word was given; else tells what would go and asks. Raises ForgottenError, CommandError."""
    word = call.text("word").strip().strip(".!“”\"'").casefold()
    if not word:
        return _question(await call.repositories.privacy.held(call.person_id), call.person_id)
    if word not in {WORD, _(WORD).casefold()}:
        raise CommandError(
            _("Nothing was erased. To erase everything, type /privacy forget {word}", word=_(WORD))
        )
    return notices.erased(await call.repositories.privacy.forget(call.person_id))


def answered(kind: ActionKind, target: int, person_id: int | None) -> Notice | Invocation:
    """What a press under the question comes to; raises CommandError where it was somebody else's question."""
    if target != person_id:
        raise CommandError(_(_NOT_YOURS))
    match kind:
        case ActionKind.ERASE:
            return Invocation("privacy", "forget", {"word": _(WORD)})
        case ActionKind.EXPORT:
            return Invocation("privacy", "export")
        case _other:
            return KEPT


def _question(held: Held, person_id: int) -> Panel:
    target = str(person_id)
    return Panel(
        Notice(_told(held)),
        (),
        (
            Button(Action(ActionKind.EXPORT, target), _("Download first")),
            Button(Action(ActionKind.ERASE, target), _("Erase everything"), "danger"),
            Button(Action(ActionKind.KEEP, target), _("Cancel"), "primary"),
        ),
    )


def _told(held: Held) -> str:
    """What goes, how much of it, what stays, and how to say yes without a button."""
    parts = [_("your profile")] if held.has_profile else []
    parts += [
        text
        for count, text in (
            (
                held.messages,
                ngettext(
                    "{count} message of yours and mine", "{count} messages of yours and mine", held.messages
                ),
            ),
            (
                held.ideas,
                ngettext(
                    "{count} idea that I wrote for you", "{count} ideas that I wrote for you", held.ideas
                ),
            ),
            (
                held.opinions,
                ngettext("{count} opinion on an idea", "{count} opinions on ideas", held.opinions),
            ),
            (
                held.board_ideas,
                ngettext(
                    "{count} idea of yours on a board", "{count} ideas of yours on boards", held.board_ideas
                ),
            ),
            (held.votes, ngettext("{count} vote", "{count} votes", held.votes)),
            (
                held.accounts,
                ngettext(
                    "{count} account that I know you by", "{count} accounts that I know you by", held.accounts
                ),
            ),
        )
        if count
    ]
    return "\n".join(
        (
            _("Erase everything that I hold on you?"),
            _("That is: {parts}.", parts=listed(parts)),
            _("What others asked in a thread with you stays, and what stands in the channels stays there."),
            _("It cannot be undone. To erase by typing: /privacy forget {word}", word=_(WORD)),
        )
    )
