"""Health checks for whoever runs Riff. Each starts the real part, and says what to do where it fails."""

from collections.abc import Awaitable, Callable

import genai.moderation
from bot.app import load_adapter
from bot.config import Settings
from bot.core.errors import RiffError
from bot.startup_checks.findings import Check, Level
from bot.startup_checks.machine_checks import check_clock, check_disk, check_python, check_settings
from bot.startup_checks.model_checks import check_model
from bot.startup_checks.storage_checks import check_database, check_retention
from genai.errors import GenerationError
from genai.moderation.errors import ModerationError
from storage.errors import StorageError

__all__ = ["Check", "Level", "check_all", "check_discord", "check_slack"]


async def check_all(settings: Settings) -> list[Check]:
    """Every check, in order; trouble in one does not stop the others."""
    checks: tuple[tuple[str, Callable[[Settings], Awaitable[list[Check]]]], ...] = (
        ("python", check_python),
        ("settings", check_settings),
        ("disk", check_disk),
        ("clock", check_clock),
        ("database", check_database),
        ("retention", check_retention),
        ("model", check_model),
        ("classifier", _classifier),
        ("slack", check_slack),
        ("discord", check_discord),
    )
    return [found for name, check in checks for found in await _guarded(name, check, settings)]


async def _guarded(
    name: str, check: Callable[[Settings], Awaitable[list[Check]]], settings: Settings
) -> list[Check]:
    try:
        return await check(settings)
    except (RiffError, GenerationError, ModerationError, StorageError) as error:
        return [Check(name, Level.ERROR, str(error))]


async def _classifier(settings: Settings) -> list[Check]:
    moderator = genai.moderation.load(settings.moderation)
    try:
        await moderator.start()
        await moderator.check("hello")
    finally:
        await moderator.close()
    names = ", ".join(settings.moderation.classifier)
    if all(name.startswith("profanity-check") for name in settings.moderation.classifier):
        hint = "It reads English, and no irony: for public channels add detoxify:unbiased."
        return [Check("classifier", Level.WARNING, f"{names} works. {hint}")]
    return [Check("classifier", Level.OK, f"{names} works.")]


async def check_slack(settings: Settings) -> list[Check]:
    """Whether Slack takes the tokens, and what they may not do."""
    slack = settings.slack
    name = "SLACK_APP_TOKEN" if slack.mode == "socket" else "SLACK_SIGNING_SECRET"
    second = slack.app_token if slack.mode == "socket" else slack.signing_secret
    first = slack.bot_token or (slack.has_oauth and slack.mode == "http")
    if first and second:
        return [await _checked_by("slack", settings)]
    if first or second:
        missing = name if first else "SLACK_BOT_TOKEN"
        return [Check("slack", Level.ERROR, f"one token is missing; set {missing} too, or `riff setup`.")]
    told = f"not used; to use it set SLACK_BOT_TOKEN and {name}, or run `riff setup`."
    return [Check("slack", Level.OK, told)]


async def check_discord(settings: Settings) -> list[Check]:
    """Whether Discord takes the token, and what is lost without an intent."""
    if settings.discord.token is None:
        told = "not used; to use it set DISCORD_TOKEN, or run `riff setup`."
        return [Check("discord", Level.OK, told)]
    return [await _checked_by("discord", settings)]


async def _checked_by(adapter: str, settings: Settings) -> Check:
    check: Callable[[Settings], Awaitable[Check]] = getattr(load_adapter(adapter), "check")  # noqa: B009
    return await check(settings)
