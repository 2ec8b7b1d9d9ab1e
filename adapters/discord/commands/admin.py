"""A server's own rules, and `/riff-admin`, by which those who manage the server set where Riff answers, and whom."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import discord

from adapters.discord.commands.definitions import ADMIN
from adapters.discord.incoming.event import PLATFORM, Event
from adapters.discord.incoming.interaction_context import InteractionResponse
from adapters.discord.incoming.message_filter import AutoReplyChannels
from adapters.discord.rendering.modals import modal
from bot.config.settings import LimitSettings
from bot.core.commands import Kind, Option, checked, command_named
from bot.core.domain import Account, Invocation, Repositories, Scope, Values
from bot.core.errors import CommandError
from bot.core.forms import BETWEEN, Form, form_of
from bot.core.notices import Notice
from bot.interactions.form_answers import form_of_verb
from bot.language import N_, _
from bot.places.access_rules import PlaceRules, Rule
from bot.places.moderation_policy import Policies
from bot.places.place_settings import CHANNELS, SETTINGS, PlaceSettings, settings_command
from bot.places.quotas import Quotas
from bot.places.review_desk import ReviewDesk

NOT_HERE = Notice(
    N_("An admin of this server chose other channels for me. Write to me in one of those, or directly.")
)
NOT_YOU = Notice(N_("An admin of this server chose who may use me here; ask for one of those roles."))


class ServerRules(PlaceRules):
    """The rules of Discord's servers."""

    def __init__(self, repositories: Repositories) -> None:
        super().__init__(repositories.scopes, PLATFORM)

    async def refusal(self, event: Event) -> Notice | None:
        """Why the person may not ask here; None when they may."""
        if not event.guild:
            return None
        where = {event.channel, event.place_channel}
        unmet = await self.unmet(event.guild, channels=where, roles=event.roles)
        return {"channels": NOT_HERE, "roles": NOT_YOU, "admins": None, None: None}[unmet]


NOT_ALLOWED = N_("Only people who may manage this server can do that.")
NO_CONTENT = N_(
    "I can't read the posts yet: whoever runs me must switch on Message Content Intent for this application"
    " (Discord's developer portal, Bot)."
)

COMMAND = settings_command(
    ADMIN,
    N_("Settings here"),
    CHANNELS,
    Option("roles", N_("Roles that may use me"), Kind.ROLES, hint=N_("Empty for all."), most=25),
    Option(
        "answered",
        N_("Channels every post of which I answer"),
        Kind.CHANNELS,
        hint=N_("Each post in its own thread; empty for none."),
        most=25,
    ),
)
FORM = f"{ADMIN}{BETWEEN}{SETTINGS}"
"""The form that `/riff-admin settings` opens."""
_QUOTAS = {"person": "in_minute", "daily": "in_day", "server": "in_workspace"}
"""The options of `limit`, and the quotas that they set; without an option there is no limit."""


def may_manage(interaction: discord.Interaction[Any]) -> bool:
    """Whether the person may manage the server; Discord's own check of the command can be overridden there."""
    return interaction.guild_id is not None and interaction.permissions.manage_guild


