"""Text out of what people attach: txt, md, csv, pdf and recordings; shared by the chat platforms.

Bytes in, text out, within limits; nothing is fetched here.
"""

from adapters.attachments.reading import (
    MOST_BYTES,
    Attachment,
    AttachmentError,
    check_size,
    is_readable,
    joined,
    kind_of,
    read_text,
)

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
