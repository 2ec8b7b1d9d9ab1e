"""Detoxify: transformers trained on the Jigsaw toxicity challenges, https://github.com/unitaryai/detoxify

`detoxify:original` and its siblings are fetched once and checked against the digest in their name;
`detoxify` alone reads the local `checkpoint`, offline with `huggingface_config_path`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from genai.moderation.classifiers import Scores, digest
from genai.moderation.errors import ModerationMisconfigured
from genai.moderation.settings import ModerationSettings

OVERLAP_CHARACTERS = 64
"""What two halves of a text that is too long share."""


@dataclass(frozen=True, slots=True)
class DetoxifyClassifier:
    """Scores the categories that the checkpoint names, such as `toxicity`, `threat` and `identity_attack`."""

    name: str
    version: str
    detoxify: Any
    max_tokens: int
    batch_size: int

    def score(self, texts: Sequence[str]) -> Sequence[Scores]:
        pieces = [(index, piece) for index, text in enumerate(texts) for piece in self._fitting(text)]
        by_length = sorted(pieces, key=lambda piece: len(piece[1]))
        highest: list[dict[str, float]] = [{} for _ in texts]
        for start in range(0, len(by_length), self.batch_size):
            batch = by_length[start : start + self.batch_size]
            for (index, _), scores in zip(batch, self._predict([text for _, text in batch]), strict=True):
                for category, score in scores.items():
                    highest[index][category] = max(score, highest[index].get(category, score))
        return highest

    def _fitting(self, text: str) -> Iterator[str]:
        """`text`, or overlapping parts of it where Detoxify would cut it off."""
        if len(self.detoxify.tokenizer(text, truncation=False)["input_ids"]) <= self.max_tokens:
            yield text
            return
        middle = len(text) // 2
        overlap = min(OVERLAP_CHARACTERS, middle // 2)
        yield from self._fitting(text[: middle + overlap])
        yield from self._fitting(text[middle - overlap :])

    def _predict(self, texts: list[str]) -> list[dict[str, float]]:
        scores = self.detoxify.predict(texts)
        columns = {name: column if isinstance(column, list) else [column] for name, column in scores.items()}
        return [{name: column[row] for name, column in columns.items()} for row in range(len(texts))]


def load(settings: ModerationSettings, variant: str) -> DetoxifyClassifier:
    """The named Detoxify model, or the local checkpoint of the settings.

    Raises ModerationMisconfigured for an unknown name, or a checkpoint that is missing or holds more than
    tensors and plain values.
    """
    checkpoint = _official_checkpoint(variant) if variant else _local_checkpoint(settings.checkpoint)
    from detoxify import Detoxify

    config = settings.huggingface_config_path
    detoxify = Detoxify(
        checkpoint=str(checkpoint),
        device=settings.device,
        huggingface_config_path=str(config) if config else None,
    )
    return DetoxifyClassifier(
        name=f"detoxify:{variant}" if variant else "detoxify",
        version=f"{metadata.version('detoxify')}+{digest(checkpoint)}",
        detoxify=detoxify,
        max_tokens=_longest_input(detoxify),
        batch_size=settings.batch_size,
    )


def _longest_input(detoxify: Any) -> int:
    """Tokens that the model reads; RoBERTa keeps two of its positions for padding."""
    positions = int(detoxify.model.config.max_position_embeddings) - 2
    return min(positions, int(detoxify.tokenizer.model_max_length))


def _local_checkpoint(path: Path | None) -> Path:
    """`path`, once it is sure that reading it runs no code; Detoxify itself unpickles anything."""
    import torch

    if path is None:
        raise ModerationMisconfigured("set moderation.checkpoint, or name a model such as detoxify:unbiased")
    if not path.is_file():
        raise ModerationMisconfigured(f"moderation.checkpoint is not a file: {path}")
    try:
        torch.load(path, map_location="meta", weights_only=True)
    except Exception as error:
        raise ModerationMisconfigured(
            f"{path} is refused: it is damaged or holds more than weights"
        ) from error
    return path


def _official_checkpoint(variant: str) -> Path:
    """The released file of `variant`, fetched at most once and held against the digest in its name."""
    import torch
    from detoxify.detoxify import MODEL_URLS

    if variant not in MODEL_URLS:
        raise ModerationMisconfigured(f"Detoxify has no model {variant!r}; it has {', '.join(MODEL_URLS)}")
    url = MODEL_URLS[variant]
    path: Path = Path(torch.hub.get_dir()) / "checkpoints" / url.rsplit("/", 1)[1]
    promised = path.stem.rsplit("-", 1)[1]
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        torch.hub.download_url_to_file(url, str(path), hash_prefix=promised, progress=False)
    if not digest(path).startswith(promised):
        raise ModerationMisconfigured(f"{path} is not the released file; delete it to fetch it again")
    return path
