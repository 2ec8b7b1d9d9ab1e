"""Health checks for whoever runs Riff. Each starts the real part, and says what to do where it fails."""

import platform
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum

import genai.factory
import genai.moderation
from bot.app import load_adapter
from bot.config import Settings
from bot.core.errors import RiffError
from genai.errors import GenerationError
from genai.model.loading import embedded_model
from genai.moderation.errors import ModerationError
from genai.remote.discovery import Trial
from genai.remote.generator import RemoteGenerator
from genai.request import SuitedSampling
from genai.settings import GeneratorSettings
from storage.database import Database
from storage.errors import StorageError


class Level(StrEnum):
    """How bad it is."""

    OK = "ok"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Check:
    """What one check found, in a sentence that says what to do."""

    name: str
    level: Level
    message: str


async def check_all(settings: Settings) -> list[Check]:
    """Every check, in order; trouble in one does not stop the others."""
    checks: tuple[tuple[str, Callable[[Settings], Awaitable[Check]]], ...] = (
        ("python", _python),
        ("settings", _settings),
        ("database", _database),
        ("model", _model),
        ("classifier", _classifier),
        ("slack", _slack),
        ("discord", _discord),
    )
    return [await _guarded(name, check, settings) for name, check in checks]


async def _guarded(name: str, check: Callable[[Settings], Awaitable[Check]], settings: Settings) -> Check:
    try:
        return await check(settings)
    except (RiffError, GenerationError, ModerationError, StorageError) as error:
        return Check(name, Level.ERROR, str(error))


async def _python(_: Settings) -> Check:
    version = platform.python_version()
    if sys.version_info[:2] in {(3, 11), (3, 12)}:
        return Check("python", Level.OK, f"Python {version}.")
    return Check("python", Level.ERROR, f"Python {version} is not supported; install 3.11 or 3.12.")


async def _settings(settings: Settings) -> Check:
    return Check("settings", Level.OK, f"valid; log level {settings.log.level}.")


async def _database(settings: Settings) -> Check:
    database = Database(settings.storage)
    try:
        await database.start()
    finally:
        await database.close()
    kind = "PostgreSQL" if database.is_postgres else f"SQLite, {database.address.path}"
    return Check("database", Level.OK, f"{kind}; reachable, tables up to date.")


async def _servers(settings: Settings) -> Check:
    generator = RemoteGenerator(settings.generator)
    try:
        await generator.start()
        tried = await generator.try_out()
        model, suited = generator.info.model, generator.info.suited
    finally:
        await generator.close()
    faults = [one.fault for one in tried if one.fault]
    if len(faults) == len(tried):
        return Check("model", Level.ERROR, f"{model}: no server answers a request. {' '.join(faults)}")
    answering = ", ".join(_adapted(one) for one in tried if not one.fault)
    if faults:
        told = f"{model}; answers at {answering}. But of {len(tried)} servers: {' '.join(faults)}"
        return Check("model", Level.WARNING, told)
    return Check("model", Level.OK, f"{model}; answers at {answering}. {drawn(settings.generator, suited)}")


def _adapted(trial: Trial) -> str:
    """Where a server is, and what Riff does otherwise for its sake."""
    return trial.server.place + (f" ({'; '.join(trial.adapted)})" if trial.adapted else "")


def drawn(settings: GeneratorSettings, suited: SuitedSampling) -> str:
    """With which numbers the model draws, and whose they are."""
    sampling = settings.default_sampling(suited)
    shown = {
        "temperature": (sampling.temperature, None),
        "top_p": (sampling.top_p, 1.0),
        "top_k": (sampling.top_k, 0),
        "min_p": (sampling.min_p, 0.0),
        "repetition_penalty": (sampling.repetition_penalty, 1.0),
    }
    numbers = ", ".join(f"{name} {value:g}" for name, (value, idle) in shown.items() if value != idle)
    own = [name for name in shown if getattr(settings, name) is not None]
    whose = f"{' and '.join(own)} as you set it, else {suited.source}" if own else suited.source
    return f"It draws with {numbers}: {whose}."


async def _model(settings: Settings) -> Check:
    if settings.generator.backend == "openai":
        return await _servers(settings)
    generator = genai.factory.load(settings.generator)
    try:
        await generator.start()
        info = generator.info
    finally:
        await generator.close()
    is_embedded = info.model == embedded_model.EMBEDDED
    known = f"{embedded_model.NAME}, the embedded model" if is_embedded else info.model
    size = f"{info.parameters / 1e6:.0f} M parameters"
    loaded = f"{known} ({size}, {info.quantization}, {info.dtype} on {info.device}) loads."
    loaded += f" {drawn(settings.generator, info.suited)}"
    if is_embedded:
        hint = (
            "It gives a taste of Riff and is no partner for work: set generator.model to the folder, the .gguf "
            "file or the hub name of a larger one."
        )
        return Check("model", Level.WARNING, f"{loaded} {hint}")
    if not info.device.startswith("cuda"):
        return Check("model", Level.WARNING, f"{loaded} No GPU is in use: slow for billions of parameters.")
    return Check("model", Level.OK, loaded)


async def _classifier(settings: Settings) -> Check:
    moderator = genai.moderation.load(settings.moderation)
    try:
        await moderator.start()
        await moderator.check("hello")
    finally:
        await moderator.close()
    names = ", ".join(settings.moderation.classifier)
    if all(name.startswith("profanity-check") for name in settings.moderation.classifier):
        hint = "It reads English, and no irony: for public channels add detoxify:unbiased."
        return Check("classifier", Level.WARNING, f"{names} works. {hint}")
    return Check("classifier", Level.OK, f"{names} works.")


async def _slack(settings: Settings) -> Check:
    slack = settings.slack
    name = "SLACK_APP_TOKEN" if slack.mode == "socket" else "SLACK_SIGNING_SECRET"
    second = slack.app_token if slack.mode == "socket" else slack.signing_secret
    first = slack.bot_token or (slack.has_oauth and slack.mode == "http")
    if first and second:
        return await _checked_by("slack", settings)
    if first or second:
        return Check("slack", Level.ERROR, f"one token is missing; set SLACK_BOT_TOKEN and {name}.")
    return Check("slack", Level.OK, f"not used; to use it set SLACK_BOT_TOKEN and {name}.")


async def _discord(settings: Settings) -> Check:
    if settings.discord.token is None:
        return Check("discord", Level.OK, "not used; to use it set DISCORD_TOKEN.")
    return await _checked_by("discord", settings)


async def _checked_by(adapter: str, settings: Settings) -> Check:
    check: Callable[[Settings], Awaitable[Check]] = getattr(load_adapter(adapter), "check")  # noqa: B009
    return await check(settings)
