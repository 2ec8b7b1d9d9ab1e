"""What comes next in a brainstorm, as changes in SQL that bring their errand with them."""

from datetime import datetime

from bot.core.repositories import Repositories
from bot.jobs.scheduled import ScheduledJob
from bot.session.timing import ends_at, step_ends_at
from bot.session.techniques import technique
from storage.values.brainstorms import Phase, StoredBrainstorm
from storage.values.common import NewEvent

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
