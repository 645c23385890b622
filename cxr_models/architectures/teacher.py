"""Teacher of the distillation: a light CNN, 3 convolutions, 3 dense layers."""

import torch
from torch import nn

from cxr_models.architectures.block import conv_block
from cxr_models.architectures.input import Standardise


class Teacher(nn.Module):
    """(B, 1, 224, 224) in [0, 1] -> one logit a picture, (B,).

    With three convolutions, large kernels and early pooling are what lets the last one see half of the picture's side.
    """

    def __init__(self, *, dropout: float = 0.3):
        super().__init__()
        self.standardise = Standardise()
        self.conv1 = conv_block(1, 32, kernel=7, stride=2)
        self.conv2 = conv_block(32, 96, kernel=5)
        self.conv3 = conv_block(96, 192, kernel=5)
        self.pool4, self.pool2 = nn.MaxPool2d(4), nn.MaxPool2d(2)
        self.mean = nn.AdaptiveAvgPool2d(4)
        self.head = nn.Sequential(
            nn.Linear(192 * 4 * 4, 128),
            nn.ReLU(inplace=True),
            nn.Dropout(dropout),
            nn.Linear(128, 32),
            nn.ReLU(inplace=True),
            nn.Linear(32, 1),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.standardise(x)
        x = self.pool4(self.conv1(x))  # (B, 32, 28, 28)
        x = self.pool2(self.conv2(x))  # (B, 96, 14, 14)
        x = self.conv3(x)  # (B, 192, 14, 14)
        x = self.mean(x).flatten(1)  # (B, 3072)
        return self.head(x).squeeze(1)  # (B,)
