"""Loss of the distillation."""

import torch
from torch.nn import functional as F


def distillation(
    student: torch.Tensor, teacher: torch.Tensor, label: torch.Tensor, *, temperature: float, alpha: float
) -> torch.Tensor:
    """Mean over the batch of  α · T² · KL(teacher ‖ student at T) + (1 − α) · BCE(label, student at 1).

    Hinton, Vinyals and Dean 2015, arXiv 1503.02531: soft targets give gradients that shrink with 1/T², which T²
    undoes. With one logit z the two classes' soft probabilities are σ(z/T) and 1 − σ(z/T), and the divergence is

        KL = p · log(p/q) + (1 − p) · log((1 − p)/(1 − q)),   p = σ(teacher/T), q = σ(student/T).

    student, teacher: (B,) logits; the teacher's carry no gradient. label: (B,) 0 or 1. 0 < α < 1, T > 0.
    """
    if not 0 < alpha < 1:
        raise ValueError(f"alpha is {alpha}, and must lie between 0 and 1, both excluded.")
    if temperature <= 0:
        raise ValueError(f"temperature is {temperature}, and must be positive.")
    wanted, given = teacher.detach() / temperature, student / temperature
    p = torch.sigmoid(wanted)
    divergence = p * (F.logsigmoid(wanted) - F.logsigmoid(given))
    divergence += (1 - p) * (F.logsigmoid(-wanted) - F.logsigmoid(-given))
    return alpha * temperature**2 * divergence.mean() + (1 - alpha) * F.binary_cross_entropy_with_logits(student, label)
