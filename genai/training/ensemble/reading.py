"""Has several models read the same tokens, and says how well each and their mixtures predict them."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import torch
from rich.console import Console
from rich.progress import track
from transformers import PreTrainedModel

from genai.training.data.samples import Scored
from genai.training.ensemble.mixing import MixtureKind, fit_linear, fit_log_linear, mix
from genai.training.measure.likelihood import label_logits
from genai.training.run.distributed import is_main

_LARGEST_FIT: Final = 2**28
"""Numbers (1 GiB of float32) that are held at once while log-linear weights are fitted."""


@dataclass(frozen=True, slots=True)
class Together:
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
