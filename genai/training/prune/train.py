"""Prunes a model, heals what is left by training on, and compares the two with the model that they came from.

What goes: `genai.training.prune.importance`. Healing is distillation from the unpruned model (loss:
`genai.training.distil.loss`), or plain fine-tuning with `targets.hard_weight = 1`; that a short one restores most of
what pruning cost is shown by Muralidharan et al. 2024 (arXiv 2407.14679). The result is an ordinary checkpoint.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Annotated, Any, Final, cast

import torch
from pydantic import Field
from transformers import AutoModelForCausalLM, PreTrainedModel, PreTrainedTokenizerBase, Trainer

from genai.training.architecture import resized, shape_of
from genai.training.data.dataset import SupervisedData, load_supervised
from genai.training.data.readers import SUFFIXES, describe_data
from genai.training.distil.loss import SoftTargets, distillation_trainer
from genai.training.measure.comparison import ModelFigures, compare_on
from genai.training.measure.report import Row, markdown
from genai.training.prune.cutting import KeptSize, cut, pruned_shape, select
from genai.training.prune.importance import measure_importance
from genai.training.run.config import Model, Output, identity, settings
from genai.training.run.distributed import joined
from genai.training.run.dry_run import Estimate, estimate
from genai.training.run.folder import RunFolder, open_run
from genai.training.run.hyperparameters import Schedule
from genai.training.run.model_card import DataFile, ModelCard, hashes
from genai.training.run.model_folders import (
    Scheme,
    find_model,
    load_quantised,
    load_tokenizer,
    load_weights,
    own_dtype,
    save_result,
)
from genai.training.run.result import Summary, report, summarise
from genai.training.run.stage import Stage
from genai.training.run.training_loop import run_trainer

SOURCES: Final = (
    "Michel, Levy and Neubig 2019, Are sixteen heads really better than one?, arXiv 1905.10650",
    "Molchanov et al. 2019, Importance estimation for neural network pruning, arXiv 1906.10771",
    "Men et al. 2024, ShortGPT: Layers in large language models are more redundant than you expect, "
    "arXiv 2403.03853",
    "Muralidharan et al. 2024, Compact language models via pruning and knowledge distillation, "
    "arXiv 2407.14679",
)
STAGES: Final = ("before", "pruned", "healed")


@settings
class PruneConfig:
    """What to prune to which size, and how it is healed."""

    model: Model
    data: Path
    """Text or conversations that importance is measured and healing is done on: a file, or a folder of them."""
    output: Output
    keep: KeptSize = KeptSize()
    calibration: Annotated[int, Field(ge=1)] = 256
    """Examples that importance is measured on, drawn from those to learn from."""
    targets: SoftTargets = SoftTargets()
    teacher_weights: Scheme = "none"
    """How the unpruned model's weights are stored while it teaches; quantised ones leave more memory."""
    longest: Annotated[int, Field(ge=8)] = 1024
    """Conversations of more tokens are left out; text is cut into blocks of as many."""
    held_out: Annotated[float, Field(ge=0, le=0.5)] = 0.05
    """Share of the data that is measured on, not trained on; fewer than 20 conversations are not parted."""
    schedule: Schedule = Schedule(learning_rate=1e-4)


@dataclass(frozen=True, slots=True)
class PruneSummary:
    """How healing went, and the figures of the model in each of `STAGES`."""

    training: Summary
    figures: tuple[ModelFigures, ...]

    def lines(self) -> list[str]:
        """How the training went, for people."""
        return self.training.lines()

    def rows(self) -> list[Row]:
        """A row for each stage; ratios are to the unpruned model."""
        before = self.figures[0].perplexity.per_token
        return [
            {"stage": stage, **found.unnamed_row(), "perplexity ratio": found.perplexity.per_token / before}
            for stage, found in zip(STAGES, self.figures, strict=True)
        ]


