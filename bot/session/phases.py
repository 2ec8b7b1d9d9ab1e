"""What Riff says when a brainstorm begins, when a phase or step of it begins, and once a day."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.board.view import SHORTLIST, Entry
from bot.core.buttons import Action, ActionKind, Button, Panel
from bot.language import N_, _, listed, ngettext
from bot.session import timing
from bot.session.board_panel import Shown, board_panel, panel
from bot.session.checked_text import Speech
from bot.session.techniques import technique
from storage.values.brainstorms import Phase, Plan, StoredBrainstorm

NEW, MERGED, HELLO = "💡", "🤝", "👋"
"""The marks on a message: new on the board, joined with an idea like it, heard in the warm-up."""
OFF = "❌"
"""What people react with to take their idea off."""

_LOOSENING = (
    N_("What is the worst thing you ever bought, and why did you keep it?"),
    N_("Which everyday object would you like to uninvent?"),
    N_("If your desk could talk, what would it complain about?"),
    N_("Which animal would do your job best, and why?"),
    N_("What would you build if it only had to work for one day?"),
    N_("Name three uses for a paper clip that nobody has thought of."),
)
_PHASES = {
    Phase.WARM_UP: N_("warm-up"),
    Phase.DIVERGE: N_("collecting ideas"),
    Phase.VOTE: N_("voting"),
    Phase.CONVERGE: N_("improving the best"),
    Phase.ENDED: N_("ended"),
}


def phase_name(phase: Phase) -> str:
    """What people call the phase."""
    return _(_PHASES[phase])


def panel_name(brainstorm: StoredBrainstorm) -> str:
    """The name of the one panel that a phase, or a step of it, has in the thread."""
    return f"{brainstorm.id}-{where_it_is(brainstorm)}"


async def opening(speech: Speech, begun: StoredBrainstorm) -> Panel:
    """What people need to know to take part, and the first question."""
    way = technique(begun.plan.technique)
    lines = [
        f"**{begun.plan.topic}**",
        _("Technique: {technique}.", technique=_(way.name)) + " " + _schedule(begun),
        _("Votes: {count} each, {how}.", count=begun.plan.votes_each, how=_secrecy(begun)),
        _(
            "Write one idea a message, or several as a list; {new} means that it is on the board, {merged} "
            "that it joined one like it. Edit or delete your message to change your idea, or react to it with "
            "{off} to take it off. Mention me with a question.",
            new=NEW,
            merged=MERGED,
            off=OFF,
        ),
    ]
    lines += people_first(begun, 0)
    if begun.phase is Phase.WARM_UP:
        lines += [_("First, to warm up:"), f"**{_(_LOOSENING[begun.id % len(_LOOSENING)])}**"]
    else:
        lines += _prompt(begun)
    return await _named(speech, begun, _("A brainstorm begins."), lines)


async def diverging(speech: Speech, brainstorm: StoredBrainstorm, now: datetime, posted: int) -> Panel:
    """Ideas are collected from now on, or the technique has a new prompt; `posted` were posted by people so far."""
    heading = _("Ideas, please.") if brainstorm.step == 0 else _("Next prompt.")
    lines = [f"**{brainstorm.plan.topic}**"] if brainstorm.step == 0 else []
    lines += [*_prompt(brainstorm), *people_first(brainstorm, posted), *_time_left(brainstorm, now)]
    return await _named(speech, brainstorm, heading, lines)


async def voting(speech: Speech, shown: Shown, now: datetime) -> Panel:
    """The board with one button that opens everybody's own form."""
    brainstorm = shown.brainstorm
    heading = ngettext(
        "Time to vote: you have {count} vote. Press Vote, or type the numbers you are for.",
        "Time to vote: you have {count} votes. Press Vote, or type the numbers you are for.",
        brainstorm.plan.votes_each,
    )
    board = await board_panel(speech, shown, heading)
    left = await panel(
        speech, "", [(line, ()) for line in _time_left(brainstorm, now)], ends=_ends(brainstorm)
    )
    buttons = (vote_button(brainstorm), *controls(brainstorm))
    rows = (*board.rows, *left.rows)
    return replace(board, rows=rows, buttons=buttons, choices=(), name=panel_name(brainstorm))


async def converging(speech: Speech, shown: Shown, now: datetime, built: Sequence[Entry] = ()) -> Panel:
    """The shortlist, with what Riff `built` of it, to be combined and improved."""
    shortlist = [one for one in shown.board.shortlist() if one not in built]
    entries = shortlist or [one for one in shown.board.entries if one not in built][:SHORTLIST]
    heading = _("The vote is over. These lead:") if shortlist else _("Nobody voted. The first ideas were:")
    advice = _(
        "Make the best better: write “combine 1 2” to join ideas, or “improve 1” to work on one; the numbers are "
        "those of the board."
    )
    lines = [(shown.line(entry), shown.buttons(entry)) for entry in entries]
    if built:
        lines += [(f"**{_('Yes, and …')}**", ())]
        lines += [(shown.line(entry), shown.buttons(entry)) for entry in built]
    lines += [(line, ()) for line in (advice, *_time_left(shown.brainstorm, now))]
    shows = await panel(speech, heading, lines, controls(shown.brainstorm), ends=_ends(shown.brainstorm))
    return replace(shows, name=panel_name(shown.brainstorm))


