"""The tokens that an ensemble is fitted on, and those that it is measured on and was not fitted on."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from genai.training.data.samples import Scored
from genai.training.distil.student import require_same_vocabulary
from genai.training.measure.measured_model import base_of
from genai.training.run.errors import TrainingError
from genai.training.run.models import context_tokens, load_tokenizer
from genai.training.supervised import load_supervised

_LONGEST = 1024


@dataclass(frozen=True, slots=True)
class EnsembleData:
    """Samples to fit on and to measure on, the same where there are too few to part; `context` in tokens."""

    fitted: tuple[Scored, ...]
    measured: tuple[Scored, ...]
    context: int
    parted: bool

    @property
    def tokens(self) -> int:
        """Tokens of both parts."""
        return sum(len(sample.ids) for sample in (*self.fitted, *(self.measured if self.parted else ())))


def load_ensemble_data(models: Sequence[str], path: Path, measured: float, seed: int) -> EnsembleData:
    """The data, encoded by the tokenizer that all models share. Raises TrainingError."""
    if len(models) < 2:
        raise TrainingError("Give --model at least twice: an ensemble has two members or more.")
    bases = [base_of(model) for model in models]
    tokenizer = load_tokenizer(bases[0])
    for base in bases[1:]:
        require_same_vocabulary(tokenizer, load_tokenizer(base))
    context = min(context_tokens(base) or _LONGEST for base in bases)
    data = load_supervised(path, tokenizer, min(context, _LONGEST), measured, seed)
    fitted = _scored(data.train)
    apart = data.held_out is not None
    return EnsembleData(fitted, _scored(data.held_out) if apart else fitted, context, apart)


def _scored(examples: Sequence[dict[str, list[int]]] | None) -> tuple[Scored, ...]:
    items = [] if examples is None else [examples[index] for index in range(len(examples))]
    return tuple(Scored(tuple(item["input_ids"]), tuple(item["labels"]), 0) for item in items)
