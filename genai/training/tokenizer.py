"""Trains a byte-level byte-pair tokenizer (Sennrich et al. 2016) on a team's own text.

Starting from bytes, the most frequent pair of neighbouring symbols becomes a new symbol until the vocabulary
is full (Sennrich et al. 2016, arXiv 1508.07909). Any text can be encoded.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

from pydantic import Field
from rich.progress import track
from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import PreTrainedTokenizerFast

from genai.training.data.readers import SUFFIXES, describe_data, read_text
from genai.training.run.config import Output, identity, settings
from genai.training.run.folder import open_run
from genai.training.run.model_card import ModelCard, hashes, write_card
from genai.training.run.stage import Stage

TURN_START: Final = "<|im_start|>"
TURN_END: Final = "<|im_end|>"
PADDING: Final = "<|endoftext|>"
CHAT_TEMPLATE: Final = (
    "{% for message in messages %}"
    "<|im_start|>{{ message['role'] }}\n{{ message['content'] }}<|im_end|>\n"
    "{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
_WORDS: Final = Regex(r" ?\p{L}+|\p{N}{1,2}|\r?\n| ?[^\s\p{L}\p{N}]+|\s+")
"""Words with their space, up to two digits without it, line ends, punctuation.

So the count in "Brainstorm 12 ideas" and the number that opens the twelfth line are the same token, and a small
model can compare them.
"""


def train_tokenizer(texts: Iterable[str], vocabulary: int, context_tokens: int) -> PreTrainedTokenizerFast:
    """A tokenizer of exactly `vocabulary` entries, or fewer when the texts hold too few pairs."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(_WORDS, behavior="isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary,
        special_tokens=[PADDING, TURN_START, TURN_END],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer=trainer)
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        eos_token=TURN_END,
        pad_token=PADDING,
        additional_special_tokens=[TURN_START],
        chat_template=CHAT_TEMPLATE,
        model_max_length=context_tokens,
        clean_up_tokenization_spaces=False,
    )


SOURCES: Final = (
    "Sennrich et al. 2016, Neural machine translation of rare words with subword units, arXiv 1508.07909",
)


@settings
class TokenizerConfig:
    """What to learn from, and how much."""

    data: Path
    """Plain text: a .txt, .md or .jsonl file, or a folder of them."""
    output: Output
    vocabulary: Annotated[int, Field(ge=300, le=1_000_000)] = 8192
    """Entries, of which 256 are bytes and 3 control tokens."""
    context: Annotated[int, Field(ge=16)] = 1024
    """Tokens that the model to come can read."""


@dataclass(frozen=True, slots=True)
class TokenizerSummary:
    """What was learnt; `characters_per_token` on the text itself."""

    output: Path
    vocabulary: int
    characters_per_token: float

    def lines(self) -> list[str]:
        """The summary for people."""
        return [
            f"{self.output}: {self.vocabulary:,} entries, "
            f"{self.characters_per_token:.2f} characters per token on its own text"
        ]


def learn_tokenizer(config: TokenizerConfig) -> TokenizerSummary:
    """Train on all the text and save an ordinary tokenizer folder. Raises TrainingError."""
    files = describe_data(config.data, SUFFIXES)
    folder = open_run(config.output, "tokenizer", identity(config), hashes(files))
    texts = (piece.text for piece in track(read_text(config.data), "Reading text"))
    tokenizer = train_tokenizer(texts, config.vocabulary, config.context)
    tokenizer.save_pretrained(folder.path)
    summary = TokenizerSummary(config.output, len(tokenizer), _characters_per_token(tokenizer, config.data))
    card = ModelCard(
        title=config.output.name,
        summary="A byte-level BPE tokenizer with a ChatML template.",
        data=files,
        config=identity(config),
        figures={
            "vocabulary": summary.vocabulary,
            "characters per token": summary.characters_per_token,
        },
        sources=SOURCES,
    )
    write_card(card, folder.card)
    return summary


def estimate_tokenizer(config: TokenizerConfig) -> list[str]:
    """How much text there is; nothing is kept. Raises TrainingError."""
    characters = sum(len(piece.text) for piece in read_text(config.data))
    return [
        f"data        {characters:,} characters",
        f"memory      about {characters * 4 / 2**30:.2f} GiB at most, while pairs are counted",
    ]


def _characters_per_token(tokenizer: PreTrainedTokenizerFast, data: Path) -> float:
    sample = next(iter(read_text(data))).text[:200_000]
    return len(sample) / max(1, len(tokenizer(sample, add_special_tokens=False)["input_ids"]))


STAGE: Final = Stage(TokenizerConfig, learn_tokenizer, plan=estimate_tokenizer)
