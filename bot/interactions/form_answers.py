"""What a filled form comes to: an invocation of its command, or what the button asked for that opened it."""

from bot.core.commands.registry import all_commands
from bot.core.domain import Invocation, Place
from bot.core.errors import CommandError
from bot.core.forms import BETWEEN, COMBINE, hidden_in
from bot.core.repositories import Repositories
from bot.core.requests import Values
from bot.interactions.actions import Actions
from bot.interactions.requests import Ask, resolve
from bot.language import N_, _

_UNKNOWN = N_("I don't know that form any more; please open it again.")
_EARLIER = "ask-"
"""What names of forms began with that were opened before an upgrade: a command's name follows, or "template"."""
_EARLIER_NAMES = {
    "brainstorm": ("brainstorm", ""),
    "profile": ("profile", "edit"),
    "template": ("template", "add"),
    "voice": ("voice", "edit"),
    "voice-learn": ("voice", "learn"),
}
_EARLIER_FIELDS = {
    "brand_voice": "description",
    "use_words": "use",
    "avoid_words": "avoid",
    "voice_examples": "examples",
}
"""Fields of the earlier form "voice"."""


class FormAnswers:
    """Takes filled forms of `bot.core.forms`."""

    def __init__(self, repositories: Repositories) -> None:
        self._templates = repositories.templates
        self._actions = Actions(repositories)

    async def submit(self, name: str, target: str, filled: Values, place: Place) -> Ask:
        """What is asked for; raises CommandError with what to change, and StorageError."""
        if name == COMBINE:
            chosen = filled.get("others", ())
            others = chosen if isinstance(chosen, tuple) else (chosen,)
            return await self._actions.combine(int(target), [int(other) for other in others])
        command, verb = _named(name, target)
        hidden = hidden_in(target) if BETWEEN in name else {}
        values = _of_known_fields(
            command, verb, {_now(name, field): filled[field] for field in filled} | hidden
        )
        asked = await resolve(Invocation(command, verb, values), self._templates, place)
        if asked is None:
            raise CommandError(_(_UNKNOWN))
        return asked.asked()


def _now(name: str, field: str) -> str:
    """What a field is called now."""
    return _EARLIER_FIELDS.get(field, field) if name == "voice" else field


def _of_known_fields(command: str, verb: str, values: Values) -> Values:
    """Without what an earlier form asked for and the command no longer takes."""
    known = all_commands().get(command)
    found = known.verb(verb) if known else None
    return values if found is None else {name: values[name] for name in values if found.option(name)}


def _named(name: str, target: str) -> tuple[str, str]:
    """The command and verb that a form is of, also one that was opened before an upgrade."""
    command, between, verb = name.partition(BETWEEN)
    if between:
        return command, verb
    if name == f"{_EARLIER}template":
        return "use", target
    if name in _EARLIER_NAMES:
        return _EARLIER_NAMES[name]
    if name.startswith(_EARLIER):
        return name.removeprefix(_EARLIER), ""
    raise CommandError(_(_UNKNOWN))
