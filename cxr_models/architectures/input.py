"""First layer of every network: the shared [0, 1] picture brought to the numbers that network works on."""

import torch
from torch import nn

FLATTEST = 1e-3  # deviation below which a picture is taken for blank


class Standardise(nn.Module):
    """Subtracts the training pictures' usual grey level and divides by its usual deviation; (B, 1, H, W) -> the
    same."""

    mean: float = 0.5
    deviation: float = 0.25

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return (x - self.mean) / self.deviation


class StandardiseEach(nn.Module):
    """Each picture to mean 0 and deviation 1, so that a darker or a flatter export of an X-ray reads as the X-ray
    itself; (B, 1, H, W) -> the same. A blank becomes 0."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        deviation, mean = torch.std_mean(x, dim=(1, 2, 3), keepdim=True)
        return (x - mean) / deviation.clamp_min(FLATTEST)


class GreyToImageNet(nn.Module):
    """(B, 1, H, W) in [0, 1] -> (B, 3, H, W): each grey picture standardised, in three channels. ImageNet's pictures
    come to a network with mean 0 and deviation 1 as well."""

    def __init__(self):
        super().__init__()
        self.standardise = StandardiseEach()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.standardise(x).expand(-1, 3, -1, -1)
