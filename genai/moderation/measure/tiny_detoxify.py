"""A Detoxify checkpoint that is made in a second, with random weights: for speed and for tests, not for sense."""

import string
from dataclasses import dataclass
from pathlib import Path

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
