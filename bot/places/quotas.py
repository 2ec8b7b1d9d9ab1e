"""How much people and workspaces may ask, and what was used.

Quotas are counted in the database, for all processes and platforms; only what the model is asked for counts, help,
privacy and the like are always answered. How many messages of one person are worked on in a minute is counted in this
process, before anything else is done.
"""

import math
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime

from bot.config.settings import LimitSettings
from bot.core import notices
from bot.core.domain import Place
from bot.core.notices import Notice
from bot.language import _
from storage.repositories.usage import Usage
from storage.repositories.workspaces import Scopes
from storage.values.personal import Counts, Exceeded, Quota
from storage.values.records import Scope

_KEPT_AS = "quota"
"""The platform name under which workspaces' own quotas are kept."""
QUOTAS = tuple(field.name for field in fields(Quota))


class Quotas:
    """A person's quota is the smallest of the configuration's and their workspace's, or else their organisation's."""

    def __init__(self, usage: Usage, scopes: Scopes, limits: LimitSettings) -> None:
        self._usage = usage
        self._scopes = scopes
        self._limits = Quota(limits.prompts_per_minute, limits.prompts_per_day)

    async def refusal(self, person_id: int, message_id: int, place: Place) -> Notice | None:
        """Counts the prompt; why it is not answered, or None. Raises StorageError."""
        scopes = place.scopes
        own, limited_by = await self._held(scopes)
        exceeded = await self._usage.take(
            person_id, message_id, scopes[-1], _smallest(self._limits, own), limited_by
        )
        return None if exceeded is None else _told(exceeded)

    async def note(self, person_id: int, place: Place, used: Counts) -> None:
        """What an answer took beside its prompt."""
        await self._usage.add(person_id, place.scopes[-1], used)

    async def of_workspace(self, *scopes: Scope) -> Quota:
        """What a workspace's admins set, over what was set for those that it is in: the widest comes first."""
        return (await self._held(scopes))[0]

    async def _held(self, scopes: Sequence[Scope]) -> tuple[Quota, Scope | None]:
        """The quota, and the settings that its limit of all together is kept in."""
        most: dict[str, int] = {}
        limited_by = None
        keys = [_scope(scope) for scope in scopes]
        for key, stored in zip(keys, await self._scopes.settings_of(*keys), strict=True):
            most |= {name: int(stored[name]) for name in QUOTAS if stored.get(name)}
            limited_by = key if stored.get("in_workspace") else limited_by
        return Quota(**most), limited_by

    async def set(
        self, workspace: Scope, name: str, most: int | None, *, person_id: int | None = None
    ) -> Quota:
        """Changes one of QUOTAS, with the record of every change; None or 0 takes it away."""
        await self._scopes.set(_scope(workspace), name, most or None, person_id=person_id)
        return await self.of_workspace(workspace)

    async def shown(self, person_id: int, place: Place) -> str:
        """What the person used, and what is left of their quota; nobody's words in it."""
        today, month = await self._usage.of_person(person_id, datetime.now(UTC))
        own = await self.of_workspace(*place.scopes)
        quota = _smallest(self._limits, own)
        lines = [
            _("Today: {used}.", used=_counted(today)),
            _("This month: {used}.", used=_counted(month)),
        ]
        if quota.in_day:
            left = max(0, quota.in_day - today.prompts)
            lines.append(_("Left today: {left} of {most} prompts.", left=left, most=quota.in_day))
        if quota.in_minute:
            lines.append(_("At most {most} prompts a minute.", most=quota.in_minute))
        if not quota.in_day and not quota.in_minute:
            lines.append(_("There is no limit to what you may ask."))
        lines.append(_("Your linked accounts count as one; days are those of UTC."))
        return "\n".join(lines)

    async def shown_of_workspace(self, workspace: Scope) -> str:
        """What all its people together used this month, for an admin; nobody is named."""
        found = await self._usage.of_workspaces(f"{datetime.now(UTC):%Y-%m}", workspace)
        people, used = (found[0][1], found[0][2]) if found else (0, Counts())
        return _("This month, people: {people}; {used}.", people=people, used=_counted(used))


def _counted(used: Counts) -> str:
    return _("prompts {prompts}, ideas {ideas}, characters {characters}, tokens {tokens}", **asdict(used))


def _told(exceeded: Exceeded) -> Notice:
    most, seconds = exceeded.most, exceeded.seconds
    match exceeded.limit:
        case "in_minute":
            return notices.too_many(most, seconds)
        case "in_workspace":
            text = _(
                "All of you together may ask {most} times a minute here. Try again in {seconds} s.",
                most=most,
                seconds=seconds,
            )
        case _:
            text = _(
                "You have used your {most} prompts of today; there are new ones in about {hours} h."
                " /usage shows what you used.",
                most=most,
                hours=max(1, round(seconds / 3600)),
            )
    return Notice(text)


def _smallest(one: Quota, other: Quota) -> Quota:
    pairs = ((getattr(one, name), getattr(other, name)) for name in QUOTAS)
    return Quota(*(min(set(pair) - {0}, default=0) for pair in pairs))


def _scope(workspace: Scope) -> Scope:
    return Scope(_KEPT_AS, workspace.platform, workspace.workspace)


_WINDOW_SECONDS = 60.0
_PEOPLE = 10_000


@dataclass(frozen=True, slots=True)
class TooMany:
    """A message that is not worked on; `notice` is None for a person who was told so already."""

    notice: Notice | None


class MessageRate:
    """Counts each person's messages of the last minute; `most` of 0 is any number.

    Quotas are kept in the database and count what the model is asked for; this one is there so that nobody
    can keep moderation and database busy for all others.
    """

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._clock = clock
        self._people: OrderedDict[int, deque[float]] = OrderedDict()
        self._told: set[int] = set()

    def take(self, person_id: int) -> TooMany | None:
        """Count one message; TooMany where it is more than there may be."""
        if not self._most:
            return None
        now, times = self._clock(), self._times_of(person_id)
        if len(times) < self._most or now - times[0] >= _WINDOW_SECONDS:
            times.append(now)
            self._told.discard(person_id)
            return None
        if person_id in self._told:
            return TooMany(None)
        self._told.add(person_id)
        return TooMany(notices.too_many(self._most, math.ceil(_WINDOW_SECONDS - (now - times[0]))))

    def _times_of(self, person_id: int) -> deque[float]:
        times = self._people.setdefault(person_id, deque(maxlen=self._most))
        self._people.move_to_end(person_id)
        if len(self._people) > _PEOPLE:
            forgotten, _times = self._people.popitem(last=False)
            self._told.discard(forgotten)
        return times
