"""`/session`: a facilitated brainstorm in this thread."""

from dataclasses import replace
from datetime import UTC, datetime

from bot.core.commands.call import Answer, Call
from bot.core.commands.declaration import Command, Kind, Option, Verb
from bot.core.errors import CommandError
from bot.language import N_, _
from bot.session import combining, idea_changes, scheduling, steering, timing, workspace_wishes
from bot.session.arguments import EXAMPLE, SESSION, START, plan_in
from bot.session.board_panel import FORMATS, board_panel, export_of, map_of, show
from bot.session.channel_card import card_of
from bot.session.checked_text import Speech, recorded
from bot.session.live_links import ACTION, board_link, live_link
from bot.session.phases import opening, phase_name
from bot.session.theme_names import with_themes
from bot.session.thread_messages import take
from bot.session.voting import vote
from storage.values.brainstorms import Phase, Plan, StoredBrainstorm


async def _start(call: Call) -> Answer:
    if call.text("when"):
        return await scheduling.plan(call)
    plan = plan_in(call.invocation, call.sessions)
    speech = Speech(call.moderator, call.policy)
    (topic,) = await speech.shown([plan.topic])
    plan = replace(plan, topic=topic.text)
    now = datetime.now(UTC)
    phase = timing.first_phase(plan)
    begun = await call.repositories.brainstorms.start(
        call.incoming.place, call.person_id, plan, phase=phase, ends_at=timing.ends_at(plan, phase, now)
    )
    begun = begun or await _begun_before(call, plan)
    if begun is None:
        raise CommandError(_("A brainstorm runs here already; the host can end it."))
    link = await live_link(call.repositories, call.web, begun.id)
    begins = await opening(speech, begun), await card_of(call.repositories, speech, begun)
    return (*begins, link) if link else begins


async def _begun_before(call: Call, plan: Plan) -> StoredBrainstorm | None:
    """What an earlier attempt at this very command began, and may have died before it could say so."""
    running = await call.repositories.brainstorms.running_in(call.incoming.place)
    if running is None or running.facilitator_id != call.person_id or running.plan.topic != plan.topic:
        return None
    return running if running.created_at >= call.incoming.received_at else None


async def _board(call: Call) -> Answer:
    found = await _last_here(call)
    speech = recorded(call.repositories, call.moderator, call.policy, found.place)
    if found.phase in (Phase.WARM_UP, Phase.DIVERGE) and call.write is not None:
        found = await with_themes(call.repositories, speech, found, call.write)
    shown = await show(call.repositories, speech, found)
    if not shown.board.entries:
        return await board_panel(speech, shown, _("The board is empty."))
    heading = _("The board ({phase}).", phase=phase_name(found.phase))
    board = await board_panel(speech, shown, heading)
    return replace(board, pictures=(await map_of(shown, dark=call.invocation.flag("dark")),))


async def _idea(call: Call) -> Answer:
    passed = (await call.moderator.check(call.text("text"), policy=call.policy)).redacted_text
    return await take(call, await steering.running_here(call), passed)


async def _vote(call: Call) -> Answer:
    return await vote(call, await steering.running_here(call), call.invocation.numbers("ideas"))


async def _combine(call: Call) -> Answer:
    return await combining.combine(call, await steering.running_here(call), call.invocation.numbers("ideas"))


async def _improve(call: Call) -> Answer:
    number = call.invocation.number("idea") or 0
    return await combining.improve(call, await steering.running_here(call), number)


async def _export(call: Call) -> Answer:
    found = await _last_here(call)
    shown = await show(call.repositories, Speech(call.moderator, call.policy), found)
    return export_of(shown, call.text("format") or FORMATS[0])


async def _board_link(call: Call) -> Answer:
    return await board_link(call, await _last_here(call))


async def _last_here(call: Call) -> StoredBrainstorm:
    found = await call.repositories.brainstorms.last_in(call.incoming.place)
    if found is None:
        raise CommandError(
            _("There has been no brainstorm in this thread. Start one: {example}", example=_(EXAMPLE))
        )
    return found


_TWO_IDEAS = N_("Which ideas? Give two to five numbers, for example: combine 1 3")
_IDEAS = Option(
    "ideas",
    N_("Their numbers, for example: 1 3"),
    Kind.NUMBERS,
    positional=True,
    required=True,
    completes="board",
)

