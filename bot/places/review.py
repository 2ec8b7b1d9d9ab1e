"""The review queue: what moderation flagged or blocked, for moderators to look at.

The one service behind `riff review`, buttons in chats and a web page.
"""

from dataclasses import dataclass

from bot.core.errors import CommandError
from bot.language import N_, _
from bot.places.moderation_policy import Policies
from storage.repositories.audit import Audit
from storage.values.records import AuditEntry, Change, Review, Scope


@dataclass(frozen=True, slots=True)
class Labelled:
    """A reviewed decision as calibration takes it: whether a moderator found the text toxic."""

    id: int
    text: str
    toxic: bool


class ReviewQueue:
    """Lists open decisions, notes what moderators make of them, and turns them into rules."""

    def __init__(self, audit: Audit, policies: Policies) -> None:
        self._audit = audit
        self._policies = policies

    async def open(self, limit: int = 20, *, scope: Scope | None = None) -> tuple[AuditEntry, ...]:
        """What waits, oldest first; of one workspace or channel where it is named."""
        return await self._audit.queue(limit, scope=scope)

    async def show(self, entry_id: int) -> AuditEntry:
        """One decision; raises CommandError where there is none of this number."""
        entry = await self._audit.entry(entry_id)
        if entry is None:
            raise CommandError(_("There is no decision number {number}.", number=entry_id))
        return entry

    async def approve(self, entry_id: int, *, reviewer_id: int | None = None) -> AuditEntry:
        """The text was fine: a false alarm. Raises CommandError where the decision is not open."""
        return await self._decide(entry_id, Review.APPROVED, reviewer_id)

    async def uphold(self, entry_id: int, *, reviewer_id: int | None = None) -> AuditEntry:
        """Moderation was right. Raises CommandError where the decision is not open."""
        return await self._decide(entry_id, Review.UPHELD, reviewer_id)

    async def add_term(
        self, entry_id: int, term: str, *, whole_workspace: bool = False, reviewer_id: int | None = None
    ) -> Change:
        """Block a term from now on where the text was written; raises CommandError where that is unknown."""
        scope = await self._scope(entry_id, whole_workspace)
        return await self._policies.block_term(scope, term, person_id=reviewer_id)

    async def add_topic(
        self, entry_id: int, topic: str, *, whole_workspace: bool = False, reviewer_id: int | None = None
    ) -> Change:
        """Deny a topic that comes with Riff where the text was written; raises CommandError."""
        scope = await self._scope(entry_id, whole_workspace)
        return await self._policies.add_topic(scope, topic, person_id=reviewer_id)

    async def labelled(self, limit: int = 10_000) -> list[Labelled]:
        """Reviewed decisions whose text is kept, for `riff moderate calibrate`."""
        found = [
            Labelled(entry.id, entry.text, entry.review is Review.UPHELD)
            for review in (Review.APPROVED, Review.UPHELD)
            for entry in await self._audit.queue(limit, review=review)
            if entry.text is not None
        ]
        return sorted(found, key=lambda one: one.id)

    async def _decide(self, entry_id: int, review: Review, reviewer_id: int | None) -> AuditEntry:
        if not await self._audit.decide(entry_id, review, reviewer_id=reviewer_id):
            entry = await self.show(entry_id)
            state = entry.review.value or N_("not up for review")
            raise CommandError(
                _(
                    "Decision number {number} is {state}; only open ones can be decided.",
                    number=entry_id,
                    state=_(state),
                )
            )
        return await self.show(entry_id)

    async def _scope(self, entry_id: int, whole_workspace: bool) -> Scope:
        scope = (await self.show(entry_id)).scope
        if scope is None:
            raise CommandError(_("Where that text was written is not known; use riff settings instead."))
        return Scope(scope.platform, scope.workspace) if whole_workspace else scope
