"""Tags of a forum's post that say how far its brainstorm is, where the forum has tags of such names."""

import logging

import discord

from adapters.discord.gateway.api import Api
from bot.core.domain import Place
from bot.session.phase_names import phase_called

log = logging.getLogger("riff.discord")

_MOST = 5
"""As many as a post takes."""


class ForumTags:
    """Sets one tag of a phase; a post's other tags stay."""

    def __init__(self, client: discord.Client, api: Api) -> None:
        self._client = client
        self._api = api

    async def mark(self, place: Place, phase: str) -> None:
        """A courtesy: where Riff may not, or nothing fits, the tags stay as they are."""
        forum = self._client.get_channel(int(place.channel or 0))
        post = self._client.get_channel(int(place.thread or 0))
        if not isinstance(forum, discord.ForumChannel) or not isinstance(post, discord.Thread):
            return
        of_phases = {tag.id: found for tag in forum.available_tags if (found := phase_called(tag.name))}
        wanted = [tag for tag, of in of_phases.items() if of == phase]
        if not wanted:
            return
        held = [tag.id for tag in post.applied_tags]
        kept = [tag for tag in held if tag not in of_phases][: _MOST - 1]
        if [*kept, wanted[0]] != held:
            try:
                await self._api.tag(place.thread, [str(tag) for tag in (*kept, wanted[0])])
            except discord.HTTPException as error:
                log.info("a post keeps its tags: %s", error)
