"""When phases and steps of a brainstorm end. Moments are UTC; days and hours are those of its time zone."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.session.techniques import technique
from storage.values.brainstorms import Phase, Plan, StoredBrainstorm

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
