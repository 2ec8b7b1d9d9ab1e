"""`riff train ensemble`: one model, or one recipe for a mixture, from several fine-tuned ones.

Averaged weights: `genai.training.ensemble.soup`. Mixed distributions: `genai.training.ensemble.mixture`; the result is
then a small file, `ensemble.json`, that names the members:

    {"kind": "linear" | "log_linear", "members": [{"model": "/models/a", "weight": 0.7}, ...]}

All is fitted on one part of the data, the validation set, and measured on another.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final, Literal, cast

import torch
from pydantic import Field
from transformers import PreTrainedModel

from genai.training.data.dataset import load_supervised
from genai.training.data.readers import SUFFIXES, describe_data
from genai.training.data.samples import Scored
from genai.training.ensemble.mixture import EnsembleReader, MixtureKind, without_the_least
from genai.training.ensemble.soup import SoupTrial, average, greedy, whole_model
from genai.training.measure.perplexity import measure_perplexity
from genai.training.measure.report import Row, write_report
from genai.training.run.config import Output, Seed, identity, settings
from genai.training.run.errors import TrainingError
from genai.training.run.folder import open_run, write_whole
from genai.training.run.model_card import DataFile, ModelCard, hashes
from genai.training.run.model_folders import (
    base_of,
    context_tokens,
    lasting_name,
    load_measured,
    load_tokenizer,
    own_dtype,
    require_same_vocabulary,
)
from genai.training.run.stage import Stage

SOURCES: Final = (
    "Wortsman et al. 2022, Model soups, arXiv 2203.05482",
    "Jelinek and Mercer 1980, Interpolated estimation of Markov source parameters from sparse data",
    "Dempster, Laird and Rubin 1977, Maximum likelihood from incomplete data via the EM algorithm",
    "Heskes 1998, Selecting weighting factors in logarithmic opinion pools, NIPS 10",
    "Hinton 2002, Training products of experts by minimizing contrastive divergence",
)
FILE: Final = "ensemble.json"
_MIXTURES: Final = ("linear", "log_linear")
_LONGEST: Final = 1024


@dataclass(frozen=True, slots=True)
class EnsembleData:
    """Samples to fit on and to measure on, the same where there are too few to part; `context` in tokens."""

    fitted: tuple[Scored, ...]
    measured: tuple[Scored, ...]
    context: int
    parted: bool

    @property
    def tokens(self) -> int:
        """Tokens of both parts."""
        return sum(len(sample.ids) for sample in (*self.fitted, *(self.measured if self.parted else ())))


def load_ensemble_data(models: Sequence[str], path: Path, measured: float, seed: int) -> EnsembleData:
    """The data, encoded by the tokenizer that all models share. Raises TrainingError."""
    if len(models) < 2:
        raise TrainingError("Give --model at least twice: an ensemble has two members or more.")
    bases = [base_of(model) for model in models]
    tokenizer = load_tokenizer(bases[0])
    for base in bases[1:]:
        require_same_vocabulary(tokenizer, load_tokenizer(base))
    context = min(context_tokens(base) or _LONGEST for base in bases)
    data = load_supervised(path, tokenizer, min(context, _LONGEST), measured, seed)
    fitted = _scored(data.train)
    apart = data.held_out is not None
    return EnsembleData(fitted, _scored(data.held_out) if apart else fitted, context, apart)


def _scored(examples: Sequence[dict[str, list[int]]] | None) -> tuple[Scored, ...]:
    items = [] if examples is None else [examples[index] for index in range(len(examples))]
    return tuple(Scored(tuple(item["input_ids"]), tuple(item["labels"]), 0) for item in items)


@settings
class EnsembleConfig:
    """Which models become one, and in which way."""

    model: tuple[str, ...]
    """A member: model or adapter folder, GGUF file, hub name, or embedded, all with one tokenizer."""
    data: Path
    """Text or conversations to fit and measure on: a file, or a folder of them."""
    output: Output
    kind: Literal["uniform_soup", "greedy_soup", "linear", "log_linear"] = "greedy_soup"
    """Weights are averaged (soups), or what the members predict is mixed (linear, log_linear)."""
    measured: Annotated[float, Field(ge=0, le=0.9)] = 0.5
    """Share of the data that is measured on, not fitted on; fewer than 20 conversations are not parted."""
    least_weight: Annotated[float, Field(ge=0, le=0.5)] = 0.01
    """Members of a mixture with less weight are left out: each costs as much to serve as any other."""
    seed: Seed = 1


@dataclass(frozen=True, slots=True)
class EnsembleSummary:
    """Figures of each member, the uniform combination, and the fitted one."""

    output: Path
    figures: tuple[Row, ...]
    result: str

    def rows(self) -> list[Row]:
        """A row for each of the models."""
        return list(self.figures)

    def lines(self) -> list[str]:
        """The result for people."""
        return [f"{self.output}: {self.result}"]


def ensemble(config: EnsembleConfig) -> EnsembleSummary:
    """Fit, measure and save. Raises TrainingError."""
    files = describe_data(config.data, SUFFIXES)
    data = load_ensemble_data(config.model, config.data, config.measured, config.seed)
    open_run(config.output, "ensemble", identity(config), hashes(files))
    found = (_mixture if config.kind in _MIXTURES else _soup)(config, data)
    write_report(found.rows(), _card(config, files, found, parted=data.parted), config.output)
    return found


def plan(config: EnsembleConfig) -> list[str]:
    """What `ensemble` would read and hold in memory, for a dry run. Raises TrainingError."""
    data = load_ensemble_data(config.model, config.data, config.measured, config.seed)
    sizes = [load_measured(model).model.get_memory_footprint() for model in config.model]
    mixed = config.kind in _MIXTURES
    held = sum(sizes) if mixed else 2 * max(sizes)
    passes = 2 * len(sizes) if mixed else 2 * (2 * len(sizes) + 1)
    return [
        f"data        {len(data.fitted):,} samples to fit on, {len(data.measured):,} to measure on, "
        f"{data.tokens:,} tokens",
        f"members     {len(sizes)}, {', '.join(f'{size / 2**30:.2f} GiB' for size in sizes)}",
        f"memory      {held / 2**30:.2f} GiB of weights at once",
        f"time        at most {passes} readings of half of the data by one model",
    ]


def _mixture(config: EnsembleConfig, data: EnsembleData) -> EnsembleSummary:
    kind: MixtureKind = "linear" if config.kind == "linear" else "log_linear"
    together = EnsembleReader(tuple(load_measured(model).model for model in config.model), data.context)
    weights = without_the_least(together.fit(kind, data.fitted), config.least_weight)
    uniform = torch.full_like(weights, 1 / len(weights))
    mixtures = [(kind, uniform), (kind, weights)]
    parts = [together.perplexities(part, mixtures) for part in (data.fitted, data.measured)]
    shown = [*weights.tolist(), None, None]
    names = [*config.model, f"uniform {kind}", f"fitted {kind}"]
    rows = [_row(*values) for values in zip(names, shown, *parts, strict=True)]
    members = [
        {"model": lasting_name(model), "weight": weight}
        for model, weight in zip(config.model, weights.tolist(), strict=True)
        if weight
    ]
    write_whole(config.output / FILE, json.dumps({"kind": kind, "members": members}, indent=2) + "\n")
    said = (
        f"{FILE} with {len(members)} members; serve it with RIFF_GENERATOR__MODEL={config.output.resolve()}"
    )
    return EnsembleSummary(config.output, tuple(rows), said)


def _soup(config: EnsembleConfig, data: EnsembleData) -> EnsembleSummary:
    def taste(model: PreTrainedModel, samples: Sequence[Scored]) -> float:
        return measure_perplexity(model, samples, data.context).per_token

    def both(model: PreTrainedModel) -> tuple[float, float]:
        return taste(model, data.fitted), taste(model, data.measured)

    everyone = tuple(range(len(config.model)))
    alone = [both(whole_model(model)) for model in config.model]
    tried = list(
        greedy(
            [validated for validated, _ in alone],
            lambda members: taste(average(config.model, members), data.fitted),
        )
    )
    best: SoupTrial = min(tried, key=lambda soup: (soup.perplexity, -len(soup.members)))
    chosen = everyone if config.kind == "uniform_soup" else best.members
    uniform, fitted = average(config.model, everyone), average(config.model, best.members)
    rows = [
        _row(name, 1 / len(chosen) if place in chosen else 0.0, *values)
        for place, (name, values) in enumerate(zip(config.model, alone, strict=True))
    ]
    rows += [_row("uniform soup", None, *both(uniform)), _row("greedy soup", None, *both(fitted))]
    _save(config, fitted if config.kind == "greedy_soup" else uniform)
    named = ", ".join(Path(config.model[member]).name for member in sorted(chosen))
    return EnsembleSummary(config.output, tuple(rows), f"a soup of {len(chosen)} ({named})")


def _save(config: EnsembleConfig, soup: PreTrainedModel) -> None:
    base = base_of(config.model[0])
    cast(Any, soup).to(own_dtype(base)).save_pretrained(config.output)
    load_tokenizer(base).save_pretrained(config.output)


def _row(name: str, weight: float | None, validation: float, held_out: float) -> Row:
    return {
        "model": name,
        "weight": weight,
        "validation perplexity": validation,
        "held-out perplexity": held_out,
    }


def _card(
    config: EnsembleConfig, files: tuple[DataFile, ...], found: EnsembleSummary, *, parted: bool
) -> ModelCard:
    measured = "" if parted else " There were too few data to part: both columns are of the same part."
    return ModelCard(
        title=config.output.name,
        summary=f"An ensemble ({config.kind}) of {', '.join(config.model)}: {found.result}.{measured}",
        base=config.model[0],
        data=files,
        config=identity(config),
        sources=SOURCES,
    )


STAGE: Final = Stage(EnsembleConfig, ensemble, plan=plan, needs=("peft",))
