"""Reads settings from a TOML file and the environment; every fault is named at once, with its cure."""

import logging
import os
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from platformdirs import user_config_dir
from pydantic import BaseModel, SecretStr, ValidationError
from rapidfuzz import process

from bot.config.settings import GONE, RENAMED, Settings, present_name
from bot.core.errors import ConfigError

USUAL_NAMES = {
    "SLACK_BOT_TOKEN": ("slack", "bot_token"),
    "SLACK_APP_TOKEN": ("slack", "app_token"),
    "SLACK_SIGNING_SECRET": ("slack", "signing_secret"),
    "SLACK_CLIENT_ID": ("slack", "client_id"),
    "SLACK_CLIENT_SECRET": ("slack", "client_secret"),
    "SLACK_ENCRYPTION_KEY": ("slack", "encryption_key"),
    "DISCORD_TOKEN": ("discord", "token"),
    "DATABASE_URL": ("storage", "url"),
    "OPENAI_API_KEY": ("generator", "api_key"),
    "GUARD_API_KEY": ("moderation", "guard_api_key"),
}
"""Secrets' customary environment variables, and the setting each one fills."""

log = logging.getLogger("riff.config")

_PREFIX = "RIFF_"
_NOT_SETTINGS = {"RIFF_CONFIG", "RIFF_BACKUP_KEY"}


def shipped_file() -> Path:
    """The `config.toml` that comes with Riff: in a checkout a link to the one at its root, in a wheel a copy."""
    return Path(__file__).with_name("config.toml").resolve()


def user_file() -> Path:
    """Where `riff setup` writes, and every `riff` reads, unless another file is named."""
    return Path(user_config_dir("riff", appauthor=False)) / "config.toml"


def settings_file(config: Path | None = None) -> Path:
    """Where settings are read from: `config`, else `$RIFF_CONFIG`, else the user's file, else the shipped one."""
    chosen = os.environ.get("RIFF_CONFIG")
    if config or chosen:
        return config or Path(str(chosen))
    return user_file() if user_file().is_file() else shipped_file()


def load_settings(config: Path | None = None) -> Settings:
    """Settings from `config`, else `$RIFF_CONFIG`, else the user's file or the shipped one; then from the environment.

    Names that settings had before are read too; the log tells the present ones. Raises ConfigError, whose `say` has
    one line for each fault: file, key and cure.
    """
    file = settings_file(config)
    values = _read(file, must_exist=file != shipped_file())
    faults = [*_secrets_in(values, file), *_unknown_variables()]
    if faults:
        raise ConfigError("\n".join(faults))
    for told in (*_renamed_in(values, file), *_renamed_variables()):
        log.warning("%s", told)
    _add_usual_names(values)
    try:
        return Settings(**values)
    except ValidationError as error:
        raise ConfigError("\n".join(_explain(error, file))) from None
    except RecursionError:
        raise ConfigError("environment: brackets in brackets, too deep to be read; write fewer.") from None
    except ValueError as error:  # a variable that should hold JSON does not
        raise ConfigError(f'environment: {error}; write lists as JSON, e.g. \'["one", "two"]\'.') from None


def _read(file: Path, *, must_exist: bool) -> dict[str, Any]:
    if not file.is_file():
        if must_exist:
            raise ConfigError(f"{file}: there is no such settings file; check --config or RIFF_CONFIG.")
        return {}
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{file}: not valid TOML: {error}; mend that line.") from None
    except RecursionError:
        raise ConfigError(f"{file}: brackets in brackets, too deep to be read; write fewer.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file}: cannot be read as UTF-8 text ({type(error).__name__}).") from None
    except ValueError:  # Python reads no whole number of more than 4,300 digits
        raise ConfigError(f"{file}: a number in it is too long to be read; write a smaller one.") from None


def _secret_fields() -> Iterator[tuple[str, str]]:
    for section, outer in Settings.model_fields.items():
        model = outer.annotation
        if isinstance(model, type) and issubclass(model, BaseModel):
            for key, inner in model.model_fields.items():
                is_secret = SecretStr in getattr(inner.annotation, "__args__", (inner.annotation,))
                if is_secret and (section, key) != (
                    "storage",
                    "url",
                ):  # an address without a password is none
                    yield section, key


