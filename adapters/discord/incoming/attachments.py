"""Fetches what people attach to a prompt. https://docs.discord.com/developers/resources/message#attachment-object"""

import logging
from collections.abc import Sequence
from urllib.parse import urlsplit

import aiohttp

from adapters.common.attachments import (
    MOST_BYTES,
    Attachment,
    AttachmentError,
    check_size,
    is_readable,
    joined,
    read_text,
)
from adapters.discord.incoming.event import Event, File
from bot.core.speech import Listener
from bot.language import _

log = logging.getLogger("riff.discord")

_MOST_FILES = 5
_SECONDS = 30
_HOSTS = ("discordapp.com", "discordapp.net", "discord.com")


class Files:
    """Reads attachments; they come from Discord's own hosts, or from where the API is."""

    def __init__(self, api_url: str, most_characters: int, listener: Listener) -> None:
        self._api = urlsplit(api_url).netloc
        self._most = most_characters
        self._listener = listener

    async def text_of(self, event: Event) -> str:
        """The event's text with what is attached below it. Raises AttachmentError."""
        if not event.files:
            return event.text
        if len(event.files) > _MOST_FILES:
            raise AttachmentError(_("That is too many files; I read at most {most}.", most=_MOST_FILES))
        return joined(event.text, await self._read_all(event.files), self._most)

    async def _read_all(self, files: Sequence[File]) -> list[Attachment]:
        timeout = aiohttp.ClientTimeout(total=_SECONDS)
        async with aiohttp.ClientSession(timeout=timeout) as session:
            return [await self._read(session, file) for file in files]

    async def _read(self, session: aiohttp.ClientSession, file: File) -> Attachment:
        check_size(file.size)
        if not is_readable(file.name, file.media_type, self._listener):
            return await read_text(file.name, file.media_type, b"")  # says why not, without fetching it
        if not self._is_discords(file.url):
            raise AttachmentError(_("I can't fetch that file; please paste its text."))
        try:
            async with session.get(file.url) as response:
                if response.status != 200:
                    raise AttachmentError(_("Discord does not let me read that file; please paste its text."))
                content = await response.content.read(MOST_BYTES + 1)
                while len(content) <= MOST_BYTES and (more := await response.content.read(MOST_BYTES)):
                    content += more
        except (aiohttp.ClientError, TimeoutError) as error:
            log.warning("a file could not be fetched: %s", type(error).__name__)
            raise AttachmentError(
                _("I could not fetch that file; please try again, or paste its text.")
            ) from None
        return await read_text(
            file.name, file.media_type, content, self._listener, most_characters=self._most
        )

    def _is_discords(self, url: str) -> bool:
        asked = urlsplit(url)
        if asked.netloc == self._api:
            return True
        host = asked.hostname or ""
        return asked.scheme == "https" and any(host == one or host.endswith(f".{one}") for one in _HOSTS)
