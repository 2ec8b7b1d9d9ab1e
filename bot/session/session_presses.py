"""What pressing a button of a brainstorm comes to, or choosing in one of its menus.

Buttons name a brainstorm or an idea, never a thread: they work from the card in the channel, from a thread and from
what one person alone sees, also after a restart. What is pressed twice is done once.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from bot.board.view import Entry
from bot.core.buttons import Action, ActionKind, Panel
from bot.core.domain import Account, Place
from bot.core.errors import CommandError
from bot.core.forms import Form
from bot.core.notices import Notice
from bot.jobs.inbox import Inbox
from bot.language import _
from bot.places.membership import Memberships
from bot.places.moderation_policy import Policies
from bot.session import channel_card, steering, timing
from bot.session.ballot import ballot, choose
from bot.session.board_panel import Shown, board_panel, show
from bot.session.checked_text import Speech
from bot.session.idea_menu import IdeaMenu
from bot.session.phases import phase_name, where_it_is
from genai.moderation import Moderator
from storage.repositories import Repositories
from storage.values.brainstorms import Phase, StoredBrainstorm

KINDS = frozenset(
    {
        ActionKind.BOARD,
        ActionKind.SKIP,
        ActionKind.EXTEND,
        ActionKind.BALLOT,
        ActionKind.CHOOSE,
        ActionKind.HOST,
        ActionKind.PICK,
        ActionKind.EDIT,
        ActionKind.WITHDRAW,
        ActionKind.PUT_BACK,
        ActionKind.MERGE,
        ActionKind.MERGE_INTO,
        ActionKind.OWNER,
        ActionKind.SOURCE,
        ActionKind.SHARE_TO,
    }
)
"""What is pressed of a brainstorm, beside VOTE and IMPROVE."""
FOR_ALL = frozenset(
    {ActionKind.BOARD, ActionKind.BALLOT, ActionKind.CHOOSE, ActionKind.OWNER, ActionKind.SOURCE}
)
"""Those of them that do not ask who manages the workspace."""
_OF_IDEA = frozenset(
    {
        ActionKind.EDIT,
        ActionKind.WITHDRAW,
        ActionKind.PUT_BACK,
        ActionKind.MERGE,
        ActionKind.MERGE_INTO,
        ActionKind.OWNER,
        ActionKind.SOURCE,
    }
)
_MOST_DIGITS = 18


@dataclass(frozen=True, slots=True)
class Pressed:
    """Who pressed what and where; `values` are what was chosen, `name` is what all call the person."""

    action: Action
    author: Account
    place: Place
    name: str = ""
    values: tuple[str, ...] = ()
    by_admin: bool = False


@dataclass(frozen=True, slots=True)
class SourceMessage:
    """The message with the platform's event `event_id`, to be linked to; `place` is the thread that it is in."""

    event_id: str
    place: Place


PressOutcome = Notice | Panel | Form | SourceMessage
"""A notice or panel for the person alone, a form to open, or a message to lead to."""


