"""A second output that a small network has while it is trained: whether a pneumonia is bacterial rather than viral.

What tells the two apart is in the lungs; learning it beside the verdict is meant to keep a small network there
(multi-task learning: Caruana 1997, Machine Learning 28:41). The checkpoint does not hold it.
"""

import torch
from torch import nn
from torch.nn import functional as F

from train.pictures import Pictures

WEIGHT = 0.3  # of its cross-entropy, beside that of the verdict


class TwoOutputs(nn.Linear):
    """Last layer with two logits in training, (B, 2): pneumonia, bacterial; in evaluation with the first, (B, 1)."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        both = super().forward(x)
        return both if self.training else both[:, :1]


def widen(network: nn.Module) -> None:
    """Put a new last layer with two outputs into a network whose dense layers are its `head`."""
    network.head[-1] = TwoOutputs(network.head[-1].in_features, 2)


def cut(state: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """The weights of a widened network without its second output."""
    *_, weight, bias = (name for name in state if name.startswith("head."))
    return {name: tensor[:1] if name in (weight, bias) else tensor for name, tensor in state.items()}


def labels(pictures: Pictures) -> torch.Tensor:
    """(n, 2) float32: 1 = pneumonia; 1 = bacterial, 0 = viral, NaN for a normal picture."""
    bacterial = pictures.rows["subtype"].map({"bacteria": 1.0, "virus": 0.0})
    return torch.stack([pictures.labels, torch.tensor(bacterial.to_numpy(), dtype=torch.float32)], dim=1)


def loss(logit: torch.Tensor, bacterial: torch.Tensor) -> torch.Tensor:
    """Weighted cross-entropy of the second output, over all pictures of the batch; a normal one adds nothing."""
    told = ~bacterial.isnan()
    return WEIGHT * F.binary_cross_entropy_with_logits(logit, bacterial.nan_to_num(), weight=told.float())
