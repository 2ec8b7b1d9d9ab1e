"""The loss of distillation (Hinton, Vinyals and Dean 2015, arXiv 1503.02531), and the Trainer that uses it.

With logits z of the student and v of the teacher, softened by a temperature T,

    p_i = exp(v_i / T) / Σ_j exp(v_j / T),    q_i = exp(z_i / T) / Σ_j exp(z_j / T),
    L = a · CE(y, softmax(z)) + (1 - a) · T² · KL(p || q),

where y is the token that was written. Gradients through the soft targets shrink as 1/T², which the factor T²
undoes, so that `a` keeps its meaning when T changes (section 2.1). KL differs from the paper's cross-entropy by
the teacher's entropy, a constant: 0 then says that the student agrees.
"""

from typing import Annotated, Any

import torch
from pydantic import Field
from torch import nn
from torch.nn.functional import cross_entropy, kl_div, log_softmax
from transformers import DataCollatorForSeq2Seq, PreTrainedModel, PreTrainedTokenizerBase, Trainer

from genai.training.data.dataset import SupervisedData
from genai.training.data.encoding import IGNORED
from genai.training.run.config import settings
from genai.training.run.folder import RunFolder
from genai.training.run.hyperparameters import Schedule, training_arguments


def soft_loss(student: torch.Tensor, teacher: torch.Tensor, temperature: float) -> torch.Tensor:
    """T² KL(p || q) in nats, summed over the tokens; logits of shape (tokens, vocabulary)."""
    p = log_softmax(teacher / temperature, dim=-1)
    q = log_softmax(student / temperature, dim=-1)
    return temperature**2 * kl_div(q, p, reduction="sum", log_target=True)


def distillation_loss(
    student: torch.Tensor, teacher: torch.Tensor, labels: torch.Tensor, temperature: float, hard_weight: float
) -> torch.Tensor:
    """L summed over the tokens; logits of shape (tokens, vocabulary), labels (tokens,), `hard_weight` is a."""
    hard = cross_entropy(student, labels, reduction="sum")
    return hard_weight * hard + (1 - hard_weight) * soft_loss(student, teacher, temperature)


# A Trainer whose loss mixes soft targets of a teacher with the written tokens.


@settings
class SoftTargets:
    """How the teacher's opinion is softened, and how it is mixed with the written tokens."""

    temperature: Annotated[float, Field(gt=0, le=100)] = 2.0
    """T: softens the teacher's opinions."""
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
