"""Lets `transformers` load the weights of a model, and quantise them if it is told to."""

from typing import Any

import torch
from transformers import AutoModelForCausalLM, PreTrainedModel

from genai.errors import BadCheckpoint, NotEnoughMemory
from genai.model.loading.planning import Plan
from genai.model.loading.quantization import loading_options


def load_plain_weights(
    name: str, place: str | None, planned: Plan, options: dict[str, Any], kind: Any = AutoModelForCausalLM
) -> PreTrainedModel:
    """What `transformers` loads from `place`; without one, a `kind` of model from a `state_dict` in `options`.

    Raises NotEnoughMemory or BadCheckpoint.
    """
    whole_machine = planned.device.type == "cuda" and planned.device.index is None
    options = (
        options
        | loading_options(planned.quantization, planned.dtype)
        | {
            "dtype": planned.dtype,
            "device_map": "auto" if whole_machine else {"": planned.device},
            "output_loading_info": True,
        }
    )
    try:
        loaded: Any = kind.from_pretrained(place, **options)
    except (MemoryError, torch.OutOfMemoryError) as error:
        raise NotEnoughMemory(
            f"Memory ran out while the model {name} was loaded; choose a smaller one, or nf4."
        ) from error
    except Exception as error:  # whatever a broken checkpoint provokes
        raise BadCheckpoint(
            f"The weights of the model {name} cannot be loaded; download the model again."
        ) from error
    model, report = loaded
    if missing := report["missing_keys"]:
        raise BadCheckpoint(
            f"The weights of the model {name} are incomplete: {len(missing)} tensors are missing."
        )
    ready: PreTrainedModel = model.eval().requires_grad_(False)
    return ready
