"""How much memory a model needs and how much there is. Arithmetic and readings; allocates nothing."""

import re
from collections.abc import Mapping
from math import prod
from pathlib import Path

import psutil  # type: ignore[import-untyped]
import torch
from transformers import PretrainedConfig

from genai.model.loading.quantization import Quantization, weight_bytes
from genai.model.loading.source import Source

MARGIN = 1.1
"""Loading and computing take somewhat more than weights and cache."""
_SCALES_SHARE = 1.5
"""Scales lie once as they are stored and once as the kernel reads them; embedding and output layer lie apart."""
_CONTAINER = (
    ("memory.max", "memory.current"),
    ("memory/memory.limit_in_bytes", "memory/memory.usage_in_bytes"),
)
"""Where Linux says how much memory a container may use, and uses (control groups, version 2 and 1)."""
_UNLIMITED = 1 << 62
_KEPT_WHOLE = re.compile(r"embed|lm_head|wte|wpe|norm|output_layer")
"""Names of tensors that are never quantised."""


def model_bytes(shapes: Mapping[str, tuple[int, ...]], quantization: Quantization, dtype: torch.dtype) -> int:
    """Bytes of the loaded weights; 0 when the shapes are not known."""
    total = 0.0
    for name, shape in shapes.items():
        linear = len(shape) == 2 and not _KEPT_WHOLE.search(name)
        total += prod(shape) * (weight_bytes(quantization, dtype) if linear else dtype.itemsize)
    return round(total)


def source_bytes(source: Source, quantization: Quantization, dtype: torch.dtype) -> int:
    """Bytes of the loaded weights of a folder or of a GGUF file."""
    if source.gguf is not None and quantization == "stored":
        return round(_SCALES_SHARE * sum(tensor.size for tensor in source.gguf.tensors.values()))
    return model_bytes(source.shapes, quantization, dtype)


def cache_bytes_per_token(config: PretrainedConfig, dtype: torch.dtype) -> int:
    """Bytes of keys and values that one token takes in all layers together; 0 without attention heads."""
    text = config.get_text_config()
    heads = getattr(text, "num_attention_heads", None)
    if not heads:
        return 0
    key_heads = getattr(text, "num_key_value_heads", None) or heads
    width = getattr(text, "head_dim", None) or text.hidden_size // heads
    return int(2 * text.num_hidden_layers * key_heads * width * dtype.itemsize)


def available_bytes(device: torch.device) -> int:
    """Bytes that can still be allocated on `device` (on every CUDA device together, for plain `cuda`)."""
    if device.type != "cuda":
        return min(int(psutil.virtual_memory().available), _container_bytes(Path("/sys/fs/cgroup")))
    indices = range(torch.cuda.device_count()) if device.index is None else (device.index,)
    return sum(torch.cuda.mem_get_info(index)[0] for index in indices)


def _container_bytes(folder: Path) -> int:
    """What the container that we run in, if we do, still lets us use; files in memory count as free."""
    for limit, used in _CONTAINER:
        try:
            most, now = (folder / limit).read_text().strip(), int((folder / used).read_text())
            return int(most) - now + _cached_bytes((folder / used).parent) if most.isdigit() else _UNLIMITED
        except (OSError, ValueError):
            continue
    return _UNLIMITED


def _cached_bytes(folder: Path) -> int:
    """Of what a container uses, what only holds files and can be given up."""
    lines = (folder / "memory.stat").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("inactive_file "))


def affordable_slots(wanted: int, row_bytes: int, free_bytes: int) -> int:
    """How many rows of the cache fit into `free_bytes`, at most `wanted`; 0 when not even one does."""
    return min(wanted, max(0, int(free_bytes / MARGIN)) // max(1, row_bytes))


def in_gigabytes(number: int) -> str:
    """`number` bytes in GB (10^9), for people."""
    return f"{number / 1e9:.1f} GB"
