"""Loads a model or an adapter to be measured, quantised as wanted, on the GPU where there is one."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast

import torch
from transformers import AutoModelForCausalLM, PreTrainedModel, PreTrainedTokenizerBase
from transformers.utils.logging import disable_progress_bar

from genai.model.loading.quantization import loading_options
from genai.training.merge import adapter_base
from genai.training.run.errors import TrainingError
from genai.training.run.model_folders import context_tokens, load_tokenizer, model_place

Scheme = Literal["none", "int8", "nf4", "nf4-double"]
"""How weights are stored; `nf4-double` quantises the scales of nf4 as well (arXiv 2305.14314, section 3)."""

_USUAL_CONTEXT = 1024
_LONGEST_CONTEXT = 4096


@dataclass(frozen=True, slots=True)
class Measured:
    """A model in evaluation mode with its tokenizer; `context` is how many tokens it is given at a time."""

    name: str
    model: PreTrainedModel
    tokenizer: PreTrainedTokenizerBase
    context: int


def load_measured(name: str, scheme: Scheme = "none") -> Measured:
    """A model folder, hub name, `demo`, or adapter folder (on the base that it names). Raises TrainingError."""
    adapter, base = Path(name).expanduser(), base_of(name)
    is_adapter = base != name
    model = load_quantised(base, scheme)
    context = min(context_tokens(base) or _USUAL_CONTEXT, _LONGEST_CONTEXT)
    return Measured(name, _adapted(model, adapter) if is_adapter else model, load_tokenizer(base), context)


def base_of(name: str) -> str:
    """The full model under an adapter folder, as its files say; any other name is one. Raises TrainingError."""
    folder = Path(name).expanduser()
    return adapter_base(folder) if (folder / "adapter_config.json").is_file() else name


def load_quantised(model: str, scheme: Scheme) -> PreTrainedModel:
    """The full model in evaluation mode, without gradients. Raises TrainingError."""
    disable_progress_bar()
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    dtype = torch.bfloat16 if device.type == "cuda" else torch.float32
    options = loading_options("nf4" if scheme == "nf4-double" else scheme, dtype)
    if scheme == "nf4-double":
        options["quantization_config"].bnb_4bit_use_double_quant = True
    place = model_place(model)
    try:
        loaded: Any = AutoModelForCausalLM.from_pretrained(
            place,
            dtype=dtype,
            device_map={"": device},
            trust_remote_code=False,
            use_safetensors=True,
            **options,
        )
    except Exception as error:  # whatever a broken checkpoint provokes
        raise TrainingError(f"The weights of {model} cannot be loaded ({error}).") from error
    return cast(PreTrainedModel, loaded.eval().requires_grad_(False))


def _adapted(base: PreTrainedModel, adapter: Path) -> PreTrainedModel:
    import peft

    try:
        return cast(PreTrainedModel, peft.PeftModel.from_pretrained(base, str(adapter)).eval())
    except (OSError, ValueError, RuntimeError) as error:
        raise TrainingError(f"The adapter {adapter} does not fit its base ({error}).") from error
