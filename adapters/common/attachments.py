"""Text out of what people attach: txt, md, csv, pdf and recordings; bytes in, text out, within limits."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from adapters.common.sandboxed_reading import AttachmentError, text_in
from bot.core.speech import CannotListen, Listener, TooLong
from bot.language import _, number

Kind = Literal["text", "pdf", "voice", "other"]

MOST_BYTES = 5_000_000
MOST_CHARACTERS = 200_000
"""The longest that a prompt can be by any setting."""
_TEXT = frozenset({"txt", "text", "md", "markdown", "csv", "tsv"})
_VOICE = ("audio/", "video/")


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
    "MOST_BYTES",
    "Attachment",
    "AttachmentError",
    "check_size",
    "is_readable",
    "joined",
    "kind_of",
    "read_text",
]
