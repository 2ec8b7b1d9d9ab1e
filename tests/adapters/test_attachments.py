"""Attached files: what is text in them is read, what is not is said."""

import io

import pytest
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from adapters.common.attachments import MOST_BYTES, Attachment, AttachmentError, joined, read_text


def pdf(text: str, *, password: str = "", pages: int = 1) -> bytes:
    writer = PdfWriter()
    for _ in range(pages):
        page = writer.add_blank_page(200, 200)
        font = DictionaryObject(
            {
                NameObject("/Type"): NameObject("/Font"),
                NameObject("/Subtype"): NameObject("/Type1"),
                NameObject("/BaseFont"): NameObject("/Helvetica"),
            }
        )
        fonts = DictionaryObject({NameObject("/F1"): writer._add_object(font)})
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
        stream = DecodedStreamObject()
        stream.set_data(f"BT /F1 12 Tf 20 100 Td ({text}) Tj ET".encode())
        page[NameObject("/Contents")] = writer._add_object(stream)
    if password:
        writer.encrypt(password)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "text"),
    [
        ("a.txt", "caf\u00e9".encode(), "caf\u00e9"),
        ("a.md", b"\xef\xbb\xbf# Title", "# Title"),
        ("a.csv", "a;b".encode("utf-16"), "a;b"),
        ("a.txt", "caf\u00e9".encode("cp1252"), "caf\u00e9"),
        ("a.txt", "咖啡杯的新点子：共享雨伞".encode("gb18030"), "咖啡杯的新点子：共享雨伞"),
        ("a.pdf", pdf("Hello pages"), "Hello pages"),
    ],
)
async def test_text_is_read(name: str, content: bytes, text: str) -> None:
    assert await read_text(name, "", content) == Attachment(name, text)


@pytest.mark.parametrize(
    ("name", "media_type", "content", "say"),
    [
        ("a.mp4", "audio/mp4", b"", "recordings"),
        ("a.exe", "application/x-msdownload", b"MZ", "CSV and PDF"),
        ("a.txt", "", b"x" * (MOST_BYTES + 1), "too large"),
        ("a.txt", "", bytes(range(256)) * 4, "encoded"),
        ("a.pdf", "", b"%PDF-1.7 broken", "damaged"),
        ("a.pdf", "", pdf("secret", password="x"), "password"),  # noqa: S106
        ("a.pdf", "", pdf("x", pages=51), "at most 50 pages"),
        ("a.pdf", "", pdf(""), "no text"),
    ],
)
async def test_what_cannot_be_read_is_said(name: str, media_type: str, content: bytes, say: str) -> None:
    with pytest.raises(AttachmentError, match=say):
        await read_text(name, media_type, content)


def test_files_join_the_prompt_within_the_limit() -> None:
    file = Attachment("a.txt", "the notes")
    assert joined("sum up", [file], 100) == "sum up\n\nAttached file:\nthe notes"
    assert joined("x" * 200, [], 100) == "x" * 200
    with pytest.raises(AttachmentError, match="at most 20"):
        joined("sum up", [file], 20)
