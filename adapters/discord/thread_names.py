"""Names of threads that Riff opens: a person's words, so that moderation passes them first."""

import logging

from adapters.discord.event import Event
from bot.errors import RiffError
from bot.policy import Policies
from genai.moderation import Moderator
from genai.moderation.errors import ModerationError
from storage.errors import StorageError

log = logging.getLogger("riff.discord")

_MOST = 100


class ThreadNames:
    """Says under which name an event's thread is opened."""

    def __init__(self, moderator: Moderator, policies: Policies) -> None:
        self._moderator = moderator
        self._policies = policies

    async def shown(self, event: Event) -> str:
        """What was asked for; "" where it may not be shown, and then what was asked is refused as well."""
        try:
            policy = await self._policies.of(event.place)
            verdict = await self._moderator.check(event.open_thread, policy=policy)
        except (ModerationError, StorageError, RiffError) as error:
            log.warning("a thread's name is not checked: %s", error)
            return ""
        return verdict.redacted_text[:_MOST].strip()
