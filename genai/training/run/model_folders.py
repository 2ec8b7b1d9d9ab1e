"""Loads models and adapters, to train or to measure them, and saves what a stage made as ordinary folders.

Code that comes with a model is never run, and weights are read from safetensors.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast

import torch
from transformers import (
    AutoModelForCausalLM,
    AutoTokenizer,
    PreTrainedModel,
    PreTrainedTokenizerBase,
    Trainer,
)
from transformers.utils.logging import disable_progress_bar

from genai.errors import GenerationError
from genai.model.gguf.load import load_unpacked
from genai.model.gguf.tokenizer import tokenizer_of
from genai.model.loading.embedded_model import EMBEDDED
from genai.model.loading.quantization import loading_options
from genai.model.loading.source import Source, find, is_gguf
from genai.training.run.distributed import is_main
from genai.training.run.errors import TrainingError
from genai.training.run.folder import write_whole


def find_model(model: str) -> Source:
    """Where a full model is and what its files say: a folder, a GGUF file, a hub name, or `embedded`.

    Raises TrainingError.
    """
    folder = Path(model).expanduser()
    if (folder / "adapter_config.json").is_file():
        raise TrainingError(f"{model} is an adapter; make it a full model first, with `riff train merge`.")
    try:
        return find(model, trust_remote_code=False)
    except GenerationError as error:
        raise TrainingError(error.say.replace("check generator.model", "check the path or name")) from error


def lasting_name(model: str) -> str:
    """The name of a model as files keep it: folders and files by their full path, so that it holds from anywhere."""
    place = Path(model).expanduser()
    return str(place.resolve()) if model != EMBEDDED and place.exists() else model


def name_base(adapter: Path, model: str) -> None:
    """Have a saved adapter name its base so that it is found from anywhere, also after an update of Riff.

    Not done while training: peft would look for the name `embedded` on the hub at each checkpoint.
    """
    if is_main():
        file = adapter / "adapter_config.json"
        values = json.loads(file.read_text(encoding="utf-8")) | {
            "base_model_name_or_path": lasting_name(model)
        }
        write_whole(file, json.dumps(values, indent=2) + "\n")


def adapter_base(adapter: Path) -> str:
    """The model that an adapter was trained on, as its files say; raises TrainingError."""
    file = adapter / "adapter_config.json"
    try:
        base = json.loads(file.read_text(encoding="utf-8"))["base_model_name_or_path"]
    except OSError as error:
        raise TrainingError(f"{adapter} is not an adapter: it has no adapter_config.json.") from error
    except (ValueError, KeyError, TypeError) as error:
        raise TrainingError(f"{file} is damaged; train the adapter again.") from error
    if not isinstance(base, str) or not base:
        raise TrainingError(f"{file} does not name a base model; give --model.")
    return base


def load_tokenizer(model: str) -> PreTrainedTokenizerBase:
    """The tokenizer of a model or of a folder that holds only one, able to pad. Raises TrainingError."""
    try:
        tokenizer = _tokenizer(model)
    except TrainingError:
        raise
    except Exception as error:  # whatever a broken or missing file provokes
        raise TrainingError(f"The tokenizer of {model} cannot be loaded; check the path or name.") from error
    if tokenizer.pad_token is None:
        tokenizer.pad_token = tokenizer.eos_token
    return tokenizer


def _tokenizer(model: str) -> PreTrainedTokenizerBase:
    place = str(Path(model).expanduser())
    if is_gguf(model) or not Path(place).is_dir():  # a folder may hold a tokenizer and no model
        source = find_model(model)
        if source.gguf is not None:
            return tokenizer_of(source.gguf)
        place = source.place
    found: PreTrainedTokenizerBase = AutoTokenizer.from_pretrained(place, trust_remote_code=False)
    return found


def require_same_vocabulary(one: PreTrainedTokenizerBase, other: PreTrainedTokenizerBase) -> None:
    """Raise TrainingError unless both tokenizers mean the same by every token."""
    if one.get_vocab() != other.get_vocab():
        raise TrainingError(
            "The models have different vocabularies, so their opinions cannot be compared token by token; "
            "take models with the same tokenizer."
        )


def load_weights(model: str, dtype: torch.dtype, *, nf4: bool = False) -> PreTrainedModel:
    """The model to train, on the CPU; with `nf4` quantised with double quantisation where it will be trained.

    Packed 4-bit numbers are stored in `dtype` like every other weight, so that FSDP can shard them alike.
    Raises TrainingError.
    """
    options = loading_options("nf4" if nf4 else "none", dtype)
    if nf4:
        config = options["quantization_config"]
        config.bnb_4bit_use_double_quant = True
        config.bnb_4bit_quant_storage = dtype
        options["device_map"] = {"": _own_device()}
    return _load(model, dtype, options)


def _load(model: str, dtype: torch.dtype, options: dict[str, Any]) -> PreTrainedModel:
    """The weights computed with in `dtype`, as the `options` of transformers say. Raises TrainingError."""
    source = find_model(model)
    try:
        if source.gguf is not None:
            return load_unpacked(source.gguf, source.config, dtype, options)
        loaded: PreTrainedModel = AutoModelForCausalLM.from_pretrained(
            source.place, dtype=dtype, trust_remote_code=False, use_safetensors=True, **options
        )
    except Exception as error:  # whatever a broken checkpoint provokes
        raise TrainingError(f"The weights of {model} cannot be loaded ({error}).") from error
    return loaded


def context_tokens(model: str) -> int | None:
    """How many tokens the model can read, if its configuration says."""
    text = find_model(model).config.get_text_config()
    length = getattr(text, "max_position_embeddings", None)
    return int(length) if length else None


def own_dtype(model: str) -> torch.dtype:
    """What a model's files store its weights in; float32 when they do not say."""
    stored = find_model(model).config.dtype
    return stored if isinstance(stored, torch.dtype) else torch.float32


