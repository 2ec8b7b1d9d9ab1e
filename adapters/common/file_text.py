"""Takes the text out of a file's bytes, and no more of it than is wanted. Runs in the sandbox: see `sandboxed_reading`.

Answers with a line that names what is wrong, or that is empty, and the text after it.
"""

import io
from collections.abc import Iterable
from typing import Literal

from adapters.common.text_encoding import decoded

Fault = Literal["", "locked", "pages", "damaged", "encoding"]

MOST_PAGES = 50


def text_of_pdf(content: bytes, most_characters: str) -> bytes:
    """The text of a PDF's pages."""
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted:
            return _answer("locked")
        if len(reader.pages) > MOST_PAGES:
            return _answer("pages")
        return _answer("", _cut((page.extract_text() for page in reader.pages), int(most_characters)))
    except (
        PyPdfError,
        ArithmeticError,
        AttributeError,
        LookupError,
        OSError,
        RecursionError,
        TypeError,
        ValueError,
    ):
        return _answer("damaged")


def text_of_plain(content: bytes, most_characters: str) -> bytes:
    """The text of a file that is text, in one of the encodings that people use."""
    text = decoded(content)
    return _answer("encoding") if text is None else _answer("", text[: int(most_characters) + 1])


def _cut(pages: Iterable[str], most: int) -> str:
    """The pages until there is more than is wanted."""
    text = ""
    for page in pages:
        text += ("\n\n" if text else "") + page
        if len(text) > most:
            break
    return text[: most + 1]


def _answer(fault: Fault, text: str = "") -> bytes:
    return f"{fault}\n{text}".encode("utf-8", "replace")
