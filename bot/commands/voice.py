"""`/voice`: the voice of the brand in a channel or the workspace: shown, set, cleared, learned and approved."""

from collections.abc import Awaitable, Callable, Mapping

from rapidfuzz import process

from bot.commands.creative import split_list
from bot.core.commands.base import Answer, Call, Command
from bot.core.commands.registry import head
from bot.core.domain import Place, Voice
from bot.core.errors import CommandError
from bot.core.notices import Notice
from bot.generation.applications.moderated_saving import keep_voice, propose_voice
from bot.language import N_, _
from bot.personalization.brand_voice import learned
from bot.personalization.profile import WHOLE_WORKSPACE

_USAGE = "/voice [show | set FIELD VALUE | clear [FIELD] | learn SAMPLES | approve | discard] [--for channel|workspace]"
_FIELDS = {
    "description": "brand_voice",
    "use": "use_words",
    "avoid": "avoid_words",
    "examples": "voice_examples",
}
_NOTHING = N_("There is nothing to approve. Type /voice learn with texts in the brand's voice first.")
_APPROVED = N_("The brand voice is in use from the next answer on.")
_DISCARDED = N_("Discarded. The brand voice stays as it was.")
_CLEARED = N_("The brand voice is cleared.")


async def _voice(call: Call) -> Answer:
    verb, rest = head(call.words)
    verbs: Mapping[str, Callable[[Call, Place, str], Awaitable[Answer]]] = {
        "": _show,
        "show": _show,
        "set": _set,
        "clear": _clear,
        "learn": _learn,
        "approve": _approve,
        "discard": _discard,
    }
    run = verbs.get(verb)
    if run is None:
        raise CommandError(_("I didn't understand that. Usage: {usage}", usage=_USAGE))
    return await run(call, _place(call), rest)


def _place(call: Call) -> Place:
    """The channel, or all of the workspace."""
    place, wanted = call.incoming.place, call.options.get("for", "channel").lower()
    if wanted not in {"channel", "workspace"}:
        raise CommandError(_("--for is channel or workspace."))
    return place if wanted == "channel" else Place(place.platform, place.workspace, WHOLE_WORKSPACE)


async def _show(call: Call, place: Place, _rest: str) -> Answer:
    return _shown(await call.repositories.channels.voice(place), _("The brand voice here:"))


async def _set(call: Call, place: Place, rest: str) -> Answer:
    name, value = head(rest)
    field = _field(name)
    if not value:
        raise CommandError(_("What should it be? Usage: {usage}", usage=_USAGE))
    changes = {field: value if field == "brand_voice" else _listed(field, value)}
    voice = await keep_voice(
        call.repositories.channels,
        call.moderator,
        place,
        changes,
        policy=call.policy,
        person_id=call.person_id,
    )
    return _shown(voice, _("Done. The brand voice here:"))


async def _clear(call: Call, place: Place, rest: str) -> Answer:
    if not rest:
        await call.repositories.channels.clear_voice(place)
        return Notice(_(_CLEARED))
    return _shown(
        await call.repositories.channels.clear_voice_field(place, _field(rest)),
        _("Done. The brand voice here:"),
    )


async def _learn(call: Call, place: Place, samples: str) -> Answer:
    if not samples:
        raise CommandError(_("Paste texts in the brand's voice after it: /voice learn SAMPLES"))
    voice, found = await learned(samples, call.write)
    await propose_voice(
        call.repositories.channels,
        call.moderator,
        place,
        voice,
        policy=call.policy,
        person_id=call.person_id,
    )
    heading = _(
        "What I learned from {sentences} sentences, {words} words; readability LIX {lix}:",
        sentences=found.sentences,
        words=found.words,
        lix=round(found.lix),
    )
    option = " --for workspace" if place.channel == WHOLE_WORKSPACE else ""
    ask = _("It is not in use yet: type /voice approve{option}, or /voice discard{option}.", option=option)
    return f"{_shown(voice, heading, with_blanks=False)}\n{ask}"


async def _approve(call: Call, place: Place, _rest: str) -> Answer:
    voice = await call.repositories.channels.approve_voice(place)
    return Notice(_(_NOTHING)) if voice is None else _shown(voice, _(_APPROVED))


async def _discard(call: Call, place: Place, _rest: str) -> Answer:
    dropped = await call.repositories.channels.discard_voice(place)
    return Notice(_(_DISCARDED if dropped else _NOTHING))


def _field(typed: str) -> str:
    nearest = process.extractOne(typed.strip().lower(), list(_FIELDS), score_cutoff=60)
    if nearest is None:
        raise CommandError(_("The fields are: {names}.", names=", ".join(_FIELDS)))
    return _FIELDS[nearest[0]]


def _listed(field: str, value: str) -> tuple[str, ...]:
    """Words with commas between; examples with a line each."""
    lines = value.splitlines() if field == "voice_examples" else ()
    return tuple(line.strip() for line in lines if line.strip()) or split_list(value)


def _shown(voice: Voice, head: str, *, with_blanks: bool = True) -> str:
    lines = (
        (_("description"), voice.brand_voice),
        (_("use"), ", ".join(voice.use_words)),
        (_("avoid"), ", ".join(voice.avoid_words)),
        (_("examples"), " / ".join(voice.voice_examples)),
    )
    return "\n".join([head, *(f"{name}: {text or '-'}" for name, text in lines if text or with_blanks)])


COMMAND = Command(
    "voice",
    N_("the voice of the brand in this channel or workspace"),
    _USAGE,
    N_("/voice set avoid cheap, best in class"),
    _voice,
    private=True,
    for_admins=frozenset({"set", "clear", "learn", "approve", "discard"}),
    direct_is_own=True,
)
