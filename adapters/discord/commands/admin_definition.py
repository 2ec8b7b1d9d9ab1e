"""`/riff-admin` as Discord registers it: seen by those who may manage the server."""

from adapters.discord.commands.native import (
    BOOLEAN,
    CHANNEL,
    INTEGER,
    ROLE,
    STRING,
    SUB_COMMAND,
    chat,
    option,
)
from adapters.discord.gateway.api import Json
from bot.language import N_

ADMIN = "riff-admin"
_TEXT_CHANNEL, _FORUM = 0, 15
_CHANNELS = [_TEXT_CHANNEL, _FORUM]
_MANAGE_GUILD = str(1 << 5)


def admin_command() -> Json:
    """The command with all that can be set."""
    options = [
        _channel(),
        _allow(),
        _limit(),
        option(
            SUB_COMMAND,
            "topics",
            N_("Topics that are off limits"),
            options=[option(STRING, "words", N_("For example: medical, politics; or none"), required=True)],
        ),
        option(
            SUB_COMMAND,
            "block",
            N_("A word that is never shown here"),
            options=[option(STRING, "words", N_("The word"), required=True, max_length=200)],
        ),
        option(SUB_COMMAND, "voice", N_("The brand voice in this channel")),
        option(SUB_COMMAND, "show", N_("What is set here")),
    ]
    own: Json = {"contexts": [0], "integration_types": [0], "default_member_permissions": _MANAGE_GUILD}
    return {**chat(ADMIN, N_("Settings of this server"), options), **own}


def _channel() -> Json:
    options = [
        option(CHANNEL, "channel", N_("Which channel?"), channel_types=_CHANNELS, required=True),
        option(BOOLEAN, "on", N_("Whether I answer every post there")),
    ]
    described = N_("Let me answer every post in a text or forum channel")
    return option(SUB_COMMAND, "channel", described, options=options)


def _allow() -> Json:
    options = [
        option(CHANNEL, "channel", N_("Which channel?"), channel_types=_CHANNELS),
        option(ROLE, "role", N_("Which role?")),
        option(BOOLEAN, "on", N_("Whether it is allowed")),
    ]
    described = N_("Choose channels and roles I am for; with neither, all")
    return option(SUB_COMMAND, "allow", described, options=options)


def _limit() -> Json:
    options = [
        option(INTEGER, "person", N_("Of one person"), min_value=1, max_value=1000),
        option(INTEGER, "daily", N_("Of one person in a day"), min_value=1, max_value=100_000),
        option(INTEGER, "server", N_("Of the whole server"), min_value=1, max_value=10_000),
    ]
    described = N_("How many prompts a minute; none for any number")
    return option(SUB_COMMAND, "limit", described, options=options)