class SessionPresses:
    """Knows what the buttons of brainstorms mean."""

    def __init__(
        self,
        repositories: Repositories,
        moderator: Moderator,
        policies: Policies,
        memberships: Memberships,
        inbox: Inbox,
    ) -> None:
        self._repositories = repositories
        self._moderator = moderator
        self._policies = policies
        self._memberships = memberships
        self._inbox = inbox

    async def perform(self, pressed: Pressed) -> PressOutcome:
        """Do it. Raises CommandError for what cannot be done, StorageError, ModerationUnavailable."""
        number, idea_id = _first(pressed.action.target), 0
        if pressed.action.kind in _OF_IDEA:
            number, idea_id = await self._repositories.boards.brainstorm_of(number) or 0, number
        brainstorm = await self._repositories.brainstorms.get(number)
        if brainstorm is None or not _is_here(brainstorm, pressed.place):
            raise CommandError(_("That brainstorm is gone."))
        speech = Speech(self._moderator, await self._policies.of(brainstorm.place))
        person = await self._repositories.people.find_or_create(pressed.author)
        if idea_id:
            return await self._with_idea(pressed, brainstorm, speech, person, idea_id)
        match pressed.action.kind:
            case ActionKind.BOARD:
                return await self._board(brainstorm, speech)
            case ActionKind.PICK:
                chosen = _first(pressed.values[0] if pressed.values else "")
                return await self._with_idea(pressed, brainstorm, speech, person, chosen)
            case ActionKind.BALLOT:
                return await ballot(self._repositories, speech, brainstorm, person)
            case ActionKind.CHOOSE:
                chosen_ids = frozenset(map(_first, pressed.values))
                between = _between(pressed.action.target)
                return await choose(
                    self._repositories, speech, brainstorm, person, pressed.name, chosen_ids, between
                )
        steering.check_may_steer(brainstorm, person, by_admin=pressed.by_admin)
        if pressed.action.kind is ActionKind.SHARE_TO:
            return await self._share(pressed, brainstorm)
        return await self._steer(pressed, brainstorm)

    async def _board(self, brainstorm: StoredBrainstorm, speech: Speech) -> Panel:
        shown = await show(self._repositories, speech, brainstorm)
        is_empty = not shown.board.entries
        heading = (
            _("The board is empty.")
            if is_empty
            else _("The board ({phase}).", phase=phase_name(brainstorm.phase))
        )
        return replace(await board_panel(speech, shown, heading), heading=Notice(heading))

    async def _with_idea(
        self, pressed: Pressed, brainstorm: StoredBrainstorm, speech: Speech, person: int, idea_id: int
    ) -> PressOutcome:
        kind, steers = pressed.action.kind, steering.may_steer(brainstorm, person, by_admin=pressed.by_admin)
        if kind is ActionKind.PUT_BACK:
            return await self._put_back(brainstorm, None if steers else person, idea_id)
        if kind is ActionKind.SOURCE:
            return await self._source(brainstorm, idea_id)
        shown = await show(self._repositories, speech, brainstorm)
        entry = _entry(shown, idea_id)
        menu = IdeaMenu(self._repositories, speech, shown, entry, person, steers)
        simple: dict[ActionKind, Callable[[], Awaitable[Panel]]] = {
            ActionKind.PICK: menu.panel,
            ActionKind.WITHDRAW: menu.withdraw,
            ActionKind.OWNER: menu.owner,
        }
        if kind in simple:
            return await simple[kind]()
        if kind is ActionKind.EDIT:
            return menu.edit()
        if kind is ActionKind.MERGE:
            return menu.merge()
        return await menu.merge_into(_entry(shown, _first(pressed.values[0] if pressed.values else "")))

    async def _put_back(self, brainstorm: StoredBrainstorm, whose: int | None, idea_id: int) -> Notice:
        number = await self._repositories.boards.number_of(idea_id)
        if number is None:
            number = await self._repositories.own_ideas.put_back(brainstorm.id, whose, idea_id=idea_id)
        if number is None:
            raise CommandError(_("There is nothing to put back: that can be done for two minutes."))
        return Notice(_("Idea {number} is back on the board.", number=number))

    async def _source(self, brainstorm: StoredBrainstorm, idea_id: int) -> SourceMessage:
        event_id = await self._repositories.boards.event_of(idea_id)
        if not event_id:
            raise CommandError(_("That idea did not come in a message: Riff made it."))
        return SourceMessage(event_id, brainstorm.place)

    async def _steer(self, pressed: Pressed, seen: StoredBrainstorm) -> Notice:
        kind, chosen = pressed.action.kind, (*pressed.values, "")[0]
        if kind is ActionKind.EXTEND or chosen == channel_card.LONGER:
            return await steering.longer(self._repositories, seen, steering.EXTENSION)
        if kind is ActionKind.SKIP or chosen == channel_card.NEXT:
            return await self._go_on(pressed, seen, None)
        match chosen:
            case channel_card.PAUSE:
                return await steering.stop_clock(self._repositories, seen)
            case channel_card.RESUME:
                return await steering.start_clock(self._repositories, seen)
            case channel_card.END:
                return await self._go_on(pressed, seen, Phase.ENDED)
        raise CommandError(_("I don't know that button any more."))

    async def _go_on(self, pressed: Pressed, seen: StoredBrainstorm, to: Phase | None) -> Notice:
        """From where it was when the button was drawn, and from nowhere else."""
        drawn_in = pressed.action.target.partition(":")[2]
        if drawn_in and drawn_in != where_it_is(seen):
            raise CommandError(_(steering.MOVED))
        return await steering.go_on(self._repositories, seen, to)

    async def _share(self, pressed: Pressed, seen: StoredBrainstorm) -> Notice:
        """Once for each channel, and only into one that the person can read."""
        channel = (*pressed.values, "")[0]
        to = replace(seen.place, channel=channel, thread="", direct=False)
        if seen.phase is not Phase.ENDED or not channel:
            raise CommandError(_("There is a result to share once the brainstorm has ended."))
        is_own = channel == pressed.place.channel
        if not is_own and not await self._memberships.readable(pressed.author, pressed.place, [to]):
            raise CommandError(_("I can share it only in a channel that both of us can read."))
        await self._inbox.add(timing.sharing(seen, to))
        return Notice(_("I am sharing the result there."))


def _entry(shown: Shown, idea_id: int) -> Entry:
    found = next((entry for entry in shown.board.entries if entry.card.id == idea_id), None)
    if found is None:
        raise CommandError(_("That idea is no longer on the board."))
    return found


def _is_here(brainstorm: StoredBrainstorm, place: Place) -> bool:
    """Whether it is pressed in the channel of the brainstorm, or in a thread of that: ids come from outside."""
    there = brainstorm.place
    same_workspace = there.workspace == place.workspace or there.direct
    return same_workspace and (there.platform, there.channel) == (place.platform, place.channel)


def _first(target: str) -> int:
    """The number that a target begins with; raises CommandError for what is none, or larger than any id."""
    number = target.partition(":")[0]
    if not (number.isascii() and number.isdecimal() and len(number) <= _MOST_DIGITS):
        raise CommandError(_("I don't know that button any more."))
    return int(number)


def _between(target: str) -> tuple[int, int]:
    first, _dash, last = target.partition(":")[2].partition("-")
    return _first(first), _first(last)