class Admin:
    """The sub-commands."""

    def __init__(
        self,
        repositories: Repositories,
        policies: Policies,
        rules: ServerRules,
        marked: AutoReplyChannels,
        reads_content: Callable[[], bool],
        quotas: Quotas,
        limits: LimitSettings,
        desk: ReviewDesk,
    ) -> None:
        self._desk = desk
        self._repositories = repositories
        self._policies = policies
        self._rules = rules
        self._auto_reply = marked
        self._reads_content = reads_content
        self._quotas = quotas
        self._limits = limits
        self._settings = PlaceSettings(rules, policies, quotas, repositories.templates)

    async def run(
        self, exchange: InteractionResponse, sub: str, options: Mapping[str, Any], event: Event
    ) -> None:
        """Do one; raises CommandError or StorageError."""
        if not may_manage(exchange.interaction):
            raise CommandError(_(NOT_ALLOWED))
        if sub == "voice":
            await exchange.open(modal(await self._voice_form(event)))
        elif sub == SETTINGS:
            await exchange.open(modal(await self.form(event, {})))
        else:
            await exchange.tell(await exchange.patiently(self._done(exchange, sub, options)))

    async def form(self, event: Event, given: Values) -> Form:
        """What is set in the server, to change, and what is `given` in its place; raises CommandError."""
        if not event.by_admin:
            raise CommandError(_(NOT_ALLOWED))
        held = await self._settings.held(Scope(PLATFORM, event.guild))
        held["answered"] = tuple(self._auto_reply.of(event.guild))
        return form_of(COMMAND, COMMAND.verbs[0], self._limits, {**held, **given})

    async def keep(self, exchange: InteractionResponse, event: Event, filled: Values) -> str:
        """Set what was filled in; says what holds then. Raises CommandError."""
        if not may_manage(exchange.interaction):
            raise CommandError(_(NOT_ALLOWED))
        verb = COMMAND.verbs[0]
        asked = Invocation(COMMAND.name, verb.name, checked(COMMAND, verb, filled))
        person = await self._repositories.people.find_or_create(event.account)
        await self._settings.keep(Scope(PLATFORM, event.guild), asked, person)
        if "answered" in asked.values:
            held, wanted = set(self._auto_reply.of(event.guild)), set(asked.words("answered"))
            for channel in held ^ wanted:
                await self._auto_reply.set(event.guild, channel, on=channel in wanted)
        return await self._shown(event.guild)

    async def _voice_form(self, event: Event) -> Form:
        """The voice of the brand in the channel, to change."""
        command = command_named("voice")
        verb = command.verb("edit")
        assert verb is not None  # noqa: S101 - it is declared
        return await form_of_verb(command, verb, event.account, event.place, self._repositories, self._limits)

    async def _done(self, exchange: InteractionResponse, sub: str, options: Mapping[str, Any]) -> str:
        guild = str(exchange.interaction.guild_id)
        person = await self._repositories.people.find_or_create(Account(PLATFORM, "", exchange.user))
        scope = Scope(PLATFORM, guild)
        match sub:
            case "channel":
                return await self._mark(guild, str(options["channel"]), on=bool(options.get("on", True)))
            case "moderators":
                return await self._appoint(scope, options, person)
            case "allow":
                await self._allow(guild, options, person)
            case "limit":
                for option, name in _QUOTAS.items():
                    await self._quotas.set(scope, name, options.get(option), person_id=person)
            case "topics":
                words = str(options.get("words", ""))
                names = [name.strip() for name in words.split(",") if name.strip() not in {"", "none"}]
                await self._policies.set(scope, "topics", names, person_id=person)
            case "block":
                await self._policies.block_term(scope, str(options["words"]), person_id=person)
        return await self._shown(guild)

    async def _mark(self, guild: str, channel: str, *, on: bool) -> str:
        await self._auto_reply.set(guild, channel, on=on)
        if not on:
            return _("Done: in {channel} I answer only who mentions me.", channel=f"<#{channel}>")
        said = _("Done: I answer every post in {channel}, each in its own thread.", channel=f"<#{channel}>")
        return said if self._reads_content() else f"{said} {_(NO_CONTENT)}"

    async def _appoint(self, scope: Scope, options: Mapping[str, Any], person: int) -> str:
        """Who looks at what moderation stopped: a channel, or a person in direct messages."""
        channel = str(options.get("channel", ""))
        people = tuple(str(options[name]) for name in ("person", "another") if name in options)
        if channel and people:
            raise CommandError(_("Choose a channel or people, or neither to tell nobody."))
        await self._desk.appoint(scope, channel=channel, people=people, person_id=person)
        if not (channel or people):
            return _("Done: nobody is told in chat of what moderation stops.")
        return _(
            "Done: I say so there now. If nothing comes, I may not write there: let me, and set it once more."
        )

    async def _allow(self, guild: str, options: Mapping[str, Any], person: int) -> None:
        """Add a channel or a role to those allowed, or take it out; with neither, allow all again."""
        rules = await self._rules.of(guild)
        is_out = options.get("on") is False
        allowed: tuple[tuple[Rule, str, frozenset[str]], ...] = (
            ("channels", "channel", rules.channels),
            ("roles", "role", rules.roles),
        )
        for key, option, held in allowed:
            if option in options:
                chosen = {str(options[option])}
                await self._rules.set(guild, key, sorted(held - chosen if is_out else held | chosen), person)
            elif "channel" not in options and "role" not in options:
                await self._rules.set(guild, key, None, person)

    async def _shown(self, guild: str) -> str:
        rules = await self._rules.of(guild)
        scope = Scope(PLATFORM, guild)
        answered = _named("<#{}>", self._auto_reply.of(guild)) or _("none")
        lines = (
            _("Channels that I answer in: {channels}", channels=_named("<#{}>", rules.channels) or _("all")),
            _("Roles that may use me: {roles}", roles=_named("<@&{}>", rules.roles) or _("all")),
            _("Channels every post of which I answer: {channels}", channels=answered),
            *await self._settings.shown((scope,)),
            await self._quotas.shown_of_workspace(scope),
        )
        return "\n".join(lines)


def _named(form: str, ids: Iterable[str]) -> str:
    return ", ".join(form.format(each) for each in sorted(ids))
