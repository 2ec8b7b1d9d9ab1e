"""Which of what was said before may be looked at again: never what only its author was shown."""

from collections.abc import Sequence

from bot.core.commands.registry import is_private
from storage.values.common import StoredMessage


def told_to_all(messages: Sequence[StoredMessage]) -> tuple[StoredMessage, ...]:
    """The exchanges, each question before its answer, without commands whose answers are for their author only."""
    private = {
        message.id
        for message in messages
        if message.role == "user" and is_private(message.command, message.verb)
    }
    return tuple(
        message for message in messages if message.id not in private and message.in_reply_to_id not in private
    )
