"""`/session`: a facilitated brainstorm in this thread."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

from rapidfuzz import process

from bot.core.commands.base import Answer, Call, Command
from bot.core.errors import CommandError
from bot.core.input_guard import clean
from bot.language import N_, _
from bot.language.terms import usage_text
from bot.session import combining, steering, timing
from bot.session.arguments import EXAMPLE, read_plan, read_words
from bot.session.board_files import FORMATS, export_of, map_of
from bot.session.board_panel import board_panel, show
from bot.session.checked_text import Speech
from bot.session.phases import opening, phase_name
from bot.session.thread_messages import numbers_in, take, vote
from storage.values.brainstorms import Plan, StoredBrainstorm

_USAGE = (
    '/session start "TOPIC" [MINUTES] [TECHNIQUE] [--votes N] [--named] [--daily HOUR --zone AREA/CITY [--days N]]'
    " | board [--dark] | idea TEXT | vote N ... | combine N N | improve N | pause | resume | extend MINUTES"
    " | skip [PHASE] | end | export markdown|csv|json"
)


async def _session(call: Call) -> Answer:
    _command, _space, typed = clean(call.incoming.text).partition(" ")
    verb, _space, rest = typed.strip().partition(" ")
    run = _VERBS.get(verb.lower())
    if run is None:
        nearest = process.extractOne(verb.lower(), list(_VERBS), score_cutoff=60) if verb else None
        hint = _("Did you mean /session {verb}?", verb=nearest[0]) if nearest else ""
        raise CommandError(f"{hint} {_('Usage: {usage}', usage=usage_text(_USAGE))}".strip())
    return await run(call, rest.strip())


async def _start(call: Call, words: str) -> Answer:
    plan = read_plan(words, call.sessions)
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
        raise CommandError(_("A brainstorm runs here already; /session end ends it."))
    return await opening(speech, begun)


async def _begun_before(call: Call, plan: Plan) -> StoredBrainstorm | None:
    """What an earlier attempt at this very command began, and may have died before it could say so."""
    running = await call.repositories.brainstorms.running_in(call.incoming.place)
    if running is None or running.facilitator_id != call.person_id or running.plan.topic != plan.topic:
        return None
    return running if running.created_at >= call.incoming.received_at else None


async def _board(call: Call, words: str) -> Answer:
    found = await _last_here(call)
    dark = "dark" in read_words(words).options or "dark" in words.lower().split()
    speech = Speech(call.moderator, call.policy)
    shown = await show(call.repositories, speech, found)
    if not shown.board.entries:
        return await board_panel(speech, shown, _("The board is empty."))
    heading = _("The board ({phase}).", phase=phase_name(found.phase))
    return await board_panel(speech, shown, heading), partial(map_of, shown, dark=dark)


async def _idea(call: Call, words: str) -> Answer:
    if not words:
        raise CommandError(_("What is the idea? For example: /session idea line the lid with cork"))
    passed = (await call.moderator.check(words, policy=call.policy)).redacted_text
    return await take(call, await steering.running_here(call), passed)


async def _vote(call: Call, words: str) -> Answer:
    numbers = numbers_in(words)
    if not numbers:
        raise CommandError(_("For which ideas? Give their numbers, for example: /session vote 1 3"))
    return await vote(call, await steering.running_here(call), numbers)


async def _combine(call: Call, words: str) -> Answer:
    return await combining.combine(call, await steering.running_here(call), words)


async def _improve(call: Call, words: str) -> Answer:
    return await combining.improve(call, await steering.running_here(call), words)


async def _export(call: Call, words: str) -> Answer:
    nearest = process.extractOne(words.lower() or FORMATS[0], list(FORMATS), score_cutoff=60)
    if nearest is None:
        raise CommandError(_("I can export markdown, csv or json; for example: /session export csv"))
    found = await _last_here(call)
    shown = await show(call.repositories, Speech(call.moderator, call.policy), found)
    return export_of(shown, nearest[0])


async def _last_here(call: Call) -> StoredBrainstorm:
    found = await call.repositories.brainstorms.last_in(call.incoming.place)
    if found is None:
        raise CommandError(
            _("There has been no brainstorm in this thread. Start one: {example}", example=_(EXAMPLE))
        )
    return found


_VERBS: dict[str, Callable[[Call, str], Awaitable[Answer]]] = {
    "start": _start,
    "board": _board,
    "idea": _idea,
    "vote": _vote,
    "combine": _combine,
    "improve": _improve,
    "pause": steering.pause,
    "resume": steering.resume,
    "extend": steering.extend,
    "skip": steering.skip,
    "end": steering.end,
    "export": _export,
}

COMMAND = Command("session", N_("a brainstorm of the whole team, step by step"), _USAGE, EXAMPLE, _session)
