"""What a workspace's admins set with `/riff admin`: where Riff answers, how much, about what.

Moderation rules go through `bot.places.moderation_policy`; where and how much is kept beside, with the same record.
"""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from adapters.slack.handling.command_text import ADMIN
from adapters.slack.incoming.event import Event
from adapters.slack.incoming.members import Members
from bot.core.commands import Kind, Option, checked
from bot.core.domain import Invocation, Scope, Values
from bot.core.errors import CommandError
from bot.core.forms import BETWEEN, Form, form_of
from bot.core.notices import Notice
from bot.language import N_, _
from bot.places.access_rules import Rule
from bot.places.place_settings import CHANNELS, SETTINGS, PlaceSettings, settings_command
from bot.places.quotas import Quotas

if TYPE_CHECKING:
    from bot.app import App

COMMAND = settings_command(
    ADMIN,
    N_("Settings here"),
    CHANNELS,
    Option("admins", N_("Admins beside Slack's own"), Kind.PEOPLE, hint=N_("Empty for none."), most=25),
)
FORM = f"{ADMIN}{BETWEEN}{SETTINGS}"
"""The form that `/riff admin` opens."""
_MOST = 100_000
_QUOTAS = {"": "in_minute", "daily": "in_day", "together": "in_workspace"}
_CHANNEL = re.compile(r"<#(?P<id>[A-Z0-9]+)(?:\|[^<>]*)?>")
_PERSON = re.compile(r"<@(?P<id>[A-Z0-9]+)(?:\|[^<>]*)?>")
_USAGE = Notice(
    N_(
        "Usage: /riff admin show; channels #one #two, or channels all; limit 10 (prompts of a person in a minute),"
        " limit 100 daily, limit 60 together (of everybody in a minute), or off in place of a number;"
        " topics medical, politics, or topics none; block WORD, or unblock WORD; admins @one @two, or admins"
        " none; moderators #channel, or moderators @one @two, or moderators none; voice."
    )
)


