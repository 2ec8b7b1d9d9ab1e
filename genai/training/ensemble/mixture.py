"""Mixes the next-token distributions p_k of several models, and fits the weights w_k (w_k ≥ 0, Σ w_k = 1).

    linear      p(x) = Σ_k w_k p_k(x)            (Jelinek and Mercer 1980, interpolated estimation)
    log-linear  p(x) = Π_k p_k(x)^{w_k} / Z      (Heskes 1998, logarithmic opinion pools; Hinton 2002, products of
                                                  experts), Z = Σ_x Π_k p_k(x)^{w_k}

A linear mixture says what any member says; a log-linear one what no member objects to. The weights make the written
tokens likeliest. In the linear case that is done by expectation-maximisation (Dempster, Laird and Rubin 1977),

    r_kt = w_k p_k(x_t) / Σ_j w_j p_j(x_t),    w_k ← 1/T Σ_t r_kt,

and in the log-linear case by L-BFGS over w = softmax(v); both objectives are concave in w.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import torch
from rich.console import Console
from rich.progress import track
from transformers import PreTrainedModel

from genai.training.data.samples import Scored
from genai.training.measure.perplexity import label_logits
from genai.training.run.distributed import is_main

MixtureKind = Literal["linear", "log_linear"]
_EM_STEPS: Final = 2000
_LBFGS_STEPS: Final = 100


def mix(kind: MixtureKind, distributions: torch.Tensor, weights: torch.Tensor) -> torch.Tensor:
    """Log-probabilities (tokens, vocabulary) from those of the members, (members, tokens, vocabulary)."""
    shaped = weights.to(distributions).view(-1, 1, 1)
    if kind == "linear":
        return torch.logsumexp(shaped.log() + distributions, 0)
    used = shaped.flatten() > 0  # 0 times a probability of 0 would not be a number
    return (shaped[used] * distributions[used]).sum(0).log_softmax(-1)


def fit_linear(log_probabilities: torch.Tensor) -> torch.Tensor:
    """Weights (members,), float64, from the members' log-probabilities of the written tokens, (members, tokens)."""
    scores = log_probabilities.double()
    weights = torch.full((len(scores),), 1 / len(scores), dtype=torch.float64)
    for _ in range(_EM_STEPS):
        newer = torch.softmax(weights.log()[:, None] + scores, 0).mean(1)
        if torch.allclose(newer, weights, rtol=0, atol=1e-9):
            break
        weights = newer
    return weights


def fit_log_linear(distributions: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """Weights (members,), float64, from log-probabilities (members, tokens, vocabulary) and tokens (tokens,)."""
    free = torch.zeros(len(distributions), requires_grad=True)
    optimiser = torch.optim.LBFGS([free], max_iter=_LBFGS_STEPS, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        optimiser.zero_grad()
        pooled = torch.einsum("k,ktv->tv", free.softmax(0), distributions)
        value = torch.nn.functional.cross_entropy(pooled, labels)  # its softmax divides by Z
        value.backward()
        return value

    optimiser.step(loss)  # type: ignore[no-untyped-call]
    return free.detach().double().softmax(0)


def without_the_least(weights: torch.Tensor, least: float) -> torch.Tensor:
    """The weights with those below `least` at 0 and the others scaled to sum to 1; the largest always stays."""
    kept = torch.where(weights >= min(least, float(weights.max())), weights, 0.0)
    return kept / kept.sum()


# Has several models read the same tokens, and says how well each and their mixtures predict them.


_LARGEST_FIT: Final = 2**28
"""Numbers (1 GiB of float32) that are held at once while log-linear weights are fitted."""


@dataclass(frozen=True, slots=True)
class EnsembleReader:
    """Models with one tokenizer, in memory side by side; `context` is how many tokens they are given at a time."""

    models: tuple[PreTrainedModel, ...]
    context: int

    def distributions(self, samples: Sequence[Scored]) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
        """Batch by batch, log-probabilities (members, labels, vocabulary) and labels (labels,), on the CPU."""
        readers = [label_logits(model, samples, self.context) for model in self.models]
        batches = zip(*readers, strict=True)
        shown = track(batches, "Reading", console=Console(stderr=True), disable=not is_main(), transient=True)
        for parts in shown:
            shared = min(logits.shape[-1] for logits, _ in parts)  # some are padded to round sizes
            stacked = [logits[:, :shared].float().log_softmax(-1).cpu() for logits, _ in parts]
            yield torch.stack(stacked), parts[0][1].cpu()

    def fit(self, kind: MixtureKind, samples: Sequence[Scored]) -> torch.Tensor:
        """The weights that make the samples' labels likeliest; log-linear ones by as many labels as fit."""
        if kind == "linear":
            return fit_linear(torch.cat([_written(*batch) for batch in self.distributions(samples)], 1))
        read: list[tuple[torch.Tensor, torch.Tensor]] = []
        for distributions, labels in self.distributions(samples):
            read.append((distributions, labels))
            if sum(part.numel() for part, _ in read) >= _LARGEST_FIT:
                break
        return fit_log_linear(
            torch.cat([part for part, _ in read], 1), torch.cat([labels for _, labels in read])
        )

    def perplexities(
        self, samples: Sequence[Scored], mixtures: Sequence[tuple[MixtureKind, torch.Tensor]]
    ) -> list[float]:
        """Perplexity per token of each member, then of each mixture (kind and weights)."""
        nats, count = torch.zeros(len(self.models) + len(mixtures), dtype=torch.float64), 0
        for distributions, labels in self.distributions(samples):
            mixed = [mix(kind, distributions, weights)[None] for kind, weights in mixtures]
            nats -= _written(torch.cat([distributions, *mixed]), labels).double().sum(1)
            count += len(labels)
        return [math.exp(value / max(1, count)) for value in nats.tolist()]


def _written(distributions: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """Log-probabilities of the labels, (members, labels)."""
    return distributions.gather(2, labels.expand(len(distributions), -1)[..., None])[..., 0]
