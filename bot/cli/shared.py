"""What the commands share: settings, logging, and one way to run a coroutine and report trouble."""

import asyncio
import logging
import os
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from bot.config import Settings, load_settings
from bot.core.errors import RiffError
from bot.core.log_limits import SeldomFilter
from genai.errors import GenerationError
from genai.moderation.errors import ModerationError
from storage.errors import StorageError

T = TypeVar("T")
EXPECTED = (RiffError, GenerationError, ModerationError, StorageError)


class Failure(Exception):
    """Ends the command with exit code 1 and one sentence."""

    def __init__(self, say: str) -> None:
        super().__init__(say)
        self.say = say


def remember_config(
    config: Annotated[
        Path | None, typer.Option("--config", help="Settings file; else $RIFF_CONFIG, else the shipped one.")
    ] = None,
) -> None:
    """A self-hosted brainstorming partner: quantised model, personal answers, everything moderated."""
    if config is not None:
        os.environ["RIFF_CONFIG"] = str(config)


def settings() -> Settings:
    """The settings, with logging set up; raises Failure."""
    try:
        loaded = load_settings()
    except RiffError as error:
        raise Failure(error.say) from error
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(SeldomFilter())
    logging.basicConfig(
        handlers=[handler],
        level=loaded.log.level.upper(),
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
    )
    for chatty in ("presidio-analyzer", "transformers", "alembic", "httpx", "bitsandbytes", "openai"):
        logging.getLogger(chatty).setLevel(logging.ERROR)
    return loaded


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
