"""Text out of what people attach: txt, md, csv, pdf and recordings; bytes in, text out, within limits."""

import asyncio
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from bot.core.domain import CannotListen, Listener, TooLong
from bot.language import _, number

Kind = Literal["text", "pdf", "voice", "other"]

MOST_BYTES = 5_000_000
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


__all__ = [
    "MOST_BYTES",
    "Attachment",
    "AttachmentError",
    "check_size",
    "is_readable",
    "joined",
    "kind_of",
    "read_text",
]
