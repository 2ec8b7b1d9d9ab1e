"""Writes small files so that a kill in the middle leaves the old or the new content, never half of it."""

import os
from pathlib import Path


def write_text(path: Path, text: str) -> None:
    """Replace the content of `path`; raises OSError when it cannot be written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.draft")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)
