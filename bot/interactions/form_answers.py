"""What a filled form comes to: something noted, or a prompt to answer."""

import json
import re
from collections.abc import Awaitable, Mapping

from bot.commands.creative import ABOUT_IDEAS, split_list
from bot.config.settings import LimitSettings
from bot.core import error_messages
from bot.core.commands import Command, all_commands
from bot.core.commands.base import ASKS, MakeBrief
from bot.core.domain import Account, Place, Profile, Voice
from bot.core.errors import CommandError
from bot.core.notices import Notice
from bot.core.repositories import Repositories
from bot.generation.applications.template_briefs import ASKS_TEMPLATE, brief_of, line_of, template_named
from bot.interactions.actions import Actions, Ask
from bot.language import N_, _
from genai.moderation import Moderator
from storage.errors import InvalidValueError

_FIELD = re.compile(r"(?P<name>\w+(?:[ -]+\w+)*)\s*+(?P<star>\*?)\s*+(?:[:：]\s*(?P<choices>.*))?")
_RULE = re.compile(r"\b(?P<name>\w+)\s*[=:]\s*(?P<value>[^,;]+)")
_RULES = ("answer", "count", "max_characters", "sections")


def toml_of(values: Mapping[str, str]) -> str:
    """The TOML document; raises CommandError for a line that cannot be read.

    A field is a line: its name, `*` where it is required, `: a, b` for one with choices. Rules are `name = value`
    with commas between; sections are divided by `/`.
    """
    lines = [f"{name} = {_field_text(values.get(name, ''))}" for name in ("name", "summary", "prompt")]
    lines += [_rule(found["name"], found["value"]) for found in _RULE.finditer(values.get("rules", ""))]
    for line in filter(None, map(str.strip, values.get("fields", "").splitlines())):
        lines += _field(line)
    return "\n".join(lines)


def _field(line: str) -> list[str]:
    found = _FIELD.fullmatch(line)
    if found is None:
        raise CommandError(_("I can't read the field “{line}”. Write for example: product*", line=line[:60]))
    name = re.sub(r"[ -]", "_", found["name"].lower())
    lines = [
        "[[fields]]",
        f"name = {_field_text(name)}",
        f"label = {_field_text(found['name'].capitalize())}",
    ]
    choices = [choice.strip() for choice in (found["choices"] or "").split(",") if choice.strip()]
    if choices:
        lines += ['kind = "choice"', f"choices = [{', '.join(map(_field_text, choices))}]"]
    return [*lines, "required = true"] if found["star"] else lines


def _rule(name: str, value: str) -> str:
    if name not in _RULES:
        raise CommandError(
            _("There is no rule {name}; there are: {names}.", name=name[:40], names=", ".join(_RULES))
        )
    if name == "sections":
        return f"sections = [{', '.join(_field_text(part.strip()) for part in value.split('/'))}]"
    return f"{name} = {value.strip() if value.strip().isdigit() else _field_text(value.strip())}"


def _field_text(value: str) -> str:
    """A TOML basic string, which JSON's strings are."""
    return json.dumps(" ".join(value.split()), ensure_ascii=False)


# What a filled form comes to: something noted, or a prompt to answer.
#
# What people typed passes moderation before it is kept; a prompt is moderated in the pipeline as any other.


Values = Mapping[str, str | tuple[str, ...]]

_PROFILE_SAVED = Notice(N_("Your profile is saved. I use it in every answer to you."))
_VOICE_SAVED = Notice(N_("The brand voice is saved. I use it in every answer in this channel."))
_LISTS = frozenset({"interests", "use_words", "avoid_words", "voice_examples"})


