"""The parts of a decoder that is built like Llama, by the names that transformers gives them."""

from dataclasses import dataclass

from torch import nn
from transformers import PreTrainedModel

from genai.training.run.errors import TrainingError


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer, and the two matrices in it that read the heads' and the feed-forward neurons' results."""

    whole: nn.Module
    attention_output: nn.Module
    neurons_output: nn.Module


def layers_of(model: PreTrainedModel) -> list[Layer]:
    """The layers from first to last; raises TrainingError for a model that is built otherwise."""
    try:
        return [
            Layer(layer, layer.get_submodule("self_attn.o_proj"), layer.get_submodule("mlp.down_proj"))
            for layer in model.get_submodule("model.layers").children()
        ]
    except AttributeError as error:
        raise unsupported(model) from error


def unsupported(model: PreTrainedModel) -> TrainingError:
    """The error about a model whose parts have other names or shapes."""
    return TrainingError(
        f"Models of the kind {model.config.model_type} cannot be pruned here; take one built like Llama, "
        "Mistral or Qwen, or distil it into a smaller one (`riff train distil`)."
    )
