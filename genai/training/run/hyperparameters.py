"""How long and how fast a stage trains, and what that means for transformers' Trainer."""

from typing import Annotated, Any, Literal

from pydantic import Field
from transformers import TrainingArguments

from genai.training.run.config import Seed, settings
from genai.training.run.folder import RunFolder


@settings
class Schedule:
    """Length, batches and learning rate of a run of AdamW (Loshchilov and Hutter 2019, arXiv 1711.05101)."""

    epochs: Annotated[float, Field(gt=0)] = 3.0
    """Passes over the data; counts only while `steps` is 0."""
    steps: Annotated[int, Field(ge=0)] = 0
    """Optimiser steps; 0 leaves the length to `epochs`."""
    batch: Annotated[int, Field(ge=1)] = 8
    """Examples that one process computes at a time."""
    accumulate: Annotated[int, Field(ge=1)] = 1
    """Batches whose gradients are added up for one step."""
    learning_rate: Annotated[float, Field(gt=0, le=1)] = 5e-5
    """The highest of the run."""
    scheduler: Literal["cosine", "linear", "constant_with_warmup"] = "cosine"
    """How the learning rate falls after the warm-up."""
    warmup: Annotated[float, Field(ge=0, lt=1)] = 0.05
    """Share of the steps in which the learning rate rises from 0."""
    weight_decay: Annotated[float, Field(ge=0)] = 0.0
    """Share of a weight, times the learning rate, that each step takes off."""
    gradient_norm: Annotated[float, Field(gt=0)] = 1.0
    """Gradients longer than this are scaled down to it."""
    seed: Seed = 1
    save_steps: Annotated[int, Field(ge=1)] = 200
    """Steps between checkpoints, and between measurements on the held-out part."""
    log_steps: Annotated[int, Field(ge=1)] = 10
    """Steps between lines of `metrics.jsonl`."""
    by_length: bool = False
    """Whether examples of like length go together, so that less is computed for padding."""
    checkpointing: bool = False
    """Compute activations twice instead of keeping them: about a third slower, much less memory."""
    precision: Literal["auto", "float32", "bfloat16"] = "auto"
    """`auto`: bfloat16 arithmetic on a GPU that has it, else float32. Trained weights stay float32."""
    device: Literal["auto", "cpu"] = "auto"
    """`auto`: a GPU where there is one."""


def argument_values(schedule: Schedule, folder: RunFolder) -> dict[str, Any]:
    """Keyword arguments for TrainingArguments or any of its subclasses (DPOConfig, SFTConfig, ...)."""
    return {
        "output_dir": str(folder.checkpoints),
        "num_train_epochs": schedule.epochs,
        "max_steps": schedule.steps or -1,
        "per_device_train_batch_size": schedule.batch,
        "per_device_eval_batch_size": schedule.batch,
        "gradient_accumulation_steps": schedule.accumulate,
        "learning_rate": schedule.learning_rate,
        "lr_scheduler_type": schedule.scheduler,
        "warmup_steps": schedule.warmup,
        "weight_decay": schedule.weight_decay,
        "max_grad_norm": schedule.gradient_norm,
        "seed": schedule.seed,
        "train_sampling_strategy": "group_by_length" if schedule.by_length else "random",
        "save_steps": schedule.save_steps,
        "save_total_limit": 2,
        "logging_steps": schedule.log_steps,
        "logging_nan_inf_filter": False,
        "activation_checkpointing": schedule.checkpointing,
        "activation_checkpointing_kwargs": {"use_reentrant": False},
        "bf16": computes_in_bfloat16(schedule),
        "use_cpu": not _has_gpu(schedule),
        "ddp_find_unused_parameters": False,
        "dataloader_pin_memory": _has_gpu(schedule),
        "report_to": [],
    }


def training_arguments(schedule: Schedule, folder: RunFolder, **more: Any) -> TrainingArguments:
    """The arguments of a plain Trainer; `more` is added or wins."""
    return TrainingArguments(**{**argument_values(schedule, folder), **more})


def _has_gpu(schedule: Schedule) -> bool:
    import torch

    return schedule.device != "cpu" and torch.cuda.is_available()


def computes_in_bfloat16(schedule: Schedule) -> bool:
    """Whether matrices are multiplied in bfloat16, on the machine at hand."""
    import torch

    if schedule.precision == "auto":
        return _has_gpu(schedule) and torch.cuda.is_bf16_supported(including_emulation=False)
    return schedule.precision == "bfloat16"
