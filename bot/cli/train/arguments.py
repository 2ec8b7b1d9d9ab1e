"""Reads the command line of a training stage: every setting is an option, with its help, unit and default."""

import argparse
import re
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, is_dataclass
from pathlib import Path
from typing import Any, Final, Generic, NoReturn, TypeVar

from pydantic import create_model
from pydantic_core import PydanticUndefined
from pydantic_settings import BaseSettings, CliSettingsSource

from genai.training.run.config import read_config, unknown_setting
from genai.training.run.errors import TrainingError
from genai.training.run.stage import Stage

C = TypeVar("C")

_KINDS: Final = {
    "str": "TEXT",
    "Path": "PATH",
    "int": "INTEGER",
    "float": "NUMBER",
    "bool": "{true,false}",
    "tuple[Path,...]": "PATH",
    "tuple[str,...]": "TEXT",
}
_OF_THE_COMMAND: Final = {"config", "set", "dry_run"}
_NO_DEFAULT: Final = re.compile(r" \(default: (\(\)|None|)\)$")


@dataclass(frozen=True, slots=True)
class Call(Generic[C]):
    """What a command was asked to do."""

    config: C
    dry_run: bool


def read_call(stage: Stage[C], name: str, summary: str, arguments: Sequence[str]) -> Call[C]:
    """The settings from the arguments and the file that they name; prints the help and exits for --help.

    `--set NAME=VALUE` is another spelling of `--NAME VALUE`, which wins over it. Raises TrainingError.
    """
    parser = _parser(stage, name, summary)
    singles, rest = _set_apart(arguments)
    given, unknown = parser.parse_known_args([*singles, *rest])
    if unknown:
        raise _unknown(stage, unknown[0])
    values = {name: value for name, value in vars(given).items() if value is not PydanticUndefined}
    single = {name: value for name, value in values.items() if name not in _OF_THE_COMMAND}
    return Call(read_config(stage.settings, values["config"], single), values.get("dry_run", False))


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise TrainingError(f"{message[:1].upper()}{message[1:]}; see {self.prog} --help.")


def _parser(stage: Stage[Any], name: str, summary: str) -> _Parser:
    parser = _Parser(
        prog=name,
        usage=f"{name} [--SETTING VALUE ...]",
        description=summary,
        allow_abbrev=False,
        formatter_class=lambda prog: argparse.HelpFormatter(prog, max_help_position=30),
    )
    parser.add_argument("--config", type=Path, metavar="FILE", help="TOML file with settings; options win.")
    parser.add_argument(
        "--set", metavar="NAME=VALUE", help="A setting by its name in the file, e.g. schedule.batch=4."
    )
    if stage.plan:
        parser.add_argument(
            "--dry-run",
            action="store_true",
            help="Only say how much data, memory and time it would take; nothing is kept.",
        )
    CliSettingsSource(
        _as_model(stage.settings),
        root_parser=parser,
        add_argument_method=_add,
        cli_prog_name=name,
        cli_shortcuts={_dashed(name): _dashed(short) for name, short in stage.shortcuts.items()},
        cli_hide_none_type=True,
        cli_avoid_json=True,
        cli_kebab_case=True,
    )
    return parser


def _as_model(kind: type[Any]) -> type[BaseSettings]:
    """The settings as pydantic-settings reads them; it is only asked for options, never for values."""
    fields: dict[str, Any] = {}
    for name, one in kind.__pydantic_fields__.items():
        described = copy(one)
        if is_dataclass(one.annotation):  # a group: what it is of, if that is said, and what it is
            described.description = " ".join(filter(None, (one.annotation.__doc__, one.description)))
        fields[name] = (one.annotation, described)
    return create_model(kind.__name__, __base__=BaseSettings, **fields)


def _add(parser: Any, *names: str, **options: Any) -> Any:
    kind = options.get("metavar", "")
    repeatable = " Repeatable." if options.get("action") == "append" else ""
    options["metavar"] = _KINDS.get(kind, kind)
    options["help"] = _NO_DEFAULT.sub("", options["help"]) + repeatable
    return parser.add_argument(*sorted(names, key=len), **options)


def _unknown(stage: Stage[Any], argument: str) -> TrainingError:
    if not argument.startswith("-"):
        return TrainingError(f"{argument} belongs to no option; write --NAME VALUE.")
    name = argument.lstrip("-").partition("=")[0].replace("-", "_")
    return unknown_setting(stage.settings, name, stage.shortcuts.values())


def _set_apart(arguments: Sequence[str]) -> tuple[list[str], list[str]]:
    """What `--set` says, spelt as options, and all other arguments."""
    singles: list[str] = []
    rest: list[str] = []
    todo = iter(arguments)
    for argument in todo:
        option, equals, value = argument.partition("=")
        if option != "--set":
            rest.append(f"{_dashed(option)}{equals}{value}" if argument.startswith("--") else argument)
            continue
        setting = value if equals else next(todo, "")
        name, equals, value = setting.partition("=")
        if not equals:
            raise TrainingError(f"--set {setting}: write it as NAME=VALUE.")
        singles.append(f"--{_dashed(name.strip())}={value.strip()}")
    return singles, rest


def _dashed(name: str) -> str:
    return name.replace("_", "-")
