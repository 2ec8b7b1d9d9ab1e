"""Text out of a file that somebody attached, read in a process with limits on memory, time and length."""

from collections.abc import Callable
from typing import Literal

from adapters.common import file_text
from bot.core.sandbox import Limits, Stopped, run_apart
from bot.language import _

_READERS: dict[str, Callable[[bytes, str], bytes]] = {
    "pdf": file_text.text_of_pdf,
    "text": file_text.text_of_plain,
}
_BYTES_A_CHARACTER = 4
_FAULT_BYTES = 100


class AttachmentError(Exception):
    """A file that cannot be read; `say` is a sentence for its sender, without the file's words or its name.

    `file` is the name, which nobody has moderated: see `explained`.
    """

    def __init__(self, say: str) -> None:
        super().__init__(say)
        self.say = say
        self.file = ""


async def text_in(kind: Literal["pdf", "text"], content: bytes, most_characters: int) -> str:
    """The file's text, up to one character more than `most_characters`. Raises AttachmentError."""
    limits = Limits(output_bytes=_BYTES_A_CHARACTER * (most_characters + 1) + _FAULT_BYTES)
    try:
        answer = await run_apart(_READERS[kind], content, str(most_characters), limits=limits)
    except Stopped as error:
        raise AttachmentError(_why(error)) from None
    fault, _line, text = answer.decode("utf-8", "replace").partition("\n")
    match fault:
        case "locked":
            raise AttachmentError(_("That PDF is locked with a password."))
        case "pages":
            raise AttachmentError(
                _("That PDF is too long; I read at most {count} pages.", count=file_text.MOST_PAGES)
            )
        case "encoding":
            raise AttachmentError(_("I can't tell how that file's text is encoded; please save it as UTF-8."))
        case "damaged":
            raise AttachmentError(_("I can't read that PDF; it may be damaged."))
    if kind == "pdf" and not text.strip():
        raise AttachmentError(_("I find no text in that PDF; it may be a scan."))
    return text


def _why(stopped: Stopped) -> str:
    match stopped.why:
        case "slow":
            return _("That file takes too long to read; please send a smaller one, or paste its text.")
        case "busy":
            return _("I'm busy with other people's files. Please try again in a minute.")
        case _:
            return _(
                "I can't read that file: it is damaged, or takes more memory than I may use. Please paste its text."
            )