def prune(config: PruneConfig) -> PruneSummary:
    """Prune, heal (or go on healing after a stop), save and compare. Raises TrainingError."""
    files = describe_data(config.data, SUFFIXES)
    _smaller_config(config)
    folder = open_run(config.output, "prune", identity(config), hashes(files))
    tokenizer, data = _prepared(config)
    pruned = folder.checkpoints / "pruned"
    with joined(config.schedule.device).main_process_first():
        _save_pruned(config, data, tokenizer, pruned)
    trainer = _trainer(config, folder, tokenizer, data, load_weights(str(pruned), torch.float32))
    outcome = run_trainer(trainer, folder)
    summary = summarise(trainer, outcome, config.output, data.train.tokens, data.left_out)
    save_result(trainer, folder.path, own_dtype(config.model))
    found = PruneSummary(summary, compare_on([config.model, str(pruned), str(config.output)], data.measured))
    report(summary, folder, _card(config, files, found, parted=data.held_out is not None))
    return found


def estimate_prune(config: PruneConfig) -> Estimate:
    """What healing would need; measuring importance is left out, and nothing is kept. Raises TrainingError."""
    smaller = _smaller_config(config)
    smaller.dtype = torch.float32
    tokenizer, data = _prepared(config)

    def trainer(folder: RunFolder) -> Trainer:
        model = cast(PreTrainedModel, AutoModelForCausalLM.from_config(smaller))
        return _trainer(config, folder, tokenizer, data, model)

    return estimate(trainer, data.train.tokens)


def _smaller_config(config: PruneConfig) -> Any:
    """The configuration of a model of the wanted size; refuses a size that cannot be."""
    found = find_model(config.model).config
    smaller = pruned_shape(shape_of(found), config.keep)
    return resized(found, smaller, range(smaller.layers))


def _prepared(config: PruneConfig) -> tuple[PreTrainedTokenizerBase, SupervisedData]:
    tokenizer = load_tokenizer(config.model)
    seed = config.schedule.seed
    return tokenizer, load_supervised(config.data, tokenizer, config.longest, config.held_out, seed)


def _save_pruned(
    config: PruneConfig, data: SupervisedData, tokenizer: PreTrainedTokenizerBase, folder: Path
) -> None:
    """Prune into `folder`, unless a run that was stopped has done it; the last file says that it is whole."""
    if (folder / "tokenizer_config.json").is_file():
        return
    model = load_weights(config.model, torch.float32)
    model.to(joined(config.schedule.device).device)  # type: ignore[arg-type]
    shape = shape_of(model.config)
    smaller = pruned_shape(shape, config.keep)
    kept = select(measure_importance(model, _calibration(config, data)), shape, smaller)
    cast(Any, cut(model, smaller, kept)).save_pretrained(folder)
    tokenizer.save_pretrained(folder)


def _calibration(config: PruneConfig, data: SupervisedData) -> Sequence[dict[str, list[int]]]:
    count = min(config.calibration, len(data.train))
    return [data.train[index] for index in Random(config.schedule.seed).sample(range(len(data.train)), count)]


def _trainer(
    config: PruneConfig,
    folder: RunFolder,
    tokenizer: PreTrainedTokenizerBase,
    data: SupervisedData,
    pruned: PreTrainedModel,
) -> Trainer:
    plain = config.targets.hard_weight == 1
    teacher = None if plain else load_quantised(config.model, config.teacher_weights)
    return distillation_trainer(pruned, teacher, tokenizer, data, config.targets, config.schedule, folder)


def _card(
    config: PruneConfig, files: tuple[DataFile, ...], found: PruneSummary, *, parted: bool
) -> ModelCard:
    healing = "plain fine-tuning" if config.targets.hard_weight == 1 else "distillation from the whole model"
    measured = "a part of the data that was kept apart" if parted else "the training data itself"
    return ModelCard(
        title=config.output.name,
        summary=f"{config.model}, pruned by measured importance and healed by {healing}.",
        base=config.model,
        data=files,
        config=identity(config),
        sections={"Before and after": f"Measured on {measured}.\n\n{markdown(found.rows())}"},
        sources=SOURCES,
    )


STAGE: Final = Stage(
    PruneConfig,
    prune,
    plan=lambda config: estimate_prune(config).lines(),
    shortcuts={
        "keep.layers": "layers",
        "keep.heads": "heads",
        "keep.key_value_heads": "key_value_heads",
        "keep.intermediate": "intermediate",
        "targets.hard_weight": "hard_weight",
        "schedule.steps": "steps",
    },
    needs=("matplotlib",),
)
