"""Fetches what people attach to a message. https://docs.slack.dev/reference/objects/file-object"""

import logging
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from adapters.common.attachments import (
    MOST_BYTES,
    Attachment,
    AttachmentError,
    check_size,
    is_readable,
    read_text,
)
from bot.core.speech import Listener
from bot.language import _

log = logging.getLogger("riff.slack")

_MOST_FILES = 5
_SECONDS = 30


async def read_files(
    files: Sequence[Mapping[str, Any]], token: str, api_url: str, listener: Listener, most_characters: int
) -> list[Attachment]:
    """The texts of the files. Raises AttachmentError; the token goes to Slack's own hosts only."""
    if len(files) > _MOST_FILES:
        raise AttachmentError(_("That is too many files; I read at most {most}.", most=_MOST_FILES))
    timeout = aiohttp.ClientTimeout(total=_SECONDS)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        return [await _read(session, file, token, api_url, listener, most_characters) for file in files]


async def _read(
    session: aiohttp.ClientSession,
    file: Mapping[str, Any],
    token: str,
    api_url: str,
    listener: Listener,
    most_characters: int,
) -> Attachment:
    name, media_type = str(file.get("name") or ""), str(file.get("mimetype") or "")
    check_size(int(file.get("size") or 0))
    if not is_readable(name, media_type, listener):
        return await read_text(name, media_type, b"")  # says why not, without fetching it
    url = str(file.get("url_private_download") or file.get("url_private") or "")
    if not _is_slacks(url, api_url):
        raise AttachmentError(_("I can't fetch that file; please paste its text."))
    try:
        async with session.get(url, headers={"Authorization": f"Bearer {token}"}) as response:
            if response.status != 200 or (response.content_type == "text/html" and not name.endswith("html")):
                raise AttachmentError(_("Slack does not let me read that file; please paste its text."))
            content = await response.content.read(MOST_BYTES + 1)
            while len(content) <= MOST_BYTES and (more := await response.content.read(MOST_BYTES)):
                content += more
    except (aiohttp.ClientError, TimeoutError) as error:
        log.warning("a file could not be fetched: %s", type(error).__name__)
        raise AttachmentError(
            _("I could not fetch that file; please try again, or paste its text.")
        ) from None
    return await read_text(name, media_type, content, listener, most_characters=most_characters)


def _is_slacks(url: str, api_url: str) -> bool:
    """Files come from slack.com's hosts, or from where the API is."""
    asked, api = urlsplit(url), urlsplit(api_url)
    if asked.netloc == api.netloc:
        return True
    host = asked.hostname or ""
    return asked.scheme == "https" and any(host == one or host.endswith(f".{one}") for one in _HOSTS)


_HOSTS = ("slack.com", "slack-files.com", "slack-gov.com")