async def reminder(speech: Speech, shown: Shown, now: datetime, posted: int) -> Panel:
    """The daily nudge: how far it is, what is asked, and what is new; `posted` ideas are of people."""
    brainstorm = shown.brainstorm
    entries = shown.board.entries
    lines = [
        f"**{brainstorm.plan.topic}**",
        _("Phase: {phase}.", phase=phase_name(brainstorm.phase))
        + " "
        + ngettext("{count} idea so far.", "{count} ideas so far.", len(entries)),
    ]
    if brainstorm.phase is Phase.DIVERGE:
        lines += [*_prompt(brainstorm), *people_first(brainstorm, posted)]
        lines += [_("The latest: {idea}", idea=shown.line(entries[-1]))] if entries else []
    lines += _time_left(brainstorm, now)
    told = [(line, ()) for line in lines]
    return await panel(speech, _("Your daily reminder."), told, controls(brainstorm), ends=_ends(brainstorm))


async def _named(speech: Speech, brainstorm: StoredBrainstorm, heading: str, lines: Sequence[str]) -> Panel:
    told = [(line, ()) for line in lines]
    shows = await panel(speech, heading, told, controls(brainstorm), ends=_ends(brainstorm))
    return replace(shows, name=panel_name(brainstorm))


def vote_button(brainstorm: StoredBrainstorm) -> Button:
    """Opens one's own form of votes."""
    return Button(Action(ActionKind.BALLOT, str(brainstorm.id)), _("Vote"), "primary")


def controls(brainstorm: StoredBrainstorm) -> tuple[Button, ...]:
    """What can be done with the whole; who may, is checked when they are pressed."""
    target = str(brainstorm.id)
    return (
        Button(Action(ActionKind.BOARD, target), _("Board")),
        Button(Action(ActionKind.EXTEND, target), _("5 minutes more")),
        Button(Action(ActionKind.SKIP, f"{target}:{where_it_is(brainstorm)}"), _("Next")),
    )


def where_it_is(brainstorm: StoredBrainstorm) -> str:
    """The phase and step, which “Next” is pressed in: pressed twice, it goes on once."""
    return f"{brainstorm.phase.value}-{brainstorm.step}"


def people_first(brainstorm: StoredBrainstorm, posted: int) -> list[str]:
    """That Riff still waits for people's ideas, of which `posted` have come; nothing once it does not."""
    missing = brainstorm.plan.people_first - posted
    if missing <= 0:
        return []
    return [
        ngettext(
            "People first: I add nothing of my own before {count} more idea of yours.",
            "People first: I add nothing of my own before {count} more ideas of yours.",
            missing,
        )
        if posted
        else ngettext(
            "People first: I add nothing of my own before you have posted {count} idea.",
            "People first: I add nothing of my own before you have posted {count} ideas.",
            missing,
        )
    ]


def _prompt(brainstorm: StoredBrainstorm) -> list[str]:
    steps = technique(brainstorm.plan.technique).steps
    step = steps[min(brainstorm.step, len(steps) - 1)]
    place = f" ({brainstorm.step + 1}/{len(steps)})" if len(steps) > 1 else ""
    return [f"**{_(step.title)}**{place}: {_(step.prompt)}"]


def _ends(brainstorm: StoredBrainstorm) -> datetime | None:
    return brainstorm.phase_ends_at


def _time_left(brainstorm: StoredBrainstorm, now: datetime) -> list[str]:
    """While the clock stands still, what will be left; else the moment of its end says it."""
    if not brainstorm.is_paused:
        return []
    minutes = timing.minutes_left(brainstorm, now)
    if brainstorm.is_daily:
        days = max(1, round(minutes / timing.MINUTES_A_DAY))
        return [ngettext("Paused, with {count} day left.", "Paused, with {count} days left.", days)]
    return [ngettext("Paused, with {count} minute left.", "Paused, with {count} minutes left.", minutes)]


def _schedule(begun: StoredBrainstorm) -> str:
    plan = begun.plan
    if plan.nudge_hour is None:
        parts = [
            ngettext(
                "{count} min {phase}", "{count} min {phase}", _minutes(plan, phase), phase=phase_name(phase)
            )
            for phase in (Phase.WARM_UP, Phase.DIVERGE, Phase.VOTE, Phase.CONVERGE)
        ]
        return listed(parts) + "."
    parts = [
        ngettext(
            "{count} day {phase}",
            "{count} days {phase}",
            timing.days_of(plan, phase),
            phase=phase_name(phase),
        )
        for phase in (Phase.DIVERGE, Phase.VOTE, Phase.CONVERGE)
    ]
    hour = f"{plan.nudge_hour:02}:00"
    return f"{listed(parts)}. " + _(
        "I remind you each day at {hour} ({zone}).", hour=hour, zone=plan.time_zone
    )


def _minutes(plan: Plan, phase: Phase) -> int:
    return max(1, round(timing.seconds_of(plan, phase) / 60))


def _secrecy(begun: StoredBrainstorm) -> str:
    return _("nobody sees whose") if begun.plan.is_anonymous else _("shown with names")
