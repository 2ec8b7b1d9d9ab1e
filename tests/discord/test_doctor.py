"""What `riff doctor` says of Discord."""

from pydantic import SecretStr

from adapters.discord import DiscordAdapter
from bot.config import Settings
from bot.startup_checks import Check, Level
from tests.support.discord_server import DiscordServer


async def checked(discord: DiscordServer, **changes: object) -> Check:
    settings = Settings(discord={"api_url": discord.api_url, "token": SecretStr(discord.token), **changes})
    return await DiscordAdapter().check(settings)


async def test_the_doctor_says_what_is_lost_without_message_content(discord: DiscordServer) -> None:
    assert (await checked(discord)).level is Level.OK
    discord.gateway.content_allowed = False
    found = await checked(discord)
    assert found.level is Level.WARNING
    for lost in ("brainstorming channels", "threads without a mention", "Message Content Intent"):
        assert lost in found.message


async def test_the_doctor_names_a_wrong_token_and_an_api_that_is_away(discord: DiscordServer) -> None:
    assert "DISCORD_TOKEN" in (await checked(discord, token=SecretStr("wrong"))).message
    for other, kind in (
        ("0f" * 32, "public key"),
        ("12345678901234567", "an id"),
        ("xoxb-1", "token of Slack"),
    ):
        found = await checked(discord, token=SecretStr(other))
        assert found.level is Level.ERROR
        assert kind in found.message
        assert other not in found.message
    away = await checked(discord, api_url="http://127.0.0.1:9/api/v10")
    assert away.level is Level.ERROR
    assert "cannot be reached" in away.message
