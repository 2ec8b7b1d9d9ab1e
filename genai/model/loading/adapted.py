"""Loads a fine-tuned adapter (LoRA, arXiv:2106.09685) together with the model that it was trained on."""

import json
from dataclasses import replace
from pathlib import Path

from genai.errors import BadCheckpoint
from genai.model.loading.weights import LoadedModel, load_model
from genai.settings import GeneratorSettings

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
    base = load_model(settings.model_copy(update={"model": base_of(folder)}))
    try:
        adapted = peft.PeftModel.from_pretrained(base.model, str(folder)).eval().requires_grad_(False)
    except (OSError, ValueError, RuntimeError, KeyError) as error:
        raise BadCheckpoint(f"The adapter {folder} does not fit the model that it names.") from error
    return replace(base, model=adapted.get_base_model(), info=replace(base.info, model=settings.model))


def base_of(folder: Path) -> str:
    """The model that the adapter in `folder` was trained on. Raises BadCheckpoint."""
    try:
        base = json.loads((folder / _FILE).read_bytes())["base_model_name_or_path"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise BadCheckpoint(f"{folder / _FILE} is damaged; train the adapter again.") from error
    if not isinstance(base, str) or not base:
        raise BadCheckpoint(f"{folder / _FILE} does not name the model that it was trained on.")
    return base
