"""Votes for ideas of a board, and what the voter is told."""

from bot.errors import CommandError
from bot.language import _, ngettext
from bot.memory import Memory
from bot.notices import Notice
from storage.board import Ballot, Vote
from storage.errors import ForgottenError


async def vote_for(memory: Memory, idea_id: int, person_id: int, name: str = "") -> Notice:
    """Casts the person's vote for the idea or takes it back, and tells them. Raises CommandError, StorageError."""
    try:
        return Notice(told(await memory.boards.vote(idea_id, person_id, name)))
    except ForgottenError as error:
        raise CommandError(_("That idea is no longer on the board.")) from error


async def number_of(memory: Memory, idea_id: int) -> int:
    """What people call the idea by; raises CommandError when it is gone."""
    number = await memory.boards.number_of(idea_id)
    if number is None:
        raise CommandError(_("That idea is no longer on the board."))
    return number


def told(vote: Vote) -> str:
    """What became of a vote, as a sentence for the voter."""
    left = ngettext("You have {count} vote left.", "You have {count} votes left.", vote.left)
    match vote.ballot:
        case Ballot.CAST:
            return _("You voted for {number}; vote again to take it back.", number=vote.number) + f" {left}"
        case Ballot.TAKEN_BACK:
            return _("Your vote for {number} is taken back.", number=vote.number) + f" {left}"
        case Ballot.NONE_LEFT:
            return _("You have no votes left; vote again for one of yours to take it back.")
        case Ballot.CLOSED:
            return _("There is no vote now.")