_TEXT = Option(
    "text",
    N_("The idea"),
    Kind.LINES,
    N_("TEXT"),
    positional=True,
    required=True,
    asks=N_("What is the idea? For example: line the lid with cork"),
)
_NUMBER = Option(
    "idea",
    N_("Its number"),
    Kind.NUMBER,
    positional=True,
    required=True,
    asks=N_("Which idea? Give its number, for example: improve 2"),
    completes="board",
)

_PLANNED = Option(
    "number",
    N_("Its number"),
    Kind.NUMBER,
    positional=True,
    required=True,
    most=9_999_999,
    asks=N_("Which one? Give its number, for example: /session cancel 3"),
)
_WHEN = Option(
    "when",
    N_("When, such as tomorrow at 15:00"),
    placeholder=N_("TIME"),
    positional=True,
    required=True,
    asks=N_("When? For example: /session move 3 tomorrow at 15:00"),
    most_characters=60,
)

_VERBS = (
    Verb(
        "start",
        N_("Start a brainstorm in a thread of its own"),
        START,
        _start,
        form=("topic", "minutes", "technique", "when", "votes"),
        title=N_("A team session"),
        submit=N_("Start"),
    ),
    Verb("planned", N_("The brainstorms that are planned here"), run=scheduling.listed, private=True),
    Verb(
        "move", N_("Another time for a planned brainstorm"), (_PLANNED, _WHEN), scheduling.move, private=True
    ),
    Verb(
        "cancel",
        N_("Call a planned brainstorm off"),
        (_PLANNED,),
        scheduling.call_off,
        private=True,
        destroys=True,
    ),
    Verb(
        "board",
        N_("Show the board with a map of its ideas"),
        (Option("dark", N_("The map for a dark screen"), Kind.FLAG, positional=True),),
        _board,
    ),
    Verb("board-link", N_("A link to the board's live page, or take all links back"), (ACTION,), _board_link),
    Verb(
        "idea",
        N_("Put an idea on the board"),
        (_TEXT,),
        _idea,
    ),
    Verb(
        "vote",
        N_("Vote for ideas; vote again to take it back"),
        (replace(_IDEAS, asks=N_("For which ideas? Give their numbers, for example: vote 1 3")),),
        _vote,
    ),
    Verb("combine", N_("Make one idea of several"), (replace(_IDEAS, asks=_TWO_IDEAS),), _combine),
    Verb(
        "improve",
        N_("A better version of an idea"),
        (_NUMBER,),
        _improve,
    ),
    Verb(
        "edit",
        N_("Word an idea of yours anew"),
        (
            replace(_NUMBER, asks=N_("Which idea? For example: edit 2 line the lid with cork")),
            replace(
                _TEXT,
                label=N_("What it says now"),
                asks=N_("What does it say now? For example: edit 2 line the lid with cork"),
            ),
        ),
        idea_changes.edit,
        private=True,
    ),
    Verb(
        "remove",
        N_("Take an idea of yours off the board"),
        (replace(_NUMBER, asks=N_("Which idea? Give its number, for example: remove 2")),),
        idea_changes.remove,
        private=True,
        destroys=True,
    ),
    Verb("undo", N_("Put back what you took off last"), run=idea_changes.undo, private=True),
    Verb("pause", N_("Stop the clock"), run=steering.pause, private=True),
    Verb("resume", N_("Let the clock go on"), run=steering.resume, private=True),
    Verb("extend", N_("Give the phase more time"), (steering.MINUTES,), steering.extend, private=True),
    Verb("skip", N_("On to the next step or phase"), (steering.PHASE,), steering.skip, private=True),
    Verb("end", N_("End the brainstorm; its outcome follows"), run=steering.end, private=True, destroys=True),
    Verb(
        "settings",
        N_("Reactions as votes, and mentions at the end"),
        workspace_wishes.OPTIONS,
        workspace_wishes.settings,
        for_admins=True,
        private=True,
    ),
    Verb(
        "export",
        N_("The board as a file"),
        (
            Option(
                "format",
                N_("Which kind of file"),
                Kind.CHOICE,
                positional=True,
                asks=N_("I can export markdown, csv or json; for example: csv"),
                choices=tuple(FORMATS),
            ),
        ),
        _export,
    ),
)

COMMAND = Command(SESSION, N_("a brainstorm of the whole team, step by step"), EXAMPLE, _VERBS, opens="start")
