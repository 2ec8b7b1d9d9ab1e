"""What is said of a planned brainstorm, and its beginning: announced, reminded of, begun in a thread, or missed."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.core.buttons import Panel, Row
from bot.core.channel import Channel
from bot.core.domain import Repositories
from bot.core.notices import Notice
from bot.jobs.periodic import Periodic
from bot.jobs.scheduled import ScheduledJob
from bot.language import _, ngettext, speaking
from bot.places.calendars import Calendars
from bot.places.moderation_policy import Policies
from bot.session import scheduling, timing
from bot.session.checked_text import Speech
from bot.session.scheduling import job_of, off_button, told_time
from genai.moderation import Moderator
from storage.errors import ForgottenError, StorageError
from storage.values.brainstorms import PlannedSession, PlannedState
from storage.values.records import Place

log = logging.getLogger("riff.session")

_REMIND = timedelta(minutes=10)
_LATE = timedelta(minutes=5)
_TOO_LATE = timedelta(hours=3)
"""Riff was away: until then it begins all the same, and says why; later nobody waits for it any more."""
_KEPT = timedelta(days=7)
_LOOK_SECONDS = 5.0


class PlannedJobs:
    """Does the jobs of planned brainstorms."""

    def __init__(
        self, repositories: Repositories, moderator: Moderator, policies: Policies, calendars: Calendars
    ) -> None:
        self._repositories = repositories
        self._moderator = moderator
        self._policies = policies
        self._calendars = calendars

    async def do(self, job: ScheduledJob, channel: Channel, _resume: bool) -> None:
        """Do one; what was changed meanwhile is not said any more."""
        planned = await self._repositories.planned_sessions.get(int(job.values["session"]))
        if planned is None:
            return
        speech = Speech(self._moderator, await self._policies.of(planned.place))
        (topic,) = await speech.shown([planned.plan.topic])
        row = Row(topic, (), planned.starts_at)
        match job.values["do"], planned.state:
            case scheduling.ANNOUNCE, PlannedState.PLANNED:
                await self._announce(planned, row, _("A brainstorm is planned."), channel)
            case scheduling.MOVED, PlannedState.PLANNED:
                await self._announce(planned, row, _("The brainstorm is moved."), channel)
            case scheduling.REMIND, PlannedState.PLANNED:
                told = _("A brainstorm begins soon: {time}.", time=told_time(planned))
                await channel.panel(_panel(told, [row], planned))
            case scheduling.CALLED_OFF, _state:
                await self._calendars.tell(planned, begins=False)
                await channel.panel(_panel(_("The brainstorm is called off."), [Row(topic)]))
            case scheduling.MISSED, _state:
                await self._calendars.tell(planned, begins=False)
                told = _(
                    "I was away at {time}, so this brainstorm did not begin. /session start begins it now.",
                    time=told_time(planned),
                )
                await channel.panel(_panel(told, [Row(topic)]))
            case scheduling.START, _state:
                await self._begin(planned, Row(topic), channel)

    async def _announce(self, planned: PlannedSession, row: Row, heading: str, channel: Channel) -> None:
        """One message: what, when for each reader, how long, by whom, and the platform's own event."""
        entry, link = await self._calendars.put(planned)
        if entry and entry != planned.calendar_id:
            await self._repositories.planned_sessions.note_calendar(planned.id, entry)
        minutes = ngettext("{count} minute", "{count} minutes", planned.plan.minutes)
        if planned.plan.nudge_hour is not None:
            minutes = ngettext("{count} day", "{count} days", planned.plan.minutes // timing.MINUTES_A_DAY)
        told = _("{time}, {length}.", time=told_time(planned), length=minutes)
        if planned.name:
            told += " " + _("Planned by {name}.", name=planned.name)
        rows = [row, Row(Notice(told)), *([Row(Notice(link))] if link else [])]
        await channel.panel(_panel(heading, rows, planned))

    async def _begin(self, planned: PlannedSession, row: Row, channel: Channel) -> None:
        """In its own thread, where it was planned in none; twice begun it is still one brainstorm."""
        place = planned.place
        now = datetime.now(UTC)
        heading = _("The brainstorm begins.") + self._lateness(planned, now)
        if place.thread or place.direct:
            if now - planned.starts_at > _LATE:
                await channel.notice(Notice(heading, private=False))
        else:
            thread = await channel.open_thread(_panel(heading, [row]), planned.plan.topic)
            if not thread:
                told = _(
                    "I can't open a thread here, so the brainstorm that was planned for now does not begin."
                )
                await channel.notice(Notice(told, private=False))
                return
            place = replace(place, thread=thread)
        await self._calendars.tell(planned, begins=True)
        await self._start(planned, place, channel)

    async def _start(self, planned: PlannedSession, place: Place, channel: Channel) -> None:
        now = datetime.now(UTC)
        plan, brainstorms = planned.plan, self._repositories.brainstorms
        phase = timing.first_phase(plan)
        try:
            begun = await brainstorms.start(
                place, planned.person_id, plan, phase=phase, ends_at=timing.ends_at(plan, phase, now)
            )
        except ForgottenError:
            log.info("whoever planned a brainstorm was erased")
            return
        begun = begun or await brainstorms.running_in(place)
        if begun is None or begun.plan != plan:
            told = _("A brainstorm runs here already, so the one that was planned for now does not begin.")
            await channel.notice(Notice(told, private=False))
            return
        await self._repositories.inbox.add([timing.job(begun, "opening", timing.OPEN)])

    def _lateness(self, planned: PlannedSession, now: datetime) -> str:
        late = now - planned.starts_at
        if late <= _LATE:
            return ""
        minutes = int(late.total_seconds() // 60)
        return " " + ngettext(
            "I was away at {time}, so it begins {count} minute late.",
            "I was away at {time}, so it begins {count} minutes late.",
            minutes,
            time=f"{planned.starts_at.astimezone(ZoneInfo(planned.time_zone)):%H:%M}",
        )


class PlanClock(Periodic):
    """Plans reminders and beginnings that are due; all is in SQL, so that a restart changes nothing."""

    def __init__(self, repositories: Repositories, locale: str, every_seconds: float = _LOOK_SECONDS) -> None:
        super().__init__(every_seconds, "plan-clock")
        self._planned = repositories.planned_sessions
        self._locale = locale
        self._purged: datetime | None = None

    async def once(self) -> None:
        """One look; trouble is logged."""
        try:
            with speaking(self._locale):
                await self.tick(datetime.now(UTC))
        except StorageError as error:
            log.error("planned brainstorms cannot be read: %s", error)
        except Exception as error:
            log.error("planned brainstorms cannot be read", exc_info=error)

    async def tick(self, now: datetime) -> None:
        """Plans what is due at `now`. Raises StorageError."""
        for one in await self._planned.planned(now + _REMIND):
            name = one.starts_at.isoformat()
            if one.starts_at > now:
                if one.starts_at - one.created_at > _REMIND and one.reminded_at is None:
                    await self._planned.remind(one, now, job_of(one, scheduling.REMIND, name))
            elif now - one.starts_at > _TOO_LATE:
                await self._planned.end(one, PlannedState.MISSED, job_of(one, scheduling.MISSED))
            else:
                await self._planned.end(one, PlannedState.STARTED, job_of(one, scheduling.START))
        if self._purged is None or now - self._purged > _KEPT / 7:
            await self._planned.purge(now - _KEPT)
            self._purged = now


def _panel(heading: str, rows: Sequence[Row], planned: PlannedSession | None = None) -> Panel:
    buttons = (off_button(planned),) if planned else ()
    return Panel(Notice(heading, private=False), tuple(rows), buttons)
