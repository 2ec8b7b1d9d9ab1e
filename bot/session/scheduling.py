"""Brainstorms for later, as people ask for them: planned, listed, moved, called off. What follows is said by jobs."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

from bot.core.buttons import Action, ActionKind, Button, Panel, Row
from bot.core.commands.call import Answer, Call
from bot.core.domain import Place
from bot.core.errors import CommandError
from bot.core.notices import Notice
from bot.jobs.scheduled import ScheduledJob
from bot.language import N_, _, moment
from bot.session.arguments import plan_in, zone_named
from bot.session.checked_text import Speech
from bot.session.spoken_times import moment_in
from storage.values.brainstorms import NewPlannedSession, PlannedSession, PlannedState
from storage.values.records import NewEvent

KIND = "planned"
"""The kind of the jobs of planned brainstorms."""
ANNOUNCE, MOVED, CALLED_OFF, REMIND, START, MISSED = (
    "announce",
    "moved",
    "called off",
    "remind",
    "start",
    "missed",
)
"""What such a job does."""
_MOST_IN_A_CHANNEL = 20
_LONGEST_AHEAD = timedelta(days=366)
_EXAMPLE = N_("/session start lids tomorrow at 15:00 --zone Europe/Berlin")


async def plan(call: Call) -> Answer:
    """Keeps what shall begin later, and has it announced."""
    zone = await _zone(call)
    starts_at = _moment(call, zone)
    wanted = plan_in(call.invocation, call.sessions)
    place = call.incoming.place
    place = replace(place, thread="") if call.incoming.threadless else place
    if len(await call.repositories.planned_sessions.in_channel(place)) >= _MOST_IN_A_CHANNEL:
        raise CommandError(_("Many brainstorms are planned here already; call one of them off first."))
    topic, name = await _shown(call, wanted.topic)
    planned = await call.repositories.planned_sessions.add(
        NewPlannedSession(
            place,
            call.person_id,
            name,
            call.incoming.event_id,
            replace(wanted, topic=topic, time_zone=zone or "UTC"),
            starts_at,
            zone or "UTC",
        )
    )
    await call.repositories.inbox.add([job_of(planned, ANNOUNCE)])
    return Notice(
        _(
            "Planned for {time}. /session move {number} TIME moves it, /session cancel {number} calls it off.",
            time=told_time(planned),
            number=planned.id,
        )
    )


async def listed(call: Call) -> Answer:
    """What is planned in this channel."""
    found = await call.repositories.planned_sessions.in_channel(call.incoming.place)
    if not found:
        return Notice(_("No brainstorm is planned here. Plan one: {example}", example=_(_EXAMPLE)))
    topics = await Speech(call.moderator, call.policy).shown([one.plan.topic for one in found])
    rows = [row_of(one, topic.text) for one, topic in zip(found, topics, strict=True)]
    return Panel(Notice(_("Planned here:")), tuple(rows))


async def move(call: Call) -> Answer:
    """Another time for one."""
    planned = await _own(call)
    starts_at = _moment(call, planned.time_zone)
    moved = replace(planned, starts_at=starts_at, reminded_at=None)
    errand = job_of(moved, MOVED, call.incoming.event_id)
    if not await call.repositories.planned_sessions.move(planned, starts_at, errand):
        raise _no_such(planned.id)
    return Notice(_("Moved to {time}.", time=told_time(moved)))


async def call_off(call: Call) -> Answer:
    """One that shall not begin."""
    planned = await _own(call)
    errand = job_of(planned, CALLED_OFF)
    if not await call.repositories.planned_sessions.end(planned, PlannedState.CALLED_OFF, errand):
        raise _no_such(planned.id)
    return Notice(_("It is called off."))


def job_of(planned: PlannedSession, do: str, name: str = "") -> NewEvent:
    """The job at its place; the same one however often it is planned, `name` tells those of one kind apart."""
    wanted = ScheduledJob(
        f"{KIND}-{planned.id}-{do}-{name}"[:255],
        planned.place,
        KIND,
        {"session": planned.id, "do": do},
        planned.plan.locale,
    )
    return wanted.event(f"{KIND}-{planned.id}")


def told_time(planned: PlannedSession) -> str:
    """When it begins, where whoever planned it is."""
    local = planned.starts_at.astimezone(ZoneInfo(planned.time_zone))
    zone = planned.time_zone.removeprefix("Etc/").replace("_", " ")
    return f"{moment(local)} ({zone})"


def row_of(planned: PlannedSession, topic: str) -> Row:
    """A line for it in a list, with the button that calls it off; the `topic` has passed moderation."""
    told = _("{number}. {topic}: {time}", number=planned.id, topic=f"**{topic}**", time=told_time(planned))
    return Row(Notice(told), (off_button(planned),), planned.starts_at)


def off_button(planned: PlannedSession) -> Button:
    """Who may press it is checked then."""
    return Button(Action(ActionKind.CALL_OFF, str(planned.id)), _("Call it off"), "danger")


async def _own(call: Call) -> PlannedSession:
    """The one that is named, if it is of this channel and the person may change it; raises CommandError."""
    number = call.invocation.number("number") or 0
    planned = await call.repositories.planned_sessions.get(number)
    if (
        planned is None
        or planned.state is not PlannedState.PLANNED
        or not _is_in(planned, call.incoming.place)
    ):
        raise _no_such(number)
    if planned.person_id != call.person_id and not call.incoming.by_admin:
        raise CommandError(
            _("Only {name} or those who manage this workspace can do that.", name=planned.name or "?")
        )
    return planned


def _is_in(planned: PlannedSession, place: Place) -> bool:
    there = planned.place
    return (there.platform, there.workspace, there.channel) == (
        place.platform,
        place.workspace,
        place.channel,
    )


def _no_such(number: int) -> CommandError:
    return CommandError(
        _("No brainstorm of number {number} is planned here; /session planned shows them.", number=number)
    )


async def _zone(call: Call) -> str:
    """The time zone that was named, else the person's, else the one that they planned in last; "" for none known."""
    if named := call.text("zone"):
        return zone_named(named)
    if call.incoming.time_zone in available_timezones():
        return call.incoming.time_zone
    return await call.repositories.planned_sessions.last_zone(call.person_id)


def _moment(call: Call, zone: str) -> datetime:
    """The moment that was named, in UTC; raises CommandError."""
    said, now = call.text("when"), call.incoming.received_at.astimezone(ZoneInfo(zone or "UTC"))
    found = moment_in(said, now)
    if found is None:
        raise CommandError(
            _("I can't read that time. Say for example: tomorrow at 15:00, Friday 10:30, or in 20 minutes.")
        )
    if not zone and moment_in(said, now + timedelta(hours=1)) != found + timedelta(hours=1):
        raise CommandError(
            _("Which time zone are you in? I remember it from then on: {example}", example=_(_EXAMPLE))
        )
    starts_at = found.astimezone(UTC)
    if starts_at <= now:
        raise CommandError(_("That time has passed."))
    if starts_at - now > _LONGEST_AHEAD:
        raise CommandError(_("That is more than a year away, which is as far as I plan."))
    return starts_at


async def _shown(call: Call, topic: str) -> tuple[str, str]:
    """The topic and the person's name as all may read them."""
    speech = Speech(call.moderator, call.policy)
    (shown,) = await speech.shown([topic])
    (name,) = await speech.passed([call.incoming.author_name]) if call.incoming.author_name else (None,)
    return shown.text, name.text if name else ""
