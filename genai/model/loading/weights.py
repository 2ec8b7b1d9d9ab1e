"""Loads a model and its tokenizer, after checking that they can be loaded.

A fine-tuned adapter (LoRA, arXiv:2106.09685) is loaded together with the model that it was trained on."""

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer, PreTrainedModel, PreTrainedTokenizerBase
from transformers.utils.logging import disable_progress_bar

from genai.errors import BadCheckpoint, GenerationError, NotEnoughMemory
from genai.model.loading import memory
from genai.model.loading.quantization import loading_options, parameter_count
from genai.model.loading.source import Source, find
from genai.request import GeneratorInfo
from genai.settings import GeneratorSettings

_SHORTEST_CONTEXT = 256
_USUAL_CONTEXT = 2048
_LONGEST_UNASKED = 8192
"""Unless the settings ask for more; long contexts cost cache in every slot."""


@dataclass(frozen=True, slots=True)
class LoadedModel:
    """A model ready to compute, and the room planned for it: `slots` rows of `info.context_tokens` each.

    `cuda_graphs` says that its decode steps are to be replayed as CUDA graphs.
    """

    model: PreTrainedModel
    tokenizer: PreTrainedTokenizerBase
    info: GeneratorInfo
    slots: int
    cuda_graphs: bool = False


def load_model(settings: GeneratorSettings) -> LoadedModel:
    """Find, check and load what `settings` ask for. Takes seconds to minutes; call it off the event loop.

    Raises ModelMissing, BadCheckpoint or NotEnoughMemory.
    """
    disable_progress_bar()
    device = _device(settings.device)
    dtype = _dtype(settings.dtype, device)
    source = find(settings.model, trust_remote_code=settings.trust_remote_code)
    context = _context(settings.context_tokens, source)
    slots = _planned_slots(settings, source, device, dtype, context)
    tokenizer = _load_tokenizer(source, settings.trust_remote_code)
    model = _load_weights(source, settings, device, dtype)
    info = GeneratorInfo(
        model=settings.model,
        backend=settings.backend,
        quantization=settings.quantization,
        device=str(model.device),
        dtype=str(dtype).removeprefix("torch."),
        parameters=parameter_count(model),
        context_tokens=context,
    )
    # A graph belongs to one device; a model that is spread over several runs step by step.
    graphs = settings.cuda_graphs and model.device.type == "cuda" and not _is_spread(model)
    return LoadedModel(model, tokenizer, info, slots, graphs)


def _is_spread(model: PreTrainedModel) -> bool:
    return len(set(getattr(model, "hf_device_map", {}).values())) > 1


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


def _planned_slots(
    settings: GeneratorSettings, source: Source, device: torch.device, dtype: torch.dtype, context: int
) -> int:
    """Slots whose cache fits beside the weights. Raises NotEnoughMemory when not even one does."""
    needed = round(memory.model_bytes(source.shapes, settings.quantization, dtype) * memory.MARGIN)
    row = memory.cache_bytes_per_token(source.config, dtype) * context
    free = memory.available_bytes(device)
    slots = memory.affordable_slots(settings.slots, row, free - needed)
    if slots == 0:
        raise NotEnoughMemory(
            f"The model {settings.model} needs about {memory.in_gigabytes(needed + row)} of memory, but only "
            f"{memory.in_gigabytes(free)} are free; choose a smaller model, nf4 or fewer context_tokens."
        )
    return slots


def _load_tokenizer(source: Source, trust_remote_code: bool) -> PreTrainedTokenizerBase:
    try:
        tokenizer = AutoTokenizer.from_pretrained(source.place, trust_remote_code=trust_remote_code)
    except Exception as error:  # whatever a broken file provokes
        raise BadCheckpoint(f"The tokenizer of the model {source.name} cannot be loaded.") from error
    return tokenizer


def _load_weights(
    source: Source, settings: GeneratorSettings, device: torch.device, dtype: torch.dtype
) -> PreTrainedModel:
    whole_machine = device.type == "cuda" and device.index is None
    options: dict[str, Any] = loading_options(settings.quantization, dtype) | {
        "dtype": dtype,
        "device_map": "auto" if whole_machine else {"": device},
        "trust_remote_code": settings.trust_remote_code,
        "output_loading_info": True,
    }
    try:
        loaded: Any = AutoModelForCausalLM.from_pretrained(source.place, **options)
    except (MemoryError, torch.OutOfMemoryError) as error:
        raise NotEnoughMemory(
            f"Memory ran out while the model {source.name} was loaded; choose a smaller one, or nf4."
        ) from error
    except Exception as error:  # whatever a broken checkpoint provokes
        raise BadCheckpoint(
            f"The weights of the model {source.name} cannot be loaded; download the model again."
        ) from error
    model, report = loaded
    if missing := report["missing_keys"]:
        raise BadCheckpoint(
            f"The weights of the model {source.name} are incomplete: {len(missing)} tensors are missing."
        )
    ready: PreTrainedModel = model.eval().requires_grad_(False)
    return ready


# Loads a fine-tuned adapter (LoRA, arXiv:2106.09685) together with the model that it was trained on.


_FILE = "adapter_config.json"


def is_adapter(folder: Path) -> bool:
    """Whether `folder` holds an adapter instead of a whole model."""
    return (folder / _FILE).is_file()


def load_adapted(settings: GeneratorSettings) -> LoadedModel:
    """The adapter folder `settings.model` on its base; the adapter stays beside the quantised weights.

    Raises what `load_model` raises, and BadCheckpoint for an adapter that does not fit.
    """
    import peft  # seconds to import, and few need it

    folder = Path(settings.model).expanduser()
    base = load_model(settings.model_copy(update={"model": _base_of(folder)}))
    try:
        adapted = peft.PeftModel.from_pretrained(base.model, str(folder)).eval().requires_grad_(False)
    except (OSError, ValueError, RuntimeError, KeyError) as error:
        raise BadCheckpoint(f"The adapter {folder} does not fit the model that it names.") from error
    return replace(base, model=adapted.get_base_model(), info=replace(base.info, model=settings.model))


def _base_of(folder: Path) -> str:
    try:
        base = json.loads((folder / _FILE).read_bytes())["base_model_name_or_path"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise BadCheckpoint(f"{folder / _FILE} is damaged; train the adapter again.") from error
    if not isinstance(base, str) or not base:
        raise BadCheckpoint(f"{folder / _FILE} does not name the model that it was trained on.")
    return base
