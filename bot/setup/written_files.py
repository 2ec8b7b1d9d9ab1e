"""Writes what was answered into config.toml and .env, and leaves all else in them as it stands, comments too."""

import os
import re
import secrets
import tomllib
from collections.abc import Mapping
from pathlib import Path

import tomlkit
from tomlkit.exceptions import TOMLKitError

from bot.config.settings import Settings, by_present_names
from bot.config.sources import shipped_file
from bot.core.errors import ConfigError

_HEAD = "Made by `riff setup`, which changes only what is answered anew. Every other setting has its default."
_PLAIN = re.compile(r"^[A-Za-z0-9_./:@%+=,-]*$")
_PASSWORD = "POSTGRES_PASSWORD"  # noqa: S105
"""Of compose's own database; nobody needs to think one out."""


def write_settings(file: Path, section: str, values: Mapping[str, object]) -> None:
    """Set the section's keys in a settings file, which is made where there is none; None removes a key.

    Raises ConfigError where the file cannot be read or written.
    """
    try:
        document = tomlkit.parse(file.read_text(encoding="utf-8")) if file.is_file() else _new_document()
        table = document.setdefault(section, tomlkit.table())
        for key, value in values.items():
            if value is not None:
                table[key] = value
            elif key in table:
                del table[key]
        _replace(file, tomlkit.dumps(document), 0o644)
    except (OSError, UnicodeDecodeError, TOMLKitError) as error:
        cure = "mend it, or name another by --config"
        raise ConfigError(f"{file} cannot be changed ({type(error).__name__}); {cure}.") from error


def _new_document() -> tomlkit.TOMLDocument:
    document = tomlkit.document()
    document.add(tomlkit.comment(_HEAD))
    document.add(tomlkit.nl())
    for section, values in edited(shipped_file()).items():
        document[section] = values
    return document


def edited(file: Path) -> dict[str, dict[str, object]]:
    """What a settings file says other than Riff's defaults: it goes on to hold in a new file."""
    said = tomllib.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    defaults = Settings.model_construct().model_dump(mode="json")
    return {
        section: changed
        for section, values in by_present_names(said).items()
        if (changed := {key: one for key, one in values.items() if defaults.get(section, {}).get(key) != one})
    }


def write_secrets(file: Path, values: Mapping[str, str]) -> None:
    """Set variables in a file that its owner alone may read; it begins as the `env.example` beside it, if there is one.

    Raises ConfigError where it cannot be written.
    """
    try:
        lines = _begun(file)
        for name, value in values.items():
            if not value.isprintable() or "'" in value:
                raise ConfigError(f"{name} holds signs that no token has; copy it anew.")
            _set(lines, name, value)
        if f"{_PASSWORD}=" in lines:
            _set(lines, _PASSWORD, secrets.token_hex(24))
        _replace(file, "\n".join(lines) + "\n", 0o600)
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"{file} cannot be written ({type(error).__name__}); name another by --env."
        ) from error


def _begun(file: Path) -> list[str]:
    example = file.with_name("env.example")
    source = file if file.is_file() else example
    return source.read_text(encoding="utf-8").splitlines() if source.is_file() else []


def _set(lines: list[str], name: str, value: str) -> None:
    """Put the value where the variable stands; else where it stands as a comment; else at the end."""
    line = f"{name}={value}" if _PLAIN.match(value) else f"{name}='{value}'"
    for begin in (f"{name}=", f"export {name}=", f"#{name}=", f"# {name}="):
        for number, known in enumerate(lines):
            if known.startswith(begin):
                lines[number] = line
                return
    lines.append(line)


def _replace(file: Path, text: str, mode: int) -> None:
    """All of it or nothing; secrets are never readable by others, not for a moment."""
    file = file.resolve()  # a link stays one
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if mode == 0o644 and file.is_file():
        mode = file.stat().st_mode & 0o777
    scratch = file.with_name(f".{file.name}.writing")
    scratch.unlink(missing_ok=True)
    with os.fdopen(
        os.open(scratch, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode), "w", encoding="utf-8"
    ) as opened:
        opened.write(text)
    scratch.replace(file)
