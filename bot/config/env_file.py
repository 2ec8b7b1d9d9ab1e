"""The `.env` beside the settings: secrets in lines of NAME=value, which the environment itself wins over.

Docker Compose and systemd read the same form. Only names that Riff and the model hub know are taken from it.
"""

import os
import re
from pathlib import Path

from bot.config.sources import USUAL_NAMES, settings_file

NAME = ".env"
HUB_NAMES = ("HF_TOKEN", "HF_ENDPOINT")
_LINE = re.compile(r"^(?:export )?([A-Za-z_][A-Za-z0-9_]*)=(.*)$")


def env_file(config: Path | None = None) -> Path:
    """Where it is, or would be."""
    return settings_file(config).with_name(NAME)


def parsed(text: str) -> dict[str, str]:
    """Names and values; what is no such line, or has no value, is left out."""
    found = (_LINE.match(line.strip()) for line in text.splitlines())
    values = {match[1]: _unquoted(match[2].strip()) for match in found if match}
    return {name: value for name, value in values.items() if value}


def _unquoted(value: str) -> str:
    if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"":
        return value[1:-1]
    return value.partition(" #")[0].rstrip()


def take_env_file(config: Path | None = None) -> None:
    """Put what it says into the environment of this process, where that does not say otherwise."""
    try:
        values = parsed(env_file(config).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        return
    for name, value in values.items():
        if is_known(name):
            os.environ.setdefault(name, value)


def is_known(name: str) -> bool:
    """Whether a variable means something to Riff."""
    return name in USUAL_NAMES or name in HUB_NAMES or (name.startswith("RIFF_") and name != "RIFF_CONFIG")
