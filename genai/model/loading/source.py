"""Finds a model: the embedded one, a GGUF file, a folder, or a name on the hub. Loads no weights."""

import json
import struct
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any

from huggingface_hub import get_safetensors_metadata, try_to_load_from_cache
from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError
from transformers import AutoConfig, PretrainedConfig

from genai.errors import BadCheckpoint, ModelMissing
from genai.model.gguf.families import configuration
from genai.model.gguf.header import GgufFile, read_header
from genai.model.loading.digests import Digests, models_folder
from genai.model.loading.embedded_model import EMBEDDED, embedded_file

_FORMER = "demo"
"""What Riff brought along before it had a real model."""
_HEADER_LENGTH = 8
_LONGEST_HEADER = 100_000_000


@dataclass(frozen=True, slots=True)
class Source:
    """Where a model's files are, its configuration, and its tensors' shapes ({} if they cannot be told).

    `gguf` is the file that it is read from, if it is one.
    """

    name: str
    place: str
    config: PretrainedConfig
    shapes: dict[str, tuple[int, ...]]
    gguf: GgufFile | None = None


def is_gguf(model: str) -> bool:
    """Whether the name means a GGUF file, as `embedded` does."""
    return model == EMBEDDED or model.lower().endswith(".gguf")


def find(model: str, digests: Digests | None = None, *, trust_remote_code: bool) -> Source:
    """Locate `model` and read what its files say about themselves; `digests` remembers that a file is whole.

    Raises ModelMissing, BadCheckpoint or UnsupportedModel.
    """
    if is_gguf(model):
        file = (
            embedded_file(digests or Digests(models_folder("")))
            if model == EMBEDDED
            else Path(model).expanduser()
        )
        return _gguf(model, file)
    place, folder = model, Path(model).expanduser()
    if folder.is_dir():
        place = str(folder)
        if not (folder / "config.json").is_file():
            raise ModelMissing(f"There is no model in {place}: it has no config.json.")
    elif model == _FORMER:
        raise ModelMissing(f'The model "{_FORMER}" is no longer part of Riff; use "{EMBEDDED}" instead.')
    elif folder.is_absolute() or model.startswith((".", "~")):
        raise ModelMissing(f"There is no model folder {place}; check generator.model.")
    return Source(model, place, _config(place, trust_remote_code), _shapes(place))


def _gguf(model: str, file: Path) -> Source:
    if not file.is_file():
        raise ModelMissing(f"There is no model file {file}; check generator.model.")
    read = read_header(file)
    shapes = {name: tensor.shape for name, tensor in read.tensors.items()}
    return Source(model, str(file), configuration(read), shapes, read)


def _config(place: str, trust_remote_code: bool) -> PretrainedConfig:
    try:
        config: PretrainedConfig = AutoConfig.from_pretrained(place, trust_remote_code=trust_remote_code)
        return config
    except (HFValidationError, LocalEntryNotFoundError) as error:
        raise ModelMissing(
            f"The model {place} was not found, neither on this machine nor on the hub; check generator.model."
        ) from error
    except OSError as error:
        if Path(place).is_dir():
            raise BadCheckpoint(f"The configuration of the model {place} cannot be read.") from error
        raise ModelMissing(
            f"The model {place} was not found, neither on this machine nor on the hub; check generator.model."
        ) from error
    except Exception as error:
        if "trust_remote_code" in str(error):
            raise BadCheckpoint(
                f"The model {place} needs code of its own; set generator.trust_remote_code if you trust it."
            ) from error
        raise BadCheckpoint(f"The configuration of the model {place} is not one I can use.") from error


def _shapes(place: str) -> dict[str, tuple[int, ...]]:
    folder = Path(place)
    if folder.is_dir():
        found: dict[str, tuple[int, ...]] = {}
        for file in sorted(folder.glob("*.safetensors")):
            found |= {name: tuple(tensor["shape"]) for name, tensor in _header(file).items()}
        return found
    if isinstance(try_to_load_from_cache(place, "model.safetensors"), str):
        return _cached_shapes(place)
    return _hub_shapes(place)


def _cached_shapes(place: str) -> dict[str, tuple[int, ...]]:
    file = try_to_load_from_cache(place, "model.safetensors")
    return {name: tuple(tensor["shape"]) for name, tensor in _header(Path(str(file))).items()}


def _hub_shapes(place: str) -> dict[str, tuple[int, ...]]:
    try:
        metadata = get_safetensors_metadata(place)
    except (HfHubHTTPError, OSError, ValueError):
        return {}
    return {
        name: tuple(tensor.shape)
        for file in metadata.files_metadata.values()
        for name, tensor in file.tensors.items()
    }


def _header(file: Path) -> dict[str, Any]:
    """The tensors that a safetensors file lists: 8 bytes of length, then that much JSON, then the data.

    Raises BadCheckpoint if the file breaks off or says something else.
    """
    try:
        with file.open("rb") as opened:
            (length,) = struct.unpack("<Q", opened.read(_HEADER_LENGTH))
            if length > _LONGEST_HEADER:
                raise ValueError("header too long")
            header: dict[str, Any] = json.loads(opened.read(length))
        header.pop("__metadata__", None)
        data = max((tensor["data_offsets"][1] for tensor in header.values()), default=0)
        if file.stat().st_size < _HEADER_LENGTH + length + data:
            raise ValueError("data missing")
        _ = [prod(tensor["shape"]) for tensor in header.values()]
    except (
        OSError,
        ValueError,
        struct.error,
        LookupError,
        TypeError,
        AttributeError,
        RecursionError,
    ) as error:
        raise BadCheckpoint(
            f"The weights file {file.name} is damaged or incomplete; download the model again."
        ) from error
    return header
