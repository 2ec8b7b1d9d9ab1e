"""Averages the weights of models that were fine-tuned from the same one (model soup).

Wortsman et al. 2022 (arXiv 2203.05482): θ = 1/K Σ_k θ_k predicts as an ensemble of the K models does, at the cost of
one, where fine-tuning has left all of them in one basin of the loss. The greedy soup (their algorithm 1) goes through
the models from the best on the validation set on, and takes each in that does not make the average worse.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import cast

import torch
from transformers import PreTrainedModel

from genai.training.run.errors import TrainingError
from genai.training.run.model_folders import load_measured

Weights = dict[str, torch.Tensor]


@dataclass(frozen=True, slots=True)
class SoupTrial:
    """A soup that was tried: the members in it (by place in the list), and its validation perplexity."""

    members: tuple[int, ...]
    perplexity: float


def average(names: Sequence[str], members: Sequence[int]) -> PreTrainedModel:
    """The model whose weights are the mean of the members', loaded one at a time, in float32 on the CPU.

    Adapters are merged into their bases first. Raises TrainingError unless all have the same parts.
    """
    soup = whole_model(names[members[0]])
    mean = {name: tensor.float() for name, tensor in soup.state_dict().items()}
    for count, member in enumerate(members[1:], start=2):
        other = whole_model(names[member]).state_dict()
        _require_same_parts(mean, other, names[members[0]], names[member])
        for name, tensor in mean.items():
            tensor.lerp_(other[name].to(tensor), 1 / count)
    soup.float().load_state_dict(mean)
    return soup


def greedy(perplexities: Sequence[float], taste: Callable[[tuple[int, ...]], float]) -> Iterator[SoupTrial]:
    """The soups that are tried, each with its perplexity; the best of them is the greedy soup.

    `perplexities` are the members' own on the validation set, `taste` gives that of a soup of members.
    """
    best, *others = sorted(range(len(perplexities)), key=lambda member: perplexities[member])
    soup = SoupTrial((best,), perplexities[best])
    yield soup
    for member in others:
        tried = (*soup.members, member)
        found = SoupTrial(tried, taste(tried))
        yield found
        if found.perplexity <= soup.perplexity:
            soup = found


def whole_model(name: str) -> PreTrainedModel:
    """A model, or an adapter merged into its base. Raises TrainingError."""
    model = load_measured(name).model
    return cast(PreTrainedModel, model.merge_and_unload()) if hasattr(model, "merge_and_unload") else model


def _require_same_parts(one: Weights, other: Weights, first: str, second: str) -> None:
    if {name: tensor.shape for name, tensor in one.items()} != {n: t.shape for n, t in other.items()}:
        raise TrainingError(
            f"The weights of {first} and {second} cannot be averaged: their parts differ. Take models that were "
            "fine-tuned from the same one, or mix their distributions (--kind linear)."
        )
