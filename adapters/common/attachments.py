"""What people attach, as text: fetched from the platform's own hosts, and read out of files, within limits."""

import logging
import re
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

import aiohttp

from adapters.common.sandboxed_reading import AttachmentError, text_in
from bot.core.domain import CannotListen, Listener, Place, TooLong
from bot.core.notices import Notice
from bot.language import _, number
from bot.places.titles import Titles

Kind = Literal["text", "pdf", "voice", "other"]

log = logging.getLogger("riff.attachments")

MOST_BYTES = 5_000_000
_MOST_FILES = 5
_FETCH_SECONDS = 30
MOST_CHARACTERS = 200_000
"""The longest that a prompt can be by any setting."""
_TEXT = frozenset({"txt", "text", "md", "markdown", "csv", "tsv"})
_VOICE = ("audio/", "video/")
_MOST_NAME = 80
_PLAIN_NAME = re.compile(rf"[\w\-. ()]{{1,{_MOST_NAME}}}")


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file's name and its text."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class File:
    """A file that the platform keeps, as it describes it."""

    name: str
    url: str
    size: int
    media_type: str


@dataclass(frozen=True, slots=True)
class Source:
    """Where a platform's files come from: its hosts, or where its API is. Only there the `headers` are sent."""

    platform: str
    hosts: tuple[str, ...]
    api_url: str
    headers: Mapping[str, str] = field(default_factory=dict)

    def has(self, url: str) -> bool:
        """Whether the address is one of the platform's own."""
        asked, host = urlsplit(url), urlsplit(url).hostname or ""
        if asked.netloc == urlsplit(self.api_url).netloc:
            return True
        return asked.scheme == "https" and any(host == one or host.endswith(f".{one}") for one in self.hosts)


async def read_files(
    files: Sequence[File], source: Source, listener: Listener, most_characters: int
) -> list[Attachment]:
    """The texts of the files, of each hardly more than `most_characters`. Raises AttachmentError."""
    if len(files) > _MOST_FILES:
        raise AttachmentError(_("That is too many files; I read at most {most}.", most=_MOST_FILES))
    timeout = aiohttp.ClientTimeout(total=_FETCH_SECONDS)
    async with aiohttp.ClientSession(timeout=timeout, headers=source.headers) as session:
        return [await _named(file, _read(session, file, source, listener, most_characters)) for file in files]


async def _named(file: File, reading: Awaitable[Attachment]) -> Attachment:
    """What was read; an AttachmentError knows of which file it tells."""
    try:
        return await reading
    except AttachmentError as error:
        error.file = file.name
        raise


async def explained(error: AttachmentError, titles: Titles, place: Place) -> Notice:
    """What is wrong, and with which file, where its name is a plain one that passes moderation."""
    is_plain = _PLAIN_NAME.fullmatch(error.file)
    name = await titles.shown(error.file, place, _MOST_NAME) if is_plain else ""
    return Notice(_("{name}: {what}", name=name, what=error.say)) if name else Notice(error.say)


async def _read(
    session: aiohttp.ClientSession, file: File, source: Source, listener: Listener, most_characters: int
) -> Attachment:
    check_size(file.size)
    if not is_readable(file.name, file.media_type, listener):
        return await read_text(file.name, file.media_type, b"")  # says why not, without fetching it
    if not source.has(file.url):
        raise AttachmentError(_("I can't fetch that file; please paste its text."))
    try:
        content = await _fetched(session, file, source)
    except (aiohttp.ClientError, TimeoutError) as error:
        log.warning("a file could not be fetched: %s", type(error).__name__)
        raise AttachmentError(
            _("I could not fetch that file; please try again, or paste its text.")
        ) from None
    return await read_text(file.name, file.media_type, content, listener, most_characters=most_characters)


async def _fetched(session: aiohttp.ClientSession, file: File, source: Source) -> bytes:
    """The file's bytes, of a too large one not many more than are allowed."""
    async with session.get(file.url) as response:
        is_page = response.content_type == "text/html" and not file.name.endswith("html")  # such as a login
        if response.status != 200 or is_page:
            raise AttachmentError(
                _(
                    "{platform} does not let me read that file; please paste its text.",
                    platform=source.platform,
                )
            )
        content = await response.content.read(MOST_BYTES + 1)
        while len(content) <= MOST_BYTES and (more := await response.content.read(MOST_BYTES)):
            content += more
    return content


def kind_of(name: str, media_type: str) -> Kind:
    """What a file is, by its name's ending, else by its media type."""
    ending = name.rpartition(".")[2].lower()
    if ending == "pdf" or media_type == "application/pdf":
        return "pdf"
    if ending in _TEXT or media_type in {"text/plain", "text/markdown", "text/csv"}:
        return "text"
    return "voice" if media_type.startswith(_VOICE) else "other"


def check_size(size: int) -> None:
    """Raises AttachmentError for a file of more than MOST_BYTES."""
    if size > MOST_BYTES:
        raise AttachmentError(
            _("That file is too large; I read at most {megabytes} MB.", megabytes=MOST_BYTES // 1_000_000)
        )


def is_readable(name: str, media_type: str, listener: Listener | None = None) -> bool:
    """Whether it is worth fetching the file; `read_text` says of others why not."""
    kind = kind_of(name, media_type)
    return kind in {"text", "pdf"} or (kind == "voice" and listener is not None and listener.is_on)


async def read_text(
    name: str,
    media_type: str,
    content: bytes,
    listener: Listener | None = None,
    *,
    most_characters: int = MOST_CHARACTERS,
) -> Attachment:
    """The file's text; of a recording what is said in it, where there is a model that listens.

    Of more than `most_characters` only as many are read, and one more. Raises AttachmentError.
    """
    check_size(len(content))
    match kind := kind_of(name, media_type):
        case "text" | "pdf":
            return Attachment(name, await text_in(kind, content, most_characters))
        case "voice" if listener is not None and listener.is_on:
            return Attachment(name, await _heard(listener, content))
        case "voice":
            raise AttachmentError(_("I can't listen to recordings; please write it down."))
    raise AttachmentError(_("I read text, Markdown, CSV and PDF files only."))


def joined(prompt: str, files: Sequence[Attachment], limit: int) -> str:
    """The prompt with the files' texts below it. Raises AttachmentError over `limit` characters."""
    parts = [prompt, *(_("Attached file:") + f"\n{file.text.strip()}" for file in files if file.text.strip())]
    whole = "\n\n".join(part for part in parts if part)
    if files and len(whole) > limit:
        raise AttachmentError(
            _(
                "With what is attached that is too long: I read at most {limit} characters."
                " Please send a shorter file or the part that matters.",
                limit=number(limit),
            )
        )
    return whole


async def _heard(listener: Listener, content: bytes) -> str:
    try:
        text = await listener.text_of(content)
    except TooLong:
        raise AttachmentError(
            _("That recording is too long; I listen to at most {seconds} s.", seconds=listener.seconds)
        ) from None
    except CannotListen:
        raise AttachmentError(_("I can't listen to that recording; please write it down.")) from None
    if not text:
        raise AttachmentError(_("I hear no words in that recording; please write it down."))
    return text


__all__ = [
    "Attachment",
    "AttachmentError",
    "File",
    "Source",
    "check_size",
    "explained",
    "is_readable",
    "joined",
    "kind_of",
    "read_files",
    "read_text",
]
