"""Perplexity, per token and per byte (Jelinek et al. 1977, J. Acoust. Soc. Am. 62, S63).

    PPL_token = exp(-1/T Σ_t ln p(x_t | x_<t)),    PPL_byte = exp(-1/B Σ_t ln p(x_t | x_<t))

with T predicted tokens that spell B bytes. Only the second can be compared between tokenizers (Gao et al. 2020,
arXiv 2101.00027, section 3.1: bits per byte, its binary logarithm).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from transformers import PreTrainedModel

from genai.training.data.samples import Scored
from genai.training.measure.likelihood import label_log_probabilities


@dataclass(frozen=True, slots=True)
class Perplexity:
    """Total negative log-likelihood in nats of `tokens` that spell `size` bytes."""

    nats: float
    tokens: int
    size: int

    @property
    def per_token(self) -> float:
        """1 is certainty; the vocabulary's size is pure chance."""
        return math.exp(self.nats / self.tokens)

    @property
    def per_byte(self) -> float:
        """1 is certainty, 256 is pure chance."""
        return math.exp(self.nats / self.size)


def measure_perplexity(
    model: PreTrainedModel, samples: Sequence[Scored], context: int, *, title: str = "Reading"
) -> Perplexity:
    """Perplexity over all samples together, each token counting alike; `context` in tokens."""
    return total_perplexity(label_log_probabilities(model, samples, context, title=title), samples)


def total_perplexity(scores: Sequence[torch.Tensor], samples: Sequence[Scored]) -> Perplexity:
    """Perplexity from the log-probabilities of the samples' labels, (labels,) each."""
    return Perplexity(
        nats=-sum(float(score.double().sum()) for score in scores),
        tokens=sum(len(score) for score in scores),
        size=sum(sample.size for sample in samples),
    )