def _secrets_in(values: Mapping[str, Any], file: Path) -> Iterator[str]:
    usual = {place: name for name, place in USUAL_NAMES.items()}
    for section, key in _secret_fields():
        table = values.get(section)
        if isinstance(table, Mapping) and key in table:
            name = usual.get((section, key), f"{_PREFIX}{section}__{key}".upper())
            yield f"{file}: {section}.{key} is a secret; remove it and set {name} in the environment."
    storage = values.get("storage")
    url = storage.get("url") if isinstance(storage, Mapping) else None
    if isinstance(url, str) and "@" in url and ":" in url.split("://", 1)[-1].rsplit("@", 1)[0]:
        yield f"{file}: storage.url holds a password; remove it and set DATABASE_URL in the environment."


def _renamed_in(values: Mapping[str, Any], file: Path) -> Iterator[str]:
    for section, table in values.items():
        names = [section, *(f"{section}.{key}" for key in table)] if isinstance(table, Mapping) else [section]
        for name in names:
            now = present_name(name)
            if now in GONE:
                yield f"{file}: {name} means nothing any more; delete it."
            elif now != name and (
                name == section or now != f"{present_name(section)}.{name.partition('.')[2]}"
            ):
                yield f"{file}: {name} is called {now} now; rename it."


def _renamed_variables() -> Iterator[str]:
    for variable in sorted(os.environ):
        if variable.upper().startswith(_PREFIX):
            name = variable[len(_PREFIX) :].lower().replace("__", ".", 1)
            if present_name(name) in GONE:
                yield f"environment: {variable} means nothing any more; unset it."
            elif (now := present_name(name)) != name:
                present = f"{_PREFIX}{now.replace('.', '__')}".upper()
                yield f"environment: {variable} is called {present} now; rename it."


def _unknown_variables() -> Iterator[str]:
    sections = [name.upper() for name in Settings.model_fields]
    before = [name.upper() for name in RENAMED if "." not in name]
    for variable in sorted(os.environ):
        if not variable.upper().startswith(_PREFIX) or variable.upper() in _NOT_SETTINGS:
            continue
        section, separator, _ = variable[len(_PREFIX) :].upper().partition("__")
        if section not in (*sections, *before) or not separator:
            hint = _nearest(section, sections)
            yield f"environment: {variable} names no setting{hint}; write RIFF_<SECTION>__<KEY> or unset it."


def _add_usual_names(values: dict[str, Any]) -> None:
    for variable, (section, key) in USUAL_NAMES.items():
        if value := os.environ.get(variable):
            table = values.setdefault(section, {})
            if isinstance(table, dict):
                table[key] = value


def _explain(error: ValidationError, file: Path) -> Iterator[str]:
    for fault in error.errors(include_url=False, include_input=False):
        place = [str(part) for part in fault["loc"]]
        key = ".".join(place)
        variable = _variable_of(place[:2])
        usual = next((name for name, spot in USUAL_NAMES.items() if list(spot) == place[:2]), variable)
        source = f"environment ({variable})" if variable in map(str.upper, os.environ) else str(file)
        if usual in os.environ and source == str(file):
            source = f"environment ({usual})"
        if fault["type"] == "extra_forbidden":
            known = _known_keys(place[:-1])
            yield f"{source}: {key} is not a setting{_nearest(place[-1], known)}; rename or remove it."
        else:
            message = fault["msg"].removeprefix("Value error, ")
            yield f"{source}: {key}: {message[:1].lower() + message[1:]}; correct the value."


def _variable_of(place: list[str]) -> str:
    """The variable that names a setting, by the name that it goes by in the environment."""
    name = ".".join(place)
    names = [name, *(old for old in _names_before(place) if present_name(old) == name)]
    variables = [f"{_PREFIX}{one.replace('.', '__')}".upper() for one in names]
    there = set(map(str.upper, os.environ))
    return next((variable for variable in variables if variable in there), variables[0])


def _names_before(place: list[str]) -> Iterator[str]:
    sections = [place[0], *(old for old, now in RENAMED.items() if now == place[0])]
    keys = [place[-1], *(old.partition(".")[2] for old, now in RENAMED.items() if now == ".".join(place))]
    yield from (f"{section}.{key}" for section in sections for key in keys)


def _known_keys(place: list[str]) -> list[str]:
    model: Any = Settings
    for part in place:
        field = model.model_fields.get(part) if hasattr(model, "model_fields") else None
        model = field.annotation if field else None
    return list(model.model_fields) if hasattr(model, "model_fields") else []


def _nearest(word: str, known: list[str]) -> str:
    match = process.extractOne(word, known, score_cutoff=60)
    return f" (did you mean {match[0]}?)" if match else ""
