"""SHA-256 of large files, remembered until their size or their time of change is another."""

import hashlib
import json
import logging
from pathlib import Path
from tempfile import NamedTemporaryFile

from platformdirs import user_data_dir

_LOG = logging.getLogger(__name__)


def models_folder(chosen: str) -> Path:
    """Where digests and converted models are kept, unless another folder is chosen."""
    return Path(chosen).expanduser() if chosen else Path(user_data_dir("riff", appauthor=False)) / "models"


class Digests:
    """Remembers in a file of `folder`; where that cannot be written, files are read again every time."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "digests.json"

    def of(self, file: Path) -> str:
        """Hexadecimal."""
        about = file.stat()
        state = [about.st_size, about.st_mtime_ns]
        known = self._read()
        kept = known.get(str(file.resolve()))
        if isinstance(kept, list) and kept[:2] == state:
            return str(kept[2])
        with file.open("rb") as opened:
            found = hashlib.file_digest(opened, "sha256").hexdigest()
        self._write(known | {str(file.resolve()): [*state, found]})
        return found

    def _read(self) -> dict[str, object]:
        try:
            found = json.loads(self._file.read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def _write(self, known: dict[str, object]) -> None:
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with NamedTemporaryFile("w", dir=self._file.parent, delete=False, encoding="utf-8") as opened:
                json.dump(known, opened)
            Path(opened.name).replace(self._file)
        except OSError as error:
            _LOG.info("Digests are not remembered: %s", error)
