"""Chooses the next token of every row at once, each by its own settings."""

from collections.abc import Sequence as Rows
from dataclasses import dataclass

import torch
from torch import Tensor

from genai.engine.sequence import Sequence
from genai.sampling.token_sampling import choose_tokens, log_probability, penalise_repetition


@dataclass(frozen=True, slots=True)
class Choice:
    """The chosen token ids and their log-probabilities under the model; None where a row failed."""

    tokens: list[int | None]
    log_probabilities: list[float]


@dataclass(frozen=True, slots=True)
class _Settings:
    """The rows' sampling settings as tensors, and which rows need which step."""

    sampled: list[int]
    penalised: list[int]
    temperature: Tensor
    top_k: Tensor
    top_p: Tensor
    min_p: Tensor


class Sampler:
    """Remembers the rows' settings between steps, because the rows seldom change."""

    def __init__(self) -> None:
        self._rows: list[Sequence] = []
        self._settings: _Settings | None = None

    @torch.inference_mode()
    def choose(self, logits: Tensor, rows: Rows[Sequence]) -> Choice:
        """The next token of each of `rows` from `logits` [rows, vocabulary]; advances the rows' numbers."""
        settings = self._settings_of(rows, logits.device)
        sound = logits.amax(dim=1).isfinite()
        if not bool(sound.all()):
            logits = logits.nan_to_num(0.0, 0.0, 0.0)
        scores = _penalised(logits, rows, settings.penalised)
        if len(settings.sampled) == len(rows):
            tokens = self._drawn(scores, rows, settings)
        else:
            tokens = scores.argmax(dim=1)
            if settings.sampled:
                index = torch.tensor(settings.sampled, device=logits.device)
                tokens[index] = self._drawn(scores[index], rows, settings)
        for number, row in enumerate(rows):
            if row.lines is not None and (due := row.lines.next()) is not None:
                tokens[number] = due
        chances = log_probability(logits, tokens)
        return Choice(
            [token if good else None for token, good in zip(tokens.tolist(), sound.tolist(), strict=True)],
            chances.tolist(),
        )

    def _drawn(self, scores: Tensor, rows: Rows[Sequence], settings: _Settings) -> Tensor:
        """Tokens for the sampled ones of `rows`, whose `scores` these are."""
        weights = (scores / settings.temperature).softmax(dim=1)
        numbers = [rows[row].numbers for row in settings.sampled]
        return choose_tokens(weights, numbers, settings.top_k, settings.top_p, settings.min_p)

    def _settings_of(self, rows: Rows[Sequence], device: torch.device) -> _Settings:
        if self._settings is None or len(rows) != len(self._rows) or any(map(_differ, rows, self._rows)):
            self._rows = list(rows)
            self._settings = _gathered(rows, device)
        return self._settings


def _differ(first: Sequence, second: Sequence) -> bool:
    return first is not second


def _gathered(rows: Rows[Sequence], device: torch.device) -> _Settings:
    sampled = [index for index, row in enumerate(rows) if row.job.sampling.temperature > 0]
    chosen = [rows[index].job.sampling for index in sampled]
    return _Settings(
        sampled=sampled,
        penalised=[index for index, row in enumerate(rows) if row.job.sampling.repetition_penalty != 1],
        temperature=torch.tensor([[one.temperature] for one in chosen], device=device),
        top_k=torch.tensor([one.top_k for one in chosen], dtype=torch.long),
        top_p=torch.tensor([one.top_p for one in chosen]),
        min_p=torch.tensor([one.min_p for one in chosen]),
    )


def _penalised(logits: Tensor, rows: Rows[Sequence], penalised: list[int]) -> Tensor:
    penalised = [index for index in penalised if rows[index].produced]
    if not penalised:
        return logits
    # Of the answer alone: whoever may not say what was asked about again drifts away from it.
    tokens = [rows[index].tokens[len(rows[index].job.prompt) :] for index in penalised]
    longest = max(map(len, tokens))
    seen = torch.tensor([[*ids, *[ids[0]] * (longest - len(ids))] for ids in tokens], device=logits.device)
    penalty = torch.tensor(
        [[rows[index].job.sampling.repetition_penalty] for index in penalised], device=logits.device
    )
    index = torch.tensor(penalised, device=logits.device)
    return logits.index_copy(0, index, penalise_repetition(logits[index], seen, penalty))
