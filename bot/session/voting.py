"""Votes for the board's ideas, by buttons and by numbers: cast, taken back, and told to the voter."""

from collections.abc import Sequence

from bot.core.commands.call import Call
from bot.core.errors import CommandError
from bot.core.notices import Notice
from bot.language import N_, _, listed, ngettext
from storage.errors import ForgottenError
from storage.repositories import Repositories
from storage.values.brainstorms import Ballot, StoredBrainstorm, Vote


async def vote_for(repositories: Repositories, idea_id: int, person_id: int, name: str = "") -> Notice:
    """Casts the person's vote for the idea or takes it back, and tells them. Raises CommandError, StorageError."""
    try:
        return Notice(told(await repositories.boards.vote(idea_id, person_id, name)))
    except ForgottenError as error:
        raise CommandError(_("That idea is no longer on the board.")) from error


async def number_of(repositories: Repositories, idea_id: int) -> int:
    """What people call the idea by; raises CommandError when it is gone."""
    number = await repositories.boards.number_of(idea_id)
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


async def vote_for_numbers(
    repositories: Repositories, brainstorm_id: int, numbers: Sequence[int], person_id: int, name: str
) -> Notice:
    """As `vote_for`, for the ideas that people call by `numbers`; nothing is cast when there is one wrong."""
    ids = await repositories.boards.numbered(brainstorm_id, numbers)
    missing = [str(number) for number in numbers if number not in ids]
    if missing:
        raise CommandError(_("The board has no idea number {number}.", number=listed(missing)))
    votes = [await repositories.boards.vote(ids[number], person_id, name) for number in numbers]
    return Notice(votes_told(votes))


def votes_told(votes: Sequence[Vote]) -> str:
    """What became of several votes, in one line, with what is left after the last."""
    if len(votes) == 1:
        return told(votes[0])
    parts = []
    for ballot, said in (
        (Ballot.CAST, N_("Voted for {numbers}.")),
        (Ballot.TAKEN_BACK, N_("Taken back: {numbers}.")),
        (Ballot.NONE_LEFT, N_("No vote was left for {numbers}.")),
        (Ballot.CLOSED, N_("There is no vote now.")),
    ):
        numbers = [str(vote.number) for vote in votes if vote.ballot is ballot]
        if numbers:
            parts.append(_(said, numbers=listed(numbers)))
    if votes[-1].ballot is not Ballot.CLOSED:
        parts.append(ngettext("You have {count} vote left.", "You have {count} votes left.", votes[-1].left))
    return " ".join(parts)


async def vote(call: Call, brainstorm: StoredBrainstorm, numbers: Sequence[int]) -> Notice:
    """Votes for the ideas with these numbers, and tells the voter."""
    name = call.incoming.author_name
    return await vote_for_numbers(call.repositories, brainstorm.id, numbers, call.person_id, name)
