"""What a workspace's admins set in a form: where Riff answers and whom, how much people may ask, and about what.

Declared like a command, so that forms are derived and their values checked as of any other; each platform adds the
pickers that are its own, and says what holds with names.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.core.commands.declaration import SHORT, Command, Kind, Option, Verb
from bot.core.domain import Account, Invocation, Place, Repositories, Scope, Value, Values
from bot.language import N_, _
from bot.places.access_rules import PlaceRules, Rule
from bot.places.moderation_policy import Policies
from bot.places.quotas import QUOTAS, Quotas
from genai.moderation.topics import ready_names
from storage.repositories.workspaces import Templates

SETTINGS = "settings"
"""The verb that the form is of."""
_ANY = N_("Empty for any number.")
CHANNELS = Option(
    "channels", N_("Channels that I answer in"), Kind.CHANNELS, hint=N_("Empty for all."), most=25
)
_LIMITS = (
    Option("in_minute", N_("Prompts of a person in a minute"), Kind.NUMBER, hint=_ANY, most=1000),
    Option("in_day", N_("Prompts of a person in a day"), Kind.NUMBER, hint=_ANY, most=100_000),
    Option("in_workspace", N_("Prompts of everybody in a minute"), Kind.NUMBER, hint=_ANY, most=10_000),
)
_BLOCKED = Option(
    "blocked",
    N_("Words that are never shown here"),
    Kind.WORDS,
    hint=N_("With commas between."),
    most_parts=200,
    most_characters=SHORT,
)


def settings_command(name: str, summary: str, *pickers: Option) -> Command:
    """The form of a platform's workspaces; `pickers` are that platform's own, each named after a rule or so."""
    options = (*pickers, _topics(), _BLOCKED, *_LIMITS)
    asked = tuple(option.name for option in options)
    verb = Verb(SETTINGS, summary, options, for_admins=True, private=True, form=asked, submit=N_("Save"))
    return Command(name, summary, f"/{name}", (replace(verb, prefill=_as_given),), opens=SETTINGS)


async def _as_given(_repositories: Repositories, _author: Account, _place: Place, given: Values) -> Values:
    """What holds is given by whoever opens the form; with it, what is left empty is taken away."""
    return given


def _topics() -> Option:
    names, hint = ready_names(), N_("Empty for none.")
    label = N_("Topics that are off limits")
    return Option("topics", label, Kind.CHOICES, hint=hint, most=len(names), choices=names)


class PlaceSettings:
    """Reads and keeps what the form shows of one workspace."""

    def __init__(self, rules: PlaceRules, policies: Policies, quotas: Quotas, templates: Templates) -> None:
        self._rules = rules
        self._policies = policies
        self._quotas = quotas
        self._templates = templates

    async def held(self, scope: Scope) -> dict[str, Value]:
        """What is set for the workspace itself, as values of the form."""
        rules = await self._rules.of(scope.workspace, anew=True)
        own = (await self._policies.show(scope)).own
        quota = await self._quotas.of_workspace(scope)
        return {
            **{rule: tuple(sorted(getattr(rules, rule))) for rule in ("channels", "roles", "admins")},
            **{name: getattr(quota, name) or "" for name in QUOTAS},
            "topics": tuple(filter(None, map(_name, own.get("topics") or ()))),
            "blocked": tuple(own.get("blocklist") or ()),
        }

    async def keep(self, scope: Scope, filled: Invocation, person_id: int) -> None:
        """Set what was filled in and differs from what holds; what was left empty is taken away.

        Raises CommandError and StorageError. Done twice it changes nothing more.
        """
        held = await self.held(scope)
        changed = {name: value for name, value in filled.values.items() if value != held.get(name)}
        for rule in ("channels", "roles", "admins"):
            if rule in changed:
                await self._set_rule(scope, rule, filled.words(rule), person_id)
        for name in QUOTAS:
            if name in changed:
                await self._quotas.set(scope, name, filled.number(name), person_id=person_id)
        if "topics" in changed:
            own = await self._own_topics(scope)
            await self._policies.set(scope, "topics", [*filled.words("topics"), *own], person_id=person_id)
        if "blocked" in changed:
            await self._policies.set(scope, "blocklist", list(filled.words("blocked")), person_id=person_id)

    async def shown(self, scopes: Sequence[Scope]) -> Sequence[str]:
        """What holds beside the platform's own rules, a line each, by names."""
        policy = await self._policies.of(tuple(scopes))
        quota = await self._quotas.of_workspace(*scopes)
        any_number = _("any number")
        templates = sorted({one["name"] for scope in scopes for one in await self._templates.of(scope)})
        return (
            _("Prompts of a person in a minute: {count}", count=quota.in_minute or any_number),
            _("Prompts of a person in a day: {count}", count=quota.in_day or any_number),
            _("Prompts of everybody in a minute: {count}", count=quota.in_workspace or any_number),
            _(
                "Topics that are off limits: {topics}",
                topics=", ".join(_(topic.name) for topic in policy.topics) or _("none"),
            ),
            _("Words that are never shown here: {count}", count=len(policy.blocklist)),
            _("Templates: {names}", names=", ".join(templates) or _("none")),
        )

    async def _set_rule(self, scope: Scope, rule: Rule, ids: Sequence[str], person_id: int) -> None:
        await self._rules.set(scope.workspace, rule, list(ids) or None, person_id)

    async def _own_topics(self, scope: Scope) -> list[Any]:
        """Topics that somebody described themselves, which the form does not show."""
        own = (await self._policies.show(scope)).own.get("topics") or ()
        return [topic for topic in own if not _name(topic)]


def _name(topic: str | Mapping[str, Any]) -> str:
    """The name of a topic that comes with Riff; "" for another."""
    name = topic if isinstance(topic, str) else str(topic.get("name", ""))
    return name if name in ready_names() else ""
