"""`riff train discriminator`: learns the discriminator and measures it on texts kept apart."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

from pydantic import Field

from genai.training.data.readers import describe_data
from genai.training.discriminator.dataset import SUFFIXES, Labelled, folds, read_labelled
from genai.training.discriminator.scoring import Calibration, Discriminator, LinearScorer, fit_linear
from genai.training.measure.statistics import Separation, separation
from genai.training.run.config import Output, Seed, identity, settings
from genai.training.run.errors import TrainingError
from genai.training.run.folder import RunFolder, open_run, write_whole
from genai.training.run.hyperparameters import Schedule
from genai.training.run.model_card import DataFile, ModelCard, hashes, write_card
from genai.training.run.stage import Stage

SOURCES: Final = (
    "Goodfellow et al. 2014, Generative Adversarial Networks, arXiv 1406.2661",
    "Platt 1999, Probabilistic outputs for support vector machines",
    "Wilson 1927, Probable inference, the law of succession, and statistical inference",
    "Hanley and McNeil 1982, The meaning and use of the area under a ROC curve",
)
_TELLING = 15


@settings
class DiscriminatorConfig:
    """What to tell apart."""

    output: Output
    written: tuple[Path, ...] = ()
    """Texts of people, the wanted kind: a .txt file (a text on each line), .jsonl file, or folder of them."""
    generated: tuple[Path, ...] = ()
    """Texts of a model, the unwanted kind, in files of the same forms."""
    preferences: tuple[Path, ...] = ()
    """Pairs as `riff train feedback` makes them: chosen is wanted, rejected is not."""
    encoder: str = ""
    """A transformer encoder to fine-tune, a folder or hub name; "" learns a linear model over n-grams."""
    features: Annotated[int, Field(ge=100)] = 30_000
    """Most n-grams of each sort that the linear model looks at."""
    longest: Annotated[int, Field(ge=8)] = 256
    """Tokens of a text that the encoder reads."""
    parts: Annotated[int, Field(ge=2, le=20)] = 5
    """One part in so many is held out to measure on."""
    seed: Seed = 1
    schedule: Schedule = Schedule(learning_rate=2e-5)
    """Of the encoder's fine-tuning; the linear model is fitted to the end."""


@dataclass(frozen=True, slots=True)
class DiscriminatorSummary:
    """What was made, and how well it does on the held-out part."""

    output: Path
    learned_from: int
    held_out: Separation

    def lines(self) -> list[str]:
        """The summary for people."""
        shown = [f"{name:26}{value}" for name, value in self.held_out.figures().items()]
        return [f"{self.output}: learned from {self.learned_from:,} texts", *shown]


def discriminator(config: DiscriminatorConfig) -> DiscriminatorSummary:
    """Learn, measure and save; the result is read by `Discriminator.load`. Raises TrainingError."""
    texts, files = _data(config)
    folder = open_run(config.output, "discriminator", identity(config), hashes(files))
    learn, measure = folds(texts, config.parts, config.seed)[0]
    learned, held_out = [texts[i] for i in learn], [texts[i] for i in measure]
    found = _fit(config, learned, folder)
    scores = found.score([item.text for item in held_out])
    measured = separation([item.wanted for item in held_out], scores, config.seed)
    found.save(config.output)
    write_whole(folder.metrics, json.dumps({"step": 0, **measured.figures()}) + "\n")
    write_card(_card(config, files, found, measured), folder.card)
    return DiscriminatorSummary(config.output, len(learned), measured)


def plan(config: DiscriminatorConfig) -> list[str]:
    """What `discriminator` would learn from, for a dry run. Raises TrainingError."""
    texts, _ = _data(config)
    learn, measure = folds(texts, config.parts, config.seed)[0]
    wanted = sum(item.wanted for item in texts)
    return [
        f"texts       {wanted:,} wanted, {len(texts) - wanted:,} unwanted, repeats left out",
        f"parts       {len(learn):,} to learn from, {len(measure):,} held out",
        f"model       {config.encoder or f'linear, at most {2 * config.features:,} n-grams'}",
    ]


def _data(config: DiscriminatorConfig) -> tuple[list[Labelled], tuple[DataFile, ...]]:
    paths = (*config.written, *config.generated, *config.preferences)
    if not config.preferences and not (config.written and config.generated):
        raise TrainingError("Give --written and --generated texts, or --preferences, or all of them.")
    texts = read_labelled(config.written, config.generated, config.preferences)
    return texts, tuple(file for path in paths for file in describe_data(path, SUFFIXES))


def _fit(config: DiscriminatorConfig, texts: Sequence[Labelled], folder: RunFolder) -> Discriminator:
    if not config.encoder:
        return fit_linear(texts, features=config.features, seed=config.seed)
    from genai.training.discriminator.encoder_classifier import EncoderScorer

    learn, calibrate = folds(texts, config.parts, config.seed + 1)[0]
    scorer = EncoderScorer.fit(
        [texts[i] for i in learn], config.encoder, config.longest, config.schedule, folder
    )
    left = [texts[i] for i in calibrate]
    return Discriminator(scorer, Calibration.fit(scorer.margins([item.text for item in left]), left))


def _card(
    config: DiscriminatorConfig, files: tuple[DataFile, ...], found: Discriminator, measured: Separation
) -> ModelCard:
    sections = {}
    if isinstance(found.scorer, LinearScorer):
        wanted, unwanted = found.scorer.telling(_TELLING)
        sections["Most telling words"] = (
            f"Wanted: {_quoted(wanted)}.\n\nUnwanted: {_quoted(unwanted)}.\n\n"
            "Read them: a word that merely tells two sources of data apart is a reason to mend the data."
        )
    return ModelCard(
        title=config.output.name,
        summary="Tells wanted text (written, liked) from unwanted (generated, disliked), to rank candidates.",
        base=config.encoder,
        library="transformers" if config.encoder else "scikit-learn",
        data=files,
        config=identity(config),
        figures=measured.figures(),
        sections=sections,
        sources=SOURCES,
    )


def _quoted(words: Sequence[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)


STAGE: Final = Stage(
    DiscriminatorConfig, discriminator, plan=plan, needs=("sklearn", "scipy", "safetensors", "matplotlib")
)
