"""The conversations of a supervised run: read, encoded, and parted into training and held-out examples."""

from dataclasses import dataclass
from pathlib import Path
from random import Random

from rich.progress import track
from torch.utils.data import Dataset
from transformers import PreTrainedTokenizerBase

from genai.training.data.encoding import ConversationEncoder, Encoded
from genai.training.readers import read_conversations
from genai.training.run.distributed import is_main
from genai.training.run.errors import DataError

_FEWEST_TO_PART = 20


class Examples(Dataset[dict[str, list[int]]]):
    """Encoded conversations as the Trainer takes them: `input_ids` and `labels`, each of shape (tokens,)."""

    def __init__(self, items: list[Encoded]) -> None:
        self.items = items

    def __len__(self) -> int:
        return len(self.items)

    def __getitem__(self, index: int) -> dict[str, list[int]]:
        item = self.items[index]
        return {"input_ids": list(item.ids), "labels": list(item.labels)}

    @property
    def tokens(self) -> int:
        """Tokens of all examples."""
        return sum(len(item.ids) for item in self.items)


@dataclass(frozen=True, slots=True)
class ConversationData:
    """What a supervised run learns from; `held_out` is None when too few examples to part."""

    train: Examples
    held_out: Examples | None
    left_out: int


def load_conversations(
    path: Path, tokenizer: PreTrainedTokenizerBase, longest: int, held_out: float, seed: int
) -> ConversationData:
    """Examples of at most `longest` tokens, a share of `held_out` kept for measuring. Raises DataError."""
    encoder = ConversationEncoder(tokenizer)
    shown = track(read_conversations(path), "Encoding conversations", disable=not is_main())
    encoded = [encoder.encode(conversation.turns) for conversation in shown]
    if not encoded:
        raise DataError(f"{path} holds no conversation; write one JSON object on each line.")
    fitting = [item for item in encoded if len(item.ids) <= longest]
    if not fitting:
        raise DataError(f"Every conversation in {path} has more than {longest} tokens; set `longest` higher.")
    train, measured = part(fitting, held_out, seed)
    return ConversationData(
        Examples(train), Examples(measured) if measured else None, left_out=len(encoded) - len(fitting)
    )


def part(items: list[Encoded], share: float, seed: int) -> tuple[list[Encoded], list[Encoded]]:
    """Training and held-out part; the same seed parts alike. Fewer than 20 examples stay together."""
    if not share or len(items) < _FEWEST_TO_PART:
        return items, []
    shuffled = Random(seed).sample(items, len(items))
    count = max(1, round(share * len(items)))
    return shuffled[count:], shuffled[:count]
