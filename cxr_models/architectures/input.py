"""First layer of every network: the shared [0, 1] picture brought to the numbers that network works on."""

import torch
from torch import nn


class Standardise(nn.Module):
    """Subtracts the training pictures' usual grey level and divides by its usual deviation; (B, 1, H, W) -> the
    same."""

    mean: float = 0.5
    deviation: float = 0.25

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return (x - self.mean) / self.deviation


class GreyToImageNet(nn.Module):
    """(B, 1, H, W) in [0, 1] -> (B, 3, H, W): the grey picture in three channels, with ImageNet's mean and
    deviation."""

    def __init__(self):
        super().__init__()
        self.register_buffer("mean", torch.tensor([0.485, 0.456, 0.406]).view(1, 3, 1, 1), persistent=False)
        self.register_buffer("deviation", torch.tensor([0.229, 0.224, 0.225]).view(1, 3, 1, 1), persistent=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return (x - self.mean) / self.deviation
