"""Measures how much each layer, head and feed-forward neuron of a model matters, on examples.

A gate ξ = 1 multiplies what a unit (a head, a neuron) gives to the matrix that reads it. By the chain rule the
loss of one example changes with the gate as

    g = ∂L/∂ξ = Σ_t a_t · ∂L/∂a_t,    a_t: the unit's activations at token t,

so that g is, to first order, what removing the unit costs. The importance is

    of a head       E |g|                  (Michel, Levy and Neubig 2019, arXiv 1905.10650, equation 2),
    of a neuron     E g²                   (Molchanov et al. 2019, arXiv 1906.10771, equation 8),
    of a layer      1 - E cos(x_in, x_out) (Men et al. 2024, ShortGPT, arXiv 2403.03853, "block influence"),

the last over all tokens, with x the hidden state that goes into the layer and the one that comes out of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn
from torch.nn.functional import cosine_similarity
from transformers import PreTrainedModel

from genai.training.architecture import Shape, shape_of
from genai.training.data.encoding import IGNORED
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


@dataclass(frozen=True, slots=True)
class Importance:
    """Higher matters more. Only units of the same layer can be compared, and layers with one another."""

    layers: torch.Tensor
    """(layers,)"""
    heads: torch.Tensor
    """(layers, query heads)"""
    neurons: torch.Tensor
    """(layers, feed-forward width)"""


class _Recorder:
    """Hooks on one layer, which add up what each example says."""

    def __init__(self, layer: Layer, shape: Shape) -> None:
        self._heads, self._width = shape.heads, shape.head_width
        self.heads, self.neurons = torch.zeros(shape.heads), torch.zeros(shape.intermediate)
        self.change = torch.zeros(())
        self._read: dict[str, torch.Tensor] = {}
        self.hooks = [
            layer.attention_output.register_forward_pre_hook(self._keeper("heads")),
            layer.neurons_output.register_forward_pre_hook(self._keeper("neurons")),
            layer.whole.register_forward_hook(self._compare, with_kwargs=True),
        ]

    def add(self) -> None:
        """Take the gates' gradients in, after the backward pass of one example."""
        heads, neurons = (self._gates(self._read.pop(name)) for name in ("heads", "neurons"))
        self.heads += heads.view(self._heads, self._width).sum(1).abs()
        self.neurons += neurons.square()

    def _keeper(self, name: str) -> Any:
        def keep(_: nn.Module, inputs: tuple[torch.Tensor, ...]) -> None:
            inputs[0].retain_grad()
            self._read[name] = inputs[0]

        return keep

    @staticmethod
    def _gates(read: torch.Tensor) -> torch.Tensor:
        assert read.grad is not None  # noqa: S101
        return (read.detach() * read.grad).sum((0, 1)).float().cpu()

    def _compare(
        self, _: nn.Module, inputs: tuple[torch.Tensor, ...], named: dict[str, Any], output: Any
    ) -> None:
        before = inputs[0] if inputs else named["hidden_states"]
        after = output[0] if isinstance(output, tuple) else output
        self.change += 1 - cosine_similarity(before.detach().float(), after.detach().float(), -1).mean().cpu()


def measure_importance(model: PreTrainedModel, examples: Sequence[dict[str, list[int]]]) -> Importance:
    """The importance by `examples` (`input_ids` and `labels`, (tokens,) each), one at a time.

    The model keeps its weights; raises TrainingError when it is not built like Llama.
    """
    shape = shape_of(model.config)
    recorders = [_Recorder(layer, shape) for layer in layers_of(model)]
    model.eval().requires_grad_(True)
    try:
        for example in examples:
            _backward(model, example)
            for recorder in recorders:
                recorder.add()
            model.zero_grad(set_to_none=True)
    finally:
        for hook in (hook for recorder in recorders for hook in recorder.hooks):
            hook.remove()
    count = len(examples)
    return Importance(
        layers=torch.stack([recorder.change for recorder in recorders]) / count,
        heads=torch.stack([recorder.heads for recorder in recorders]) / count,
        neurons=torch.stack([recorder.neurons for recorder in recorders]) / count,
    )


def _backward(model: PreTrainedModel, example: dict[str, list[int]]) -> None:
    ids, labels = (torch.tensor([example[name]], device=model.device) for name in ("input_ids", "labels"))
    logits = model(input_ids=ids, use_cache=False).logits[0, :-1].float()
    nn.functional.cross_entropy(logits, labels[0, 1:], ignore_index=IGNORED).backward()
