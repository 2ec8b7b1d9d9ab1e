"""A Trainer whose loss mixes soft targets of a teacher with the written tokens."""

from dataclasses import dataclass
from typing import Annotated, Any

import torch
from pydantic import Field
from torch import nn
from transformers import DataCollatorForSeq2Seq, PreTrainedModel, PreTrainedTokenizerBase, Trainer

from genai.training.data.encoding import IGNORED
from genai.training.distil.loss import distillation_loss
from genai.training.run.folder import RunFolder
from genai.training.run.hyperparameters import Schedule, training_arguments
from genai.training.supervised import SupervisedData


@dataclass(frozen=True, slots=True)
class SoftTargets:
    """How the teacher's opinion is softened, and how it is mixed with the written tokens."""

    temperature: Annotated[float, Field(gt=0, le=100)] = 2.0
    hard_weight: Annotated[float, Field(ge=0, le=1)] = 0.5
    """Share of the loss that comes from the written tokens; 1 is plain fine-tuning, without the teacher."""


class DistillationTrainer(Trainer):
    """Trains on the loss of `genai.training.distil.loss`; measures plain cross-entropy on the held-out part."""

    def __init__(self, teacher: PreTrainedModel, targets: SoftTargets, **arguments: Any) -> None:
        super().__init__(**arguments)
        self._teacher = teacher.to(self.accelerator.device).eval().requires_grad_(False)  # type: ignore[arg-type]
        self._targets = targets

    def compute_loss(
        self,
        model: nn.Module,
        inputs: dict[str, torch.Tensor | Any],
        return_outputs: bool = False,
        num_items_in_batch: torch.Tensor | int | None = None,
    ) -> torch.Tensor | tuple[torch.Tensor, Any]:
        """Mean loss over the predicted tokens of a step, in nats, as the Trainer wants it scaled."""
        if not model.training:
            return super().compute_loss(model, inputs, return_outputs, num_items_in_batch)
        read = {name: inputs[name] for name in ("input_ids", "attention_mask")}
        outputs = model(**read)
        with torch.no_grad():
            opinion = self._teacher(**read).logits
        labels = inputs["labels"][:, 1:]
        wanted = labels != IGNORED
        shared = min(
            outputs.logits.shape[-1], opinion.shape[-1]
        )  # some vocabularies are padded to round sizes
        total = distillation_loss(
            outputs.logits[:, :-1][wanted][:, :shared].float(),
            opinion[:, :-1][wanted][:, :shared].float(),
            labels[wanted],
            self._targets.temperature,
            self._targets.hard_weight,
        )
        loss = total / (wanted.sum() if num_items_in_batch is None else num_items_in_batch)
        if num_items_in_batch is not None and self.args.average_tokens_across_devices:
            loss = loss * self.accelerator.num_processes  # whose gradients are averaged
        return (loss, outputs) if return_outputs else loss


def distillation_trainer(
    student: PreTrainedModel,
    teacher: PreTrainedModel | None,
    tokenizer: PreTrainedTokenizerBase,
    data: SupervisedData,
    targets: SoftTargets,
    schedule: Schedule,
    folder: RunFolder,
) -> Trainer:
    """A Trainer that measures the held-out part at each checkpoint; a plain one without a teacher."""
    measuring = {"eval_strategy": "steps", "eval_steps": schedule.save_steps} if data.held_out else {}
    arguments: dict[str, Any] = {
        "model": student,
        "args": training_arguments(schedule, folder, **measuring),
        "train_dataset": data.train,
        "eval_dataset": data.held_out,
        "processing_class": tokenizer,
        "data_collator": DataCollatorForSeq2Seq(tokenizer, pad_to_multiple_of=8),
    }
    if teacher is None:
        return Trainer(**arguments)
    return DistillationTrainer(teacher, targets, **arguments)
