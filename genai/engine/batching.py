"""One step of all live rows: which rows go together, and what happens when the model fails on them."""

import logging
import math
from collections.abc import Callable, Iterator
from collections.abc import Sequence as Rows
from itertools import islice
from typing import TypeVar

import torch
from torch import Tensor

from genai.engine.cache_slots import SlotTable, common_length
from genai.engine.sampler import Sampler
from genai.engine.scorer import Scorer, Span
from genai.engine.sequence import Sequence
from genai.sampling.token_sampling import log_probability

_LOG = logging.getLogger(__name__)

_WORTH_WAITING = 16
"""Tokens of a common prefix for which the second of two readers waits a step and copies."""
_RATED_TOGETHER = 32
"""Rows of the vocabulary's width that are turned into probabilities at a time."""

Row = TypeVar("Row")


class Stepper:
    """Feeds rows to the model in batches that are halved when memory runs out, and stay so."""

    def __init__(self, scorer: Scorer, table: SlotTable, prompt_tokens_per_step: int) -> None:
        self._scorer = scorer
        self._table = table
        self._sampler = Sampler()
        self._prompt_tokens = prompt_tokens_per_step
        self._widest = scorer.cache.slots

    def read_prompts(self) -> list[Sequence]:
        """Read the next part of some prompts; return the sequences on which the model failed.

        At most `prompt_tokens_per_step` tokens, padding included, so that nobody who decodes is kept waiting.
        """
        batch: list[Sequence] = []
        chunk = 0
        for sequence in self._readers():
            longer = max(chunk, min(sequence.unread, self._prompt_tokens))
            if batch and longer * (len(batch) + 1) > self._prompt_tokens:
                break
            if not any(_reads_for(other, sequence) for other in batch):
                batch.append(sequence)
                chunk = longer
        return self._in_parts(batch, lambda part: self._read(part, chunk)) if batch else []

    def _readers(self) -> list[Sequence]:
        """Who has a prompt to read: whoever waits longest, then those with most nearly as much, to pad little."""
        for sequence in self._table.reading:
            if sequence.leader is None:
                self._table.reuse(sequence)
        readers = [one for one in self._table.reading if one.leader is None and one.unread > 0]
        return sorted(readers, key=lambda one: abs(one.unread - readers[0].unread))

    def decode(self, accept: Callable[[Sequence, int, float], None]) -> list[Sequence]:
        """Choose the next token of every decoding row; return the sequences on which the model failed."""
        rows = list(self._table.decoding)
        failed: list[Sequence] = []
        while rows:
            part, rows = rows[: self._widest], rows[self._widest :]
            failed += self._in_parts(part, lambda batch: self._decode(batch, accept))
        return failed

    def _read(self, batch: Rows[Sequence], chunk: int) -> list[Sequence]:
        spans = [_part(sequence, chunk) for sequence in batch]
        logits = self._scorer(spans)
        rated = iter(self._rated(batch, spans, logits) if any(span.scored for span in spans) else ())
        failed: list[Sequence] = []
        for sequence, span in zip(batch, spans, strict=True):
            found = sum(islice(rated, span.scored))
            if not math.isfinite(found):
                failed.append(sequence)
                continue
            sequence.log_probability += found
            self._table.advance(sequence, _end(span))
        return failed

    def _rated(self, batch: Rows[Sequence], spans: Rows[Span], logits: Tensor) -> Iterator[float]:
        """How likely what came after each scored token is; a few rows at a time, for they are wide."""
        after = [
            token
            for sequence, span in zip(batch, spans, strict=True)
            for token in sequence.tokens[_end(span) - span.scored + 1 : _end(span) + 1]
        ]
        tokens = torch.tensor(after, device=logits.device)
        for part, targets in zip(logits.split(_RATED_TOGETHER), tokens.split(_RATED_TOGETHER), strict=True):
            yield from log_probability(part.float(), targets).tolist()

    def _decode(
        self, batch: Rows[Sequence], accept: Callable[[Sequence, int, float], None]
    ) -> list[Sequence]:
        logits = self._scorer(
            [Span(row.row, row.cached, row.tokens[row.cached :], row.job.adapter) for row in batch]
        )
        choice = self._sampler.choose(logits, batch)
        agreement = self._scorer.agreement
        for row, agreed in zip(batch, [] if agreement is None else agreement.tolist(), strict=False):
            row.agreement = (row.agreement or 0.0) + agreed
        failed: list[Sequence] = []
        for row, token, chance in zip(batch, choice.tokens, choice.log_probabilities, strict=True):
            if token is None:
                failed.append(row)
                continue
            row.cached += 1
            accept(row, token, chance)
        return failed

    def _in_parts(
        self, batch: Rows[Sequence], work: Callable[[Rows[Sequence]], list[Sequence]]
    ) -> list[Sequence]:
        """Do `work` on `batch`; on failure on its halves, so that only the row to blame is lost.

        Repeating is safe: nothing about a sequence changes before the model has answered, and keys and values
        are written to the same places again.
        """
        try:
            return work(batch)
        except Exception as error:  # whatever a model provokes
            exhausted = _out_of_memory(error)
            _LOG.warning(
                "A step of %d rows failed: %s", len(batch), type(error).__name__, exc_info=not exhausted
            )
            if exhausted:
                self._shrink(len(batch))
        if len(batch) == 1:
            return list(batch)
        middle = len(batch) // 2
        return self._in_parts(batch[:middle], work) + self._in_parts(batch[middle:], work)

    def _shrink(self, width: int) -> None:
        self._widest = max(1, min(self._widest, width // 2))
        self._prompt_tokens = max(16, self._prompt_tokens // 2)
        if torch.cuda.is_available():
            torch.cuda.empty_cache()


def _part(sequence: Sequence, chunk: int) -> Span:
    """The next `chunk` tokens that are to be read of a text, and whether what comes after them is rated."""
    start = sequence.cached
    end = min(start + chunk, len(sequence.tokens) - 1)
    scored = max(0, end - max(start, sequence.shareable))
    return Span(sequence.row, start, sequence.tokens[start:end], sequence.job.adapter, scored)


def _end(span: Span) -> int:
    return span.start + len(span.tokens)


def _reads_for(reader: Sequence, other: Sequence) -> bool:
    """Whether `reader` is about to read much of what `other` needs next, so that `other` had better wait."""
    if reader.job.adapter != other.job.adapter:
        return False
    needed = other.cached + _WORTH_WAITING
    return needed <= other.shareable and common_length(reader.tokens, other.tokens, needed) == needed


def _out_of_memory(error: Exception) -> bool:
    """On the CPU, PyTorch says so only in the message of a RuntimeError."""
    return isinstance(error, (torch.OutOfMemoryError, MemoryError)) or "can't allocate memory" in str(error)
