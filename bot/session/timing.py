"""When what happens in a brainstorm: how long its phases take, what is planned for their ends, and the clock.

Moments are UTC; days and hours are those of the brainstorm's time zone.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

from bot.config.settings import SessionSettings
from bot.jobs.periodic import Periodic
from bot.jobs.scheduled import ScheduledJob
from bot.language import speaking
from bot.session.techniques import technique
from bot.watching.meters import PHASES
from storage.errors import StorageError
from storage.repositories import Repositories
from storage.values.brainstorms import Heard, Phase, Plan, StoredBrainstorm
from storage.values.records import NewEvent, Place

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

OPEN, ENTER, STEP, RIFF, NUDGE = "open", "enter", "step", "riff", "nudge"
"""What an errand does: open what was planned, say what a phase needs, give the next prompt, add ideas,
remind of the brainstorm."""
REFRESH, SHARE = "refresh", "share"
"""As ENTER: bring what stands there up to date, show what came of it in another channel."""


def thread_of(brainstorm_id: int) -> str:
    """The thread of the inbox in which the errands of a brainstorm are done one after the other."""
    return f"session-{brainstorm_id}"


def job(brainstorm: StoredBrainstorm, name: str, do: str, **values: object) -> NewEvent:
    """An errand of the brainstorm; `name` is its own among them, and makes it happen once."""
    told = {"brainstorm": brainstorm.id, "do": do, **values}
    wanted = ScheduledJob(f"session-{brainstorm.id}-{name}", brainstorm.place, KIND, told)
    return wanted.event(thread_of(brainstorm.id))


def sharing(brainstorm: StoredBrainstorm, to: Place) -> NewEvent:
    """The errand that shows what came of a brainstorm in another channel, once in each."""
    told = {"brainstorm": brainstorm.id, "do": SHARE}
    return ScheduledJob(f"session-{brainstorm.id}-share-{to.channel}", to, KIND, told).event(
        thread_of(brainstorm.id)
    )


async def move_on(
    repositories: Repositories, seen: StoredBrainstorm, moment: datetime, to: Phase | None = None
) -> bool:
    """To the next phase, or to the given one; False when it has been moved meanwhile."""
    phase = to or seen.phase.following
    ends = ends_at(seen.plan, phase, moment)
    errand = job(seen, phase.value, ENTER, phase=phase.value)
    has_moved = await repositories.brainstorms.advance(seen.id, seen.phase, phase, ends, errand)
    if has_moved:
        PHASES.labels(phase.value).inc()
    return has_moved


def entering(brainstorm: StoredBrainstorm, phase: Phase) -> str:
    """The event of the errand that says what a phase needs."""
    return f"session-{brainstorm.id}-{phase.value}"


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


@dataclass(frozen=True, slots=True)
class Standing:
    """What the messages that stand tell of a brainstorm; `tally` is how many ideas and people."""

    phase: Phase
    step: int
    ends_at: datetime | None
    paused_seconds: int | None
    tally: tuple[int, int] | None

    def has_same_clock(self, other: "Standing") -> bool:
        """Whether nobody paused or prolonged the phase; that a phase has begun its own message says."""
        if (self.phase, self.step) != (other.phase, other.step):
            return True
        return (self.ends_at, self.paused_seconds) == (other.ends_at, other.paused_seconds)

    @property
    def digest(self) -> str:
        """A name for it."""
        return sha256(repr(self).encode()).hexdigest()[:12]


# The clock of all brainstorms: one task that looks into SQL and plans the errands that are due.
#
# Nothing is kept in the process, so a restart changes nothing; several processes may do it, for each change in SQL
# is made once and brings its errand with it.


log = logging.getLogger("riff.session")

_LAST_SECONDS = 60.0
"""Riff adds nothing right before a phase ends."""
_ALONE = 3
"""How many times as long Riff waits for people to write after its last turn."""


_REFRESH_SECONDS = 5.0
"""What stands above and in the thread tells of new ideas so often at most."""


class Clock(Periodic):
    """Runs until it is closed; `tick` is one look."""

    def __init__(self, settings: SessionSettings, repositories: Repositories, locale: str) -> None:
        super().__init__(settings.tick_seconds, "session-clock")
        self._settings = settings
        self._repositories = repositories
        self._locale = locale
        self._told: dict[int, tuple[Standing, datetime]] = {}

    async def tick(self, now: datetime) -> None:
        """Plans what is due at `now`. Raises StorageError."""
        running = await self._repositories.brainstorms.running()
        heard = await self._heard(running)
        await self._refresh(running, now)
        for brainstorm in running:
            with speaking(brainstorm.plan.locale or self._locale):
                await self._look(brainstorm, heard.get(brainstorm.id, Heard()), now)

    async def once(self) -> None:
        """Look now; trouble is logged, for the clocks of all other brainstorms go on."""
        try:
            await self.tick(datetime.now(UTC))
        except StorageError as error:
            log.warning("clocks could not be looked at, and will be again: %s", error)
        except Exception as error:
            log.error("a clock could not be read", exc_info=error)

    async def _refresh(self, running: Sequence[StoredBrainstorm], now: datetime) -> None:
        """What tells of a brainstorm is brought up to date where something is new, at once where its clock is."""
        tallies = await self._repositories.boards.tallies([one.id for one in running]) if running else {}
        self._told = {one.id: self._told[one.id] for one in running if one.id in self._told}
        for one in running:
            standing = Standing(
                one.phase, one.step, one.phase_ends_at, one.paused_seconds, tallies.get(one.id)
            )
            told, at = self._told.get(one.id, (None, None))
            has_clock_changed = told is None or not told.has_same_clock(standing)
            is_soon = at is not None and (now - at).total_seconds() < _REFRESH_SECONDS
            if standing == told or (is_soon and not has_clock_changed):
                continue
            self._told[one.id] = (standing, now)
            if await self._stands(one):
                name = f"refresh-{standing.digest}-{int(now.timestamp() // _REFRESH_SECONDS)}"
                await self._repositories.inbox.add([job(one, name, REFRESH, clock=has_clock_changed)])

    async def _stands(self, one: StoredBrainstorm) -> bool:
        """Whether a platform notes where its messages stand, to change them."""
        start = f"standing:{one.place.channel}:{one.place.thread}:"
        return bool(await self._repositories.platform_state.named(one.place.platform, start))

    async def _heard(self, running: Sequence[StoredBrainstorm]) -> Mapping[int, Heard]:
        collecting = [one.id for one in running if one.phase is Phase.DIVERGE]
        return await self._repositories.boards.heard(collecting) if collecting else {}

    async def _look(self, seen: StoredBrainstorm, heard: Heard, now: datetime) -> None:
        if seen.is_paused:
            return
        step_at = next_step_at(seen)
        if seen.phase_ends_at is not None and seen.phase_ends_at <= now:
            await self._move_on(seen, now)
        elif step_at is not None and step_at <= now:
            await step_on(self._repositories, seen, now)
        elif seen.is_daily:
            await self._nudge(seen, heard, now)
        elif self._may_add(seen, heard, now):
            await contribute(self._repositories, seen, now)

    async def _move_on(self, seen: StoredBrainstorm, now: datetime) -> None:
        """What is said then is that day's reminder as well."""
        if await move_on(self._repositories, seen, now) and seen.is_daily:
            await self._repositories.brainstorms.note_nudge(seen.id, local_day(seen.plan, now).isoformat())

    async def _nudge(self, seen: StoredBrainstorm, heard: Heard, now: datetime) -> None:
        """Once a day at the hour, from the day after it began: the next prompt, and one turn of Riff's.

        An hour that Riff slept through is made up for on the same day only.
        """
        day = local_day(seen.plan, now)
        is_first_day = day <= local_day(seen.plan, seen.created_at)
        if is_first_day or now < at_nudge_hour(seen.plan, day) or seen.nudged_on == day.isoformat():
            return
        if has_next_step(seen):
            await step_on(self._repositories, seen, now)
        if await nudge(self._repositories, seen, day.isoformat()) and self._has_turns(seen, heard):
            await contribute(self._repositories, seen, now)

    def _has_turns(self, seen: StoredBrainstorm, heard: Heard) -> bool:
        """Whether Riff may add something yet: not before people have, and not without end."""
        if seen.phase is not Phase.DIVERGE or heard.ideas < seen.plan.people_first:
            return False
        return seen.contributions < self._settings.contributions

    def _may_add(self, seen: StoredBrainstorm, heard: Heard, now: datetime) -> bool:
        """Whether Riff has turns left and it is quiet: for longer where nobody has written since its last turn."""
        begun, last = diverging_since(seen), seen.contributed_at
        if not self._has_turns(seen, heard) or begun is None or seen.phase_ends_at is None:
            return False
        if (seen.phase_ends_at - now).total_seconds() < _LAST_SECONDS:
            return False
        answered = last is None or (heard.at is not None and heard.at > last)
        quiet = timedelta(seconds=self._settings.quiet_seconds * (1 if answered else _ALONE))
        return now - max(filter(None, (begun, heard.at, last))) >= quiet
