"""A transformer encoder with a classification head, fine-tuned on the two kinds of text.

Devlin et al., "BERT: Pre-training of Deep Bidirectional Transformers" (2018, arXiv:1810.04805), section 4.1.
Weights are read as safetensors only; code that comes with a model never runs.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np
import torch
from torch.utils.data import Dataset
from transformers import (
    AutoModelForSequenceClassification,
    AutoTokenizer,
    DataCollatorWithPadding,
    PreTrainedModel,
    PreTrainedTokenizerBase,
    Trainer,
)

from genai.training.discriminator.dataset import Floats, Labelled
from genai.training.run.errors import TrainingError
from genai.training.run.folder import RunFolder
from genai.training.run.hyperparameters import Schedule, training_arguments
from genai.training.run.training_loop import run_trainer

_BATCH = 32
_FOLDER = "encoder"


class EncoderScorer:
    """Gives each text the difference of the two classes' logits; texts are cut at `longest` tokens."""

    kind = "encoder"

    def __init__(self, model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, longest: int) -> None:
        self._model = model.train(mode=False)
        self._tokenizer = tokenizer
        self._longest = longest

    @classmethod
    def fit(
        cls, texts: Sequence[Labelled], encoder: str, longest: int, schedule: Schedule, folder: RunFolder
    ) -> Self:
        """Fine-tune `encoder`, a folder or hub name, from its last checkpoint on. Raises TrainingError."""
        trainer, tokenizer = encoder_trainer(texts, encoder, longest, schedule, folder)
        run_trainer(trainer, folder)
        return cls(trainer.accelerator.unwrap_model(trainer.model), tokenizer, longest)

    @torch.inference_mode()
    def margins(self, texts: Sequence[str]) -> Floats:
        """Logit differences of shape (texts,)."""
        found: list[float] = []
        for start in range(0, len(texts), _BATCH):
            batch = self._tokenizer(
                list(texts[start : start + _BATCH]),
                truncation=True,
                max_length=self._longest,
                padding=True,
                return_tensors="pt",
            )
            logits = self._model(**batch.to(self._model.device)).logits.float()
            found += (logits[:, 1] - logits[:, 0]).tolist()
        return np.array(found, dtype=np.float64)

    def save(self, folder: Path) -> None:
        """Write an ordinary model folder into `folder`."""
        self._tokenizer.model_max_length = self._longest
        self._model.save_pretrained(folder / _FOLDER)
        self._tokenizer.save_pretrained(folder / _FOLDER)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote."""
        model, tokenizer = _pretrained(str(folder / _FOLDER))
        return cls(model, tokenizer, int(tokenizer.model_max_length))


class _Encoded(Dataset[dict[str, Any]]):
    def __init__(self, items: list[dict[str, Any]]) -> None:
        self._items = items

    def __len__(self) -> int:
        return len(self._items)

    def __getitem__(self, index: int) -> dict[str, Any]:
        return self._items[index]


def encoder_trainer(
    texts: Sequence[Labelled], encoder: str, longest: int, schedule: Schedule, folder: RunFolder
) -> tuple[Trainer, PreTrainedTokenizerBase]:
    """A Trainer over `texts`, and the encoder's tokenizer. Raises TrainingError."""
    torch.manual_seed(schedule.seed)  # the head starts from random numbers
    model, tokenizer = _pretrained(encoder)
    items = [
        {**tokenizer(item.text, truncation=True, max_length=longest), "labels": int(item.wanted)}
        for item in texts
    ]
    trainer = Trainer(
        model=model,
        args=training_arguments(schedule, folder),
        train_dataset=_Encoded(items),
        data_collator=DataCollatorWithPadding(tokenizer),
    )
    return trainer, tokenizer


def _pretrained(encoder: str) -> tuple[PreTrainedModel, PreTrainedTokenizerBase]:
    try:
        model = AutoModelForSequenceClassification.from_pretrained(
            encoder, num_labels=2, dtype=torch.float32, use_safetensors=True, trust_remote_code=False
        )
        return model, AutoTokenizer.from_pretrained(encoder, trust_remote_code=False)
    except Exception as error:  # the libraries raise errors of every kind for what they cannot load
        raise TrainingError(
            f"The encoder {encoder} cannot be loaded; give a folder or hub name with safetensors weights."
        ) from error
