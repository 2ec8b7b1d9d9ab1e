"""`/voice`: the voice of the brand in a channel or the workspace: shown, set, cleared, learned and approved."""

from dataclasses import replace
from typing import Any

from bot.core.commands.call import Answer, Call, Run
from bot.core.commands.declaration import Command, Kind, Option, Verb
from bot.core.commands.option_values import rows_in, words_in
from bot.core.commands.usage_lines import usage_of
from bot.core.domain import Account, Place, Values, Voice
from bot.core.errors import CommandError
from bot.core.notices import Notice
from bot.generation.applications.moderated_saving import keep_voice, propose_voice
from bot.language import N_, _
from bot.personalization.brand_voice import learned
from bot.personalization.profile import whole
from storage.repositories import Repositories

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
_SAVED = N_("The brand voice is saved. I use it in every answer in this channel.")
_WHAT = N_("What should it be? Usage: {usage}")


def _place(place: Place, where: str) -> Place:
    """The channel, or all of the workspace."""
    return whole(place.home) if where == "workspace" else place


def _here(call: Call) -> Place:
    return _place(call.incoming.place, call.text("for"))


async def _show(call: Call) -> Answer:
    return _shown(await call.repositories.channels.voice(_here(call)), _("The brand voice here:"))


async def _set(call: Call) -> Answer:
    field, value = call.text("field"), call.text("value")
    listed = rows_in(value) if field == "examples" else words_in(value)
    voice = await _keep(call, {_FIELDS[field]: value if field == "description" else listed})
    return _shown(voice, _("Done. The brand voice here:"))


async def _edit(call: Call) -> Answer:
    """What was given is set, and what was given as empty cleared."""
    asked = call.invocation
    changes = {
        kept: asked.text(name) if name == "description" else asked.words(name)
        for name, kept in _FIELDS.items()
        if name in asked.values
    }
    if not changes:
        raise CommandError(_(_WHAT, usage=usage_of(COMMAND)))
    await _keep(call, changes)
    return Notice(_(_SAVED))


async def _keep(call: Call, changes: dict[str, str | tuple[str, ...]]) -> Voice:
    return await keep_voice(
        call.repositories.channels,
        call.moderator,
        _here(call),
        changes,
        policy=call.policy,
        person_id=call.person_id,
    )


async def _held(repositories: Repositories, _author: Account, place: Place, given: Values) -> Values:
    """The voice, as values of its form."""
    voice = await repositories.channels.voice(_place(place, str(given.get("for", ""))))
    return {name: getattr(voice, kept) for name, kept in _FIELDS.items()}


async def _clear(call: Call) -> Answer:
    if not call.text("field"):
        await call.repositories.channels.clear_voice(_here(call))
        return Notice(_(_CLEARED))
    return _shown(
        await call.repositories.channels.clear_voice_field(_here(call), _FIELDS[call.text("field")]),
        _("Done. The brand voice here:"),
    )


async def _learn(call: Call) -> Answer:
    voice, found = await learned(call.text("samples"), call.write)
    await propose_voice(
        call.repositories.channels,
        call.moderator,
        _here(call),
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
    option = " --for workspace" if call.text("for") == "workspace" else ""
    ask = _("It is not in use yet: type /voice approve{option}, or /voice discard{option}.", option=option)
    return f"{_shown(voice, heading, with_blanks=False)}\n{ask}"


async def _approve(call: Call) -> Answer:
    voice = await call.repositories.channels.approve_voice(_here(call))
    return Notice(_(_NOTHING)) if voice is None else _shown(voice, _(_APPROVED))


async def _discard(call: Call) -> Answer:
    dropped = await call.repositories.channels.discard_voice(_here(call))
    return Notice(_(_DISCARDED if dropped else _NOTHING))


def _shown(voice: Voice, head: str, *, with_blanks: bool = True) -> str:
    lines = (
        (_("description"), voice.brand_voice),
        (_("use"), ", ".join(voice.use_words)),
        (_("avoid"), ", ".join(voice.avoid_words)),
        (_("examples"), " / ".join(voice.voice_examples)),
    )
    return "\n".join([head, *(f"{name}: {text or '-'}" for name, text in lines if text or with_blanks)])


_FOR = Option(
    "for",
    N_("For which place?"),
    Kind.CHOICE,
    asks=N_("--for is channel or workspace."),
    choices=("channel", "workspace"),
    labels=(N_("this channel"), N_("the whole workspace")),
    widens="workspace",
    default="channel",
)
_FIELD = Option(
    "field",
    N_("Which part?"),
    Kind.CHOICE,
    N_("FIELD"),
    positional=True,
    asks=N_("The fields are: {names}."),
    choices=tuple(_FIELDS),
)
_VALUE = Option(
    "value", N_("What it should be"), Kind.LINES, N_("VALUE"), positional=True, required=True, asks=_WHAT
)
_SAMPLES = Option(
    "samples",
    N_("Texts in the brand's voice"),
    Kind.PASTE,
    N_("SAMPLES"),
    positional=True,
    required=True,
    hint=N_("Paste some posts, pages or letters; 30 words at least."),
    asks=N_("Paste texts in the brand's voice after it: /voice learn SAMPLES"),
)
_COMMAS = N_("With commas between.")
_PARTS = (
    Option("description", N_("Brand voice"), Kind.LINES),
    Option("use", N_("Words to use"), Kind.WORDS, hint=_COMMAS),
    Option("avoid", N_("Words to avoid"), Kind.WORDS, hint=_COMMAS),
    Option("examples", N_("Examples of the voice"), Kind.ROWS, hint=N_("A line each.")),
)


def _changing(name: str, summary: str, run: Run, *options: Option, **more: Any) -> Verb:
    return Verb(name, summary, (*options, _FOR), run, for_admins=True, private=True, **more)


COMMAND = Command(
    "voice",
    N_("the voice of the brand in this channel or workspace"),
    N_("/voice set avoid cheap, best in class"),
    (
        Verb("show", N_("The brand voice here"), (_FOR,), _show, private=True),
        _changing(
            "set",
            N_("Set a part of the brand voice; without one, a form"),
            _set,
            replace(_FIELD, required=True),
            _VALUE,
            opens="edit",
        ),
        _changing("clear", N_("Clear the brand voice, or a part of it"), _clear, _FIELD, destroys=True),
        _changing(
            "learn",
            N_("Learn the brand voice from texts that you paste"),
            _learn,
            _SAMPLES,
            form=("samples", "for"),
            title=N_("Learn a brand voice"),
            submit=N_("Learn"),
        ),
        _changing("approve", N_("Use the voice that was learned"), _approve),
        _changing("discard", N_("Drop the voice that was learned"), _discard, destroys=True),
        _changing(
            "edit",
            N_("Change the brand voice, in a form"),
            _edit,
            *_PARTS,
            form=tuple(option.name for option in _PARTS),
            prefill=_held,
            title=N_("Brand voice"),
            submit=N_("Save"),
        ),
    ),
    default="show",
    opens="edit",
    direct_is_own=True,
)
