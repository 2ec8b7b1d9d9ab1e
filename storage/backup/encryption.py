"""Files encrypted in pieces with one key: AES-256-GCM in the STREAM construction.

Each piece is authenticated with its number and with whether it is the last, so that none can be left out, moved or cut
off (Hoang, Reyhanitabar, Rogaway and Vizar, CRYPTO 2015). A file begins with a mark and seven random bytes, which
stand in every nonce, before the piece's number (four bytes) and whether it is the last (one).
"""

import base64
import os
import secrets
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from storage.backup.errors import BackupError

MARK = b"riff-backup-1\n"
_PIECE = 1 << 20
_TAG = 16
_PREFIX = 7


def new_key() -> str:
    """A new key, as text."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode("ascii")


def read_key(text: str) -> bytes:
    """The key's bytes; raises BackupError for what is none."""
    try:
        key = base64.urlsafe_b64decode(text.strip().encode("ascii"))
    except (ValueError, UnicodeEncodeError):
        key = b""
    if len(key) != 32:
        raise BackupError(
            "The key of backups is not one: make one with riff backup --new-key, and keep it apart."
        )
    return key


def is_encrypted(path: Path) -> bool:
    """Whether a file is one of these."""
    with path.open("rb") as file:
        return file.read(len(MARK)) == MARK


def encrypt(source: BinaryIO, target: BinaryIO, key: bytes) -> None:
    """Write the source encrypted."""
    cipher, prefix = AESGCM(key), os.urandom(_PREFIX)
    target.write(MARK + prefix)
    number, piece = 0, source.read(_PIECE)
    while True:
        following = source.read(_PIECE)
        target.write(cipher.encrypt(_nonce(prefix, number, not following), piece, None))
        if not following:
            return
        number, piece = number + 1, following


def decrypt(source: BinaryIO, target: BinaryIO, key: bytes) -> None:
    """Write the source decrypted; raises BackupError for another key, or where it was changed or cut."""
    cipher = AESGCM(key)
    source.read(len(MARK))
    prefix = source.read(_PREFIX)
    number, piece = 0, source.read(_PIECE + _TAG)
    while True:
        following = source.read(_PIECE + _TAG)
        try:
            target.write(cipher.decrypt(_nonce(prefix, number, not following), piece, None))
        except (InvalidTag, ValueError):
            raise BackupError(
                "The backup cannot be decrypted: the key is another, or the file was changed."
            ) from None
        if not following:
            return
        number, piece = number + 1, following


def _nonce(prefix: bytes, number: int, is_last: bool) -> bytes:
    return prefix + number.to_bytes(4, "big") + bytes([is_last])
