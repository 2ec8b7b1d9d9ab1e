"""The one message in the channel that stands for a brainstorm in a thread: where it is, and at the end what won."""

from collections.abc import Iterable
from dataclasses import replace

from bot.board.view import Board
from bot.core.buttons import CARD, Action, ActionKind, Button, Choice, Done, Panel
from bot.core.domain import Place
from bot.language import _, ngettext
from bot.session.board_panel import Shown, panel, show
from bot.session.checked_text import Speech
from bot.session.phases import phase_name, vote_button, where_it_is
from bot.session.workspace_wishes import session_wishes
from storage.repositories import Repositories
from storage.values.brainstorms import Phase, StoredBrainstorm

NEXT, LONGER, PAUSE, RESUME, END = "next", "longer", "pause", "resume", "end"
"""What the host's menu has."""


async def channel_card(speech: Speech, shown: Shown, host: str) -> Panel:
    """Topic, phase, when it ends, ideas and people, with ways in; `host` is the platform's id of who began it."""
    brainstorm = shown.brainstorm
    is_over = brainstorm.phase is Phase.ENDED
    heading = _("A brainstorm that has ended") if is_over else _("A brainstorm is on")
    lines = [f"**{brainstorm.plan.topic}**", *_winner(shown.board), _counts(shown)]
    if brainstorm.is_paused:
        lines.insert(1, _("Paused: the clock stands still."))
    told = [(line, ()) for line in lines]
    shows = await panel(speech, heading, told, _buttons(brainstorm), ends=brainstorm.phase_ends_at)
    return replace(
        shows,
        name=CARD,
        link=_("Open result") if is_over else _("Join"),
        choices=(share_menu(brainstorm) if is_over else host_menu(brainstorm),),
        steps=_steps(brainstorm),
        people=(host,) if host else (),
    )


def host_menu(brainstorm: StoredBrainstorm) -> Choice:
    """Steers it; who may, is checked when something is chosen."""
    clock = (RESUME, _("Go on with the clock")) if brainstorm.is_paused else (PAUSE, _("Pause"))
    target = f"{brainstorm.id}:{where_it_is(brainstorm)}"
    options = ((NEXT, _("Next")), (LONGER, _("5 minutes more")), clock, (END, _("End it")))
    return Choice(Action(ActionKind.HOST, target), _("For the host"), options)


def share_menu(brainstorm: StoredBrainstorm) -> Choice:
    """Shows what came of it in another channel."""
    return Choice(Action(ActionKind.SHARE_TO, str(brainstorm.id)), _("Share to…"), channels=True)


def _buttons(brainstorm: StoredBrainstorm) -> tuple[Button, ...]:
    board = Button(Action(ActionKind.BOARD, str(brainstorm.id)), _("Board"))
    return (vote_button(brainstorm), board) if brainstorm.phase is Phase.VOTE else (board,)


def _counts(shown: Shown) -> str:
    ideas = ngettext("{count} idea", "{count} ideas", len(shown.board.entries))
    people = ngettext("{count} person", "{count} people", len(shown.names))
    return f"{ideas} · {people}"


def _winner(board: Board) -> list[str]:
    """The idea that leads once votes are shown."""
    leading = board.shortlist(1)
    if not leading:
        return []
    votes = ngettext("{count} vote", "{count} votes", leading[0].card.votes)
    return [_("In front: {idea} ({votes})", idea=f"**{leading[0].card.title}**", votes=votes)]


def _steps(brainstorm: StoredBrainstorm) -> tuple[tuple[str, Done], ...]:
    phases = [Phase.DIVERGE, Phase.VOTE, Phase.CONVERGE]
    if not brainstorm.is_daily:
        phases.insert(0, Phase.WARM_UP)
    order = list(Phase)
    reached = order.index(brainstorm.phase)

    def done(phase: Phase) -> Done:
        at = order.index(phase)
        return Done.OVER if at < reached else Done.NOW if at == reached else Done.AHEAD

    return tuple((phase_name(phase), done(phase)) for phase in phases)


async def card_of(repositories: Repositories, speech: Speech, brainstorm: StoredBrainstorm) -> Panel:
    """The card as it is to stand there now."""
    shown = await show(repositories, speech, brainstorm)
    host = await _platform_ids(repositories, brainstorm.place, [brainstorm.facilitator_id])
    return await channel_card(speech, shown, *host or ("",))


async def called_at_the_end(
    repositories: Repositories, brainstorm: StoredBrainstorm, participants: Iterable[int]
) -> tuple[str, ...]:
    """The platform's ids of who took part, where the workspace wants them to be called; else nobody's."""
    wishes = await session_wishes(repositories.scopes, brainstorm.place)
    if not wishes.mentions:
        return ()
    return await _platform_ids(repositories, brainstorm.place, participants)


async def _platform_ids(
    repositories: Repositories, place: Place, people: Iterable[int | None]
) -> tuple[str, ...]:
    found = []
    for person in people:
        accounts = await repositories.people.accounts(person) if person is not None else ()
        here = (one for one in accounts if one.platform == place.platform)
        found += [one.external_id for one in here if one.workspace in ("", place.workspace)][:1]
    return tuple(found)
