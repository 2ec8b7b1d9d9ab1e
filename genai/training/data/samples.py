"""Texts and conversations to measure models on, encoded for one model's tokenizer."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from transformers import PreTrainedTokenizerBase

from genai.model.tokens.codec import codec_for
from genai.model.tokens.untrusted_text import ContentEncoder, control_ids
from genai.training.data.encoding import IGNORED, ConversationEncoder
from genai.training.data.packing import document_end
from genai.training.data.readers import (
    SUFFIXES,
    Conversation,
    data_files,
    read_conversations,
    read_rows,
    read_text,
)
from genai.training.run.errors import DataError

Sample = str | Conversation


@dataclass(frozen=True, slots=True)
class Scored:
    """Token ids and labels, IGNORED where nothing is predicted, both (tokens,); `size` is UTF-8 bytes.

    The bytes are those of the text that the labels spell, so that models of different tokenizers can be
    compared by them.
    """

    ids: tuple[int, ...]
    labels: tuple[int, ...]
    size: int


def read_samples(path: Path, limit: int = 0) -> tuple[Sample, ...]:
    """The first `limit` (0: all) conversations, or pieces of text, of a file or folder; raises DataError."""
    samples = tuple(islice(_all_samples(path), limit or None))
    if not samples:
        raise DataError(f"{path} holds nothing to measure on; put text or conversations there.")
    return samples


def _all_samples(path: Path) -> Iterator[Sample]:
    if holds_conversations(path):
        yield from read_conversations(path)
    else:
        yield from (piece.text for piece in read_text(path))


def holds_conversations(path: Path) -> bool:
    """Whether the data are JSON lines of messages; anything else is taken for text. Raises DataError."""
    files = data_files(path, SUFFIXES)
    if any(file.suffix != ".jsonl" for file in files):
        return False
    return any("messages" in row.values for row in islice(read_rows(files[0]), 1))


def encode_samples(samples: Sequence[Sample], tokenizer: PreTrainedTokenizerBase) -> list[Scored]:
    """Conversations with labels on the answers, texts with labels everywhere. Raises TrainingError."""
    contents = ContentEncoder(codec_for(tokenizer), control_ids(tokenizer))
    conversations = ConversationEncoder(tokenizer)
    return [
        _text(sample, contents, tokenizer) if isinstance(sample, str) else _answers(sample, conversations)
        for sample in samples
    ]


def _text(text: str, contents: ContentEncoder, tokenizer: PreTrainedTokenizerBase) -> Scored:
    """A token goes before the text, so that the first word is predicted too, whatever the tokenizer."""
    begin = tokenizer.bos_token_id
    ids = contents.encode(text)
    first = begin if isinstance(begin, int) else document_end(tokenizer)
    return Scored((first, *ids), (IGNORED, *ids), len(text.encode()))


def _answers(conversation: Conversation, encoder: ConversationEncoder) -> Scored:
    encoded = encoder.encode(conversation.turns)
    answers = (turn.content for turn in conversation.turns if turn.role == "assistant")
    return Scored(encoded.ids, encoded.labels, sum(len(answer.encode()) for answer in answers))
