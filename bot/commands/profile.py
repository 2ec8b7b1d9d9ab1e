"""`/profile`: all that Riff remembers of a person, each line deletable; their wishes set and cleared by them."""

from dataclasses import fields

from rapidfuzz import process

from bot.commands.creative import split_list
from bot.core import error_messages
from bot.core.commands.base import Answer, Call, Command
from bot.core.domain import Profile
from bot.core.errors import CommandError
from bot.language import N_, _
from bot.language.terms import by_name, names_of, usage_text
from bot.personalization.preference_prompts import answered
from bot.personalization.remembered import lines
from genai.prompts import LENGTHS, TONES
from storage.errors import InvalidValueError

_CHOICES = {"tone": TONES, "length": LENGTHS}
_LISTS = frozenset(field.name for field in fields(Profile) if field.default == ())
_USAGE = "/profile [show | set FIELD VALUE | clear FIELD | delete N | yes | no]"


async def _profile(call: Call) -> Answer:
    verb, _space, rest = call.words.partition(" ")
    match verb.lower():
        case "" | "show":
            return await _shown(call)
        case "set":
            field, _space, value = rest.strip().partition(" ")
            return await _set(call, _field(field), value.strip())
        case "clear":
            await call.repositories.people.clear_profile_field(call.person_id, _field(rest.strip()))
            return f"{_('Done.')}\n{await _shown(call)}"
        case "delete":
            return await _deleted(call, rest.strip())
        case "yes" | "no":
            return await answered(call.repositories, call.person_id, yes=verb.lower() == "yes")
        case _:
            raise CommandError(_("I didn't understand that. Usage: {usage}", usage=usage_text(_USAGE)))


async def _set(call: Call, field: str, value: str) -> Answer:
    if not value:
        raise CommandError(_("What should it be? Usage: {usage}", usage=usage_text(_USAGE)))
    if (await call.moderator.check(value)).blocked:
        raise CommandError(_("I can't keep that: it does not pass the content check."))
    known = by_name(_CHOICES.get(field, ()))
    if known and value.lower() not in known:
        raise CommandError(_("{field} can be: {choices}.", field=_(field), choices=names_of(_CHOICES[field])))
    kept = split_list(value) if field in _LISTS else known.get(value.lower(), value)
    try:
        await call.repositories.people.update_profile(call.person_id, {field: kept})
    except InvalidValueError as error:
        raise error_messages.unfit(error) from error
    return f"{_('Done.')}\n{await _shown(call)}"


async def _deleted(call: Call, number: str) -> Answer:
    known = await lines(call.repositories, call.person_id, call.incoming.author)
    if not number.isdecimal() or not 1 <= int(number) <= len(known):
        raise CommandError(_("Which line? Give its number in /profile show, for example: /profile delete 2"))
    line = known[int(number) - 1]
    await line.delete()
    (text,) = await _passing(call, [line.text])
    return _("Forgotten: {line}", line=text)


async def _shown(call: Call) -> str:
    known = await lines(call.repositories, call.person_id, call.incoming.author)
    texts = await _passing(call, [line.text for line in known])
    return "\n".join(
        [
            _("What I remember of you:"),
            *(f"{number}. {text}" for number, text in enumerate(texts, start=1)),
            _("Forget a line with /profile delete NUMBER; change your wishes with /profile set FIELD VALUE."),
            _("The fields are: {names}.", names=_names()),
        ]
    )


async def _passing(call: Call, texts: list[str]) -> list[str]:
    """The lines; one that may not be shown here is named as such, so that the others can be."""
    verdicts = await call.moderator.check_many(texts, policy=call.policy)
    hidden = _("(a line that does not pass the content check here)")
    return [hidden if found.blocked else text for text, found in zip(texts, verdicts, strict=True)]


def _field(typed: str) -> str:
    names = [field.name for field in fields(Profile)]
    nearest = process.extractOne(typed.lower().replace("-", "_").replace(" ", "_"), names, score_cutoff=70)
    if nearest is None:
        raise CommandError(_("The fields are: {names}.", names=_names()))
    return nearest[0]


def _names() -> str:
    return ", ".join(field.name.replace("_", "-") for field in fields(Profile))


COMMAND = Command(
    "profile",
    N_("what I remember of you, and how to change it"),
    _USAGE,
    "/profile set tone playful",
    _profile,
    private=True,
)
