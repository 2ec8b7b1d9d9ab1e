"""Several models that decode as one: which ones, with which weights, and how they are mixed.

From the settings, or from an `ensemble.json`, which `riff train ensemble` writes:

    {"kind": "linear" | "log_linear", "members": [{"model": "/models/a", "weight": 0.7}, ...]}

Their tokenizer is the same; each reads every text, and their distributions are mixed.

linear      p(x) = Σ_k w_k p_k(x)            says what any member says (Jelinek and Mercer 1980)
log-linear  p(x) ∝ Π_k p_k(x)^{w_k}          says what no member objects to (Hinton 2002)
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from torch import Tensor

from genai.engine.scorer import RowStore, Scorer, Span
from genai.errors import BadCheckpoint
from genai.settings import EnsembleMember, GeneratorSettings, Mixing

FILE = "ensemble.json"


@dataclass(frozen=True, slots=True)
class Recipe:
    """Models with weights above 0, and how they are mixed; one model alone is not mixed at all."""

    members: tuple[EnsembleMember, ...]
    mixing: Mixing


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Mixing
    members: tuple[EnsembleMember, ...] = Field(min_length=1)


def recipe_for(settings: GeneratorSettings) -> Recipe:
    """The ensemble of the settings, that of `model`'s folder, or `model` alone. Raises BadCheckpoint.

    A member of weight 0 changes nothing, so it is left out, and not even loaded.
    """
    if settings.ensemble:
        return _weighed(settings.ensemble, settings.mixing)
    file = Path(settings.model).expanduser() / FILE
    if file.is_file():
        found = _read(file)
        return _weighed(found.members, found.kind)
    return Recipe((EnsembleMember(model=settings.model),), settings.mixing)


def _weighed(members: tuple[EnsembleMember, ...], mixing: Mixing) -> Recipe:
    return Recipe(tuple(member for member in members if member.weight), mixing)


def _read(file: Path) -> _File:
    try:
        found = _File.model_validate_json(file.read_bytes())
    except (OSError, ValidationError) as error:
        raise BadCheckpoint(
            f"{file} is not an ensemble that I can use; make it again with riff train ensemble."
        ) from error
    if not sum(member.weight for member in found.members):
        raise BadCheckpoint(f"Every member in {file} has the weight 0; give one of them more.")
    return found


# Lets several models with one tokenizer decode as one: each reads every text, and their distributions are mixed.
#
# linear      p(x) = Σ_k w_k p_k(x)            says what any member says (Jelinek and Mercer 1980)
# log-linear  p(x) ∝ Π_k p_k(x)^{w_k}          says what no member objects to (Hinton 2002)


class Rows:
    """The rows of all members' caches, which stay alike."""

    def __init__(self, stores: Sequence[RowStore]) -> None:
        self._stores = stores
        self.slots = min(store.slots for store in stores)
        self.positions = min(store.positions for store in stores)
        self.capacity = min(store.capacity for store in stores)

    def empty(self, row: int) -> None:
        """Forget a row, in every cache."""
        for store in self._stores:
            store.empty(row)

    def copy(self, source: int, target: int, length: int) -> None:
        """Copy the first `length` positions of one row to another, in every cache."""
        for store in self._stores:
            store.copy(source, target, length)

    def swap(self, first: int, second: int, length: int) -> None:
        """Exchange the first `length` positions of two rows, in every cache."""
        for store in self._stores:
            store.swap(first, second, length)


class Ensemble:
    """A Scorer made of Scorers; `weights` are above 0 and need not sum to 1."""

    def __init__(self, members: Sequence[Scorer], weights: Sequence[float], mixing: Mixing) -> None:
        self._members = members
        self._weights = torch.tensor(weights, dtype=torch.float32) / sum(weights)
        self._mixing = mixing
        self.cache = Rows([member.cache for member in members])
        self.agreement: Tensor | None = None
        """How alike the members' latest distributions are, by row, from 0 to 1."""

    def __call__(self, spans: Sequence[Span]) -> Tensor:
        """Feed `spans` to every member; log-probabilities of the mixture, float32, of as many rows as theirs."""
        answers = [member(spans) for member in self._members]
        # Some models pad their vocabulary to a round size; ids beyond the shortest mean nothing to anyone.
        shared = min(answer.shape[1] for answer in answers)
        device = answers[0].device
        members = torch.stack(
            [answer[:, :shared].to(device).float().log_softmax(dim=1) for answer in answers]
        )
        weights = self._weights.to(device).view(-1, 1, 1)
        linear = (weights.log() + members).logsumexp(dim=0)
        self.agreement = _agreement(members, linear, weights)
        return linear if self._mixing == "linear" else (weights * members).sum(dim=0).log_softmax(dim=1)


def _agreement(members: Tensor, mixed: Tensor, weights: Tensor) -> Tensor:
    """1 - JSD / H(w) for each row: Jensen-Shannon divergence over its upper bound (Lin 1991, IEEE Trans. IT 37).

    members [members, rows, vocabulary] and their linear mixture are log-probabilities.
    """
    apart = members.exp() * (members - mixed).nan_to_num(0.0)
    divergence = (weights * apart).sum(dim=(0, 2))
    bound = -(weights * weights.log()).sum()
    return (1 - divergence / bound).clamp(0.0, 1.0)
