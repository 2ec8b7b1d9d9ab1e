"""Does the facilitator's errands: what Riff says and adds in a brainstorm by itself."""

import logging
from dataclasses import replace
from datetime import UTC, datetime

from bot.board.origins import origins_told
from bot.board.view import Conclusion
from bot.config import Settings
from bot.core.buttons import Panel
from bot.core.channel import Channel
from bot.core.domain import Brief
from bot.jobs.scheduled import ScheduledJob
from bot.language import _
from bot.places.moderation_policy import Policies
from bot.session import phases, timing
from bot.session.board_panel import Shown, chart_of, export_of, ideas_panel, map_of, panel, show
from bot.session.capture import Capture
from bot.session.channel_card import called_at_the_end, card_of
from bot.session.checked_text import Speech, Write, recorded
from bot.session.conclusion import outcome_of
from bot.session.live_links import live_link
from bot.session.partner import Partner
from bot.session.theme_names import with_themes
from genai.errors import GenerationError
from genai.moderation import Moderator
from genai.request import Generator
from storage.repositories import Repositories
from storage.values.brainstorms import Phase, Placed, StoredBrainstorm

log = logging.getLogger("riff.session")

_TOGETHER = 12
"""Numbers of a board whose ideas of Riff's stand in one message."""


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
        speech = recorded(self._repositories, self._moderator, policy, brainstorm.place)
        match job.values["do"]:
            case timing.OPEN if brainstorm.phase is not Phase.ENDED:
                await channel.panel(await phases.opening(speech, brainstorm))
                if link := await live_link(self._repositories, self._web, brainstorm.id):
                    await channel.notice(link)
            case timing.ENTER if job.values["phase"] == brainstorm.phase.value:
                await self._enter(brainstorm, channel, speech, job.event_id)
            case timing.STEP if brainstorm.phase is Phase.DIVERGE and job.values["step"] == brainstorm.step:
                await self._ask_for_ideas(brainstorm, channel, speech)
            case timing.NUDGE if brainstorm.phase is not Phase.ENDED:
                shown = await show(self._repositories, speech, brainstorm)
                posted = await self._posted(brainstorm)
                await channel.panel(await phases.reminder(speech, shown, _now(), posted))
            case timing.RIFF if brainstorm.phase is Phase.DIVERGE and not brainstorm.is_paused:
                await self._contribute(brainstorm, channel, speech, job)
            case timing.REFRESH if brainstorm.phase is not Phase.ENDED:
                await self._refresh(brainstorm, channel, speech, has_clock_changed=bool(job.values["clock"]))
            case timing.SHARE if brainstorm.outcome is not None:
                await channel.panel((await self._outcome(brainstorm, speech))[0])
            case _:
                log.info("an errand of a brainstorm came too late")

    async def _enter(
        self, brainstorm: StoredBrainstorm, channel: Channel, speech: Speech, event_id: str
    ) -> None:
        """One message in the thread, and the card above it brought up to date."""
        match brainstorm.phase:
            case Phase.VOTE:
                await self._capture.tidy(brainstorm)
                brainstorm = await with_themes(
                    self._repositories, speech, brainstorm, self._writing(brainstorm)
                )
                await self._ask_for_votes(brainstorm, channel, speech, with_map=True)
            case Phase.CONVERGE:
                await self._combine_best(brainstorm, speech, event_id)
                await self._ask_for_better(brainstorm, channel, speech)
            case Phase.ENDED:
                await self._conclude(brainstorm, channel, speech)
            case _:
                await self._ask_for_ideas(brainstorm, channel, speech)
        await self._show_card(brainstorm, channel, speech)

    async def _refresh(
        self, brainstorm: StoredBrainstorm, channel: Channel, speech: Speech, *, has_clock_changed: bool
    ) -> None:
        """The card tells how far it is, and the phase's own message when it ends."""
        await self._show_card(brainstorm, channel, speech)
        if not has_clock_changed:
            return
        match brainstorm.phase:
            case Phase.WARM_UP:
                await channel.panel(await phases.opening(speech, brainstorm))
            case Phase.VOTE:
                await self._ask_for_votes(brainstorm, channel, speech, with_map=False)
            case Phase.CONVERGE:
                await self._ask_for_better(brainstorm, channel, speech)
            case _:
                await self._ask_for_ideas(brainstorm, channel, speech)

    async def _show_card(self, brainstorm: StoredBrainstorm, channel: Channel, speech: Speech) -> None:
        await channel.panel(await card_of(self._repositories, speech, brainstorm))

    async def _ask_for_ideas(self, brainstorm: StoredBrainstorm, channel: Channel, speech: Speech) -> None:
        posted = await self._posted(brainstorm)
        await channel.panel(await phases.diverging(speech, brainstorm, _now(), posted))

    async def _ask_for_votes(
        self, brainstorm: StoredBrainstorm, channel: Channel, speech: Speech, *, with_map: bool
    ) -> None:
        shown = await show(self._repositories, speech, brainstorm)
        asked = await phases.voting(speech, shown, _now())
        pictures = (await map_of(shown),) if with_map and shown.board.entries else ()
        await channel.panel(replace(asked, pictures=pictures))

    async def _ask_for_better(self, brainstorm: StoredBrainstorm, channel: Channel, speech: Speech) -> None:
        shown = await show(self._repositories, speech, brainstorm)
        event_id = timing.entering(brainstorm, Phase.CONVERGE)
        built = {one.id for one in await self._repositories.boards.of_event(brainstorm.id, event_id)}
        entries = [entry for entry in shown.board.entries if entry.card.id in built]
        await channel.panel(await phases.converging(speech, shown, _now(), entries))

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
        if placed:
            await self._show_added(brainstorm, placed[-1], channel, speech)

    async def _combine_best(self, brainstorm: StoredBrainstorm, speech: Speech, event_id: str) -> None:
        """Riff's own proposal: one idea of the two that lead; none where people have not had their turn yet."""
        if await self._posted(brainstorm) < brainstorm.plan.people_first:
            return
        shown = await show(self._repositories, speech, brainstorm)
        best = [entry.card for entry in shown.board.shortlist(2)]
        if len(best) < 2 or await self._repositories.boards.of_event(brainstorm.id, event_id):
            return
        try:
            await self._partner.build(brainstorm, best, speech, event_id)
        except GenerationError as error:
            log.warning("Riff has nothing to combine: %s", error)

    async def _show_added(
        self, brainstorm: StoredBrainstorm, newest: Placed, channel: Channel, speech: Speech
    ) -> None:
        """What Riff adds stands in one message as long as that is near: with all of its numbers of one dozen."""
        shown = await show(self._repositories, speech, brainstorm)
        dozen = (newest.number - 1) // _TOGETHER
        entries = [
            entry
            for entry in shown.board.entries
            if entry.card.authors[0] is None and (entry.number - 1) // _TOGETHER == dozen
        ]
        if entries:
            built = {bool(entry.card.origins) for entry in entries}
            heading = _("Yes, and …") if built == {True} else _("Something that nobody has thought of yet:")
            if len(built) > 1:
                heading = _("Something that nobody has thought of yet, and built on what is there:")
            added = await ideas_panel(speech, shown, heading, entries)
            await channel.panel(replace(added, name=f"{brainstorm.id}-riff-{dozen}"))

    async def _conclude(self, brainstorm: StoredBrainstorm, channel: Channel, speech: Speech) -> None:
        told, shown = await self._outcome(brainstorm, speech)
        if shown.board.entries:
            outcome = Conclusion.read((await self._of(brainstorm)).outcome)
            chart = (await chart_of(shown),) if shown.board.shortlist() else ()
            pictures = (*chart, await map_of(shown))
            told = replace(told, pictures=pictures, file=export_of(shown, "markdown", outcome))
        people = await called_at_the_end(self._repositories, brainstorm, shown.names)
        name = phases.panel_name(brainstorm)
        await channel.panel(replace(told, name=name, people=people))

    async def _outcome(self, brainstorm: StoredBrainstorm, speech: Speech) -> tuple[Panel, Shown]:
        """What came of it, written once."""
        shown = await show(self._repositories, speech, brainstorm)
        outcome = Conclusion.read(brainstorm.outcome)
        if outcome is None:
            outcome = await outcome_of(shown, len(shown.names), self._writing(brainstorm), speech)
            await self._repositories.brainstorms.note_outcome(brainstorm.id, outcome.values())
        return await _outcome_panel(speech, shown, outcome), shown

    async def _of(self, brainstorm: StoredBrainstorm) -> StoredBrainstorm:
        return await self._repositories.brainstorms.get(brainstorm.id) or brainstorm

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
