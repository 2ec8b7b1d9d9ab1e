"""Text out of what people attach: txt, md, csv and pdf; shared by the chat platforms.

Bytes in, text out, within limits; nothing is fetched here.
"""

from adapters.attachments.reading import (
    MOST_BYTES,
    Attachment,
    AttachmentError,
    check_size,
    joined,
    kind_of,
    read_text,
)

__all__ = ["MOST_BYTES", "Attachment", "AttachmentError", "check_size", "joined", "kind_of", "read_text"]
