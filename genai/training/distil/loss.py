"""The loss of distillation (Hinton, Vinyals and Dean 2015, arXiv 1503.02531).

With logits z of the student and v of the teacher, softened by a temperature T,

    p_i = exp(v_i / T) / Σ_j exp(v_j / T),    q_i = exp(z_i / T) / Σ_j exp(z_j / T),
    L = a · CE(y, softmax(z)) + (1 - a) · T² · KL(p || q),

where y is the token that was written. Gradients through the soft targets shrink as 1/T², which the factor T²
undoes, so that `a` keeps its meaning when T changes (section 2.1). KL differs from the paper's cross-entropy by
the teacher's entropy, a constant: 0 then says that the student agrees.
"""

import torch
from torch.nn.functional import cross_entropy, kl_div, log_softmax


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
