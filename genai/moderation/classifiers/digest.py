"""Digests of weight files, for the version that is recorded with each verdict."""

import hashlib
from pathlib import Path


def digest(*paths: Path) -> str:
    """The first 12 hexadecimal digits of the SHA-256 of the files, one after another."""
    sha256 = hashlib.sha256()
    for path in paths:
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                sha256.update(block)
    return sha256.hexdigest()[:12]
