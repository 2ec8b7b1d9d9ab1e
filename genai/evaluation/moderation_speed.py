"""How many texts a second the chain judges, and how long a reply waits when many stream at once.

Detoxify is measured with a checkpoint that is made in a second, with random weights.
"""

import asyncio
import os
import string
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles

from genai.moderation.chain import Chain
from genai.moderation.classifiers import load as load_classifier
from genai.moderation.moderator import Moderator
from genai.moderation.policy import Item
from genai.moderation.settings import ModerationSettings

CLASSES = ["toxicity", "severe_toxicity", "obscene", "threat", "insult", "identity_attack"]


@dataclass(frozen=True, slots=True)
class TinyDetoxify:
    """The checkpoint, and the folder of its configuration and tokenizer."""

    checkpoint: Path
    folder: Path


def make(folder: Path) -> TinyDetoxify:
    """Write a two-layer BERT in the form that Detoxify's trainer saves; the same weights every time."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizer

    folder.mkdir(parents=True, exist_ok=True)
    letters = [*string.ascii_lowercase, *string.digits, *string.punctuation]
    vocabulary = [
        "[PAD]",
        "[UNK]",
        "[CLS]",
        "[SEP]",
        "[MASK]",
        *letters,
        *[f"##{letter}" for letter in letters],
    ]
    words = folder / "vocab.txt"
    words.write_text("\n".join(vocabulary), encoding="utf-8")
    config = BertConfig(
        vocab_size=len(vocabulary), hidden_size=32, num_hidden_layers=2, num_attention_heads=2,
        intermediate_size=64, max_position_embeddings=512,
    )  # fmt: skip
    config.num_labels = len(CLASSES)
    config.save_pretrained(folder)
    BertTokenizer(str(words), model_max_length=512).save_pretrained(folder)
    torch.manual_seed(1)
    model = BertForSequenceClassification(config)
    arguments = {
        "model_type": str(folder),
        "model_name": "BertForSequenceClassification",
        "tokenizer_name": "BertTokenizer",
        "num_classes": len(CLASSES),
    }
    checkpoint = folder / "tiny.ckpt"
    saved = {"arch": {"args": arguments}, "dataset": {"args": {"classes": CLASSES}}}
    torch.save({"config": saved, "state_dict": model.state_dict()}, checkpoint)
    return TinyDetoxify(checkpoint, folder)


REPLIES, PIECES = (8, 32), 20
SHORT = 120
"""Characters of a short text."""


@dataclass(frozen=True, slots=True)
class WaitFigures:
    """How long a piece of a reply waited for its verdict, of `replies` that never pause, in milliseconds."""

    replies: int
    p50_ms: float
    p99_ms: float


@dataclass(frozen=True, slots=True)
class SpeedFigures:
    """Texts a second by the clock and by the time of one core, of short ones and of all; waits; a ratio.

    `cores` is how many the process may use; `load` is what else the machine did: runnable tasks a minute before.
    """

    texts_a_second: float
    texts_a_core_second: float
    short_a_core_second: float
    characters: float
    short_characters: float
    waits: tuple[WaitFigures, ...]
    batched_ratio: float
    cores: int
    load: float


async def speed_figures(chain: Chain, settings: ModerationSettings, texts: Sequence[str]) -> SpeedFigures:
    """The speed of the loaded `chain` on `texts`; pieces of replies are their beginnings, as long as a piece may be."""
    load = os.getloadavg()[0]
    short = [text for text in texts if len(text) <= SHORT]
    _, of_short = throughput(chain, short)
    clock, core = throughput(chain, texts)
    pieces = [text[: settings.piece_characters] for text in texts]
    waits = [await _waits(chain, settings, pieces, replies) for replies in REPLIES]
    return SpeedFigures(
        texts_a_second=clock,
        texts_a_core_second=core,
        short_a_core_second=of_short,
        characters=sum(map(len, texts)) / len(texts),
        short_characters=sum(map(len, short)) / max(1, len(short)),
        waits=tuple(waits),
        batched_ratio=batched_ratio(texts),
        cores=len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1,
        load=load,
    )


def throughput(chain: Chain, texts: Sequence[str], batch: int = 64) -> tuple[float, float]:
    """Texts a second by the clock, and by the processor time that was spent; patterns are compiled before."""
    chain.judge([Item(f"Once: {text}") for text in texts[:batch]])
    clock, core = time.perf_counter(), time.process_time()
    for start in range(0, len(texts), batch):
        chain.judge([Item(text) for text in texts[start : start + batch]])
    return len(texts) / (time.perf_counter() - clock), len(texts) / (time.process_time() - core)


async def _waits(
    chain: Chain, settings: ModerationSettings, pieces: Sequence[str], replies: int
) -> WaitFigures:
    cuts = quantiles(await reply_latencies(chain, settings, pieces, replies), n=100)
    return WaitFigures(replies, cuts[49] * 1000, cuts[98] * 1000)


async def reply_latencies(
    chain: Chain, settings: ModerationSettings, texts: Sequence[str], replies: int
) -> list[float]:
    """Seconds that each piece waited, all replies at once and each one piece after another.

    Each begins with the number of the replies, so that no other measurement has had a verdict on it.
    """
    patient = settings.model_copy(
        update={"deadline_seconds": 50.0}
    )  # on a busy machine a slow verdict counts, too
    moderator = Moderator(patient, lambda _: chain)
    await moderator.start()
    try:
        waits = await asyncio.gather(
            *(_reply(moderator, [f"{replies} {texts[(row + piece * replies) % len(texts)]}" for piece in range(PIECES)])
              for row in range(replies))
        )  # fmt: skip
    finally:
        await moderator.close()
    return [wait for reply in waits for wait in reply]


async def _reply(moderator: Moderator, pieces: Sequence[str]) -> list[float]:
    waits = []
    for piece in pieces:
        start = time.perf_counter()
        await moderator.check(piece)
        waits.append(time.perf_counter() - start)
    return waits


def batched_ratio(texts: Sequence[str], count: int = 192) -> float:
    """How many times faster Detoxify's class scores short texts in batches than one by one, on a tiny checkpoint."""
    short = [text[:60] for text in texts][:count]
    with tempfile.TemporaryDirectory() as folder:
        tiny = make(Path(folder))
        settings = ModerationSettings(checkpoint=tiny.checkpoint, huggingface_config_path=tiny.folder)
        classifier = load_classifier("detoxify", settings)
        classifier.score(short[:64])
        alone = _core_seconds(lambda: [classifier.score([text]) for text in short])
        return alone / _core_seconds(lambda: classifier.score(short))


def _core_seconds(call: Callable[[], object]) -> float:
    start = time.process_time()
    call()
    return time.process_time() - start
