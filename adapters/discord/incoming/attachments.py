"""An event's text with what is attached to it.

https://docs.discord.com/developers/resources/message#attachment-object
"""

from adapters.common.attachments import Source, joined, read_files
from adapters.discord.incoming.event import Event
from bot.core.domain import Listener

_HOSTS = ("discordapp.com", "discordapp.net", "discord.com")


class Files:
    """Reads attachments; they are for everybody who knows their address."""

    def __init__(self, api_url: str, most_characters: int, listener: Listener) -> None:
        self._source = Source("Discord", _HOSTS, api_url)
        self._most = most_characters
        self._listener = listener

    async def text_of(self, event: Event) -> str:
        """The event's text with what is attached below it. Raises AttachmentError."""
        if not event.files:
            return event.text
        return joined(event.text, await read_files(event.files, self._source, self._listener), self._most)
