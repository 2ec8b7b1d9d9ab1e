"""Steering a brainstorm: pause, resume, extend, skip, end. For its facilitator and for admins only."""

from datetime import UTC, datetime

from bot.core.commands.call import Call
from bot.core.commands.declaration import Kind, Option
from bot.core.errors import CommandError
from bot.core.notices import Notice
from bot.language import N_, _, ngettext
from bot.session import timing
from bot.session.phases import phase_name
from storage.repositories import Repositories
from storage.values.brainstorms import Phase, StoredBrainstorm

EXTENSION = 5
"""Minutes that a phase is given where none are named."""
_PHASES = {"diverge": Phase.DIVERGE, "vote": Phase.VOTE, "converge": Phase.CONVERGE}
MOVED = N_("It has moved on just now.")
"""What is said where a button was drawn for what is over."""
MINUTES = Option(
    "minutes",
    N_("How many minutes more"),
    Kind.NUMBER,
    N_("MINUTES"),
    positional=True,
    asks=N_("By how many minutes? For example: 5"),
    most=7 * 24 * 60,
)
"""What `extend` takes."""
PHASE = Option(
    "phase",
    N_("To which phase?"),
    Kind.CHOICE,
    N_("PHASE"),
    positional=True,
    choices=tuple(_PHASES),
    aliases={"ideas": "diverge"},
)
"""What `skip` takes."""


async def running_here(call: Call) -> StoredBrainstorm:
    """The brainstorm that runs in the thread; raises CommandError that says how to start one."""
    found = await call.repositories.brainstorms.running_in(call.incoming.place)
    if found is None:
        raise CommandError(
            _('No brainstorm runs here. Start one with /session start "topic", or go to its thread.')
        )
    return found


def may_steer(brainstorm: StoredBrainstorm, person_id: int, *, by_admin: bool) -> bool:
    """Whether the person leads it. Anybody does once its facilitator is gone."""
    return by_admin or brainstorm.facilitator_id in (None, person_id)


def check_may_steer(brainstorm: StoredBrainstorm, person_id: int, *, by_admin: bool) -> None:
    """Raises CommandError for who may not."""
    if not may_steer(brainstorm, person_id, by_admin=by_admin):
        raise CommandError(_("Only who started the brainstorm, or an admin, can do that."))


async def steered(call: Call) -> StoredBrainstorm:
    """The brainstorm that the person may steer; raises CommandError."""
    found = await running_here(call)
    check_may_steer(found, call.person_id, by_admin=call.incoming.by_admin)
    return found


async def pause(call: Call) -> Notice:
    """Stops the clock."""
    return await stop_clock(call.repositories, await steered(call))


async def stop_clock(repositories: Repositories, seen: StoredBrainstorm) -> Notice:
    """The clock stands still; raises CommandError where it does already."""
    if not await repositories.brainstorms.pause(seen.id, _now()):
        raise CommandError(_("It is paused already; say “resume” to go on."))
    return Notice(_("Paused. The clock stands still; ideas are still taken. Say “resume” to go on."))


async def resume(call: Call) -> Notice:
    """Lets the clock run again."""
    return await start_clock(call.repositories, await steered(call))


async def start_clock(repositories: Repositories, seen: StoredBrainstorm) -> Notice:
    """The clock runs; raises CommandError where it does already."""
    if not await repositories.brainstorms.resume(seen.id, _now()):
        raise CommandError(_("It is not paused."))
    return Notice(_("On we go."))


async def extend(call: Call) -> Notice:
    """Gives the phase more minutes."""
    minutes = call.invocation.number(MINUTES.name) or EXTENSION
    return await longer(call.repositories, await steered(call), minutes)


async def longer(repositories: Repositories, seen: StoredBrainstorm, minutes: int) -> Notice:
    """Gives the phase more minutes; raises CommandError where no clock runs."""
    if not await repositories.brainstorms.extend(seen.id, minutes):
        raise CommandError(_("No clock runs in this phase."))
    return Notice(ngettext("{count} more minute.", "{count} more minutes.", minutes))


async def skip(call: Call) -> Notice:
    """To the technique's next prompt, the next phase, or the phase that is named."""
    seen = await steered(call)
    named = call.text(PHASE.name)
    return await go_on(call.repositories, seen, _phase(named, seen) if named else None)


async def end(call: Call) -> Notice:
    """Ends it; its outcome follows."""
    return await go_on(call.repositories, await steered(call), Phase.ENDED)


async def go_on(repositories: Repositories, seen: StoredBrainstorm, to: Phase | None) -> Notice:
    """To the next prompt or phase, or to the one that is named. What all need to know follows in the thread."""
    if to is None and timing.has_next_step(seen):
        if not await timing.step_on(repositories, seen, _now()):
            raise CommandError(_(MOVED))
        return Notice(_("On to the next prompt."))
    to = to or seen.phase.following
    if not await timing.move_on(repositories, seen, _now(), to):
        raise CommandError(_(MOVED))
    if to is Phase.ENDED:
        return Notice(_("The brainstorm has ended. I am putting together what came of it."))
    return Notice(_("On to the next phase: {phase}.", phase=phase_name(to)))


def _phase(named: str, seen: StoredBrainstorm) -> Phase:
    order = list(Phase)
    ahead = {name: to for name, to in _PHASES.items() if order.index(to) > order.index(seen.phase)}
    if named not in ahead:
        names = ", ".join(ahead) or "-"
        raise CommandError(_("Skip to which phase? These lie ahead: {names}.", names=names))
    return ahead[named]


def _now() -> datetime:
    return datetime.now(UTC)