class FormAnswers:
    """Takes filled forms of `bot.core.forms`."""

    def __init__(
        self,
        repositories: Repositories,
        moderator: Moderator,
        limits: LimitSettings = LimitSettings(),  # noqa: B008 - immutable
    ) -> None:
        self._limits = limits
        self._repositories = repositories
        self._moderator = moderator
        self._actions = Actions(repositories)

    async def submit(
        self, name: str, target: str, values: Values, author: Account, place: Place
    ) -> Notice | Ask:
        """Raises CommandError with what to change, and StorageError."""
        if name.startswith(ASKS):
            return await self._ask(name.removeprefix(ASKS), target, values, place)
        match name:
            case "brainstorm":
                return Ask(_brainstorm(values))
            case "combine":
                return await self._actions.combine(int(target), [int(value) for value in values["others"]])
            case "profile":
                changes = await self._checked(values, Profile())
                person = await self._repositories.people.find_or_create(author)
                await _kept(self._repositories.people.update_profile(person, changes))
                return _PROFILE_SAVED
            case "voice-learn":
                where = " --for workspace" if _text(values, "for") == "workspace" else ""
                return Ask(f"/voice learn{where}\n{values.get('samples', '')}")
            case "template":
                return Ask(
                    f"/template add\n{toml_of({name: _joined(value) for name, value in values.items()})}"
                )
            case "voice":
                changes = await self._checked(values, Voice())
                person = await self._repositories.people.find_or_create(author)
                await _kept(self._repositories.channels.update_voice(place, changes, person_id=person))
                return _VOICE_SAVED
        raise CommandError(_("I don't know that form any more; please open it again."))

    async def _ask(self, name: str, target: str, values: Values, place: Place) -> Ask:
        if name == ASKS_TEMPLATE.removeprefix(ASKS):
            template = await template_named(self._repositories.templates, place, target)
            if template is None:
                raise CommandError(_("That template was removed meanwhile."))
            filled = {field: _text(values, field) for field in values}
            return Ask(line_of(template, filled), brief_of(template, "", filled, self._limits))
        command = all_commands().get(name)
        if command is None or command.brief is None:
            raise CommandError(_("I don't know that form any more; please open it again."))
        return _asked(command, command.brief, values, self._limits)

    async def _checked(self, values: Values, blank: Profile | Voice) -> dict[str, str | tuple[str, ...]]:
        """The values as they are kept; an empty field clears what it held."""
        known = {name: value for name, value in values.items() if hasattr(blank, name)}
        typed = [value for value in known.values() if isinstance(value, str) and value.strip()]
        for verdict in await self._moderator.check_many(typed):
            if verdict.blocked:
                raise CommandError(
                    _("I can't keep that: it does not pass the content check. Please change it.")
                )
        return {
            name: _listed(name, value) if name in _LISTS and isinstance(value, str) else value
            for name, value in known.items()
        }


def _asked(command: Command, make: MakeBrief, values: Values, limits: LimitSettings) -> Ask:
    """What the form of a creative command asks for; words about ideas may be numbers, which its run looks up."""
    topic = _text(values, "topic")
    options = {name: text for name in values if name != "topic" and (text := _text(values, name))}
    brief = make(topic, options, limits)
    line = " ".join([f"/{command.name} {topic}", *(f'--{name} "{value}"' for name, value in options.items())])
    return Ask(line, None if brief.task in ABOUT_IDEAS else brief)


def _brainstorm(values: Values) -> str:
    """The command line that says the same as the form."""
    topic = _text(values, "topic")
    if not topic:
        raise CommandError(_("Tell me a topic, for example: reusable coffee cups."))
    count = _text(values, "count") or "5"
    if not count.isascii() or not count.isdigit():
        raise CommandError(_("How many ideas? Give a whole number, for example 5."))
    options = [
        f'--{name} "{value}"' for name in ("tone", "audience", "technique") if (value := _text(values, name))
    ]
    return " ".join([f"/brainstorm {count} {topic}", *options])


def _text(values: Values, name: str) -> str:
    value = values.get(name, "")
    return (value if isinstance(value, str) else " ".join(value)).replace('"', "").strip()


def _listed(name: str, value: str) -> tuple[str, ...]:
    """Examples have a line each, words commas between."""
    lines = (line.strip() for line in value.splitlines())
    return tuple(filter(None, lines)) if name == "voice_examples" else split_list(value)


def _joined(value: str | tuple[str, ...]) -> str:
    return value if isinstance(value, str) else ", ".join(value)


async def _kept(change: Awaitable[object]) -> None:
    try:
        await change
    except InvalidValueError as error:
        raise error_messages.unfit(error) from error
