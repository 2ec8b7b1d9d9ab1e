"""Facilitated brainstorms: started, moved from phase to phase exactly once, paused, ended."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, or_, select, update

from storage.database import Database
from storage.errors import ForgottenError
from storage.models import Brainstorm, Channel
from storage.models.base import now
from storage.repositories.inbox import keep_events
from storage.repositories.rows import add_unless_there, channel_key, find_or_add_channel, hold_people
from storage.values.brainstorms import KeptTheme, Phase, Plan, StoredBrainstorm
from storage.values.records import NewEvent, Place

_GONE = "What Riff knew of this person was erased meanwhile; ask again."


class Brainstorms:
    """A brainstorm is found by its thread while it runs, and by its id always."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def start(
        self,
        place: Place,
        facilitator_id: int,
        plan: Plan,
        *,
        phase: Phase = Phase.WARM_UP,
        ends_at: datetime | None = None,
    ) -> StoredBrainstorm | None:
        """A new brainstorm in its first phase, or None where one already runs in the thread.

        Raises ForgottenError when the facilitator was erased meanwhile.
        """
        async with self._database.transaction() as session:
            if not await hold_people(session, facilitator_id):
                raise ForgottenError(_GONE)
            values = {
                "channel_id": await find_or_add_channel(session, place, facilitator_id),
                "thread": place.thread,
                "team": place.team,
                "facilitator_id": facilitator_id,
                "phase": phase.value,
                "phase_ends_at": ends_at,
                "topic": plan.topic,
                "technique": plan.technique,
                "minutes": plan.minutes,
                "votes_each": plan.votes_each,
                "is_anonymous": plan.is_anonymous,
                "nudge_hour": plan.nudge_hour,
                "time_zone": plan.time_zone,
                "locale": plan.locale,
                "people_first": plan.people_first,
            }
            added = await add_unless_there(session, Brainstorm, values)
            if added is None:
                return None
            return _value((await session.execute(_rows(Brainstorm.id == added))).one())

    async def running_in(self, place: Place) -> StoredBrainstorm | None:
        """The brainstorm that runs in the thread; asked before a message is acknowledged."""
        keys = channel_key(place)
        here = [getattr(Channel, name) == value for name, value in keys.items()]
        running = (Brainstorm.thread == place.thread, Brainstorm.ended_at.is_(None))
        found = await self._find(*here, *running, urgent=True)
        return found[0] if found else None

    async def running_in_channel(self, place: Place) -> Sequence[StoredBrainstorm]:
        """The brainstorms that run in any thread of the channel, the oldest first."""
        here = [getattr(Channel, name) == value for name, value in channel_key(place).items()]
        return await self._find(*here, Brainstorm.ended_at.is_(None))

    async def running_at(self, platform: str, conversation: str) -> StoredBrainstorm | None:
        """The brainstorm that runs in a thread, or in a channel outside of any, by the platform's id of that alone."""
        in_channel = and_(Brainstorm.thread == "", Channel.external_id == conversation)
        here = or_(Brainstorm.thread == conversation, in_channel)
        found = await self._find(
            Channel.platform == platform, here, Brainstorm.ended_at.is_(None), urgent=True
        )
        return found[0] if found else None

    async def last_in(self, place: Place) -> StoredBrainstorm | None:
        """The newest brainstorm of the thread, running or ended."""
        here = [getattr(Channel, name) == value for name, value in channel_key(place).items()]
        found = await self._find(*here, Brainstorm.thread == place.thread)
        return found[-1] if found else None

    async def newest_around(self, place: Place) -> StoredBrainstorm | None:
        """The newest brainstorm in any thread of the place's channel, one that runs before those that ended.

        For commands that cannot be typed in a thread.
        """
        here = [getattr(Channel, name) == value for name, value in channel_key(place).items()]
        found = await self._find(*here)
        return next((one for one in reversed(found) if one.ended_at is None), found[-1] if found else None)

    async def get(self, brainstorm_id: int) -> StoredBrainstorm | None:
        """The brainstorm with that id."""
        found = await self._find(Brainstorm.id == brainstorm_id)
        return found[0] if found else None

    async def running(self) -> Sequence[StoredBrainstorm]:
        """Every brainstorm that runs, the oldest first; for timers after a restart."""
        return await self._find(Brainstorm.ended_at.is_(None))

    async def advance(
        self,
        brainstorm_id: int,
        seen: Phase,
        to: Phase,
        ends_at: datetime | None,
        errand: NewEvent | None = None,
    ) -> bool:
        """Moves from phase `seen` to `to`; False when somebody else has moved it meanwhile.

        However many ask at the same time, one of them gets True. The `errand` goes into the inbox together
        with the change: there is neither one without the other.
        """
        ended = now() if to is Phase.ENDED else None
        changes = {"phase": to.value, "phase_ends_at": ends_at, "paused_seconds": None, "ended_at": ended}
        return await self._change(brainstorm_id, Brainstorm.phase == seen.value, changes, errand)

    async def step(
        self, brainstorm_id: int, seen: int, ends_at: datetime | None, errand: NewEvent | None = None
    ) -> bool:
        """Goes from the technique's prompt `seen` to the next one, as `advance` changes phases.

        The clock of the phase then ends at `ends_at`, and runs.
        """
        here = and_(Brainstorm.phase == Phase.DIVERGE.value, Brainstorm.step == seen)
        changes = {"step": seen + 1, "phase_ends_at": ends_at, "paused_seconds": None}
        return await self._change(brainstorm_id, here, changes, errand)

    async def contribute(
        self, brainstorm_id: int, seen: int, moment: datetime, errand: NewEvent | None = None
    ) -> bool:
        """Takes Riff's next turn after `seen` of them, while ideas are gathered, as `advance` changes phases."""
        here = and_(Brainstorm.phase == Phase.DIVERGE.value, Brainstorm.contributions == seen)
        return await self._change(
            brainstorm_id, here, {"contributions": seen + 1, "contributed_at": moment}, errand
        )

    async def pause(self, brainstorm_id: int, moment: datetime) -> bool:
        """Stops the clock at `moment`; False where it does not run."""
        async with self._database.transaction() as session:
            row = await session.get(Brainstorm, brainstorm_id, with_for_update=True)
            if row is None or row.phase_ends_at is None or row.ended_at is not None:
                return False
            row.paused_seconds = max(0, round((row.phase_ends_at - moment).total_seconds()))
            row.phase_ends_at = None
            return True

    async def resume(self, brainstorm_id: int, moment: datetime) -> bool:
        """Lets the clock go on from `moment`; False where it is not paused."""
        async with self._database.transaction() as session:
            row = await session.get(Brainstorm, brainstorm_id, with_for_update=True)
            if row is None or row.paused_seconds is None or row.ended_at is not None:
                return False
            row.phase_ends_at = moment + timedelta(seconds=row.paused_seconds)
            row.paused_seconds = None
            return True

    async def extend(self, brainstorm_id: int, minutes: int) -> bool:
        """Gives the phase more time, also while it is paused; False where no clock runs."""
        async with self._database.transaction() as session:
            row = await session.get(Brainstorm, brainstorm_id, with_for_update=True)
            if row is None or row.ended_at is not None:
                return False
            if row.paused_seconds is not None:
                row.paused_seconds += 60 * minutes
            elif row.phase_ends_at is not None:
                row.phase_ends_at += timedelta(minutes=minutes)
            else:
                return False
            return True

    async def note_nudge(self, brainstorm_id: int, day: str, errand: NewEvent | None = None) -> bool:
        """Notes the nudge of `day` (ISO 8601); False when it was given already, also by another process."""
        return await self._change(brainstorm_id, Brainstorm.nudged_on != day, {"nudged_on": day}, errand)

    async def note_outcome(self, brainstorm_id: int, outcome: Mapping[str, Any]) -> None:
        """Keeps what came of a brainstorm in words."""
        noted = update(Brainstorm).where(Brainstorm.id == brainstorm_id).values(outcome=dict(outcome))
        async with self._database.transaction() as session:
            await session.execute(noted)

    async def keep_themes(
        self, brainstorm_id: int, seen: Sequence[KeptTheme], themes: Sequence[KeptTheme]
    ) -> Sequence[KeptTheme]:
        """Keeps the themes where those `seen` are still the kept ones; gives those that are kept now."""
        async with self._database.transaction() as session:
            row = await session.get(Brainstorm, brainstorm_id, with_for_update=True)
            if row is None:
                return themes
            if _themes(row) != tuple(seen):
                return _themes(row)
            row.themes = [{"name": theme.name, "ideas": list(theme.ideas)} for theme in themes]
            return themes

    async def _change(
        self,
        brainstorm_id: int,
        condition: ColumnElement[bool],
        values: Mapping[str, object],
        errand: NewEvent | None,
    ) -> bool:
        change = (
            update(Brainstorm)
            .where(Brainstorm.id == brainstorm_id, Brainstorm.ended_at.is_(None), condition)
            .values(**values)
            .returning(Brainstorm.id)
        )
        async with self._database.transaction() as session:
            if await session.scalar(change) is None:
                return False
            if errand is not None:
                await keep_events(session, [errand], self._database.lease_clock)
            return True

    async def _find(
        self, *conditions: ColumnElement[bool], urgent: bool = False
    ) -> Sequence[StoredBrainstorm]:
        async with self._database.session(urgent=urgent) as session:
            return [_value(row) for row in (await session.execute(_rows(*conditions))).all()]


