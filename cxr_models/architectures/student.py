"""Student of the distillation: 2 convolutions, 3 dense layers, under 100,000 parameters."""

import torch
from torch import nn

from cxr_models.architectures.block import conv_block
from cxr_models.architectures.input import StandardiseEach


class Student(nn.Module):
    """(B, 1, 224, 224) in [0, 1] -> one logit a picture, (B,).

    Two convolutions see little of the picture: the first pooling is by four, so that the second sees 59 pixels of 224.
    """

    def __init__(self, *, dropout: float = 0.1):
        super().__init__()
        self.standardise = StandardiseEach()
        self.conv1 = conv_block(1, 24, kernel=7, stride=2)
        self.conv2 = conv_block(24, 48, kernel=7)
        self.pool = nn.MaxPool2d(4)
        self.mean = nn.AdaptiveAvgPool2d(4)
        self.head = nn.Sequential(
            nn.Linear(48 * 4 * 4, 40),
            nn.ReLU(inplace=True),
            nn.Dropout(dropout),
            nn.Linear(40, 16),
            nn.ReLU(inplace=True),
            nn.Linear(16, 1),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.standardise(x)
        x = self.pool(self.conv1(x))  # (B, 24, 28, 28)
        x = self.conv2(x)  # (B, 48, 28, 28)
        x = self.mean(x).flatten(1)  # (B, 768)
        return self.head(x).squeeze(1)  # (B,)
