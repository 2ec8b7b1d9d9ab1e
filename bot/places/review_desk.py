"""The review queue in chats: puts what moderation stopped before a workspace's moderators, and takes what they decide.

Every press is checked against who moderates now; the first one counts, and all that follow are told whose it was.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.core.buttons import ActionKind, Panel
from bot.core.channel import Channel
from bot.core.domain import Account, Place, Repositories
from bot.core.errors import CommandError
from bot.core.forms import Form
from bot.core.notices import Notice
from bot.jobs.periodic import Periodic
from bot.jobs.scheduled import ScheduledJob
from bot.language import LOCALE, N_, _, speaking
from bot.places.channel_privacy import ChannelPrivacy
from bot.places.moderators import ModeratorRules, Moderators
from bot.places.review import ReviewQueue
from bot.places.review_panel import decided_before, review_panel, rule_form, welcome_panel
from genai.moderation import Moderator
from storage.errors import StorageError
from storage.values.records import AuditEntry, NewEvent, Review, Scope

log = logging.getLogger("riff.review")

KIND = "review"
TOGETHER = 5
"""Most decisions in one message."""
EVERY_SECONDS = 60.0
"""Between two messages to the moderators of one workspace."""
_LOOK_SECONDS = 15.0
_POST_SECONDS = 45.0
"""A message that is not posted by then is tried again later."""
_NOT_YOURS = N_("Only those can do that who moderate here.")
Manages = Callable[[], Awaitable[bool]]
"""Whether whoever pressed manages the workspace now; asked only where that decides."""


@dataclass(frozen=True, slots=True)
class Pressed:
    """What a press came to: the message as it stands now, and what its person is told, if anything."""

    panel: Panel
    told: Notice | None = None


class ReviewDesk:
    """Shows the queue to moderators, and does what they press."""

    def __init__(
        self,
        repositories: Repositories,
        reviews: ReviewQueue,
        moderator: Moderator,
        privacy: ChannelPrivacy,
    ) -> None:
        self._audit = repositories.audit
        self._people = repositories.people
        self._inbox = repositories.inbox
        self._reviews = reviews
        self._moderator = moderator
        self._privacy = privacy
        self.moderators = ModeratorRules(repositories.scopes)

    async def appoint(
        self, scope: Scope, *, channel: str = "", people: tuple[str, ...] = (), person_id: int
    ) -> None:
        """From now on these are told, and hear of it at once; with neither nobody is any more."""
        change = await self.moderators.set(scope, channel=channel, people=people, person_id=person_id)
        told = Moderators(channel, people)
        await self._inbox.add(_jobs(scope, told, f"welcome-{change.id}", LOCALE.get(), {"welcome": True}))

    async def do(self, job: ScheduledJob, channel: Channel, _resume: bool) -> None:
        """Puts one message before moderators; raises TimeoutError where that takes too long."""
        private = await self._privacy.is_private(job.place)
        async with asyncio.timeout(_POST_SECONDS):
            if job.values.get("welcome"):
                await channel.panel(welcome_panel(private=private))
            else:
                await channel.panel(await self._shown(int(job.values["batch"]), private=private))

    async def decide(
        self, kind: ActionKind, entry_id: int, author: Account, place: Place, name: str, manages: Manages
    ) -> Pressed:
        """Approve or uphold; raises CommandError for who may not, and for a decision that there is not."""
        entry = await self._allowed(entry_id, author, place, manages)
        reviewer = await self._people.find_or_create(author)
        review = Review.APPROVED if kind is ActionKind.APPROVE else Review.UPHELD
        if await self._audit.decide(entry.id, review, reviewer_id=reviewer, by=await self._passed(name)):
            return Pressed(await self._again(entry, place))
        seen = await self._reviews.show(entry_id)
        is_own = seen.reviewer_id == reviewer and seen.review is review
        told = None if is_own or seen.review not in {Review.APPROVED, Review.UPHELD} else decided_before(seen)
        return Pressed(await self._again(entry, place), told)

    async def form(self, entry_id: int, author: Account, place: Place, manages: Manages) -> Form:
        """Asks for the rule; raises CommandError as `decide` does."""
        return rule_form(await self._allowed(entry_id, author, place, manages))

    async def add_rule(
        self, entry_id: int, term: str, author: Account, place: Place, name: str, manages: Manages
    ) -> Pressed:
        """Blocks the words from now on where the text was written, which is upheld so; raises CommandError."""
        await self._allowed(entry_id, author, place, manages)
        reviewer = await self._people.find_or_create(author)
        await self._reviews.add_term(entry_id, term, reviewer_id=reviewer)
        pressed = await self.decide(ActionKind.UPHOLD, entry_id, author, place, name, manages)
        added = _("The rule holds from now on.")
        return Pressed(pressed.panel, Notice(f"{added} {pressed.told.text}" if pressed.told else added))

    async def _allowed(self, entry_id: int, author: Account, place: Place, manages: Manages) -> AuditEntry:
        """The decision, if its workspace's moderators are told here; in a channel that all read admins alone may."""
        entry = await self._audit.entry(entry_id)
        if entry is None or entry.scope is None:
            raise CommandError(_("There is no decision number {number}.", number=entry_id))
        told = await self.moderators.of(entry.scope)
        if place.direct:
            may = place.platform == entry.scope.platform and author.external_id in told.people
        else:
            is_theirs = (place.platform, place.workspace) == (entry.scope.platform, entry.scope.workspace)
            is_here = is_theirs and place.channel == told.channel
            may = is_here and (await self._privacy.is_private(place) or await manages())
        if not may:
            raise CommandError(_(_NOT_YOURS))
        return entry

    async def _again(self, entry: AuditEntry, place: Place) -> Panel:
        return await self._shown(
            entry.batch or 0, private=await self._privacy.is_private(place), only=entry.id
        )

    async def _shown(self, batch: int, *, private: bool, only: int = 0) -> Panel:
        entries = await self._audit.batch(batch) if batch else (await self._reviews.show(only),)
        waiting = await self._audit.unposted(entries[0].scope) if entries and entries[0].scope else 0
        return review_panel(entries, waiting, private=private)

    async def _passed(self, name: str) -> str:
        passed, _verdict = await self._moderator.passed(name) if name else (None, None)
        return passed.text if passed else ""


