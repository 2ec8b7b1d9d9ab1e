"""Which of what was said before may be looked at again: never what only its author was shown."""

from collections.abc import Sequence

from bot.core.commands.registry import parse
from bot.core.errors import CommandError
from storage.values.common import StoredMessage


def told_to_all(messages: Sequence[StoredMessage]) -> tuple[StoredMessage, ...]:
    """The exchanges, each question before its answer, without commands whose answers are for their author only."""
    private = {message.id for message in messages if message.role == "user" and is_private(message.content)}
    return tuple(
        message for message in messages if message.id not in private and message.in_reply_to_id not in private
    )


def is_private(text: str) -> bool:
    """Whether the text is a command whose answer is for its author only."""
    try:
        parsed = parse(text)
    except CommandError:
        return False  # a template of the workspace: nothing else of an unknown name is answered
    return parsed is not None and parsed[0].private
