"""Sizes of a decoder in the manner of Llama, and configurations of the same architecture in another size."""

from collections.abc import Sequence
from dataclasses import dataclass

from huggingface_hub.errors import StrictDataclassError
from transformers import PretrainedConfig

from genai.training.run.errors import TrainingError


@dataclass(frozen=True, slots=True)
class Shape:
    """Layers, their widths and heads. Query heads share key/value heads in groups of equal size."""

    layers: int
    hidden: int
    intermediate: int
    heads: int
    key_value_heads: int
    head_width: int

    @property
    def group(self) -> int:
        """Query heads that share one key/value head."""
        return self.heads // self.key_value_heads


def shape_of(config: PretrainedConfig) -> Shape:
    """The sizes that a configuration states; raises TrainingError when it lacks one."""
    try:
        heads, hidden = int(config.num_attention_heads), int(config.hidden_size)
        return Shape(
            layers=int(config.num_hidden_layers),
            hidden=hidden,
            intermediate=int(config.intermediate_size),
            heads=heads,
            key_value_heads=int(getattr(config, "num_key_value_heads", None) or heads),
            head_width=int(getattr(config, "head_dim", None) or hidden // heads),
        )
    except (AttributeError, TypeError) as error:
        raise TrainingError(
            f"Models of the kind {config.model_type} are not supported here; take one built like Llama, "
            "Mistral or Qwen."
        ) from error


def resized(config: PretrainedConfig, shape: Shape, kept_layers: Sequence[int]) -> PretrainedConfig:
    """The configuration in another shape, whose layers are of the kinds that `kept_layers` (indices) had."""
    if shape.heads % shape.key_value_heads:
        raise TrainingError(
            f"{shape.heads} heads cannot share {shape.key_value_heads} key/value heads evenly; choose a multiple."
        )
    values = config.to_dict() | {
        "num_hidden_layers": shape.layers,
        "hidden_size": shape.hidden,
        "intermediate_size": shape.intermediate,
        "num_attention_heads": shape.heads,
        "num_key_value_heads": shape.key_value_heads,
        "head_dim": shape.head_width,
    }
    for name, value in config.to_dict().items():
        if isinstance(value, list) and len(value) == config.num_hidden_layers:  # layer_types and the like
            values[name] = [value[index] for index in kept_layers]
    try:
        return type(config).from_dict(values)
    except (StrictDataclassError, ValueError) as error:
        reason = str(error.__cause__ or error).rstrip(".")
        raise TrainingError(
            f"A model of the kind {config.model_type} cannot have these sizes: {reason}."
        ) from error
