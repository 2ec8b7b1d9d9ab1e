"""Checks application commands as a bulk overwrite sends them.

Limits: https://docs.discord.com/developers/interactions/application-commands
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from tests.support.discord_server.errors import Faults
from tests.support.discord_server.validation import fields, text

_NAME = re.compile(r"^[-_'\w]{1,32}$", re.UNICODE)
_COMMAND = [
    "id",
    "application_id",
    "guild_id",
    "version",
    "name",
    "name_localizations",
    "description",
    "description_localizations",
    "options",
    "default_member_permissions",
    "dm_permission",
    "default_permission",
    "type",
    "nsfw",
    "integration_types",
    "contexts",
]
_OPTION = [
    "type",
    "name",
    "name_localizations",
    "description",
    "description_localizations",
    "required",
    "choices",
    "options",
    "channel_types",
    "min_value",
    "max_value",
    "min_length",
    "max_length",
    "autocomplete",
]
LOCALES = frozenset(
    [
        "id",
        "da",
        "de",
        "en-GB",
        "en-US",
        "es-ES",
        "es-419",
        "fr",
        "hr",
        "it",
        "lt",
        "hu",
        "nl",
        "no",
        "pl",
        "pt-BR",
        "ro",
        "fi",
        "sv-SE",
        "vi",
        "tr",
        "cs",
        "el",
        "bg",
        "ru",
        "uk",
        "hi",
        "th",
        "zh-CN",
        "ja",
        "zh-TW",
        "ko",
    ]
)


def check_commands(commands: Sequence[Mapping[str, Any]]) -> None:
    """Raise error 50035 unless every command may be registered."""
    faults = Faults()
    by_type: dict[int, list[str]] = {}
    for number, command in enumerate(commands):
        path = str(number)
        if not fields(faults, path, command, _COMMAND):
            continue
        kind = command.get("type", 1)
        by_type.setdefault(kind, []).append(command.get("name", ""))
        if kind == 1:
            _named(faults, path, command)
            _options(faults, path, command.get("options", ()), depth=0)
        else:
            text(faults, f"{path}.name", command.get("name"), 32, 1)
            _localised(faults, f"{path}.name_localizations", command.get("name_localizations"), 32)
            if command.get("description"):
                faults.add(
                    f"{path}.description",
                    "APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION_INVALID",
                    "Must be empty",
                )
        if _size(command) > 8000:
            faults.add(path, "APPLICATION_COMMAND_TOO_LARGE", "Command exceeds maximum size (8000)")
        if set(command.get("contexts") or ()) - {0, 1, 2} or set(command.get("integration_types") or ()) - {
            0,
            1,
        }:
            faults.add(f"{path}.contexts", "BASE_TYPE_CHOICES", "Unknown context.")
    for kind, most in ((1, 100), (2, 15), (3, 15)):
        names = by_type.get(kind, [])
        if len(names) > most:
            faults.add("_root", "BASE_TYPE_MAX_LENGTH", f"At most {most} commands.")
        if len(names) != len(set(names)):
            faults.add("_root", "APPLICATION_COMMANDS_DUPLICATE_NAME", "Names must be unique.")
    faults.check()


def _size(item: Mapping[str, Any]) -> int:
    """Characters of a command's names, descriptions and values, each in its longest language."""
    total = 0
    for name in ("name", "description"):
        translated = (item.get(f"{name}_localizations") or {}).values()
        total += max(map(len, [item.get(name) or "", *translated]))
    total += len(str(item.get("value", "")))
    return total + sum(_size(part) for key in ("options", "choices") for part in item.get(key) or ())


def _named(faults: Faults, path: str, item: Mapping[str, Any]) -> None:
    name = item.get("name")
    if not isinstance(name, str) or not _NAME.match(name) or name != name.lower():
        faults.add(f"{path}.name", "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")
    text(faults, f"{path}.description", item.get("description"), 100, 1)
    _localised(faults, f"{path}.name_localizations", item.get("name_localizations"), 32, is_name=True)
    _localised(faults, f"{path}.description_localizations", item.get("description_localizations"), 100)


def _localised(faults: Faults, path: str, value: Any, most: int, *, is_name: bool = False) -> None:
    for locale, translated in (value or {}).items():
        if locale not in LOCALES:
            faults.add(f"{path}.{locale}", "BASE_TYPE_CHOICES", "Unknown locale.")
        text(faults, f"{path}.{locale}", translated, most, 1)
        if is_name and (not _NAME.match(translated) or translated != translated.lower()):
            faults.add(f"{path}.{locale}", "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")


def _options(faults: Faults, path: str, options: Sequence[Mapping[str, Any]], depth: int) -> None:
    if len(options) > 25 or depth > 2:
        faults.add(f"{path}.options", "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
    optional_seen = False
    for number, option in enumerate(options):
        where = f"{path}.options.{number}"
        if not fields(faults, where, option, _OPTION):
            continue
        _named(faults, where, option)
        if option.get("required") and optional_seen:
            faults.add(where, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", "Required options come first.")
        optional_seen |= not option.get("required", False)
        choices = option.get("choices") or ()
        if len(choices) > 25 or (choices and option.get("autocomplete")):
            faults.add(f"{where}.choices", "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
        for place, choice in enumerate(choices):
            text(faults, f"{where}.choices.{place}.name", choice.get("name"), 100, 1)
            _localised(
                faults, f"{where}.choices.{place}.name_localizations", choice.get("name_localizations"), 100
            )
        if option.get("type") in (1, 2):
            _options(faults, where, option.get("options", ()), depth + 1)


def check_given(command: Mapping[str, Any], sub: str, given: Mapping[str, Any], focused: str | None) -> None:
    """Fail where people could not send that: Discord lets them choose only among what is registered."""
    known = {option["name"]: option for option in _taken_by(command, sub)}
    assert set(given) <= set(known), f"/{command['name']} {sub} takes no {set(given) - set(known)}"
    if focused:
        assert known[focused].get("autocomplete"), f"{focused} of /{command['name']} {sub} is not completed"
        return
    lacking = {name for name, option in known.items() if option.get("required")} - set(given)
    assert not lacking, f"/{command['name']} {sub} needs {lacking}"
    for name, value in given.items():
        _check_value(known[name], value)


def _taken_by(command: Mapping[str, Any], sub: str) -> Sequence[Mapping[str, Any]]:
    options: Sequence[Mapping[str, Any]] = command.get("options", ())
    for part in sub.split():
        found = next(
            (option for option in options if option["name"] == part and option["type"] in (1, 2)), None
        )
        assert found is not None, f"/{command['name']} has no sub-command {sub}"
        options = found.get("options", ())
    assert sub or not any(option["type"] in (1, 2) for option in options), (
        f"/{command['name']} needs a sub-command"
    )
    return options


_PYTHON: Mapping[int, type] = {3: str, 4: int, 5: bool, 6: str, 7: str, 8: str}


def _check_value(option: Mapping[str, Any], value: Any) -> None:
    name = option["name"]
    assert type(value) is _PYTHON[option["type"]], f"{name} has another type"
    choices = [choice["value"] for choice in option.get("choices") or ()]
    assert not choices or value in choices, f"{name} is none of {choices}"
    if option["type"] == 4:
        assert option.get("min_value", value) <= value <= option.get("max_value", value), (
            f"{name} is out of bounds"
        )
    if option["type"] == 3 and not choices:
        assert len(value) <= option.get("max_length", 6000), f"{name} is too long"