class Admin:
    """What `/riff admin` does."""

    def __init__(self, app: "App", members: Members) -> None:
        self._app = app
        self._members = members
        self._quotas = Quotas(app.repositories.usage, app.repositories.scopes, app.settings.limits)
        templates = app.repositories.templates
        self._settings = PlaceSettings(members.rules, app.policies, self._quotas, templates)

    async def check(self, event: Event) -> None:
        """Raises CommandError for somebody who is no admin."""
        if not await self._members.is_admin(event, anew=True):
            raise CommandError(_("Only this workspace's admins can do that; ask one of them."))

    async def form(self, event: Event) -> Form:
        """The form to change what is set; raises CommandError."""
        await self.check(event)
        verb = COMMAND.verbs[0]
        return form_of(COMMAND, verb, self._app.settings.limits, await self._settings.held(event.place.home))

    async def keep(self, event: Event, filled: Values) -> Notice:
        """What a filled form comes to; raises CommandError."""
        await self.check(event)
        verb = COMMAND.verbs[0]
        asked = Invocation(ADMIN, verb.name, checked(COMMAND, verb, filled))
        await self._settings.keep(event.place.home, asked, await self._person(event))
        return await self._shown(event)

    async def command(self, event: Event, words: str) -> Notice:
        """What `/riff admin WORDS` does; raises CommandError."""
        await self.check(event)
        verb, _blank, rest = words.strip().partition(" ")
        scope = event.place.home
        match verb.lower():
            case "show":
                return await self._shown(event)
            case "channels":
                is_all = rest.strip().lower() == "all"
                chosen = None if is_all else _ids(_CHANNEL, rest, _("channels, such as #general"))
                return await self._set(event, "channels", chosen)
            case "admins":
                is_none = rest.strip().lower() == "none"
                chosen = None if is_none else _ids(_PERSON, rest, _("people, such as @somebody"))
                return await self._set(event, "admins", chosen)
            case "moderators":
                return await self._appoint(event, rest)
            case "limit":
                name, most = _limit(rest)
                await self._quotas.set(scope, name, most, person_id=await self._person(event))
            case "topics":
                names = [name.strip() for name in rest.split(",") if name.strip()]
                names = [] if rest.strip().lower() == "none" else names
                await self._app.policies.set(scope, "topics", names, person_id=await self._person(event))
            case "block" if rest.strip():
                await self._app.policies.block_term(scope, rest, person_id=await self._person(event))
            case "unblock" if rest.strip():
                await self._unblock(event, scope, rest.strip())
            case _:
                return _USAGE
        return await self._shown(event)

    async def _appoint(self, event: Event, words: str) -> Notice:
        """Who looks at what moderation stopped: a channel, or some people in their direct messages."""
        if event.enterprise:
            raise CommandError(
                _("In an organisation of several workspaces moderators are not told in chat yet.")
            )
        channels, people = _CHANNEL.findall(words), _PERSON.findall(words)
        if words.strip().lower() == "none":
            channels, people = [], []
        elif bool(channels) == bool(people) or len(channels) > 1:
            raise CommandError(
                _("Name one channel, such as #moderators, or people, such as @somebody, or none.")
            )
        channel, scope = "".join(channels), event.place.home
        by = await self._person(event)
        await self._app.review_desk.appoint(scope, channel=channel, people=tuple(people), person_id=by)
        if not (channels or people):
            return Notice(_("Done: nobody is told in chat of what moderation stops."))
        return Notice(
            _(
                "Done: I say so there now. If nothing comes, I can't write there: invite me, and set it once more."
            )
        )

    async def _unblock(self, event: Event, scope: Scope, term: str) -> None:
        kept = list((await self._app.policies.show(scope)).own.get("blocklist") or ())
        left = [one for one in kept if one.casefold() != term.casefold()]
        if len(left) == len(kept):
            raise CommandError(_("That word is not among those that this workspace blocks."))
        await self._app.policies.set(scope, "blocklist", left, person_id=await self._person(event))

    async def _set(self, event: Event, rule: Rule, ids: list[str] | None) -> Notice:
        await self._members.rules.set(event.team, rule, ids, await self._person(event))
        return await self._shown(event)

    async def _shown(self, event: Event) -> Notice:
        """What holds in the workspace, set there or for all of its organisation."""
        rules = await self._members.rules.of(event.team)
        lines = (
            _("Channels that I answer in: {channels}", channels=_named("#", rules.channels) or _("all")),
            _("Admins beside Slack's own: {people}", people=_named("@", rules.admins) or _("none")),
            *await self._settings.shown(event.place.scopes),
            await self._quotas.shown_of_workspace(event.place.home),
        )
        return Notice("\n".join(lines))

    async def _person(self, event: Event) -> int:
        return await self._app.repositories.people.find_or_create(event.author)


def _named(sign: str, ids: Iterable[str]) -> str:
    """As Slack shows the names of channels and people."""
    return ", ".join(f"<{sign}{each}>" for each in sorted(ids))


def _ids(pattern: re.Pattern[str], text: str, what: str) -> list[str]:
    found = list(dict.fromkeys(match["id"] for match in pattern.finditer(text)))
    if not found:
        raise CommandError(_("Name {what}.", what=what))
    return found


def _limit(text: str) -> tuple[str, int | None]:
    """Which quota shall be how much; None for any number."""
    word, _space, kind = text.strip().lower().partition(" ")
    name = _QUOTAS.get(kind.strip())
    if name is not None and word in {"off", "none"}:
        return name, None
    if name is None or not word.isascii() or not word.isdigit() or not 1 <= int(word[:7]) <= _MOST:
        raise CommandError(
            _(
                "How many prompts? A number from 1 to {most}, or off; then daily or together if you like.",
                most=_MOST,
            )
        )
    return name, int(word)
