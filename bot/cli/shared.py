"""What the commands share: settings, logging, one way to run a coroutine and report trouble, JSON lines, tables."""

import asyncio
import json
import logging
import os
import sys
from collections.abc import Callable, Coroutine, Iterable, Iterator, Sequence
from importlib.metadata import version
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TextIO, TypeVar

import typer

from bot.config import Settings, load_settings
from bot.config.env_file import take_env_file
from bot.core.errors import RiffError
from bot.core.log_limits import SeldomFilter, set_levels
from genai.errors import GenerationError
from genai.moderation.errors import ModerationError
from storage.errors import StorageError

if TYPE_CHECKING:
    from genai.training.measure.report import Row

T = TypeVar("T")
_LOG_BYTES = 1_000_000
EXPECTED = (RiffError, GenerationError, ModerationError, StorageError)


class Failure(Exception):
    """Ends the command with exit code 1 and one sentence."""

    def __init__(self, say: str) -> None:
        super().__init__(say)
        self.say = say


def _tell_version(asked: bool) -> None:
    if asked:
        typer.echo(f"riff {version('riff')}")
        raise typer.Exit


def remember_config(
    config: Annotated[
        Path | None,
        typer.Option("--config", help="Settings file; else $RIFF_CONFIG, yours or the shipped one."),
    ] = None,
    tell_version: Annotated[  # noqa: ARG001 - its callback has said it already
        bool,
        typer.Option(
            "--version", help="Say which Riff this is, and end.", is_eager=True, callback=_tell_version
        ),
    ] = False,
) -> None:
    """A self-hosted brainstorming partner: quantised model, personal answers, everything moderated."""
    if config is not None:
        os.environ["RIFF_CONFIG"] = str(config)


def settings(log_file: Path | None = None) -> Settings:
    """The settings, with logging set up, into the file where there is one; raises Failure."""
    take_env_file()
    try:
        loaded = load_settings()
    except RiffError as error:
        raise Failure(error.say) from error
    handler = logging.StreamHandler(sys.stderr) if log_file is None else _file_handler(log_file)
    handler.addFilter(SeldomFilter())
    if loaded.log.format == "json":
        from bot.watching.json_log import JsonFormatter  # OpenTelemetry takes a while to import

        handler.setFormatter(JsonFormatter())
        logging.basicConfig(handlers=[handler])
    else:
        logging.basicConfig(handlers=[handler], format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    set_levels(logging.getLevelNamesMapping()[loaded.log.level.upper()])
    for chatty in ("presidio-analyzer", "transformers", "alembic", "httpx", "bitsandbytes"):
        logging.getLogger(chatty).setLevel(logging.ERROR)
    return loaded


def _file_handler(path: Path) -> logging.Handler:
    """Where the log would be in the way of what people read; where no file can be written it is left out."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return RotatingFileHandler(path, maxBytes=_LOG_BYTES, backupCount=1, encoding="utf-8")
    except OSError:
        return logging.NullHandler()


def run_async(work: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Run `work()` to its end; expected trouble becomes Failure, with its cause in the debug log."""
    try:
        return asyncio.run(work())
    except EXPECTED as error:
        logging.getLogger("riff").debug("cause", exc_info=error)
        raise Failure(operator_sentence(error)) from error


def operator_sentence(error: Exception) -> str:
    """What whoever runs Riff should read: the error's own words, which say more than its `say` for people."""
    return str(error) or str(getattr(error, "say", type(error).__name__))


# Files of JSON lines; a bad line is named with its number and the cure.


def parse_lines(lines: Iterable[str], name: str, required: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    """Each line's object; blank lines are skipped. Raises Failure that names a wrong line."""
    example = json.dumps(dict.fromkeys(required, "…"), ensure_ascii=False)
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except (ValueError, RecursionError):
            raise Failure(
                f"{name}, line {number}: not JSON; write one object a line, like {example}."
            ) from None
        missing = [key for key in required if not isinstance(value, dict) or key not in value]
        if missing:
            raise Failure(f"{name}, line {number}: no {' or '.join(missing)}; write lines like {example}.")
        if "id" in required and not isinstance(value["id"], str | int):
            raise Failure(f"{name}, line {number}: the id is neither text nor a whole number.")
        for key in required:
            if key != "id" and not isinstance(value[key], str):
                raise Failure(f"{name}, line {number}: {key} is not text.")
        yield value


def read_file(path: Path, required: tuple[str, ...]) -> list[dict[str, Any]]:
    """All objects of a UTF-8 file; raises Failure."""
    try:
        with path.open(encoding="utf-8") as lines:
            return list(parse_lines(lines, str(path), required))
    except (OSError, UnicodeDecodeError) as error:
        raise Failure(f"{path}: cannot be read as UTF-8 text ({type(error).__name__}).") from error


def open_to_resume(path: Path) -> tuple[TextIO, set[str]]:
    """`path` opened for appending, and the ids that it already answers.

    A last line that was cut off by a crash is dropped, so its prompt is asked again. Raises Failure.
    """
    try:
        path.touch()
        data = path.read_bytes()
        whole = data[: data.rfind(b"\n") + 1]
        done = {
            json.dumps(entry["id"])
            for entry in parse_lines(whole.decode("utf-8").splitlines(), str(path), ("id", "reply"))
        }
        if len(whole) < len(data):
            with path.open("r+b") as file:
                file.truncate(len(whole))
        return path.open("a", encoding="utf-8"), done
    except (OSError, UnicodeDecodeError) as error:
        raise Failure(
            f"{path}: cannot be written to ({type(error).__name__}); choose another file."
        ) from error


def print_table(rows: "Sequence[Row]") -> None:
    """One line for each row, from the main process; the first column names it, the others are numbers."""
    from rich.console import Console
    from rich.table import Table

    from genai.training.measure.report import cells
    from genai.training.run.distributed import is_main

    if not is_main():
        return
    head, *body = cells(rows)
    table = Table()
    for index, name in enumerate(head):
        table.add_column(name, justify="right" if index else "left", overflow="fold")
    for row in body:
        table.add_row(*row)
    Console().print(table)
