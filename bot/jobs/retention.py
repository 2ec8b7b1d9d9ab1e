"""Erases the texts that the audit kept, once they are as old as the settings allow, and ideas that were withdrawn."""

import logging

from bot.jobs.periodic import Periodic
from storage.errors import StorageError
from storage.repositories.audit import Audit
from storage.repositories.own_ideas import OwnIdeas
from storage.repositories.usage import Usage

log = logging.getLogger("riff.retention")

EVERY_SECONDS = 3600.0


class Purge(Periodic):
    """A task that purges at start and every hour, as long as Riff runs."""

    def __init__(
        self, audit: Audit, own_ideas: OwnIdeas, usage: Usage, every_seconds: float = EVERY_SECONDS
    ) -> None:
        super().__init__(every_seconds, "purge")
        self._audit = audit
        self._own_ideas = own_ideas
        self._usage = usage

    async def once(self) -> None:
        """Purge; trouble is logged."""
        try:
            if purged := await self._audit.purge_texts():
                log.info("erased %d kept texts", purged)
            await self._own_ideas.purge()
            await self._usage.purge()
        except StorageError as error:
            log.warning("kept texts could not be erased and will be tried again: %s", error)