def _rows(*conditions: ColumnElement[bool]) -> Select[Brainstorm, Channel]:
    return (
        select(Brainstorm, Channel)
        .join(Channel, Channel.id == Brainstorm.channel_id)
        .where(*conditions)
        .order_by(Brainstorm.id)
    )


def _value(row: Row[Brainstorm, Channel]) -> StoredBrainstorm:
    found, channel = row
    return StoredBrainstorm(
        id=found.id,
        place=Place(
            channel.platform,
            channel.workspace,
            channel.external_id,
            found.thread,
            direct=channel.owner_id is not None,
            team=found.team,
        ),
        facilitator_id=found.facilitator_id,
        plan=Plan(
            topic=found.topic,
            technique=found.technique,
            minutes=found.minutes,
            votes_each=found.votes_each,
            is_anonymous=found.is_anonymous,
            nudge_hour=found.nudge_hour,
            time_zone=found.time_zone,
            locale=found.locale,
            people_first=found.people_first,
        ),
        phase=Phase(found.phase),
        phase_ends_at=found.phase_ends_at,
        paused_seconds=found.paused_seconds,
        nudged_on=found.nudged_on,
        created_at=found.created_at,
        ended_at=found.ended_at,
        step=found.step,
        contributions=found.contributions,
        contributed_at=found.contributed_at,
        outcome=found.outcome,
        themes=_themes(found),
    )


def _themes(row: Brainstorm) -> tuple[KeptTheme, ...]:
    return tuple(KeptTheme(theme["name"], tuple(theme["ideas"])) for theme in row.themes or ())
