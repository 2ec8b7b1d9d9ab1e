"""Trains a student on the opinions of a teacher, and compares the two. Equations: `genai.training.distil.loss`."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

import torch
from pydantic import Field
from transformers import (
    AutoModelForCausalLM,
    PretrainedConfig,
    PreTrainedModel,
    PreTrainedTokenizerBase,
    Trainer,
    set_seed,
)

from genai.training.architecture import Shape, resized, shape_of
from genai.training.data.dataset import SupervisedData, load_supervised
from genai.training.data.readers import SUFFIXES, describe_data
from genai.training.distil.loss import SoftTargets, distillation_trainer
from genai.training.measure.comparison import ModelFigures, compare_on
from genai.training.measure.report import Row, markdown
from genai.training.run.config import Model, Output, identity, settings
from genai.training.run.dry_run import Estimate, estimate
from genai.training.run.errors import TrainingError
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
    require_same_vocabulary,
    save_result,
)
from genai.training.run.result import Summary, report, summarise
from genai.training.run.stage import Stage
from genai.training.run.training_loop import run_trainer

SOURCES: Final = (
    "Hinton, Vinyals and Dean 2015, Distilling the knowledge in a neural network, arXiv 1503.02531",
)


@settings
class StudentSize:
    """Sizes of a new student; 0 keeps the teacher's, but layers, of which it halves the number."""

    layers: Annotated[int, Field(ge=0)] = 0
    """Decoder layers."""
    hidden: Annotated[int, Field(ge=0)] = 0
    """Width of a hidden state."""
    intermediate: Annotated[int, Field(ge=0)] = 0
    """Feed-forward width."""
    heads: Annotated[int, Field(ge=0)] = 0
    """Attention heads of a layer."""
    key_value_heads: Annotated[int, Field(ge=0)] = 0
    """Key/value heads of a layer, which the others share."""


@settings
class DistilConfig:
    """Who teaches whom on what."""

    teacher: Model
    data: Path
    """Text or conversations: a file, or a folder of them."""
    output: Output
    student: str = ""
    """Model to train, a folder, GGUF file, hub name, or embedded; a new, smaller one of `size` if left out."""
    size: StudentSize = StudentSize()
    targets: SoftTargets = SoftTargets()
    teacher_weights: Scheme = "none"
    """How the teacher's weights are stored meanwhile; quantised ones leave more memory to the student."""
    longest: Annotated[int, Field(ge=8)] = 1024
    """Conversations of more tokens are left out; text is cut into blocks of as many."""
    held_out: Annotated[float, Field(ge=0, le=0.5)] = 0.05
    """Share of the data that is measured on, not trained on; fewer than 20 conversations are not parted."""
    schedule: Schedule = Schedule(learning_rate=3e-4)


@dataclass(frozen=True, slots=True)
class DistilSummary:
    """How the training went, and teacher and student side by side."""

    training: Summary
    figures: tuple[ModelFigures, ...]

    def lines(self) -> list[str]:
        """How the training went, for people."""
        return self.training.lines()

    def rows(self) -> list[Row]:
        """The teacher's row, then the student's."""
        return [found.row() for found in self.figures]


def distil(config: DistilConfig) -> DistilSummary:
    """Train, or go on with a run that was stopped, save the student and compare. Raises TrainingError."""
    files = describe_data(config.data, SUFFIXES)
    folder = open_run(config.output, "distil", identity(config), hashes(files))
    tokenizer, data = _prepared(config)
    trainer = _trainer(config, folder, tokenizer, data)
    outcome = run_trainer(trainer, folder)
    summary = summarise(trainer, outcome, config.output, data.train.tokens, data.left_out)
    save_result(trainer, folder.path, own_dtype(config.student or config.teacher))
    figures = compare_on([config.teacher, str(config.output)], data.measured)
    found = DistilSummary(summary, figures)
    report(summary, folder, _card(config, files, found, parted=data.held_out is not None))
    return found


def estimate_distil(config: DistilConfig) -> Estimate:
    """What `distil` would need; nothing is kept. Raises TrainingError."""
    tokenizer, data = _prepared(config)
    return estimate(lambda folder: _trainer(config, folder, tokenizer, data), data.train.tokens)


def _prepared(config: DistilConfig) -> tuple[PreTrainedTokenizerBase, SupervisedData]:
    tokenizer = load_tokenizer(config.teacher)
    if config.student:
        require_same_vocabulary(tokenizer, load_tokenizer(config.student))
    seed = config.schedule.seed
    return tokenizer, load_supervised(config.data, tokenizer, config.longest, config.held_out, seed)


def _trainer(
    config: DistilConfig, folder: RunFolder, tokenizer: PreTrainedTokenizerBase, data: SupervisedData
) -> Trainer:
    plain = config.targets.hard_weight == 1
    teacher = None if plain else load_quantised(config.teacher, config.teacher_weights)
    student = _student(config)
    return distillation_trainer(student, teacher, tokenizer, data, config.targets, config.schedule, folder)


def _student(config: DistilConfig) -> PreTrainedModel:
    if config.student:
        return load_weights(config.student, torch.float32)
    set_seed(config.schedule.seed)
    return new_student(find_model(config.teacher).config, config.size)


def new_student(teacher: PretrainedConfig, size: StudentSize) -> PreTrainedModel:
    """An untrained float32 model, drawn from PyTorch's generator. Raises TrainingError."""
    shape = student_shape(shape_of(teacher), size)
    config = resized(teacher, shape, range(shape.layers))
    config.dtype = torch.float32
    model: PreTrainedModel = AutoModelForCausalLM.from_config(config)
    return model


def student_shape(teacher: Shape, size: StudentSize) -> Shape:
    """The student's shape; heads keep their width unless heads or hidden are given. Raises TrainingError."""
    heads, hidden = size.heads or teacher.heads, size.hidden or teacher.hidden
    layers = size.layers or max(1, teacher.layers // 2)
    if layers > teacher.layers:
        raise TrainingError(f"The teacher has {teacher.layers} layers; a student of it cannot have {layers}.")
    if hidden % heads:
        raise TrainingError(f"hidden ({hidden}) must be a multiple of heads ({heads}).")
    same = (heads, hidden) == (teacher.heads, teacher.hidden)
    return Shape(
        layers=layers,
        hidden=hidden,
        intermediate=size.intermediate or teacher.intermediate,
        heads=heads,
        key_value_heads=size.key_value_heads or (max(1, heads // teacher.group)),
        head_width=teacher.head_width if same else hidden // heads,
    )


def _card(
    config: DistilConfig, files: tuple[DataFile, ...], found: DistilSummary, *, parted: bool
) -> ModelCard:
    student = config.student or "a new, smaller model of the same architecture"
    measured = "a part of the data that was kept apart" if parted else "the training data itself"
    return ModelCard(
        title=config.output.name,
        summary=f"Student of {config.teacher}: {student}, trained on the teacher's softened opinions.",
        base=config.student or config.teacher,
        data=files,
        config=identity(config),
        sections={"Teacher and student": f"Measured on {measured}.\n\n{markdown(found.rows())}"},
        sources=SOURCES,
    )


STAGE: Final = Stage(
    DistilConfig,
    distil,
    plan=lambda config: estimate_distil(config).lines(),
    shortcuts={
        "size.layers": "layers",
        "size.hidden": "hidden",
        "targets.temperature": "temperature",
        "targets.hard_weight": "hard_weight",
        "schedule.steps": "steps",
    },
    needs=("matplotlib",),
)
