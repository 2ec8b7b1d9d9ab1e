"""Fetches a model from the hub into a folder of Riff's, going on where an earlier try stopped.

The hub's library goes on by itself only while its process lives: so parts of files are kept here, and its function
for one request, with its progress bar, is told where to begin.
"""

import errno
import hashlib
import os
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

import httpx2
from huggingface_hub import HfApi, hf_hub_url
from huggingface_hub.errors import (
    GatedRepoError,
    HfHubHTTPError,
    HFValidationError,
    RepositoryNotFoundError,
)
from huggingface_hub.file_download import http_get

from bot.core.errors import RiffError

_KINDS = ("Q4_K_M", "Q4_1", "Q4_0", "Q4_K_S", "Q8_0", "")
"""Conversions in the order in which they are wanted; the first are computed with as they are stored."""
_BESIDE = ("*.json", "*.jinja", "tokenizer*", "*.model", "merges.txt", "vocab.txt", "LICENSE*")
_NOT_WANTED = ("*/*", "consolidated*")
_PART = ".part"
_SPARE_BYTES = 200_000_000
_ON = "it goes on where it stopped."
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT}


class DownloadError(RiffError):
    """The model was not fetched; says what to do."""


class LicenceWanted(DownloadError):
    """The model is given to those who agreed to its licence, and HF_TOKEN is of none of them."""


@dataclass(frozen=True, slots=True)
class _File:
    """`digest` is SHA-256; "" where the hub does not say it, as of small files."""

    name: str
    size: int
    digest: str = ""


def download(repository: str, folder: Path, kind: str = "") -> Path:
    """The GGUF file, or the folder, that `repository` was fetched to; `kind` is the conversion that is wanted.

    What is there already is not fetched again, and a part of a file is gone on with. Raises DownloadError.
    """
    endpoint, token = os.environ.get("HF_ENDPOINT"), os.environ.get("HF_TOKEN")
    place = folder / repository.replace("/", "--")
    try:
        info = HfApi(endpoint=endpoint, token=token).model_info(repository, files_metadata=True)
        listed = [
            _File(one.rfilename, one.size or 0, one.lfs.sha256 if one.lfs else "")
            for one in info.siblings or ()
        ]
        files = _wanted(listed, kind)
        _need_room(place, files)
        for file in files:
            url = hf_hub_url(repository, file.name, revision=info.sha, endpoint=endpoint)
            _fetch(url, place, file, {"Authorization": f"Bearer {token}"} if token else {})
    except (HfHubHTTPError, HFValidationError, httpx2.HTTPError, OSError, ValueError) as error:
        raise _explained(error, repository, place) from error
    return place / files[0].name if files[0].name.endswith(".gguf") else place


def _fetch(url: str, place: Path, file: _File, headers: dict[str, str]) -> None:
    """One file, under its name once it is whole. Raises what the hub's library raises."""
    whole, part = place / file.name, place / f"{file.name}{_PART}"
    if whole.is_file() and whole.stat().st_size == file.size:
        return
    place.mkdir(parents=True, exist_ok=True)
    with part.open("ab") as opened:
        known = opened.tell()
        http_get(
            url,
            opened,
            resume_size=known,
            headers=headers,
            expected_size=file.size,
            displayed_filename=file.name,
        )
    if file.digest and _digest(part) != file.digest:
        part.unlink()
        raise DownloadError(f"{file.name} came damaged and was thrown away; run this again.")
    part.replace(whole)


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _wanted(files: Sequence[_File], kind: str) -> Sequence[_File]:
    """A folder's weights with all beside them, or else one whole GGUF file."""
    flat = [one for one in files if not _is_any(one.name, _NOT_WANTED)]
    for ending in ("*.safetensors", "*.bin"):
        if any(fnmatch(one.name, ending) for one in flat) and any(one.name == "config.json" for one in flat):
            return [one for one in flat if _is_any(one.name, (ending, *_BESIDE))]
    conversions = [one for one in flat if one.name.lower().endswith(".gguf") and "-of-0" not in one.name]
    for wanted in (kind, *_KINDS) if kind else _KINDS:
        for one in conversions:
            if wanted.lower() in one.name.lower():
                return [one]
    raise DownloadError(
        "That repository holds no model that Riff can read: neither safetensors nor one GGUF file."
    )


def _is_any(name: str, patterns: Iterable[str]) -> bool:
    return any(fnmatch(name, pattern) for pattern in patterns)


def _need_room(place: Path, files: Sequence[_File]) -> None:
    there = next(folder for folder in (place, *place.parents) if folder.exists())
    kept = {file.name: file.stat().st_size for file in place.glob("*") if file.is_file()}
    begun = sum(kept.get(f"{one.name}{_PART}", 0) for one in files)
    needed = sum(one.size for one in files if kept.get(one.name) != one.size) - begun
    free = shutil.disk_usage(there).free
    if needed > 0 and needed + _SPARE_BYTES > free:
        raise DownloadError(
            f"The model takes {needed / 1e9:.1f} GB, and {free / 1e9:.1f} GB are free at {there}; make room, or choose"
            " a smaller one or another folder (generator.cache_folder)."
        )


def _explained(error: Exception, repository: str, place: Path) -> DownloadError:
    status = error.response.status_code if isinstance(error, HfHubHTTPError) else 0
    if isinstance(error, GatedRepoError) or status == 403:
        return LicenceWanted(
            f"{repository} is given to those who agreed to its licence: do so at https://huggingface.co/{repository},"
            " make a token at https://huggingface.co/settings/tokens, and set HF_TOKEN."
        )
    if isinstance(error, RepositoryNotFoundError | HFValidationError):
        said = f"The hub has no model {repository}, or not for you; check the name, or set HF_TOKEN."
    elif status == 401:
        said = "The hub refuses HF_TOKEN; make a new one at https://huggingface.co/settings/tokens."
    elif isinstance(error, OSError) and error.errno in _NO_ROOM:
        said = f"The disk is full at {place}; make room and run this again: {_ON}"
    elif status:
        said = f"The hub failed (HTTP {status}); run this again: {_ON}"
    else:
        said = f"The download broke off ({type(error).__name__}); check the network and run this again: {_ON}"
    return DownloadError(said)
