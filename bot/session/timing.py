"""When what happens in a brainstorm: how long its phases take, and what is planned for their ends."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.jobs.inbox import ScheduledJob
from bot.session.techniques import technique
from storage.repositories import Repositories
from storage.values.brainstorms import Phase, Plan, StoredBrainstorm
from storage.values.records import NewEvent

MINUTES_A_DAY = 24 * 60
_SHARES = {Phase.WARM_UP: 0.1, Phase.DIVERGE: 0.5, Phase.VOTE: 0.2, Phase.CONVERGE: 0.2}
_LEAST_SECONDS, _MOST_WARM_UP_SECONDS = 60.0, 180.0
_LAST_DAYS = 2
"""The days of voting and converging, of a brainstorm over days."""


def first_phase(plan: Plan) -> Phase:
    """Nobody warms up for days."""
    return Phase.WARM_UP if plan.nudge_hour is None else Phase.DIVERGE


def seconds_of(plan: Plan, phase: Phase) -> float:
    """How long the phase takes of a brainstorm within one sitting."""
    share = _SHARES.get(phase, 0.0) * plan.minutes * 60
    return min(share, _MOST_WARM_UP_SECONDS) if phase is Phase.WARM_UP else max(share, _LEAST_SECONDS)


def days_of(plan: Plan, phase: Phase) -> int:
    """How many days the phase takes of a brainstorm over days."""
    return max(1, plan.minutes // MINUTES_A_DAY - _LAST_DAYS) if phase is Phase.DIVERGE else 1


def ends_at(plan: Plan, phase: Phase, begins: datetime) -> datetime | None:
    """When the phase that begins now ends by itself."""
    if phase is Phase.ENDED:
        return None
    if plan.nudge_hour is None:
        return begins + timedelta(seconds=seconds_of(plan, phase))
    day = local_day(plan, begins) + timedelta(days=days_of(plan, phase))
    return at_nudge_hour(plan, day)


def local_day(plan: Plan, moment: datetime) -> date:
    """The day that it is in the brainstorm's time zone."""
    return moment.astimezone(ZoneInfo(plan.time_zone)).date()


def at_nudge_hour(plan: Plan, day: date) -> datetime:
    """The hour of the nudge on that day; an hour that a change of clocks leaves out comes one later."""
    local = datetime.combine(day, time(plan.nudge_hour or 0), ZoneInfo(plan.time_zone))
    return local.astimezone(UTC)


def next_step_at(brainstorm: StoredBrainstorm) -> datetime | None:
    """When the technique's next prompt is due by the clock; None when there is none, or nudges bring it."""
    steps = len(technique(brainstorm.plan.technique).steps)
    ends = brainstorm.phase_ends_at
    if brainstorm.phase is not Phase.DIVERGE or brainstorm.is_daily or ends is None:
        return None
    if brainstorm.step + 1 >= steps:
        return None
    return ends - timedelta(seconds=_after_step(brainstorm, steps))


def diverging_since(brainstorm: StoredBrainstorm) -> datetime | None:
    """When ideas began to be collected, later by what the phase was extended; None where that cannot be told."""
    if brainstorm.phase is not Phase.DIVERGE or brainstorm.phase_ends_at is None:
        return None
    return brainstorm.phase_ends_at - timedelta(seconds=seconds_of(brainstorm.plan, Phase.DIVERGE))


def step_ends_at(brainstorm: StoredBrainstorm, moment: datetime) -> datetime | None:
    """When the phase ends if the next step begins now: what is left of the step is not added to later ones."""
    if brainstorm.is_daily:
        return brainstorm.phase_ends_at
    steps = len(technique(brainstorm.plan.technique).steps)
    soon = moment + timedelta(seconds=_after_step(brainstorm, steps))
    return min(soon, brainstorm.phase_ends_at) if brainstorm.phase_ends_at else soon


def minutes_left(brainstorm: StoredBrainstorm, moment: datetime) -> int:
    """Whole minutes, rounded up, until the phase ends; 0 where nothing ends it."""
    if brainstorm.paused_seconds is not None:
        return -(-brainstorm.paused_seconds // 60)
    if brainstorm.phase_ends_at is None:
        return 0
    return max(0, -int((moment - brainstorm.phase_ends_at).total_seconds() // 60))


def _after_step(brainstorm: StoredBrainstorm, steps: int) -> float:
    """Seconds that the steps after the present one take together."""
    return seconds_of(brainstorm.plan, Phase.DIVERGE) * (1 - (brainstorm.step + 1) / steps)


# What comes next in a brainstorm, as changes in SQL that bring their errand with them.


KIND = "session"
"""The kind of the facilitator's errands."""

ENTER, STEP, RIFF, NUDGE = "enter", "step", "riff", "nudge"
"""What an errand does: say what a phase needs, give the next prompt, add ideas, remind of the brainstorm."""


def thread_of(brainstorm_id: int) -> str:
    """The thread of the inbox in which the errands of a brainstorm are done one after the other."""
    return f"session-{brainstorm_id}"


def job(brainstorm: StoredBrainstorm, name: str, do: str, **values: object) -> NewEvent:
    """An errand of the brainstorm; `name` is its own among them, and makes it happen once."""
    told = {"brainstorm": brainstorm.id, "do": do, **values}
    wanted = ScheduledJob(f"session-{brainstorm.id}-{name}", brainstorm.place, KIND, told)
    return wanted.event(thread_of(brainstorm.id))


async def move_on(
    repositories: Repositories, seen: StoredBrainstorm, moment: datetime, to: Phase | None = None
) -> bool:
    """To the next phase, or to the given one; False when it has been moved meanwhile."""
    phase = to or seen.phase.following
    ends = ends_at(seen.plan, phase, moment)
    entering = job(seen, phase.value, ENTER, phase=phase.value)
    return await repositories.brainstorms.advance(seen.id, seen.phase, phase, ends, entering)


async def step_on(repositories: Repositories, seen: StoredBrainstorm, moment: datetime) -> bool:
    """To the technique's next prompt; False when it has been moved meanwhile."""
    step = seen.step + 1
    giving = job(seen, f"step-{step}", STEP, step=step)
    return await repositories.brainstorms.step(seen.id, seen.step, step_ends_at(seen, moment), giving)


async def contribute(repositories: Repositories, seen: StoredBrainstorm, moment: datetime) -> bool:
    """Riff's next turn; False when it was taken meanwhile."""
    turn = seen.contributions + 1
    adding = job(seen, f"riff-{turn}", RIFF, turn=turn)
    return await repositories.brainstorms.contribute(seen.id, seen.contributions, moment, adding)


async def nudge(repositories: Repositories, seen: StoredBrainstorm, day: str) -> bool:
    """The nudge of that day; False when it was given already."""
    return await repositories.brainstorms.note_nudge(seen.id, day, job(seen, f"nudge-{day}", NUDGE, day=day))


def has_next_step(brainstorm: StoredBrainstorm) -> bool:
    """Whether the technique has another prompt to give."""
    steps = len(technique(brainstorm.plan.technique).steps)
    return brainstorm.phase is Phase.DIVERGE and brainstorm.step + 1 < steps
