"""Everybody's own form of votes: a menu of the board's ideas with what they vote for, replaced as it changes."""

from dataclasses import replace

from bot.core.buttons import ActionKind, Panel
from bot.core.errors import CommandError
from bot.core.notices import Notice
from bot.language import _, ngettext
from bot.session.board_panel import idea_choices, show
from bot.session.checked_text import Speech
from storage.repositories import Repositories
from storage.values.brainstorms import ChosenVotes, Phase, StoredBrainstorm


async def ballot(
    repositories: Repositories, speech: Speech, brainstorm: StoredBrainstorm, person_id: int
) -> Panel:
    """The person's form as it stands; raises CommandError where there is no vote."""
    if brainstorm.phase is not Phase.VOTE:
        raise CommandError(_("There is no vote now."))
    return await _form(
        repositories, speech, brainstorm, await repositories.ballots.of(brainstorm.id, person_id)
    )


async def choose(
    repositories: Repositories,
    speech: Speech,
    brainstorm: StoredBrainstorm,
    person_id: int,
    name: str,
    chosen: frozenset[int],
    between: tuple[int, int],
) -> Panel:
    """The votes among the ideas with numbers `between` are what was chosen; the form as it stands then.

    Doing it twice changes nothing. Raises CommandError where there is no vote, and ForgottenError.
    """
    first, last = between
    cards = await repositories.boards.cards(brainstorm.id)
    among = {card.id for card in cards if first <= card.number <= last}
    votes = await repositories.ballots.choose(brainstorm.id, person_id, chosen & among, among, name)
    if votes is None:
        raise CommandError(_("There is no vote now."))
    form = await _form(repositories, speech, brainstorm, votes)
    if chosen & among <= votes.ideas:
        return form
    too_many = _("You have no votes left for all of these; take another back first.")
    return replace(form, heading=Notice(f"{too_many} {form.heading.text}"))


async def _form(
    repositories: Repositories, speech: Speech, brainstorm: StoredBrainstorm, votes: ChosenVotes
) -> Panel:
    shown = await show(repositories, speech, brainstorm)
    if not shown.board.entries:
        raise CommandError(_("The board is empty."))
    each = brainstorm.plan.votes_each
    heading = ngettext(
        "Your votes: {left} of {count} is left. What you choose here counts at once.",
        "Your votes: {left} of {count} are left. What you choose here counts at once.",
        each,
        left=votes.left,
    )
    choices = idea_choices(shown, ActionKind.CHOOSE, chosen=votes.ideas, most=each)
    return Panel(Notice(heading), choices=choices)
