"""Sizes of decoders in the manner of Llama: read from a model, changed, and made into a new model."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from huggingface_hub.errors import StrictDataclassError
from pydantic import Field
from transformers import LlamaConfig, LlamaForCausalLM, PretrainedConfig, PreTrainedTokenizerBase

from genai.training.data.packing import document_end
from genai.training.run.config import settings
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


# Makes a new language model of a wanted size: Llama (Touvron et al. 2023, arXiv 2302.13971), untrained.


@settings
class Architecture:
    """Size of a new Llama model; zeros follow from the others."""

    hidden: Annotated[int, Field(ge=8)] = 256
    """Width of a hidden state."""
    intermediate: Annotated[int, Field(ge=0)] = 0
    """Feed-forward width; 0 is 8/3 of `hidden`, rounded up to a multiple of 64."""
    layers: Annotated[int, Field(ge=1)] = 6
    """Decoder layers."""
    heads: Annotated[int, Field(ge=1)] = 4
    """Attention heads of a layer."""
    key_value_heads: Annotated[int, Field(ge=0)] = 0
    """Fewer than `heads` share keys and values (Ainslie et al. 2023, arXiv 2305.13245); 0 is `heads`."""
    context: Annotated[int, Field(ge=16)] = 1024
    """Tokens that the model can read."""
    tie_embeddings: bool = True
    """Whether input and output share their embeddings."""


def new_model(size: Architecture, tokenizer: PreTrainedTokenizerBase) -> LlamaForCausalLM:
    """A model with random weights, drawn from PyTorch's generator. Raises TrainingError."""
    return LlamaForCausalLM(llama_config(size, tokenizer))


def llama_config(size: Architecture, tokenizer: PreTrainedTokenizerBase) -> LlamaConfig:
    """The configuration in this size for the tokenizer's vocabulary. Raises TrainingError."""
    key_value_heads = size.key_value_heads or size.heads
    if size.hidden % size.heads or size.heads % key_value_heads:
        raise TrainingError("hidden must be a multiple of heads, and heads one of key_value_heads.")
    return LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=size.hidden,
        intermediate_size=size.intermediate or -(-size.hidden * 8 // 3 // 64) * 64,
        num_hidden_layers=size.layers,
        num_attention_heads=size.heads,
        num_key_value_heads=key_value_heads,
        max_position_embeddings=size.context,
        tie_word_embeddings=size.tie_embeddings,
        pad_token_id=tokenizer.pad_token_id,
        bos_token_id=tokenizer.bos_token_id or document_end(tokenizer),
        eos_token_id=tokenizer.eos_token_id,
    )
