"""Turns any exception into one of Riff's own sentences; its cause goes to the log, never to a person."""

import logging
import secrets

from bot.core import notices
from bot.core.domain import Outcome
from bot.core.errors import CommandError
from bot.core.notices import Notice
from bot.language import _, number
from genai.errors import Busy, GenerationError
from genai.moderation.errors import ModerationError
from storage.errors import InvalidValueError, StorageError
from storage.repositories.preferences import MAX_ITEM_CHARACTERS, MAX_ITEMS, MAX_TEXT_CHARACTERS

log = logging.getLogger("riff.trouble")


def explain(error: Exception) -> tuple[Outcome, Notice]:
    """How the message ends because of `error`, and what its author is told."""
    match error:
        case CommandError():
            return Outcome.ANSWERED, Notice(error.say)
        case Busy():
            return Outcome.FAILED, notices.busy(round(error.seconds))
        case ModerationError():
            log.error("nothing is shown, moderation is away: %s", error)
            return Outcome.WITHHELD, notices.WITHHELD
        case GenerationError():
            log.error("generation failed: %s", error)
            return Outcome.FAILED, notices.MODEL_AWAY
        case StorageError():
            log.error("storage failed: %s", error)
            return Outcome.FAILED, notices.STORAGE_AWAY
        case TimeoutError():
            return Outcome.FAILED, notices.TIMED_OUT
        case _other:
            reference = secrets.token_hex(4)
            log.error("unexpected trouble %s", reference, exc_info=error)
            return Outcome.FAILED, notices.failed(reference)


def unfit(error: InvalidValueError) -> CommandError:
    """What to tell a person whose words are too long to be kept."""
    log.info("not kept: %s", error)
    return CommandError(
        _(
            "I can't keep that: a text takes at most {characters} characters, a list at most {items} entries of"
            " {each} characters. Please shorten it.",
            characters=number(MAX_TEXT_CHARACTERS),
            items=MAX_ITEMS,
            each=MAX_ITEM_CHARACTERS,
        )
    )
