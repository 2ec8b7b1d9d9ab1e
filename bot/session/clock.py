"""The clock of all brainstorms: one task that looks into SQL and plans the errands that are due.

Nothing is kept in the process, so a restart changes nothing; several processes may do it, for each change in SQL
is made once and brings its errand with it.
"""

import logging
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from bot.config.settings import SessionSettings
from bot.jobs.periodic import Periodic
from bot.language import speaking
from bot.session.timing import at_nudge_hour, contribute, diverging_since, has_next_step, local_day, move_on, next_step_at, nudge, step_on
from storage.errors import StorageError
from storage.repositories import Repositories
from storage.values.brainstorms import Phase, StoredBrainstorm

log = logging.getLogger("riff.session")

_LAST_SECONDS = 60.0
"""Riff adds nothing right before a phase ends."""
_ALONE = 3
"""How many times as long Riff waits for people to write after its last turn."""


class Clock(Periodic):
    """Runs until it is closed; `tick` is one look."""

    def __init__(self, settings: SessionSettings, repositories: Repositories, locale: str) -> None:
        super().__init__(settings.tick_seconds, "session-clock")
        self._settings = settings
        self._repositories = repositories
        self._locale = locale

    async def tick(self, now: datetime) -> None:
        """Plans what is due at `now`. Raises StorageError."""
        running = await self._repositories.brainstorms.running()
        heard = await self._heard(running)
        for brainstorm in running:
            with speaking(brainstorm.plan.locale or self._locale):
                await self._look(brainstorm, heard.get(brainstorm.id), now)

    async def once(self) -> None:
        """Look now; trouble is logged, for the clocks of all other brainstorms go on."""
        try:
            await self.tick(datetime.now(UTC))
        except StorageError as error:
            log.warning("clocks could not be looked at, and will be again: %s", error)
        except Exception as error:
            log.error("a clock could not be read", exc_info=error)

    async def _heard(self, running: Sequence[StoredBrainstorm]) -> dict[int, datetime]:
        collecting = [one.id for one in running if one.phase is Phase.DIVERGE]
        return dict(await self._repositories.boards.heard_at(collecting)) if collecting else {}

    async def _look(self, seen: StoredBrainstorm, heard: datetime | None, now: datetime) -> None:
        if seen.is_paused:
            return
        step_at = next_step_at(seen)
        if seen.phase_ends_at is not None and seen.phase_ends_at <= now:
            await self._move_on(seen, now)
        elif step_at is not None and step_at <= now:
            await step_on(self._repositories, seen, now)
        elif seen.is_daily:
            await self._nudge(seen, now)
        elif self._may_add(seen, heard, now):
            await contribute(self._repositories, seen, now)

    async def _move_on(self, seen: StoredBrainstorm, now: datetime) -> None:
        """What is said then is that day's reminder as well."""
        if await move_on(self._repositories, seen, now) and seen.is_daily:
            await self._repositories.brainstorms.note_nudge(
                seen.id, local_day(seen.plan, now).isoformat()
            )

    async def _nudge(self, seen: StoredBrainstorm, now: datetime) -> None:
        """Once a day at the hour, from the day after it began: the next prompt, and one turn of Riff's.

        An hour that Riff slept through is made up for on the same day only.
        """
        day = local_day(seen.plan, now)
        is_first_day = day <= local_day(seen.plan, seen.created_at)
        if is_first_day or now < at_nudge_hour(seen.plan, day) or seen.nudged_on == day.isoformat():
            return
        if has_next_step(seen):
            await step_on(self._repositories, seen, now)
        if await nudge(self._repositories, seen, day.isoformat()) and self._has_turns(seen):
            await contribute(self._repositories, seen, now)

    def _has_turns(self, seen: StoredBrainstorm) -> bool:
        return seen.phase is Phase.DIVERGE and seen.contributions < self._settings.contributions

    def _may_add(self, seen: StoredBrainstorm, heard: datetime | None, now: datetime) -> bool:
        """Whether Riff has turns left and it is quiet: for longer where nobody has written since its last turn."""
        begun, last = diverging_since(seen), seen.contributed_at
        if not self._has_turns(seen) or begun is None or seen.phase_ends_at is None:
            return False
        if (seen.phase_ends_at - now).total_seconds() < _LAST_SECONDS:
            return False
        answered = last is None or (heard is not None and heard > last)
        quiet = timedelta(seconds=self._settings.quiet_seconds * (1 if answered else _ALONE))
        return now - max(filter(None, (begun, heard, last))) >= quiet
