"""Preference pairs as token ids, parted by prompt into those to learn from and those to measure on."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Final

from transformers import PreTrainedTokenizerBase

from genai.training.data.encoding import ConversationEncoder
from genai.training.data.readers import Preference, read_preferences
from genai.training.run.errors import DataError

_FEWEST_PROMPTS: Final = 5


@dataclass(frozen=True, slots=True)
class EncodedPair:
    """Token ids of a prompt and of two answers to it, each with the token that ends it."""

    prompt: tuple[int, ...]
    chosen: tuple[int, ...]
    rejected: tuple[int, ...]

    @property
    def tokens(self) -> int:
        """Tokens of the longer of the two conversations."""
        return len(self.prompt) + max(len(self.chosen), len(self.rejected))


@dataclass(frozen=True, slots=True)
class PairData:
    """No prompt is in both parts; `left_out` pairs were longer than the limit."""

    learned: tuple[EncodedPair, ...]
    held_out: tuple[EncodedPair, ...]
    left_out: int

    @property
    def tokens(self) -> int:
        """Tokens to learn from, both answers counted."""
        return sum(2 * len(p.prompt) + len(p.chosen) + len(p.rejected) for p in self.learned)


def load_pairs(
    path: Path, tokenizer: PreTrainedTokenizerBase, longest: int, held_out: float, seed: int
) -> PairData:
    """The pairs of at most `longest` tokens, with a share `held_out` of the prompts to measure on.

    Raises DataError for bad data, and where fewer than five prompts are left.
    """
    encoder = ConversationEncoder(tokenizer)
    pairs = list(dict.fromkeys(read_preferences(path)))
    encoded = {pair: _encoded(encoder, pair) for pair in pairs}
    fitting = [pair for pair in pairs if encoded[pair].tokens <= longest]
    learned, measured = _parted(fitting, held_out, seed, path)
    return PairData(
        tuple(encoded[pair] for pair in learned),
        tuple(encoded[pair] for pair in measured),
        len(pairs) - len(fitting),
    )


def _encoded(encoder: ConversationEncoder, pair: Preference) -> EncodedPair:
    return EncodedPair(
        encoder.prompt(pair.prompt), encoder.answer(pair.chosen), encoder.answer(pair.rejected)
    )


def _parted(
    pairs: Sequence[Preference], held_out: float, seed: int, path: Path
) -> tuple[list[Preference], list[Preference]]:
    prompts = list(dict.fromkeys(pair.prompt for pair in pairs))
    if len(prompts) < _FEWEST_PROMPTS:
        raise DataError(
            f"{path} has {len(prompts)} different prompts that fit; at least {_FEWEST_PROMPTS} are needed, to "
            "measure on some that were not learned from."
        )
    count = min(max(1, round(held_out * len(prompts))), len(prompts) - 1)
    apart = set(Random(seed).sample(prompts, count))
    return [p for p in pairs if p.prompt not in apart], [p for p in pairs if p.prompt in apart]
