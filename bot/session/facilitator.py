"""Does the facilitator's errands: what Riff says and adds in a brainstorm by itself."""

import logging
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial

from bot.answering.outcomes import decision_from
from bot.board.origins import origins_told
from bot.board.view import Conclusion
from bot.config import Settings
from bot.core.buttons import Panel
from bot.core.channel import Channel
from bot.core.domain import Brief, Scope, Verdict
from bot.jobs.scheduled import ScheduledJob
from bot.language import _
from bot.places.moderation_policy import Policies, scope_of
from bot.session import phases, timing
from bot.session.board_panel import Shown, chart_of, export_of, ideas_panel, map_of, panel, show
from bot.session.capture import Capture
from bot.session.checked_text import Speech
from bot.session.conclusion import Write, outcome_of
from bot.session.live_links import live_link
from bot.session.partner import Partner
from genai.errors import GenerationError
from genai.moderation import Moderator
from genai.request import Generator
from storage.repositories import Repositories
from storage.values.brainstorms import Phase, Placed, StoredBrainstorm

log = logging.getLogger("riff.session")


class Facilitator:
    """Speaks in a brainstorm's thread when its plan says so."""

    def __init__(
        self,
        settings: Settings,
        repositories: Repositories,
        moderator: Moderator,
        generator: Generator,
        policies: Policies,
    ) -> None:
        self._repositories = repositories
        self._moderator = moderator
        self._policies = policies
        self._web = settings.web
        self._capture = Capture(repositories, settings.reranking, settings.session.ideas)
        self._partner = Partner(settings, repositories, generator)

    async def do(self, job: ScheduledJob, channel: Channel, resume: bool) -> None:
        """Do one errand; one that came too late, because people have moved on, is left out."""
        brainstorm = await self._repositories.brainstorms.get(int(job.values["brainstorm"]))
        if brainstorm is None:
            return
        policy = await self._policies.of(brainstorm.place)
        speech = Speech(self._moderator, policy, partial(self._record, scope_of(brainstorm.place)))
        match job.values["do"]:
            case timing.OPEN if brainstorm.phase is not Phase.ENDED:
                link = await live_link(self._repositories, self._web, brainstorm.id)
                await channel.panel(await phases.opening(speech, brainstorm, link))
            case timing.ENTER if job.values["phase"] == brainstorm.phase.value:
                await self._enter(brainstorm, channel, speech, job.event_id)
            case timing.STEP if brainstorm.phase is Phase.DIVERGE and job.values["step"] == brainstorm.step:
                await self._ask_for_ideas(brainstorm, channel, speech)
            case timing.NUDGE if brainstorm.phase is not Phase.ENDED:
                shown, posted = (
                    await show(self._repositories, speech, brainstorm),
                    await self._posted(brainstorm),
                )
                await channel.panel(await phases.reminder(speech, shown, _now(), posted))
            case timing.RIFF if brainstorm.phase is Phase.DIVERGE and not brainstorm.is_paused:
                await self._contribute(brainstorm, channel, speech, job)
            case _:
                log.info("an errand of a brainstorm came too late")

    async def _record(self, scope: Scope, verdict: Verdict, text: str) -> None:
        await self._repositories.audit.record(decision_from(verdict, "reply"), text=text, scope=scope)

    async def _enter(
        self, brainstorm: StoredBrainstorm, channel: Channel, speech: Speech, event_id: str
    ) -> None:
        match brainstorm.phase:
            case Phase.VOTE:
                await self._capture.tidy(brainstorm)
                shown = await show(self._repositories, speech, brainstorm)
                if shown.board.entries:
                    await channel.document(await map_of(shown))
                await channel.panel(await phases.voting(speech, shown, _now()))
            case Phase.CONVERGE:
                shown = await show(self._repositories, speech, brainstorm)
                await channel.panel(await phases.converging(speech, shown, _now()))
                await self._combine_best(brainstorm, shown, channel, speech, event_id)
            case Phase.ENDED:
                await self._conclude(brainstorm, channel, speech)
            case _:
                await self._ask_for_ideas(brainstorm, channel, speech)

    async def _ask_for_ideas(self, brainstorm: StoredBrainstorm, channel: Channel, speech: Speech) -> None:
        posted = await self._posted(brainstorm)
        await channel.panel(await phases.diverging(speech, brainstorm, _now(), posted))

    async def _posted(self, brainstorm: StoredBrainstorm) -> int:
        """How many ideas people have posted."""
        return (await self._repositories.boards.heard([brainstorm.id]))[brainstorm.id].ideas

    async def _contribute(
        self, brainstorm: StoredBrainstorm, channel: Channel, speech: Speech, job: ScheduledJob
    ) -> None:
        """What an earlier attempt put on the board is shown, not written again."""
        placed = await self._repositories.boards.of_event(brainstorm.id, job.event_id)
        if not placed:
            turn = int(job.values["turn"])
            try:
                placed = await self._partner.take_turn(brainstorm, turn, speech, job.event_id)
            except GenerationError as error:
                log.warning("Riff has nothing to add: %s", error)
        await self._show_new(brainstorm, placed, channel, speech)

    async def _combine_best(
        self, brainstorm: StoredBrainstorm, shown: Shown, channel: Channel, speech: Speech, event_id: str
    ) -> None:
        """Riff's own proposal: one idea of the two that lead; none where people have not had their turn yet."""
        if await self._posted(brainstorm) < brainstorm.plan.people_first:
            return
        best = [entry.card for entry in shown.board.shortlist(2)]
        placed = await self._repositories.boards.of_event(brainstorm.id, event_id)
        if not placed and len(best) == 2:
            try:
                placed = await self._partner.build(brainstorm, best, speech, event_id)
            except GenerationError as error:
                log.warning("Riff has nothing to combine: %s", error)
        await self._show_new(brainstorm, placed, channel, speech)

    async def _show_new(
        self, brainstorm: StoredBrainstorm, placed: Sequence[Placed], channel: Channel, speech: Speech
    ) -> None:
        if not placed:
            return
        shown = await show(self._repositories, speech, brainstorm)
        ids = {one.id for one in placed}
        entries = [entry for entry in shown.board.entries if entry.card.id in ids]
        is_built = any(entry.card.origins for entry in entries)
        heading = _("Yes, and …") if is_built else _("Something that nobody has thought of yet:")
        if entries:
            await channel.panel(await ideas_panel(speech, shown, heading, entries))

    async def _conclude(self, brainstorm: StoredBrainstorm, channel: Channel, speech: Speech) -> None:
        shown = await show(self._repositories, speech, brainstorm)
        outcome = Conclusion.read(brainstorm.outcome)
        if outcome is None:
            outcome = await outcome_of(shown, len(shown.names), self._writing(brainstorm), speech)
            await self._repositories.brainstorms.note_outcome(brainstorm.id, outcome.values())
        await channel.panel(await _outcome_panel(speech, shown, outcome))
        if not shown.board.entries:
            return
        if shown.board.shortlist():
            await channel.document(await chart_of(shown))
        await channel.document(await map_of(shown))
        await channel.document(export_of(shown, "markdown", outcome))

    def _writing(self, brainstorm: StoredBrainstorm) -> Write:
        async def write(brief: Brief) -> str:
            return await self._partner.written(brainstorm, brief)

        return write


async def _outcome_panel(speech: Speech, shown: Shown, outcome: Conclusion) -> Panel:
    ranked = shown.board.shortlist()
    lines = [f"**{shown.board.topic}**", outcome.summary]
    lines += [f"**{_('Shortlist')}**", *(shown.line(entry) for entry in ranked)] if ranked else []
    for heading, told in (
        (_("Who it came from"), origins_told(shown.board)),
        (_("Next steps"), outcome.next_steps),
        (_("Open questions"), outcome.questions),
    ):
        lines += [f"**{heading}**", *(f"• {line}" for line in told)] if told else []
    return await panel(speech, _("What came of the brainstorm:"), [(line, ()) for line in lines])


def _now() -> datetime:
    return datetime.now(UTC)
