"""Decides, before anything is loaded, where a model is computed, in what, and how much room its cache may take."""

from dataclasses import dataclass

import torch

from genai.errors import GenerationError, NotEnoughMemory
from genai.model.loading import memory_estimates
from genai.model.loading.quantization import Quantization
from genai.model.loading.source import Source
from genai.settings import GeneratorSettings

_SHORTEST_CONTEXT = 256
_USUAL_CONTEXT = 2048
_LONGEST_UNASKED = 8192
"""Unless the settings ask for more; long contexts cost cache in every slot."""
_CACHE_SHARE = 0.5
"""Of what is free beside the weights; the rest of the machine needs some too."""
_COPY_SHARE = 0.25


@dataclass(frozen=True, slots=True)
class Plan:
    """`slots` texts of at most `context` tokens, whose keys and values take `cache_bytes` at most, all together.

    `copy_bytes` may be spent on copies of weights that make many rows faster. Weights and one text need
    `needed_bytes`, and `free_bytes` are there.
    """

    quantization: Quantization
    device: torch.device
    dtype: torch.dtype
    cache_dtype: torch.dtype
    context: int
    slots: int
    cache_bytes: int
    copy_bytes: int
    needed_bytes: int
    free_bytes: int


def plan(settings: GeneratorSettings, source: Source) -> Plan:
    """Raises GenerationError for a device that is not there, NotEnoughMemory where not even one text has room."""
    device = _device(settings.device)
    dtype = _dtype(settings.dtype, device)
    quantization = _quantization(settings.quantization, device)
    context = _context(settings.context_tokens, source)
    grouped = quantization in ("stored", "int4")
    cache_dtype = torch.bfloat16 if grouped and torch.ops.mkldnn._is_mkldnn_bf16_supported() else dtype
    needed = round(memory_estimates.source_bytes(source, quantization, dtype) * memory_estimates.MARGIN)
    free = memory_estimates.available_bytes(device)
    token = memory_estimates.cache_bytes_per_token(source.config, cache_dtype)
    # On the CPU a row takes memory as it grows; on CUDA all of it is allocated at once.
    row = token * (context if device.type == "cuda" else min(context, _SHORTEST_CONTEXT))
    budget = _budget(settings.cache_memory, free - needed, device)
    slots = memory_estimates.affordable_slots(settings.slots, row, budget)
    if slots == 0:
        raise NotEnoughMemory(
            f"The model {settings.model} needs about {memory_estimates.in_gigabytes(needed + row)} of memory, but only "
            f"{memory_estimates.in_gigabytes(free)} are free; choose a smaller model, nf4 or fewer context_tokens."
        )
    fitting = budget // token if token else context
    copies = max(0, round((free - needed) * _COPY_SHARE))
    shared = (quantization, device, dtype, cache_dtype, min(context, fitting), slots, budget, copies)
    return Plan(*shared, needed_bytes=needed + row, free_bytes=free)


def _budget(wanted: float | str, room: int, device: torch.device) -> int:
    if isinstance(wanted, float):
        return min(round(wanted * 1e9), room)
    return max(0, room if device.type == "cuda" else round(room * _CACHE_SHARE))


def _quantization(wanted: str, device: torch.device) -> Quantization:
    if wanted == "auto":
        return "nf4" if device.type == "cuda" else "stored"
    if wanted == "int4" and device.type == "cuda":
        raise GenerationError(
            "int4 is computed on the CPU; choose generator.quantization auto or nf4 on CUDA."
        )
    known: dict[str, Quantization] = {"int4": "int4", "nf4": "nf4", "int8": "int8", "none": "none"}
    return known[wanted]


def _device(wanted: str) -> torch.device:
    cuda = torch.cuda.is_available()
    if wanted == "auto":
        return torch.device("cuda" if cuda else "cpu")
    if wanted.startswith("cuda") and not cuda:
        raise GenerationError(
            "generator.device asks for CUDA, but this machine has no CUDA device; use auto."
        )
    return torch.device(wanted)


def _dtype(wanted: str, device: torch.device) -> torch.dtype:
    if wanted != "auto":
        return {"float32": torch.float32, "bfloat16": torch.bfloat16, "float16": torch.float16}[wanted]
    if device.type != "cuda":
        return torch.float32
    return torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float16


def _context(wanted: int, source: Source) -> int:
    own = int(getattr(source.config.get_text_config(), "max_position_embeddings", None) or _USUAL_CONTEXT)
    return min(wanted, own) if wanted else min(own, _LONGEST_UNASKED)
