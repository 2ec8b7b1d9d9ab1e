"""What people attach, as text: fetched from the platform's own hosts, and read out of files, within limits."""

import asyncio
import io
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

import aiohttp
from pypdf import PdfReader
from pypdf.errors import PyPdfError

from bot.core.domain import CannotListen, Listener, TooLong
from bot.language import _, number

Kind = Literal["text", "pdf", "voice", "other"]

log = logging.getLogger("riff.attachments")

MOST_BYTES = 5_000_000
_MOST_FILES = 5
_FETCH_SECONDS = 30
_MOST_PAGES = 50
_SECONDS = 20.0
_TEXT = frozenset({"txt", "text", "md", "markdown", "csv", "tsv"})
_VOICE = ("audio/", "video/")


class AttachmentError(Exception):
    """A file that cannot be read; `say` is a sentence for its sender, without the file's words or name."""

    def __init__(self, say: str) -> None:
        super().__init__(say)
        self.say = say


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


async def read_files(files: Sequence[File], source: Source, listener: Listener) -> list[Attachment]:
    """The texts of the files. Raises AttachmentError."""
    if len(files) > _MOST_FILES:
        raise AttachmentError(_("That is too many files; I read at most {most}.", most=_MOST_FILES))
    timeout = aiohttp.ClientTimeout(total=_FETCH_SECONDS)
    async with aiohttp.ClientSession(timeout=timeout, headers=source.headers) as session:
        return [await _read(session, file, source, listener) for file in files]


async def _read(session: aiohttp.ClientSession, file: File, source: Source, listener: Listener) -> Attachment:
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
    return await read_text(file.name, file.media_type, content, listener)


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
    name: str, media_type: str, content: bytes, listener: Listener | None = None
) -> Attachment:
    """The file's text; of a recording what is said in it, where there is a model that listens.

    Raises AttachmentError.
    """
    check_size(len(content))
    match kind_of(name, media_type):
        case "text":
            return Attachment(name, _decoded(content))
        case "pdf":
            return Attachment(name, await _pdf_text(content))
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
                "With what is attached that is {characters} characters, and I read at most {limit}."
                " Please send a shorter file or the part that matters.",
                characters=number(len(whole)),
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


def _decoded(content: bytes) -> str:
    is_utf16 = content[:2] in {b"\xff\xfe", b"\xfe\xff"}
    for encoding in ("utf-16",) if is_utf16 else ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise AttachmentError(_("I can't read that file as text; please save it as UTF-8."))


async def _pdf_text(content: bytes) -> str:
    try:
        async with asyncio.timeout(_SECONDS):
            text = await asyncio.to_thread(_pages, content)
    except TimeoutError:
        raise AttachmentError(_("That PDF takes too long to read; please send a smaller one.")) from None
    if not text.strip():
        raise AttachmentError(_("I find no text in that PDF; it may be a scan."))
    return text


def _pages(content: bytes) -> str:
    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted:
            raise AttachmentError(_("That PDF is locked with a password."))
        if len(reader.pages) > _MOST_PAGES:
            raise AttachmentError(_("That PDF is too long; I read at most {count} pages.", count=_MOST_PAGES))
        return "\n\n".join(page.extract_text() for page in reader.pages)
    except AttachmentError:
        raise
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError, OSError):
        raise AttachmentError(_("I can't read that PDF; it may be damaged.")) from None
