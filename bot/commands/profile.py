"""`/profile`: all that Riff remembers of a person, each line deletable; their wishes set and cleared by them."""

import logging
from collections.abc import Awaitable
from dataclasses import fields

from bot.core.commands.call import Answer, Call
from bot.core.commands.declaration import Command, Kind, Option, Verb
from bot.core.commands.option_values import words_in
from bot.core.commands.usage_lines import usage_of
from bot.core.domain import Account, Place, Profile, Values
from bot.core.errors import CommandError
from bot.core.notices import Notice
from bot.generation.applications.moderated_saving import check_texts
from bot.language import N_, _, number
from bot.language.terms import by_name, names_of
from bot.personalization.preference_prompts import answered
from bot.personalization.remembered import lines
from genai.prompts import LENGTHS, TONES
from storage.errors import InvalidValueError
from storage.repositories import Repositories
from storage.repositories.preferences import MAX_ITEM_CHARACTERS, MAX_ITEMS, MAX_TEXT_CHARACTERS

log = logging.getLogger("riff.profile")

_CHOICES = {"tone": TONES, "length": LENGTHS}
_LISTS = frozenset(field.name for field in fields(Profile) if field.default == ())
_NAMES = tuple(field.name.replace("_", "-") for field in fields(Profile))
_SAVED = Notice(N_("Your profile is saved. I use it in every answer to you."))
_WHAT = N_("What should it be? Usage: {usage}")
_WHICH_LINE = N_("Which line? Give its number in /profile show, for example: /profile delete 2")
_FIELD = Option(
    "field",
    N_("Which part?"),
    Kind.CHOICE,
    N_("FIELD"),
    positional=True,
    required=True,
    asks=N_("The fields are: {names}."),
    choices=_NAMES,
)
_VALUE = Option(
    "value", N_("What it should be"), Kind.LINES, N_("VALUE"), positional=True, required=True, asks=_WHAT
)
_NUMBER = Option(
    "number", N_("Its number"), Kind.NUMBER, "N", positional=True, required=True, asks=_WHICH_LINE
)
_COMMAS = N_("With commas between.")


def _listed(name: str, label: str) -> Option:
    return Option(
        name,
        label,
        Kind.WORDS,
        hint=_COMMAS,
        most_parts=MAX_ITEMS,
        most_characters=MAX_ITEM_CHARACTERS,
    )


_FIELDS = (
    Option("display_name", N_("What shall I call you?")),
    Option("role", N_("Your role")),
    Option("audience", N_("Whom do you write for?")),
    Option("tone", N_("Tone"), Kind.CHOICE, choices=TONES),
    Option("length", N_("Length of answers"), Kind.CHOICE, choices=LENGTHS),
    Option("language", N_("Language")),
    _listed("interests", N_("Interests")),
    Option("brand_voice", N_("Brand voice"), Kind.LINES),
    _listed("use_words", N_("Words to use")),
    _listed("avoid_words", N_("Words to avoid")),
)


async def _show(call: Call) -> str:
    known = await lines(call.repositories, call.person_id, call.incoming.author)
    texts = await _passing(call, [line.text for line in known])
    return "\n".join(
        [
            _("What I remember of you:"),
            *(f"{number}. {text}" for number, text in enumerate(texts, start=1)),
            _("Forget a line with /profile delete NUMBER; change your wishes with /profile set FIELD VALUE."),
            _("The fields are: {names}.", names=", ".join(_NAMES)),
        ]
    )


async def _set(call: Call) -> Answer:
    field, value = _field(call), call.text("value")
    await check_texts(call.moderator, [value])
    known = by_name(_CHOICES.get(field, ()))
    if known and value.lower() not in known:
        raise CommandError(_("{field} can be: {choices}.", field=_(field), choices=names_of(_CHOICES[field])))
    kept = words_in(value) if field in _LISTS else known.get(value.lower(), value)
    await _kept(call.repositories.people.update_profile(call.person_id, {field: kept}))
    return f"{_('Done.')}\n{await _show(call)}"


