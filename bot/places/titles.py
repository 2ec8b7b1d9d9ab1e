"""Titles that a person's words become, such as a thread's name: moderation passes them first."""

import logging

from bot.core.domain import Place
from bot.core.errors import RiffError
from bot.places.moderation_policy import Policies
from genai.moderation import Moderator
from genai.moderation.errors import ModerationError
from storage.errors import StorageError

log = logging.getLogger("riff.titles")


class Titles:
    """Says what of a text may stand where all can read it."""

    def __init__(self, moderator: Moderator, policies: Policies) -> None:
        self._moderator = moderator
        self._policies = policies

    async def shown(self, text: str, place: Place, most: int) -> str:
        """At most so many characters of the text; "" where it may not be shown, or nobody can say so."""
        try:
            verdict = await self._moderator.check(text, policy=await self._policies.of(place))
        except (ModerationError, StorageError, RiffError) as error:
            log.warning("a title is not checked: %s", error)
            return ""
        return verdict.redacted_text[:most].strip()
