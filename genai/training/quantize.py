"""Reports what storing a model's weights in fewer bits costs and saves; changes no model.

int8 (Dettmers et al. 2022, arXiv 2208.07339) rounds each row of a weight matrix to 127 steps of its largest
absolute value, W_q = round(127 W / max|W|), and computes activation outliers apart. NF4 (Dettmers et al. 2023,
arXiv 2305.14314) maps each block of 64 weights, divided by its largest absolute value, to the nearest of 16
quantiles of the normal distribution; double quantisation stores those divisors in 8 bits, which saves 0.37 bits
for each weight.
"""

from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Annotated, Final

import torch
from pydantic import Field

from genai.model.loading.memory_estimates import model_bytes
from genai.model.loading.quantization import Quantization
from genai.training.data.readers import SUFFIXES, describe_data
from genai.training.data.samples import Sample, read_samples
from genai.training.measure.comparison import ModelFigures, measure
from genai.training.measure.report import Row, require_new_folder, write_report
from genai.training.measure.size_and_speed import saved_bytes
from genai.training.run.config import Model, identity, settings
from genai.training.run.model_card import ModelCard
from genai.training.run.model_folders import Scheme, find_model, load_measured
from genai.training.run.stage import Stage

_STORED: Final[tuple[Quantization, ...]] = ("nf4", "int8", "none")
SCHEMES: Final[tuple[Scheme, ...]] = ("none", "int8", "nf4", "nf4-double")
SOURCES: Final = (
    "Dettmers et al. 2022, LLM.int8(), arXiv 2208.07339",
    "Dettmers et al. 2023, QLoRA: Efficient finetuning of quantized LLMs, arXiv 2305.14314",
)


@settings
class QuantizeConfig:
    """What to measure on what."""

    model: Model
    data: Path
    """Text or conversations to measure on: a file, or a folder of them."""
    output: Path
    """New folder for the report."""
    limit: Annotated[int, Field(ge=0)] = 0
    """Texts to measure on at most; 0 takes all."""


@dataclass(frozen=True, slots=True)
class QuantizationReport:
    """The model's figures under each of `SCHEMES`, in their order."""

    output: Path
    figures: tuple[ModelFigures, ...]

    def lines(self) -> list[str]:
        """Where the report is, for people."""
        return [f"{self.output}: README.md and figures.json"]

    def rows(self) -> list[Row]:
        """A row for each way of storing; ratios are to unquantised weights."""
        plain = self.figures[0]
        return [
            {"weights": scheme, **found.unnamed_row(), "perplexity ratio": _ratio(found, plain)}
            for scheme, found in zip(SCHEMES, self.figures, strict=True)
        ]


def quantize(config: QuantizeConfig) -> QuantizationReport:
    """Measure the model stored in each way, and write the report. Raises TrainingError."""
    require_new_folder(config.output)
    samples = read_samples(config.data, config.limit)
    found = QuantizationReport(config.output, tuple(_measure(config, way, samples) for way in SCHEMES))
    write_report(found.rows(), _card(config), config.output)
    return found


def plan(config: QuantizeConfig) -> list[str]:
    """What would be read and held in memory, for a dry run; nothing is loaded. Raises TrainingError."""
    samples = read_samples(config.data, config.limit)
    shapes = find_model(config.model).shapes
    sizes = {kind: model_bytes(shapes, kind, torch.float32) / 2**30 for kind in _STORED}
    return [
        f"data        {len(samples):,} samples, read {len(SCHEMES)} times",
        f"parameters  {sum(map(prod, shapes.values())):,}",
        f"memory      {', '.join(f'{kind} {size:.2f} GiB' for kind, size in sizes.items())}, one after another",
    ]


def _measure(config: QuantizeConfig, scheme: Scheme, samples: tuple[Sample, ...]) -> ModelFigures:
    measured = load_measured(config.model, scheme)
    return measure(measured, samples, saved_bytes(measured.model))


def _ratio(found: ModelFigures, plain: ModelFigures) -> float:
    return found.perplexity.per_token / plain.perplexity.per_token


def _card(config: QuantizeConfig) -> ModelCard:
    return ModelCard(
        title=f"Quantisation of {config.model}",
        summary="Perplexity, size and speed of one model with its linear layers stored in four ways. "
        "Embeddings, norms and the output layer are never quantised.",
        base=config.model,
        data=describe_data(config.data, SUFFIXES),
        config=identity(config),
        sources=SOURCES,
    )


STAGE: Final = Stage(QuantizeConfig, quantize, plan=plan, needs=("bitsandbytes",))