async def _clear(call: Call) -> Answer:
    await call.repositories.people.clear_profile_field(call.person_id, _field(call))
    return f"{_('Done.')}\n{await _show(call)}"


async def _delete(call: Call) -> Answer:
    known = await lines(call.repositories, call.person_id, call.incoming.author)
    number = call.invocation.number("number") or 0
    if not 1 <= number <= len(known):
        raise CommandError(_(_WHICH_LINE))
    line = known[number - 1]
    await line.delete()
    (text,) = await _passing(call, [line.text])
    return _("Forgotten: {line}", line=text)


async def _yes(call: Call) -> Answer:
    return await answered(call.repositories, call.person_id, yes=True)


async def _no(call: Call) -> Answer:
    return await answered(call.repositories, call.person_id, yes=False)


async def _edit(call: Call) -> Answer:
    """What was given is set, and what was given as empty cleared."""
    asked = call.invocation
    changes = {
        name: value if isinstance(value, str) else asked.words(name) for name, value in asked.values.items()
    }
    if not changes:
        raise CommandError(_(_WHAT, usage=usage_of(COMMAND)))
    await check_texts(call.moderator, [text for value in changes.values() if (text := _text(value))])
    await _kept(call.repositories.people.update_profile(call.person_id, changes))
    return _SAVED


async def _held(repositories: Repositories, author: Account, _place: Place, _given: Values) -> Values:
    """The profile, as values of its form."""
    person = await repositories.people.find_or_create(author)
    profile = await repositories.people.profile(person)
    return {field.name: getattr(profile, field.name) for field in fields(Profile)}


async def _passing(call: Call, texts: list[str]) -> list[str]:
    """The lines; one that may not be shown here is named as such, so that the others can be."""
    verdicts = await call.moderator.check_many(texts, policy=call.policy)
    hidden = _("(a line that does not pass the content check here)")
    return [hidden if found.blocked else text for text, found in zip(texts, verdicts, strict=True)]


async def _kept(change: Awaitable[object]) -> None:
    try:
        await change
    except InvalidValueError as error:
        raise _unfit(error) from error


def _unfit(error: InvalidValueError) -> CommandError:
    """What to tell a person whose words are too long to be kept."""
    log.info("not kept: %s", error)
    return CommandError(
        _(
            "I can't keep that: a text takes at most {characters} characters, a list at most {items} entries of"
            " {each} characters. Please shorten it.",
            characters=number(MAX_TEXT_CHARACTERS),
            items=MAX_ITEMS,
            each=MAX_ITEM_CHARACTERS,
        )
    )


def _field(call: Call) -> str:
    return call.text("field").replace("-", "_")


def _text(value: str | tuple[str, ...]) -> str:
    return value.strip() if isinstance(value, str) else ", ".join(value)


COMMAND = Command(
    "profile",
    N_("what I remember of you, and how to change it"),
    "/profile set tone playful",
    (
        Verb("show", N_("All that I remember of you"), run=_show, private=True),
        Verb("set", N_("Change one of your wishes"), (_FIELD, _VALUE), _set, private=True, opens="edit"),
        Verb("clear", N_("Clear one of your wishes"), (_FIELD,), _clear, private=True, destroys=True),
        Verb(
            "delete", N_("Forget a line of /profile show"), (_NUMBER,), _delete, private=True, destroys=True
        ),
        Verb("yes", N_("Remember what I asked you about"), run=_yes, private=True),
        Verb("no", N_("Don't remember what I asked you about"), run=_no, private=True),
        Verb(
            "edit",
            N_("Change several of your wishes, in a form"),
            _FIELDS,
            _edit,
            private=True,
            form=tuple(option.name for option in _FIELDS),
            prefill=_held,
            title=N_("Your profile"),
            submit=N_("Save"),
        ),
    ),
    default="show",
    opens="edit",
)
