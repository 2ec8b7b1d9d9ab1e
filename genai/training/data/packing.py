"""Packs text into blocks of equal length for pre-training, so that no computing goes into padding.

Documents follow one another, parted by an end token, and are cut into blocks wherever they fall (Brown et al.
2020, arXiv 2005.14165). Tokens are kept on disk and mapped, so that the text may be larger than memory.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from torch.utils.data import Dataset
from transformers import PreTrainedTokenizerBase

from genai.model.tokens.codec import codec_for
from genai.model.tokens.untrusted_text import ContentEncoder, control_ids
from genai.training.data.readers import Piece
from genai.training.run.errors import DataError, TrainingError
from genai.training.tokenizer import PADDING

_TOKEN: Final = np.dtype("<u4")


def write_tokens(pieces: Iterable[Piece], tokenizer: PreTrainedTokenizerBase, file: Path) -> None:
    """Write the token ids of all documents to `file`; one that is there already, whole, is kept."""
    if file.exists():
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_suffix(".draft")
    with draft.open("wb") as opened:
        for ids in _encoded(pieces, tokenizer):
            opened.write(np.asarray(ids, dtype=_TOKEN).tobytes())
    draft.replace(file)


def document_end(tokenizer: PreTrainedTokenizerBase) -> int:
    """The token between documents: <|endoftext|> where the vocabulary has it, else its end token."""
    found = tokenizer.get_vocab().get(PADDING, tokenizer.eos_token_id)
    if not isinstance(found, int):
        raise TrainingError("The tokenizer has no end token; set its eos_token before training.")
    return found


class Blocks(Dataset[dict[str, list[int]]]):
    """Blocks `first` to `last` of a token file, each of shape (length,); the file's last may be shorter."""

    def __init__(self, tokens: NDArray[np.uint32], length: int, first: int, last: int) -> None:
        self._tokens = tokens
        self._length = length
        self._first = first
        self._count = last - first

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, index: int) -> dict[str, list[int]]:
        start = (self._first + index) * self._length
        block = self._tokens[start : start + self._length].tolist()
        return {"input_ids": block, "labels": block}

    @property
    def tokens(self) -> int:
        """Tokens of these blocks."""
        start = self._first * self._length
        return min(len(self._tokens) - start, self._count * self._length)


@dataclass(frozen=True, slots=True)
class PackedText:
    """Training blocks, and those kept for measuring: the end of the text, so that documents stay apart."""

    train: Blocks
    held_out: Blocks | None


def open_blocks(file: Path, length: int, held_out: float) -> PackedText:
    """The blocks of a token file; raises DataError when it holds too little to train on."""
    if file.stat().st_size < 2 * _TOKEN.itemsize:
        raise DataError("The text has fewer than two tokens; give more of it.")
    tokens = np.memmap(file, dtype=_TOKEN, mode="r")
    count = -(-len(tokens) // length)
    if len(tokens) % length == 1 and count > 1:
        count -= 1  # one token alone predicts nothing
    measured = max(1, round(held_out * count)) if held_out and count > 1 else 0
    train = Blocks(tokens, length, 0, count - measured)
    return PackedText(train, Blocks(tokens, length, count - measured, count) if measured else None)


def _encoded(pieces: Iterable[Piece], tokenizer: PreTrainedTokenizerBase) -> Iterator[list[int]]:
    contents = ContentEncoder(codec_for(tokenizer), control_ids(tokenizer))
    end = document_end(tokenizer)
    for piece in pieces:
        yield [*contents.encode(piece.text), *([end] if piece.ends_document else [])]
