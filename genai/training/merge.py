"""Merges a LoRA adapter into its base: W' = W + (α / r) B A, one full model that loads anywhere.

An adapter that was trained on an NF4 base is merged into the base's own weights, not the rounded ones.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

import torch
from transformers import PreTrainedModel

from genai.training.lora import SOURCES
from genai.training.run.config import settings
from genai.training.run.dry_run import parameter_count
from genai.training.run.errors import TrainingError
from genai.training.run.model_card import ModelCard, describe_file, write_card
from genai.training.run.model_folders import adapter_base, load_tokenizer, load_weights, own_dtype
from genai.training.run.stage import Stage

_PROBE_TOKENS: Final = 16


@settings
class MergeConfig:
    """Which adapter goes into which model."""

    adapter: Path
    """Folder of the adapter."""
    output: Path
    """New folder for the full model."""
    model: str = ""
    """Base, if not the one that the adapter names."""


@dataclass(frozen=True, slots=True)
class Merged:
    """The full model; `largest_difference` of its logits from base plus adapter, before rounding."""

    output: Path
    parameters: int
    dtype: str
    largest_difference: float

    def lines(self) -> list[str]:
        """The result for people."""
        return [
            f"{self.output}: {self.parameters:,} parameters in {self.dtype}; logits differ by at most "
            f"{self.largest_difference:.2g} from those with the adapter apart"
        ]


def merge(config: MergeConfig) -> Merged:
    """Save base and adapter as one model, in the base's own precision. Raises TrainingError."""
    import peft

    model = config.model or adapter_base(config.adapter)
    _check(config)
    base, dtype = load_weights(model, torch.float32), own_dtype(model)
    try:
        adapted = peft.PeftModel.from_pretrained(base, str(config.adapter))
    except (OSError, ValueError, RuntimeError) as error:
        raise TrainingError(f"The adapter {config.adapter} does not fit {model} ({error}).") from error
    before = _probe(adapted)
    merged = cast(PreTrainedModel, adapted.merge_and_unload())
    difference = float((_probe(merged) - before).abs().max())
    config.output.mkdir(parents=True, exist_ok=True)
    cast(Any, merged).to(dtype).save_pretrained(config.output)
    load_tokenizer(model).save_pretrained(config.output)
    found = Merged(config.output, parameter_count(merged), str(dtype).removeprefix("torch."), difference)
    write_card(_card(config, model, found), config.output / "README.md")
    return found


def _check(config: MergeConfig) -> None:
    if not (config.adapter / "adapter_model.safetensors").is_file():
        raise TrainingError(
            f"{config.adapter} has no adapter_model.safetensors; train the adapter to its end."
        )
    if config.output.exists() and (not config.output.is_dir() or any(config.output.iterdir())):
        raise TrainingError(f"{config.output} is not empty; give --output a new folder.")


def _probe(model: Any) -> torch.Tensor:
    """Logits of shape (tokens, vocabulary) for the first tokens of the vocabulary."""
    model.eval()
    ids = torch.arange(min(_PROBE_TOKENS, model.config.get_text_config().vocab_size))[None]
    with torch.inference_mode():
        return cast(torch.Tensor, model(input_ids=ids).logits[0])


def _card(config: MergeConfig, model: str, found: Merged) -> ModelCard:
    return ModelCard(
        title=config.output.name,
        summary=f"{model} with the LoRA adapter {config.adapter.name} merged into its weights.",
        base=model,
        data=(describe_file(config.adapter / "adapter_model.safetensors", 1),),
        figures={
            "parameters": found.parameters,
            "stored as": found.dtype,
            "largest difference of a logit from base plus adapter": found.largest_difference,
        },
        sources=SOURCES[:1],
    )


STAGE: Final = Stage(MergeConfig, merge, needs=("peft",))
