"""Python, the settings' files, room on disks, and whether the clock is right."""

import asyncio
import platform
import shutil
import stat
import sys
import time
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from pathlib import Path

import httpx2
from platformdirs import user_data_dir

from bot.config import Settings
from bot.config.env_file import env_file
from bot.config.sources import settings_file
from bot.startup_checks.findings import Check, Level
from storage.address import parse_address

_LITTLE_BYTES, _TOO_LITTLE_BYTES = 1_000_000_000, 100_000_000
_LATE_SECONDS, _TOO_LATE_SECONDS = 30.0, 300.0
"""Signed requests of Slack count for five minutes."""
_ASK_SECONDS = 5.0
_HEADER_SECONDS = 0.5
"""A Date header names the second that has begun: on average this much has passed of it."""


async def check_python(_: Settings) -> list[Check]:
    """Whether Riff is tested with this Python."""
    version = platform.python_version()
    if sys.version_info[:2] in {(3, 11), (3, 12)}:
        return [Check("python", Level.OK, f"Python {version}.")]
    return [Check("python", Level.ERROR, f"Python {version} is not supported; install 3.11 or 3.12.")]


async def check_settings(settings: Settings) -> list[Check]:
    """Where settings come from, and whether others can read the secrets beside them."""
    file = settings_file()
    told = f"valid; {file if file.is_file() else 'defaults'}; log level {settings.log.level}."
    secrets = env_file()
    if not secrets.is_file():
        return [Check("settings", Level.OK, told)]
    if secrets.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        cure = f"Others on this machine can read {secrets}: chmod 600 {secrets}"
        return [Check("settings", Level.WARNING, f"{told} {cure}")]
    return [Check("settings", Level.OK, f"{told} Secrets: {secrets}.")]


async def check_disk(settings: Settings) -> list[Check]:
    """How much may still be written where Riff writes; one line, the worst place first."""
    free = sorted((shutil.disk_usage(there).free, place) for place, there in _places(settings))
    told = ", ".join(f"{_size(room)} for {place}" for room, place in free)
    least = free[0][0]
    if least >= _LITTLE_BYTES:
        return [Check("disk", Level.OK, f"free: {told}.")]
    level = Level.ERROR if least < _TOO_LITTLE_BYTES else Level.WARNING
    return [Check("disk", level, f"little is free: {told}. Make room there, or move it (storage.url, HOME).")]


def _places(settings: Settings) -> Iterator[tuple[str, Path]]:
    """What Riff writes, and the folder that there is on the way to it; one of each disk."""
    database = parse_address(settings.storage.url.get_secret_value()).path
    models = Path(settings.generator.cache_folder or user_data_dir("riff", appauthor=False)).expanduser()
    wanted = [("models", models)] if database is None else [("the database", database), ("models", models)]
    seen: set[int] = set()
    for name, place in wanted:
        there = next(folder for folder in (place, *place.absolute().parents) if folder.exists())
        if (disk := there.stat().st_dev) not in seen:
            seen.add(disk)
            yield f"{name} ({there})", there


def _size(count: int) -> str:
    return f"{count / 1e9:.1f} GB" if count >= _LITTLE_BYTES else f"{count / 1e6:.0f} MB"


async def check_clock(settings: Settings) -> list[Check]:
    """How far this machine's clock is from those that Riff talks to anyway; nobody else is asked."""
    asked = list(_clocks(settings))
    async with httpx2.AsyncClient(timeout=_ASK_SECONDS) as client:
        found = await asyncio.gather(*(_seconds_ahead(client, url) for _, url in asked))
    known = [
        (abs(ahead), ahead, name) for (name, _), ahead in zip(asked, found, strict=True) if ahead is not None
    ]
    if not known:
        whom = "no clock to compare with answers" if asked else "not compared: nobody else is asked yet"
        return [Check("clock", Level.OK, f"{whom}.")]
    off, ahead, name = max(known)
    if off < _LATE_SECONDS:
        return [Check("clock", Level.OK, f"within {max(1, round(off))} s of {name}.")]
    way = "behind" if ahead > 0 else "ahead of"
    cure = "Set it by a time server: timedatectl set-ntp true"
    level = Level.ERROR if off >= _TOO_LATE_SECONDS else Level.WARNING
    return [Check("clock", level, f"this machine's clock is {off:.0f} s {way} that of {name}. {cure}")]


def _clocks(settings: Settings) -> Iterator[tuple[str, str]]:
    """Who has a clock, and what is asked there; needs no token."""
    if settings.slack.bot_token or settings.slack.has_oauth:
        yield "Slack", f"{settings.slack.api_url.rstrip('/')}/api.test"
    if settings.discord.token:
        yield "Discord", f"{settings.discord.api_url.rstrip('/')}/gateway"
    if settings.generator.backend == "openai":
        yield from (("the model's server", f"{url}/models") for url in settings.generator.base_url)


async def _seconds_ahead(client: httpx2.AsyncClient, url: str) -> float | None:
    """How much later it is there than here; None where it is not said."""
    before = time.time()
    try:
        response = await client.get(url)
        there = parsedate_to_datetime(response.headers["date"]).timestamp()
    except (httpx2.HTTPError, httpx2.InvalidURL, OSError, LookupError, ValueError, TypeError):
        return None
    return there + _HEADER_SECONDS - (before + time.time()) / 2