def save_result(trainer: Trainer, folder: Path, dtype: torch.dtype | None) -> None:
    """Save model and tokenizer as an ordinary folder; weights sharded over processes are put together.

    Weights are stored in `dtype`, as they are for None or when sharded. Every process has to call it.
    """
    if trainer.is_fsdp_enabled:
        trainer.accelerator.state.fsdp_plugin.set_state_dict_type("FULL_STATE_DICT")
    elif dtype is not None:
        trainer.accelerator.unwrap_model(trainer.model).to(dtype)
    trainer.save_model(str(folder))
    if is_main():
        (folder / "training_args.bin").unlink(missing_ok=True)  # a pickle, and of no use here
    trainer.accelerator.wait_for_everyone()  # who comes back may read the folder


def _own_device() -> torch.device:
    from accelerate import PartialState

    return torch.device(PartialState().device)


def adapter_use(folder: Path, model: str) -> str:
    """Markdown: Riff with this adapter for everyone, for some, merged, and outside of Riff."""
    place = folder.resolve()
    name = folder.name
    return (
        f"The adapter is an ordinary PEFT folder for `{lasting_name(model)}`.\n\n"
        f"For everyone: `RIFF_GENERATOR__MODEL={place}`. For some workspaces or channels, loaded and unloaded while "
        "Riff serves, give it a name in `config.toml`:\n\n"
        f'```toml\n[generator.adapters]\n{name} = "{place}"\n```\n\n'
        f"As a full model: `riff train merge --adapter {place} --output MODEL`. Anywhere else: "
        f'`peft.PeftModel.from_pretrained(base, "{place}")`.'
    )


# Models to measure, quantised as wanted, on the GPU where there is one.

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
    """A model folder, GGUF file, hub name, `embedded`, or adapter folder, which is put on the base that it names.

    Raises TrainingError.
    """
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
    return _load(model, dtype, options | {"device_map": {"": device}}).eval().requires_grad_(False)


def _adapted(base: PreTrainedModel, adapter: Path) -> PreTrainedModel:
    import peft

    try:
        return cast(PreTrainedModel, peft.PeftModel.from_pretrained(base, str(adapter)).eval())
    except (OSError, ValueError, RuntimeError) as error:
        raise TrainingError(f"The adapter {adapter} does not fit its base ({error}).") from error
