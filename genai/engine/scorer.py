"""All that the engine knows of a model: something that scores the next token of the rows it is told of.

Several models with one tokenizer can stand in the place of one: a `Scorer` that feeds the same spans to each of
them and mixes what they answer, with a `RowStore` that copies and exchanges the rows of each.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from torch import Tensor


@dataclass(frozen=True, slots=True)
class Span:
    """Tokens to feed to one row, the first of them at position `start`, through `adapter` if it names one.

    `scored` of them, at their end, are asked for what may come after each, and not after the last alone.
    """

    row: int
    start: int
    tokens: Sequence[int]
    adapter: str = ""
    scored: int = 0


class RowStore(Protocol):
    """Rows of keys and values that can be copied and exchanged; one store may stand for those of many models."""

    @property
    def slots(self) -> int:
        """Rows."""

    @property
    def positions(self) -> int:
        """Tokens that a row can hold."""

    @property
    def capacity(self) -> int:
        """Tokens that all rows together may hold."""

    def empty(self, row: int) -> None:
        """Forget a row, and give its memory back where that can be done."""

    def copy(self, source: int, target: int, length: int) -> None:
        """Copy the first `length` positions of one row to another."""

    def swap(self, first: int, second: int, length: int) -> None:
        """Exchange the first `length` positions of two rows."""


class Scorer(Protocol):
    """What scores the next token of every row, and keeps what it has read of each row in `cache`."""

    @property
    def cache(self) -> RowStore:
        """The rows that spans name."""

    @property
    def agreement(self) -> Tensor | None:
        """How alike an ensemble's members are in their latest answer, [spans], 0 to 1; None of one model."""

    def __call__(self, spans: Sequence[Span]) -> Tensor:
        """Feed `spans`, each to a row of its own; logits [spans, vocabulary], float32, after the last token.

        Spans of unequal length are padded behind, where logits then mean nothing. Where some are `scored`, the
        logits are those after their scored tokens alone, [scored tokens, vocabulary], in whatever type the model
        has. May be called again with the same spans after it failed. Log-probabilities will do for logits: only
        their softmax counts.
        """
