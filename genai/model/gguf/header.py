"""What a GGUF file says about itself: its metadata, and where its tensors lie. Reads no weights.

A file is a magic word, counts, named values, a table of tensors, and the tensors' data, each aligned
(https://github.com/ggml-org/ggml/blob/master/docs/gguf.md). The `gguf` package knows the numbers that stand for
kinds of values and of blocks; its own reader takes seconds, because it makes an array of every token's name.
"""

import mmap
import struct
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
from gguf.constants import GGML_QUANT_SIZES, GGMLQuantizationType

from genai.errors import BadCheckpoint

_VERSIONS = (2, 3)
_STRING, _ARRAY, _BOOL = 8, 9, 7
_FORMATS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
_ALIGNMENT = 32
_MOST = 1 << 24
"""Values, tensors or elements of a list beyond which a count is not believed."""


@dataclass(frozen=True, slots=True)
class TensorInfo:
    """One tensor: `shape` as PyTorch counts, rows first; its blocks are `size` bytes from `start` of the file."""

    name: str
    shape: tuple[int, ...]
    kind: GGMLQuantizationType
    start: int
    size: int


@dataclass(frozen=True, slots=True)
class GgufFile:
    """A file's named values, and its tensors by name."""

    path: Path
    values: dict[str, Any]
    tensors: dict[str, TensorInfo]

    @property
    def architecture(self) -> str:
        """What llama.cpp calls the model's architecture; '' where the file does not say."""
        return str(self.values.get("general.architecture", ""))

    def blocks(self, name: str) -> np.ndarray[Any, np.dtype[np.uint8]]:
        """A tensor's bytes, [rows, bytes of a row], read from the file as they are touched."""
        tensor = self.tensors[name]
        data = np.memmap(self.path, np.uint8, "r", tensor.start, (tensor.size,))
        return data.reshape(prod(tensor.shape[:-1]), -1)


def read_header(path: Path) -> GgufFile:
    """Raises BadCheckpoint if `path` is no GGUF file, breaks off, or has a kind of block that nobody knows."""
    damaged = BadCheckpoint(f"The model file {path.name} is damaged or incomplete; download it again.")
    try:
        with path.open("rb") as opened, mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as content:
            if content[:4] != b"GGUF":
                raise BadCheckpoint(f"{path.name} is not a model in GGUF format; check generator.model.")
            return _Reader(path, content).file()
    except OSError as error:
        raise BadCheckpoint(f"The model file {path.name} cannot be read; check its permissions.") from error
    except (ValueError, struct.error, UnicodeDecodeError, OverflowError) as error:
        raise damaged from error


class _Reader:
    """Reads one value after the other."""

    def __init__(self, path: Path, content: mmap.mmap) -> None:
        self._path, self._content, self._place = path, content, 4

    def file(self) -> GgufFile:
        (version,) = self._numbers("I")
        if version not in _VERSIONS:
            raise BadCheckpoint(
                f"{self._path.name} is written in GGUF version {version}, which I cannot read; get it in version 3."
            )
        tensors, count = self._numbers("QQ")
        if max(tensors, count) > _MOST:
            raise ValueError("count out of reach")
        values = {self._string(): self._value(self._numbers("I")[0]) for _ in range(count)}
        entries = [self._entry() for _ in range(tensors)]
        alignment = int(values.get("general.alignment", _ALIGNMENT))
        data = -(-self._place // alignment) * alignment
        found = {name: self._info(name, shape, kind, data + offset) for name, shape, kind, offset in entries}
        return GgufFile(self._path, values, found)

    def _numbers(self, layout: str) -> tuple[Any, ...]:
        found = struct.unpack_from("<" + layout, self._content, self._place)
        self._place += struct.calcsize("<" + layout)
        return found

    def _string(self) -> str:
        (length,) = self._numbers("Q")
        end = self._place + length
        if end > len(self._content):
            raise ValueError("string breaks off")
        text = self._content[self._place : end].decode("utf-8")
        self._place = end
        return text

    def _value(self, kind: int) -> Any:
        if kind == _STRING:
            return self._string()
        if kind == _ARRAY:
            of, length = self._numbers("IQ")
            if length > _MOST:
                raise ValueError("list too long")
            if of in (_STRING, _ARRAY):
                return [self._value(of) for _ in range(length)]
            return list(self._numbers(f"{length}{self._format(of)}"))
        return self._numbers(self._format(kind))[0]

    def _format(self, kind: int) -> str:
        if kind not in _FORMATS:
            raise ValueError("value of an unknown kind")
        return _FORMATS[kind]

    def _entry(self) -> tuple[str, tuple[int, ...], int, int]:
        name = self._string()
        (dimensions,) = self._numbers("I")
        if not 0 < dimensions <= 4:
            raise ValueError("dimensions out of reach")
        shape = self._numbers(f"{dimensions}Q")
        kind, offset = self._numbers("IQ")
        return name, tuple(reversed(shape)), kind, offset

    def _info(self, name: str, shape: tuple[int, ...], kind: int, start: int) -> TensorInfo:
        try:
            known = GGMLQuantizationType(kind)
            width, size = GGML_QUANT_SIZES[known]
        except (ValueError, KeyError) as error:
            raise BadCheckpoint(
                f"{self._path.name} holds weights of a kind that I do not know ({kind}); get it as Q4_1 or Q8_0."
            ) from error
        if shape[-1] % width:
            raise ValueError("row of broken blocks")
        total = prod(shape) // width * size
        if start + total > len(self._content):
            raise ValueError("data missing")
        return TensorInfo(name, shape, known, start, total)
