"""Steering a brainstorm: pause, resume, extend, skip, end. For its facilitator and for admins only."""

from datetime import UTC, datetime

from bot.core.commands.call import Call
from bot.core.commands.declaration import Kind, Option
from bot.core.errors import CommandError
from bot.core.notices import Notice
from bot.language import N_, _, ngettext
from bot.session import timing
from bot.session.phases import phase_name
from storage.values.brainstorms import Phase, StoredBrainstorm

_EXTENSION = 5
_PHASES = {"diverge": Phase.DIVERGE, "vote": Phase.VOTE, "converge": Phase.CONVERGE}
_MOVED = N_("Somebody else moved it on just now; see /session board.")
MINUTES = Option(
    "minutes",
    N_("How many minutes more"),
    Kind.NUMBER,
    N_("MINUTES"),
    positional=True,
    asks=N_("By how many minutes? For example: /session extend 5"),
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


async def steered(call: Call) -> StoredBrainstorm:
    """The brainstorm that the person may steer; raises CommandError. Anybody may once its facilitator is gone."""
    found = await running_here(call)
    may = found.facilitator_id in (None, call.person_id) or call.incoming.by_admin
    if not may:
        raise CommandError(_("Only who started the brainstorm, or an admin, can do that."))
    return found


async def pause(call: Call) -> Notice:
    """Stops the clock."""
    seen = await steered(call)
    if not await call.repositories.brainstorms.pause(seen.id, _now()):
        raise CommandError(_("It is paused already; /session resume goes on."))
    return _public(_("Paused. The clock stands still; ideas are still taken. /session resume goes on."))


async def resume(call: Call) -> Notice:
    """Lets the clock run again."""
    seen = await steered(call)
    if not await call.repositories.brainstorms.resume(seen.id, _now()):
        raise CommandError(_("It is not paused."))
    return _public(_("On we go."))


async def extend(call: Call) -> Notice:
    """Gives the phase more minutes."""
    seen = await steered(call)
    minutes = call.invocation.number(MINUTES.name) or _EXTENSION
    if not await call.repositories.brainstorms.extend(seen.id, minutes):
        raise CommandError(_("No clock runs in this phase."))
    return _public(ngettext("{count} more minute.", "{count} more minutes.", minutes))


async def skip(call: Call) -> Notice:
    """To the technique's next prompt, the next phase, or the phase that is named."""
    seen = await steered(call)
    named = call.text(PHASE.name)
    to = _phase(named, seen) if named else None
    if to is None and timing.has_next_step(seen):
        if not await timing.step_on(call.repositories, seen, _now()):
            raise CommandError(_(_MOVED))
        return _public(_("On to the next prompt."))
    return await _moved(call, seen, to or seen.phase.following)


async def end(call: Call) -> Notice:
    """Ends it; its outcome follows."""
    return await _moved(call, await steered(call), Phase.ENDED)


async def _moved(call: Call, seen: StoredBrainstorm, to: Phase) -> Notice:
    if not await timing.move_on(call.repositories, seen, _now(), to):
        raise CommandError(_(_MOVED))
    if to is Phase.ENDED:
        return _public(_("The brainstorm has ended. I am putting together what came of it."))
    return _public(_("On to the next phase: {phase}.", phase=phase_name(to)))


def _phase(named: str, seen: StoredBrainstorm) -> Phase:
    order = list(Phase)
    ahead = {name: to for name, to in _PHASES.items() if order.index(to) > order.index(seen.phase)}
    if named not in ahead:
        names = ", ".join(ahead) or "-"
        raise CommandError(_("Skip to which phase? These lie ahead: {names}.", names=names))
    return ahead[named]


def _public(text: str) -> Notice:
    return Notice(text, private=False)


def _now() -> datetime:
    return datetime.now(UTC)