class ReviewClock(Periodic):
    """Plans what is put before moderators next, a few decisions at a time."""

    def __init__(self, repositories: Repositories, locale: str, every_seconds: float = _LOOK_SECONDS) -> None:
        super().__init__(every_seconds, "review-clock")
        self._audit = repositories.audit
        self._moderators = ModeratorRules(repositories.scopes)
        self._locale = locale

    async def once(self) -> None:
        """One look; trouble is logged."""
        try:
            with speaking(self._locale):
                await self.tick(datetime.now(UTC))
        except StorageError as error:
            log.error("moderators cannot be told: %s", error)
        except Exception as error:
            log.error("moderators cannot be told", exc_info=error)

    async def tick(self, now: datetime) -> None:
        """Plans what may be posted at `now`. Raises StorageError."""
        for scope, told in await self._moderators.all():

            def jobs(batch: int, scope: Scope = scope, told: Moderators = told) -> list[NewEvent]:
                return _jobs(scope, told, str(batch), LOCALE.get(), {"batch": batch})

            await self._audit.plan_batch(
                scope, told.since or now, now, most=TOGETHER, every_seconds=EVERY_SECONDS, jobs=jobs
            )


def _jobs(
    scope: Scope, told: Moderators, name: str, locale: str, values: dict[str, object]
) -> list[NewEvent]:
    """One errand for the channel, or for each person."""
    places = [(Place(scope.platform, scope.workspace, told.channel), "")] if told.channel else []
    places += [(Place(scope.platform, scope.workspace, one, direct=True), one) for one in told.people]
    return [
        ScheduledJob(
            f"{KIND}-{scope.workspace}-{name}-{place.channel}", place, KIND, values, locale, to
        ).event(f"{KIND}-{scope.workspace}-{place.channel}")
        for place, to in places
    ]
