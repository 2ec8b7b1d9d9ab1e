"""`/profile`: what Riff remembers of a person's wishes, shown, set and cleared by the person."""

from dataclasses import fields

from rapidfuzz import process

from bot import trouble
from bot.commands.base import Answer, Call, Command
from bot.commands.creative import split_list
from bot.domain import Profile
from bot.errors import CommandError
from bot.language import N_, _
from bot.language.terms import usage_text
from genai.prompts import LENGTHS, TONES
from storage.errors import InvalidValueError

_CHOICES = {"tone": TONES, "length": LENGTHS}
_LISTS = frozenset(field.name for field in fields(Profile) if field.default == ())
_USAGE = "/profile [set FIELD VALUE | clear FIELD]"


async def _profile(call: Call) -> Answer:
    verb, _blank, rest = call.words.partition(" ")
    match verb.lower():
        case "" | "show":
            return _shown(await call.memory.people.profile(call.person_id))
        case "set":
            field, _blank, value = rest.strip().partition(" ")
            return await _set(call, _field(field), value.strip())
        case "clear":
            cleared = await call.memory.people.clear_profile_field(call.person_id, _field(rest.strip()))
            return _("Done.") + "\n" + _shown(cleared)
        case _other:
            raise CommandError(_("I didn't understand that. Usage: {usage}", usage=usage_text(_USAGE)))


async def _set(call: Call, field: str, value: str) -> Answer:
    if not value:
        raise CommandError(_("What should it be? Usage: {usage}", usage=usage_text(_USAGE)))
    if (await call.moderator.check(value)).blocked:
        raise CommandError(_("I can't keep that: it does not pass the content check."))
    if field in _CHOICES and value.lower() not in _CHOICES[field]:
        raise CommandError(
            _("{field} can be: {choices}.", field=_(field), choices=", ".join(_CHOICES[field]))
        )
    kept = split_list(value) if field in _LISTS else value.lower() if field in _CHOICES else value
    try:
        return (
            _("Done.") + "\n" + _shown(await call.memory.people.update_profile(call.person_id, {field: kept}))
        )
    except InvalidValueError as error:
        raise trouble.unfit(error) from error


def _field(typed: str) -> str:
    names = [field.name for field in fields(Profile)]
    nearest = process.extractOne(typed.lower().replace("-", "_").replace(" ", "_"), names, score_cutoff=70)
    if nearest is None:
        raise CommandError(
            _("The fields are: {names}.", names=", ".join(name.replace("_", "-") for name in names))
        )
    return nearest[0]


def _shown(profile: Profile) -> str:
    lines = []
    for field in fields(profile):
        value = getattr(profile, field.name)
        text = ", ".join(value) if isinstance(value, tuple) else value
        lines.append(f"{field.name.replace('_', '-')}: {text or '-'}")
    return "\n".join([_("What I remember of you:"), *lines, _("Change it with /profile set FIELD VALUE.")])


COMMAND = Command(
    "profile",
    N_("what I remember of your wishes"),
    _USAGE,
    "/profile set tone playful",
    _profile,
    private=True,
)
